"""The answer of `sync`: what was taken from which cell, what has to be decided, which workbooks were written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json
from orderflow.answers.history import ChangeJson, HistoryAnswer
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.sides import shown_side
from orderflow.flows.workbook_taking import SyncOutcome
from orderflow.ledger.conflicts import Conflict
from orderflow.records.finding import Finding
from orderflow.report import sentences as said
from orderflow.report.console import console, indented

_TO_DECIDE = "changed-on-both-sides"


class ConflictJson(BaseModel):
    """A value that two sides changed, as a person reads it; `id` names it until it is decided."""

    id: int
    number: str
    code: str
    field: str
    base: str
    ours: str
    theirs: str
    run: int


class WorkbookJson(BaseModel):
    """One workbook: what was found of it, and whether it says now what the ledger says."""

    path: str
    kind: str | None
    own: bool
    found: str
    written: bool


class SyncJson(BaseModel):
    """`orderflow sync --json`."""

    run: int | None
    changes: list[ChangeJson]
    conflicts: list[ConflictJson]
    workbooks: list[WorkbookJson]
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class SyncAnswer:
    """What `sync` came to."""

    desk: Desk
    outcome: SyncOutcome

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, a conflict that is still open among it."""
        grave = any(map(said.needs_a_person, self.outcome.findings))
        return NEEDS_A_PERSON if grave or self.outcome.conflicts else DONE

    def as_json(self) -> dict[str, Any]:
        """The run as CLI.md has it."""
        outcome, lang = self.outcome, self.desk.lang
        return SyncJson(
            run=outcome.run,
            changes=HistoryAnswer(self.desk, outcome.entries).changes(),
            conflicts=[_conflict(conflict, lang) for conflict in outcome.conflicts],
            workbooks=[
                WorkbookJson(path=str(book.path), kind=book.kind, own=book.own, found=book.found, written=book.written)
                for book in outcome.workbooks
            ],
            findings=[as_json(finding, lang) for finding in outcome.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """What was taken, what is asked, what was written."""
        out, say, outcome = console(), self.desk.say, self.outcome
        title = "done" if outcome.run is not None else "nothing"
        out.print(say(f"messages.sync.{title}", run=outcome.run, count=len(outcome.entries)), style="bold")
        if not call.quiet:
            for book in outcome.workbooks:
                out.print(f"  {book.path.name}  {say(f'messages.sync.{book.found}')}", overflow="fold")
            HistoryAnswer(self.desk, outcome.entries).show_entries()
        if outcome.conflicts:
            out.print(say("messages.sync.conflicts", count=len(outcome.conflicts)), style="red")
        for finding in outcome.findings:
            self._show_finding(finding)

    def _show_finding(self, finding: Finding) -> None:
        place = finding.place
        cell = f" {place.sheet or ''}!{place.cell}" if place and place.cell else ""
        where = f"{Path(place.file).name}{cell}" if place else ""
        indented(f"{where}  {finding.number or ''}".strip(), 2, style="cyan")
        indented(said.words(finding, self.desk.lang, "message"), 4)
        indented(said.words(finding, self.desk.lang, "fix"), 4, style="dim")


def _conflict(conflict: Conflict, lang: str) -> ConflictJson:
    base, ours, theirs = (
        shown_side(conflict.field, side, lang) for side in (conflict.base, conflict.ours, conflict.theirs)
    )
    return ConflictJson(
        id=conflict.id,
        number=conflict.number,
        code=_TO_DECIDE,
        field=conflict.field,
        base=base,
        ours=ours,
        theirs=theirs,
        run=conflict.run,
    )
