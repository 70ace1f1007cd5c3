"""The state of an order, computed from what is recorded (CLI.md, "State is computed, the first that fits")."""

from __future__ import annotations

from orderflow.records.order import Order


def state_of(order: Order) -> str:
    """`merged`, `cancelled`, `flagged`, `checked` or `registered`: the first that fits."""
    if order.merged_into is not None:
        return "merged"
    if order.cancelled:
        return "cancelled"
    if order.open_anomalies:
        return "flagged"
    return "checked" if order.row.checked_at is not None else "registered"
