"""The rows of the progress workbook: open stages on top, each with when it will end; a sheet for each department."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.window_kind import WindowRow
from orderflow.ledger import plans
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.records.plan import Stage
from orderflow.rules.facts import Yardstick
from orderflow.rules.schedule import Terms
from orderflow.rules.tracking import days_late, forecast, is_passed
from orderflow.sheets.layout import Cell, CellValue
from orderflow.sheets.palette import Look

MOST_ORDERS = 2_000
"""Orders beyond which departments have no sheet of their own: they filter."""


@dataclass(frozen=True, slots=True)
class ProgressRows(KeptRows):
    """A row a stage. Departments report in it, on the sheet of all or on their own (PROCESS.md, step 4)."""

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """The stages of every live order: what is to be done by its date, then what is done; an order's in turn."""
        outlook = _Outlook(desk.now.date(), Yardstick(desk.settings).terms, desk, plans.courses(book))
        told = [(row, outlook.of(row)) for row in KeptRows.rows(self, desk, book, asked)]
        for row, (_, cell) in sorted(told, key=lambda one: (*one[1][0], one[0].name[:1])):
            if cell is not None:
                row.cells = {**row.cells, "outlook": cell}
            yield row

    def parts(self, desk: Desk) -> Mapping[str, frozenset[str]]:
        """The departments, each with the stages that stand on its sheet."""
        found: dict[str, set[str]] = {}
        for stage, departments in dict(desk.settings.plan.departments).items():
            for department in departments:
                found.setdefault(department, set()).add(stage)
        return {name: frozenset(stages) for name, stages in found.items()}


Course = tuple[tuple[Any, ...], ...]
"""How the stages of one order run, as `plans.courses` has it."""
_Told = tuple[tuple[bool, date], CellValue]
"""Where a row stands among the others, and what is said of it."""


@dataclass(slots=True)
class _Outlook:
    """How each stage stands on a day: done or not, in time or late, and when it will end."""

    today: date
    terms: Terms
    desk: Desk
    courses: Mapping[str, Course]
    _known: dict[Course, Mapping[str, _Told]] = field(default_factory=dict)

    def of(self, row: WindowRow) -> _Told:
        """Where a row stands among the others, and what is said of it; nothing of a stage that no plan has."""
        course = self.courses.get(row.name[0], ()) if len(row.name) > 1 else ()
        return self._told_of(course).get("".join(row.name[1:2]), ((True, date.max), None))

    def _told_of(self, course: Course) -> Mapping[str, _Told]:
        """What is said of a plan's stages by their names; the plans of many orders are alike, and looked at once."""
        if course not in self._known:
            stages = list(map(plans.course_of, course))
            ends = forecast(stages, self.today, self.terms)
            self._known[course] = {one.stage: self._of(one, stages, ends) for one in stages}
        return self._known[course]

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
