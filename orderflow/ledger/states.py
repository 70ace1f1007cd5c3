"""The state of an order, computed from what stands in the ledger; later steps put their states into the list."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, exists, select

from orderflow.ledger.schema import deliveries, orders, plans, priorities

JUDGED = exists().where(priorities.c.number == orders.c.number, priorities.c.in_force.is_not(None))
PLANNED = exists().where(plans.c.number == orders.c.number, plans.c.planned_at.is_not(None))
SEALED: ColumnElement[bool] = orders.c.archived.is_not(None)
"""Whether an order lies in a bag of the archive: nothing is done to it any more."""
LIVE: tuple[ColumnElement[bool], ...] = (orders.c.undone.is_(False), orders.c.merged_into.is_(None), ~SEALED)
"""What is so of every order that the desk's workbooks show."""
ENDED: ColumnElement[str | None] = (
    select(
        case(
            (deliveries.c.closed_at.is_not(None), "closed"),
            (deliveries.c.accepted_at.is_not(None), "accepted"),
            (deliveries.c.delivered_at.is_not(None), "delivered"),
        )
    )
    .where(deliveries.c.number == orders.c.number)
    .scalar_subquery()
)
"""How far the delivery of an order has come, `None` before it: one look-up for three states."""

STATES: tuple[tuple[str | ColumnElement[str | None], ColumnElement[bool]], ...] = (
    ("merged", orders.c.merged_into.is_not(None)),
    ("archived", SEALED),
    ("cancelled", orders.c.cancelled),
    (ENDED, ENDED.is_not(None)),
    ("planned", PLANNED),
    ("flagged", orders.c.open_anomalies > 0),
    ("judged", JUDGED),
    ("checked", orders.c.checked_by.is_not(None)),
)
"""States with what brings them about, the first that fits (CLI.md, "State is computed"); else `registered`."""

STATE: ColumnElement[str] = case(*((fits, name) for name, fits in STATES), else_="registered")
