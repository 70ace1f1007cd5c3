"""The sheets that stand beside the rows of the feedback workbook: what to check before deliveries, cases by owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from orderflow.flows.agenda import Item
from orderflow.flows.desk import Desk
from orderflow.flows.queries import WholeOrder
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
_OLD, _OLDEST = 3, 7  # days after which a case is coloured


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
    above: list[Row] = [[Cell(say("messages.sheets.checklist_hint"), Look.SUBTITLE)]]
    return SheetLayout(say("messages.sheets.checklist"), layouts, rows, above=above, frozen_columns=1, autofilter=False)


def _delivery(desk: Desk, item: Item, row: Registration) -> Row:
    declared = columns(Registration)
    cells: list[CellValue] = [item.due.number, item.due.due.astimezone(desk.zone).date()]
    for name, _ in _CHECKED:
        value = shown(getattr(row, name), declared[name], desk.lang, row.unit)
        cells.append(Cell(desk.say("messages.sheets.unknown"), Look.WARNING) if name in item.missing else value)
    return [*cells, item.due.owner, "□", None]


def cases_sheet(desk: Desk, complaining: Sequence[WholeOrder]) -> SheetLayout:
    """Every open case under its owner, the oldest first; coloured by age."""
    say, open_ = desk.say, [(whole, whole.case) for whole in complaining if whole.case is not None]
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
    age = [name for name, _ in _CASES].index("days")
    highlights = [
        Highlight(f"AND(ISNUMBER({{{age}}}),{{{age}}}>={_OLDEST})", Look.ERROR),
        Highlight(f"AND(ISNUMBER({{{age}}}),{{{age}}}>={_OLD})", Look.WARNING),
    ]
    name = say("messages.sheets.cases")
    return SheetLayout(name, layouts, rows, highlights=highlights, frozen_columns=1, autofilter=False)


_PATTERNS = {"opened": Pattern.MOMENT, "days": Pattern.INTEGER}
_LONG = frozenset(("opinion", "todo"))


def _case(desk: Desk, whole: WholeOrder, case: Case) -> Row:
    row, counts = whole.order.row, said(whole.answers)
    opened: datetime = case.opened_at.astimezone(desk.zone).replace(tzinfo=None)
    days = (desk.now - case.opened_at).days
    opinion = counts.comment if counts else None
    left = outlook(case, row.unit, whole.remaining, desk.lang) if case.remedies else _proposal(desk, case)
    return [case.number, row.customer, row.contact, causes(case, desk.lang), opinion, opened, days, left]


def _proposal(desk: Desk, case: Case) -> str | None:
    """The amount that the opinion names: who works in the workbook confirms it there."""
    if case.proposed is None:
        return None
    return desk.say("messages.sheets.proposed", amount=f"{case.proposed.number:f}{case.proposed.unit or ''}")
