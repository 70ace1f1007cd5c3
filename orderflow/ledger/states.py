"""The state of an order, computed from what stands in the ledger; later steps put their states into the list."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, exists

from orderflow.ledger.schema import orders, plans, priorities

JUDGED = exists().where(priorities.c.number == orders.c.number, priorities.c.in_force.is_not(None))
PLANNED = exists().where(plans.c.number == orders.c.number, plans.c.planned_at.is_not(None))

STATES: tuple[tuple[str, ColumnElement[bool]], ...] = (
    ("merged", orders.c.merged_into.is_not(None)),
    ("cancelled", orders.c.cancelled),
    ("planned", PLANNED),
    ("flagged", orders.c.open_anomalies > 0),
    ("judged", JUDGED),
    ("checked", orders.c.checked_by.is_not(None)),
)
"""States with what brings them about, the first that fits (CLI.md, "State is computed"); else `registered`."""

STATE: ColumnElement[str] = case(*((fits, name) for name, fits in STATES), else_="registered")
