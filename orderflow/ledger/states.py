"""The state of an order, computed from what stands in the ledger; later steps put their states into the list."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case

from orderflow.ledger.schema import orders

STATES: tuple[tuple[str, ColumnElement[bool]], ...] = (
    ("merged", orders.c.merged_into.is_not(None)),
    ("cancelled", orders.c.cancelled),
    ("flagged", orders.c.open_anomalies > 0),
    ("checked", orders.c.checked_by.is_not(None)),
)
"""States with what brings them about, the first that fits (CLI.md, "State is computed"); else `registered`."""

STATE: ColumnElement[str] = case(*((fits, name) for name, fits in STATES), else_="registered")
