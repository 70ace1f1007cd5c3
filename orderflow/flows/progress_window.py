"""The rows of the progress workbook: open stages on top, each with when it will end; a sheet for each department."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.window_kind import Alike, WindowRow
from orderflow.ledger import kept, plans
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import ALIKE, Live, Said
from orderflow.records.plan import Stage
from orderflow.records.rows import columns
from orderflow.rules.facts import Yardstick
from orderflow.rules.tracking import days_late, forecast, is_passed
from orderflow.sheets.layout import Cell
from orderflow.sheets.palette import Look

MOST_ORDERS = 2_000
"""Orders beyond which departments have no sheet of their own: they filter."""
_COURSE = ("stage", "start", "due", "actual", "expected")
_said = attrgetter("said")


@dataclass(frozen=True, slots=True)
class ProgressRows(KeptRows):
    """A row a stage. Departments report in it, on the sheet of all or on their own (PROCESS.md, step 4)."""

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """The stages of every live order: what is to be done by its date, then what is done; an order's in turn."""
        shown, outlook = self._live_showing(desk, asked), _Outlook(desk, frozenset(plans.planned(book)))
        turns: dict[_Turn, list[WindowRow]] = defaultdict(list)
        for stages in kept.live(book, self.table, [*columns(self.workbook.row), *_COURSE]):
            for row, (turn, cell) in zip(map(shown, stages), outlook.of(stages), strict=True):
                if cell is not None and row.alike is not None:
                    row.alike = _looked_at(row.alike, cell)
                elif cell is not None:
                    row.cells = {**row.cells, "outlook": cell}
                turns[turn].append(row)
        for turn in sorted(turns):
            yield from sorted(turns[turn], key=lambda row: row.name[0])

    def parts(self, desk: Desk) -> Mapping[str, frozenset[str]]:
        """The departments, each with the stages that stand on its sheet."""
        found: dict[str, set[str]] = {}
        for stage, departments in dict(desk.settings.plan.departments).items():
            for department in departments:
                found.setdefault(department, set()).add(stage)
        return {name: frozenset(stages) for name, stages in found.items()}


_Turn = tuple[bool, date]
"""Where a row stands among the others: what is done last, then by date."""
_Told = tuple[_Turn, Cell | None]
"""Where a row stands, and what is said of it."""


class _Outlook:
    """How each stage stands on the desk's day: done or not, in time or late, and when it will end."""

    def __init__(self, desk: Desk, planned: Collection[str]) -> None:
        self.desk, self.today, self.terms = desk, desk.now.date(), Yardstick(desk.settings).terms
        self._planned = planned
        self._told = lru_cache(ALIKE)(self._told_of)

    def of(self, stages: Sequence[Live]) -> Sequence[_Told]:
        """Where the rows of an order stand, and what is said of each; nothing of a stage that no plan has."""
        if stages[0].number not in self._planned:
            return [((True, date.max), None)] * len(stages)
        return self._told(*map(_said, stages))

    def _told_of(self, *saids: Said) -> Sequence[_Told]:
        """What is said of the stages of a plan; the plans of many orders are alike, and looked at once."""
        courses = ({name: value for name in _COURSE if (value := said.values.get(name))} for said in saids)
        each = [Stage(**course) for course in courses]
        stages = [stage for stage in each if stage.due is not None or stage.actual is not None]
        ends = forecast(stages, self.today, self.terms)
        return [self._of(stage, stages, ends) for stage in each]

    def _of(self, stage: Stage, stages: Sequence[Stage], ends: Mapping[str, date]) -> _Told:
        if stage.due is None:
            return (True, date.max), None
        if stage.actual is None and is_passed(stage, stages):
            return (True, stage.due), None
        late = days_late(stage, self.today)
        if stage.actual is not None:
            return (True, stage.due), self._said("done", Look.ERROR if late else Look.GOOD, late)
        end = ends[stage.stage]
        late = max(late, (end - stage.due).days)
        return (False, stage.due), self._said("open", self._look(stage, end), late, end=end)

    def _look(self, stage: Stage, end: date) -> Look:
        assert stage.due is not None
        if end > stage.due:
            return Look.ERROR
        return Look.WARNING if stage.due == self.today else Look.NOTE

    def _said(self, key: str, look: Look, late: int, **params: Any) -> Cell:
        key = f"messages.progress.outlook.{key}_late" if late > 0 else f"messages.progress.outlook.{key}"
        return Cell(self.desk.say(key, days=late, **params), look)


@lru_cache(ALIKE)
def _looked_at(alike: Alike, cell: Cell) -> Alike:
    return Alike({**alike.cells, "outlook": cell})
