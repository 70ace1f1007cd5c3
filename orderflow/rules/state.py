"""The state of an order, computed from what is recorded (CLI.md, "State is computed, the first that fits")."""

from __future__ import annotations

from orderflow.records.order import Order

STATES = (
    "merged",
    "archived",
    "cancelled",
    "closed",
    "accepted",
    "delivered",
    "planned",
    "flagged",
    "judged",
    "checked",
    "registered",
)
"""The states that an order can be in, the first that fits."""


def state_of(order: Order) -> str:
    """One of `STATES`."""
    if order.merged_into is not None:
        return "merged"
    if order.archived is not None:
        return "archived"
    if order.cancelled:
        return "cancelled"
    if order.ended is not None:
        return order.ended
    if order.planned:
        return "planned"
    if order.open_anomalies:
        return "flagged"
    if order.judged:
        return "judged"
    return "checked" if order.row.checked_by is not None else "registered"
