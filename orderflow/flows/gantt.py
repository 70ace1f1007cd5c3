"""The plan as bars over a calendar: a sheet beside the plan's rows, for looking at and printing only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER
from orderflow.ledger import plans
from orderflow.ledger.book import Book
from orderflow.records.choices import STAGE
from orderflow.records.plan import OrderPlan, Stage
from orderflow.records.rows import Plan, columns
from orderflow.report.sentences import word_of
from orderflow.rules.tracking import days_late, is_passed
from orderflow.sheets.layout import Cell, ColumnLayout, Highlight, Row, SheetLayout
from orderflow.sheets.palette import Look, Pattern

SHOWN_ONLY = f"{KEY_HEADER}="
"""The header of the hidden column that tells a sheet which nothing is read back from."""
_MOST_ORDERS, _MOST_DAYS = 2_000, 92
_NAMED = ("number", "stage", "owner", "start", "due")
_START, _DUE, _STATE = 4, 5, 6
_LOOKS = (("done", Look.GOOD), ("late", Look.ERROR), ("open", Look.NOTE))


def gantt_sheet(desk: Desk, book: Book) -> SheetLayout | None:
    """Every order under way with a bar a stage; `None` where there are none, or more than can be looked at."""
    numbers = plans.under_way(book, _MOST_ORDERS + 1)
    if not 0 < len(numbers) <= _MOST_ORDERS:
        return None
    found = plans.of_orders(book, numbers)
    stages = [(number, stage) for number in sorted(found) for stage in found[number].stages]
    days = _days(found.values(), desk.now.date())
    if not days:
        return None
    declared = columns(Plan)
    names = [ColumnLayout(declared[name].words.of(desk.lang), width=declared[name].width) for name in _NAMED[:3]]
    dates = [ColumnLayout(declared[name].words.of(desk.lang), width=12, pattern=Pattern.DATE) for name in _NAMED[3:]]
    return SheetLayout(
        name=desk.say("messages.window.gantt"),
        columns=[
            ColumnLayout(SHOWN_ONLY, hidden=True, width=4),
            *names,
            *dates,
            ColumnLayout("-", hidden=True, width=4),
            *(ColumnLayout(f"{day.month}/{day.day}", width=6, pattern=Pattern.GENERAL) for day in days),
        ],
        rows=[_row(desk, found[number], stage, len(days)) for number, stage in stages],
        above=[[None, Cell(desk.say("messages.window.gantt_hint"), Look.SUBTITLE)]],
        frozen_columns=4,
        autofilter=False,
        highlights=[highlight for at, day in enumerate(days, _STATE + 1) for highlight in _bars(at, day)],
    )


def _days(found: Iterable[OrderPlan], today: date) -> Sequence[date]:
    """The days that the stages take, from a week ago on, and not more than a page or two."""
    spans = [(s.start, s.actual or s.due) for plan in found for s in plan.stages if s.start is not None]
    ends = [end for _, end in spans if end is not None]
    if not ends:
        return []
    first = max(min(start for start, _ in spans), today - timedelta(days=7))
    last = max(*ends, today)
    return [first + timedelta(days=nth) for nth in range(min((last - first).days + 1, _MOST_DAYS))]


def _row(desk: Desk, plan: OrderPlan, stage: Stage, days: int) -> Row:
    end = stage.actual or stage.due
    is_over = stage.actual is not None or is_passed(stage, plan.stages)
    state = "done" if is_over else "late" if days_late(stage, desk.now.date()) else "open"
    shown = word_of(STAGE, stage.stage, desk.lang)
    return [None, plan.number, shown, stage.owner, stage.start, end, state, *[None] * days]


def _bars(column: int, day: date) -> list[Highlight]:
    """What colours one day's cells: the stages that it is a day of."""
    on = f"DATE({day.year},{day.month},{day.day})"
    return [
        Highlight(f'AND({{{_START}}}<={on},{{{_DUE}}}>={on},{{{_STATE}}}="{state}")', look, (column,))
        for state, look in _LOOKS
    ]
