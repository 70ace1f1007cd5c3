"""Commands that work on a workbook of the desk: its edits are taken in their own run, then it is written afresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.following import follow, queue_window
from orderflow.flows.laying import lay_out
from orderflow.flows.turns import DESK_WORKBOOKS, Turns
from orderflow.flows.window_writing import BIG, Scribes, are_worth_calling, write_windows
from orderflow.flows.workbook_taking import (
    SyncedWorkbook,
    SyncOutcome,
    TakenWorkbooks,
    is_changed,
    note_taken,
    standing,
    take_workbooks,
)
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.account import IntakeOutcome
from orderflow.records.finding import Finding
from orderflow.report.progress import Progress


@dataclass(slots=True)
class Work:
    """A command's run on workbooks of the desk.

    `changed` are those that have to be read; `written`, once it is over, those that say what the ledger says.
    """

    desk: Desk
    ledger: Ledger
    run: Run
    names: Sequence[str]
    file: Path | None
    progress: Progress
    dry: bool
    scribes: Scribes
    synced: SyncOutcome = field(default_factory=SyncOutcome)
    taken: TakenWorkbooks = field(default_factory=TakenWorkbooks)
    written: list[Path] = field(default_factory=list)
    changed: list[SyncedWorkbook] = field(init=False)
    _began: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._began = standing(self.run)
        own = [SyncedWorkbook(self.desk.path / f"{name}.xlsx", name, own=True) for name in self.names]
        copies = [SyncedWorkbook(self.file.absolute(), None, own=False)] if self.file is not None else []
        self.synced.workbooks = [*own, *copies]
        self.changed = [book for book in self.synced.workbooks if is_changed(self.run, book, self.synced)]

    @property
    def findings(self) -> list[Finding]:
        """What was found in the workbooks, and when they were written."""
        return self.synced.findings

    def take(self) -> None:
        """Take in what people changed in these workbooks, and in the file, merged three ways."""
        if self.changed:
            self.taken = take_workbooks(self.desk, self.run, self.changed, self.synced, self.progress)
            note_taken(self.run, self.desk, self.taken, as_written=False)

    def foresee(self, changed: int) -> None:
        """Have the processes come that write the workbooks, where so many changed orders make that worth it."""
        written = not (self.dry or self.desk.writes_later)
        if written and changed > BIG and are_worth_calling(len(self.names)):
            self.scribes.call(len(self.names))

    def keep(self, summary: Mapping[str, Any], *, told: int = 0) -> int | None:
        """The run's number, kept with its sum; of one that brought nothing, or is a dry one, nothing is kept.

        `told` are the notices that it queued: it is kept for these alone.
        """
        if self.dry or (standing(self.run) == self._began and not told):
            self.run.discard()
            return None
        self.run.summary = summary
        return self.run.id


@contextmanager
def worked_on(
    desk: Desk,
    command: str,
    options: Mapping[str, Any],
    names: Sequence[str],
    file: Path | None,
    progress: Progress,
    *,
    dry_run: bool,
) -> Iterator[Work]:
    """A run that works on workbooks of the desk: one transaction, then the workbooks are written afresh.

    A run that its block discards leaves no trace; a dry one writes no workbook either.
    """
    with without_collecting(), Scribes() as scribes, desk.ledger() as ledger, Turns(desk.path) as turns:
        follow(desk, ledger, turns, IntakeOutcome())
        turns.wait_for(DESK_WORKBOOKS)
        said = {**options, "file": file.name if file is not None else None}
        with desk.begin(ledger, command, said) as run:
            work = Work(desk, ledger, run, names, file, progress, dry_run, scribes)
            yield work
            if not run.discarded:
                queue_window(desk, run)
        if dry_run:
            return
        if run.discarded and not work.findings:
            with ledger.amend() as book:
                note_taken(book, desk, work.taken, as_written=True)
        write_windows(desk, ledger, names, work.synced, scribes)
        work.written = [book.path for book in work.synced.workbooks if book.own and book.written]
        turns.give_back(DESK_WORKBOOKS)
        if not run.discarded:
            follow(desk, ledger, turns, IntakeOutcome(), only=run.id)
            lay_out(desk, ledger)
