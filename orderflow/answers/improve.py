"""The answer of `improve`: every improvement, overdue ones first, and what was left in the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.improving import Improving
from orderflow.records.improvement import Improvement
from orderflow.records.report import Heading, Shape, Table
from orderflow.records.rows import columns
from orderflow.report import sentences as said
from orderflow.report.console import console
from orderflow.report.month_words import Words
from orderflow.report.screen import show_table
from orderflow.sheets.shown import in_line

_SHOWN = ("number", "problem", "measure", "owner", "due", "metric", "status")


class ImprovementJson(BaseModel):
    """One improvement; `about` is the month it was decided about."""

    number: str
    problem: str | None
    measure: str | None
    owner: str | None
    due: str | None
    metric: str | None
    status: str | None
    effect: str | None
    raised: str | None
    done: str | None
    overdue: bool
    about: str | None


class ImproveJson(BaseModel):
    """`improve add`, `improve list` and `improve done`."""

    run: int | None
    improvements: list[ImprovementJson]
    workbook: str | None
    findings: list[FindingJson]


def improvement_json(row: Improvement, desk: Desk, words: Words) -> ImprovementJson:
    """One improvement as JSON."""
    days = {name: day.isoformat() if (day := getattr(row, name)) else None for name in ("due", "raised", "done")}
    said = {name: getattr(row, name) for name in ("problem", "measure", "owner", "metric", "status", "effect")}
    about = row.about()
    return ImprovementJson(
        number=row.number or "",
        **said,
        **days,
        overdue=row.is_overdue(desk.now.date()),
        about=words.month(about) if about else None,
    )


@dataclass(frozen=True, slots=True)
class ImproveAnswer:
    """What `improve` came to."""

    desk: Desk
    done: Improving

    @property
    def exit_code(self) -> int:
        """1 where a cell of the workbook needs a person."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.done.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """Every improvement."""
        words = Words(self.desk.lang)
        return ImproveJson(
            run=self.done.run,
            improvements=[improvement_json(row, self.desk, words) for row in self.done.rows],
            workbook=str(self.done.workbook) if self.done.workbook else None,
            findings=[as_json(finding, self.desk.lang) for finding in self.done.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A table of them, then what needs a person in the workbook."""
        words, lang = Words(self.desk.lang), self.desk.lang
        if not call.quiet:
            show_table(self._table(words), lang)
        show_findings(self.desk, self.done.findings, call)
        if self.done.workbook is not None and not call.quiet:
            console().print(f"  {self.done.workbook}", style="dim", overflow="fold")

    def _table(self, words: Words) -> Table:
        declared = columns(Improvement)
        headings = [Heading(declared[name].words.of(words.lang), Shape.TEXT) for name in _SHOWN]
        rows = [
            [in_line(getattr(row, name), declared[name], words.lang) or None for name in _SHOWN]
            for row in self.done.rows
        ]
        late = [row.is_overdue(self.desk.now.date()) for row in self.done.rows]
        for cells, is_late in zip(rows, late, strict=True):
            cells[6] = words.say("improve.overdue") if is_late else cells[6]
        return Table(words.say("improve.title"), headings, rows, empty=words.say("improve.none"))
