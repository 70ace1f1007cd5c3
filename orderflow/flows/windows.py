"""The desk's own workbooks: windows onto the ledger, written from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orderflow.flows.desk import Desk
from orderflow.records.column import Kind
from orderflow.records.order import Order
from orderflow.records.registration import Registration
from orderflow.records.rows import WORKBOOKS, columns
from orderflow.rules.state import state_of
from orderflow.sheets.layout import Cell, CellValue, Row, SheetLayout, WorkbookLayout
from orderflow.sheets.palette import Look
from orderflow.sheets.shown import shown
from orderflow.sheets.templates import BLANK_ROWS, column_layouts, font_of

_WORKBOOK = WORKBOOKS[0]
REGISTRATION = f"{_WORKBOOK.name}.xlsx"
_FIELDS = [name for name, column in columns(Registration).items() if column.template]


def registration_window(desk: Desk, live: Sequence[Order]) -> WorkbookLayout:
    """Every live order, as the ledger has it."""
    title = _WORKBOOK.title.of(desk.lang)
    sheet = SheetLayout(
        name=title,
        columns=column_layouts(_WORKBOOK, desk.lang),
        rows=_rows(desk, live),
        frozen_columns=1,
        spare_rows=BLANK_ROWS,
    )
    return WorkbookLayout(
        sheets=[sheet],
        created=desk.now.replace(tzinfo=None),
        title=title,
        author="orderflow",
        choice_warning=desk.say("messages.workbook.choice"),
        font=font_of(desk.lang),
    )


def _rows(desk: Desk, live: Iterable[Order]) -> Iterable[Row]:
    declared = columns(Registration)
    for order in live:
        state, row = state_of(order), order.row
        cells: list[CellValue] = []
        for name in _FIELDS:
            column = declared[name]
            if name == "state":
                words = desk.say(f"messages.states.{state}")
                cells.append(Cell(words, Look.ERROR) if state == "flagged" else words)
                continue
            value = getattr(row, name, None)
            if column.kind is Kind.MOMENT:
                value = desk.local(value)
            typed = order.unread.get(name)
            cells.append(Cell(typed, Look.ERROR) if typed else shown(value, column, desk.lang, row.unit))
        yield cells
