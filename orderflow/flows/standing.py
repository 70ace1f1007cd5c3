"""What stands in a copy's cells where the ledger keeps something else than the row said.

A row goes back with a key: the order and its revision. What comes in again is compared with that, so the cells have
to say what the order says, also where an older file did not get its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from orderflow.flows.desk import Desk
from orderflow.flows.sides import side
from orderflow.records.order import Order
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.sheets.layout import Value
from orderflow.sheets.shown import shown

UNSAID = frozenset({"number", "checked_at"}) | {n for n, c in columns(Registration).items() if c.computed}
"""Fields that a file never changes: the desk gives them."""
ADDED = frozenset({"checked_by"}) | {n for n, c in columns(Registration).items() if c.required} - UNSAID
"""Fields that every copy has a column for."""


def standing(
    desk: Desk, order: Order, said: Registration, unread: Mapping[str, str], fields: Iterable[str]
) -> dict[str, Value]:
    """The cells, by field, that the order has otherwise than the row said; `fields` are those the row spoke of."""
    differing = {
        name
        for name in ADDED.union(fields) - UNSAID
        if side(name, getattr(order.row, name), order.unread) != side(name, getattr(said, name), unread)
    }
    if "unit" in differing:
        differing.add("quantity")
    return {name: _cell(desk, order, name) for name in differing}


def _cell(desk: Desk, order: Order, name: str) -> Value:
    value = getattr(order.row, name)
    if value is None:
        return order.unread.get(name)
    if name == "amount" and isinstance(value, Decimal):
        return f"{value:f}万"  # the column may count in 元
    local = desk.local(value) if isinstance(value, datetime) else value
    return shown(local, columns(Registration)[name], desk.lang, order.row.unit)
