"""The sheets that stand beside the rows of the feedback workbook: what to check before deliveries, cases by owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from orderflow.flows.agenda import Item, complaining, deliveries_soon
from orderflow.flows.case_looks import OLD, proposal
from orderflow.flows.desk import Desk
from orderflow.flows.gantt import SHOWN_ONLY
from orderflow.flows.queries import WholeOrder
from orderflow.ledger.book import Book
from orderflow.records.feedback import Case
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.report.cases import causes, outlook
from orderflow.rules.closing import said
from orderflow.sheets.layout import Cell, CellValue, ColumnLayout, Highlight, Row, SheetLayout
from orderflow.sheets.palette import Look, Pattern
from orderflow.sheets.shown import shown

_CHECKED = (
    ("customer", 18), ("product", 22), ("quantity", 10), ("address", 30), ("delivery_method", 10),
    ("contact_person", 10), ("contact", 15), ("remark", 24),
)  # fmt: skip
_TO_TICK = (("checked", 8), ("agreed_time", 14))
_CASES = (
    ("number", 13), ("customer", 18), ("contact", 15), ("why", 16), ("opinion", 30), ("opened", 16), ("days", 8),
    ("todo", 40),
)  # fmt: skip


def feedback_sheets(desk: Desk, book: Book) -> list[SheetLayout]:
    """What stands beside the rows: open cases by owner, what to check before the deliveries of the next 24 hours."""
    return [cases_sheet(desk, complaining(desk, book)), checklist_sheet(desk, deliveries_soon(desk, book))]


def checklist_sheet(desk: Desk, items: Sequence[Item]) -> SheetLayout:
    """One row for each delivery of the next 24 hours, to be printed and ticked; what is not known is coloured."""
    declared, say = columns(Registration), desk.say
    layouts = [
        ColumnLayout(say("messages.sheets.number"), width=13),
        ColumnLayout(say("messages.sheets.day"), Pattern.DATE, 12),
        *(ColumnLayout(declared[name].words.of(desk.lang), width=width, wrap=True) for name, width in _CHECKED),
        ColumnLayout(say("messages.sheets.caller"), width=14),
        *(ColumnLayout(say(f"messages.sheets.{name}"), width=width, look=Look.NOTE) for name, width in _TO_TICK),
    ]
    rows = [_delivery(desk, item, item.row) for item in items if item.row is not None]
    return _only_looked_at(desk, "checklist", layouts, rows)


def _only_looked_at(
    desk: Desk, name: str, layouts: Sequence[ColumnLayout], rows: Sequence[Row], highlights: Sequence[Highlight] = ()
) -> SheetLayout:
    """A sheet that nothing is read back from: its first column, which is hidden, says so."""
    return SheetLayout(
        name=desk.say(f"messages.sheets.{name}"),
        columns=[ColumnLayout(SHOWN_ONLY, hidden=True, width=4), *layouts],
        rows=[[None, *row] for row in rows],
        above=[[None, Cell(desk.say(f"messages.sheets.{name}_hint"), Look.SUBTITLE)]],
        highlights=highlights,
        frozen_columns=2,
        autofilter=False,
    )


def _delivery(desk: Desk, item: Item, row: Registration) -> Row:
    declared = columns(Registration)
    cells: list[CellValue] = [item.due.number, item.due.due.astimezone(desk.zone).date()]
    for name, _ in _CHECKED:
        value = shown(getattr(row, name), declared[name], desk.lang, row.unit)
        cells.append(Cell(desk.say("messages.sheets.unknown"), Look.WARNING) if name in item.missing else value)
    return [*cells, item.due.owner, "□", None]


def cases_sheet(desk: Desk, cases: Sequence[WholeOrder]) -> SheetLayout:
    """Every open case under its owner, the oldest first; coloured by age."""
    say, open_ = desk.say, [(whole, whole.case) for whole in cases if whole.case is not None]
    open_.sort(key=lambda one: (one[1].owner is not None, one[1].owner or "", one[1].opened_at))
    rows: list[Row] = []
    for owner, of_owner in groupby(open_, key=lambda one: one[1].owner):
        theirs = list(of_owner)
        title = say("messages.sheets.owner", name=owner or say("messages.after.unowned"), count=len(theirs))
        rows += [[Cell(title, Look.STRONG)], *(_case(desk, *one) for one in theirs)]
    layouts = [
        ColumnLayout(say(f"messages.sheets.{name}"), _PATTERNS.get(name, Pattern.TEXT), width, wrap=name in _LONG)
        for name, width in _CASES
    ]
    age = [name for name, _ in _CASES].index("days") + 1  # behind the hidden column
    highlights = [
        Highlight(f"AND(ISNUMBER({{{age}}}),{{{age}}}>={OLD.days})", Look.ERROR),
        Highlight(f"ISNUMBER({{{age}}})", Look.WARNING, (age,)),
    ]
    return _only_looked_at(desk, "cases", layouts, rows, highlights)


_PATTERNS = {"opened": Pattern.MOMENT, "days": Pattern.INTEGER}
_LONG = frozenset(("opinion", "todo"))


def _case(desk: Desk, whole: WholeOrder, case: Case) -> Row:
    row, counts = whole.order.row, said(whole.answers)
    opened: datetime = case.opened_at.astimezone(desk.zone).replace(tzinfo=None)
    days = (desk.now - case.opened_at).days
    opinion = counts.comment if counts else None
    left = outlook(case, row.unit, whole.remaining, desk.lang) if case.remedies else proposal(desk, case)
    return [case.number, row.customer, row.contact, causes(case, desk.lang), opinion, opened, days, left]
