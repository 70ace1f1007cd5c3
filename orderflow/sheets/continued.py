"""Lines that continue an order: Shopify gives customer, payment and time with the first line item only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from orderflow.records.folding import bare
from orderflow.sheets.headers import LINE_ITEM, Layout
from orderflow.sheets.typed import TypedRow

_TOLD_ONCE = (
    "customer", "contact_person", "contact", "source", "payment", "remark", "received_at", "address", "delivery_method",
)  # fmt: skip
"""What an order's first line says for all of them. The total is not among these: it is the whole order's."""


def continues(layout: Layout) -> bool:
    """Whether the sheet is one whose further lines leave out what the first has said."""
    return layout.column_of("external_number") is not None and LINE_ITEM in map(bare, layout.headers.values())


class Continuations:
    """Fills in the fields of an order's first line where a line of the same number leaves all blank.

    A line that names a customer or a payment of its own is a first line. One for all lines of a sheet, in their order.
    """

    def __init__(self) -> None:
        self._first: TypedRow | None = None

    def filled(self, rows: Sequence[TypedRow]) -> Sequence[TypedRow]:
        """The next rows, filled in."""
        for typed in rows:
            if self._first is not None and _goes_on(typed, self._first):
                _fill(typed, self._first)
            else:
                self._first = typed
        return rows


def _goes_on(typed: TypedRow, first: TypedRow) -> bool:
    row = typed.row
    if row.external_number is None or row.external_number != first.row.external_number:
        return False
    return not _says(row, typed.unread, ("customer", "payment"))


def _says(row: Any, unread: Collection[str], fields: Collection[str]) -> bool:
    return any(getattr(row, field) is not None or field in unread for field in fields)


def _fill(typed: TypedRow, first: TypedRow) -> None:
    for field in _TOLD_ONCE:
        if getattr(typed.row, field) is None and field not in typed.unread:
            setattr(typed.row, field, getattr(first.row, field))
    unread = {field: text for field, text in first.unread.items() if field in _TOLD_ONCE}
    typed.unread = {**unread, **typed.unread}
    typed.doubts = (*(doubt for doubt in first.doubts if doubt.field in unread), *typed.doubts)
    typed.untimed = tuple({*typed.untimed, *first.untimed})
    typed.channel = typed.channel or first.channel
