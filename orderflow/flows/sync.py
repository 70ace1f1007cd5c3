"""`sync`: what people changed in the desk's workbooks, or in copies of them, is found, recorded, and written afresh."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orderflow.flows.carrying_on import carry_on
from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.flagged import tell_flagged
from orderflow.flows.following import follow, queue_window
from orderflow.flows.improvement_sync import of_improvements, sync_improvements
from orderflow.flows.laying import lay_out
from orderflow.flows.queries import entries_of_run
from orderflow.flows.turns import DESK_WORKBOOKS, Turns
from orderflow.flows.window_kinds import BY_NAME
from orderflow.flows.window_writing import Scribes, write_windows
from orderflow.flows.workbook_taking import (
    SyncedWorkbook,
    SyncOutcome,
    TakenWorkbooks,
    is_changed,
    note_taken,
    standing,
    take_workbooks,
)
from orderflow.ledger import conflicts
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.account import IntakeOutcome, Outcome
from orderflow.records.errors import OrderflowError
from orderflow.records.rows import IMPROVEMENTS, column_of
from orderflow.report.progress import Progress

_KINDS = (*BY_NAME, IMPROVEMENTS.name)
_BROUGHT = (Outcome.NEW, Outcome.FLAGGED, Outcome.UPDATED)


def sync(desk: Desk, words: Sequence[str], progress: Progress) -> SyncOutcome:
    """Take in what people changed, in one run, then write the desk's workbooks afresh.

    `words` are kinds of workbooks and copies of them; none means every workbook of the desk. Raises OrderflowError
    `kind-unknown`, or Unreadable where a single copy cannot be read.
    """
    kinds, files = _asked(words)
    improving = IMPROVEMENTS.name in kinds
    kinds = [kind for kind in kinds if kind in BY_NAME]
    ours = of_improvements(desk, files)
    copies = [path for path in files if path not in ours]
    outcome = SyncOutcome()
    with without_collecting(), desk.ledger() as ledger, Turns(desk.path) as turns:
        follow(desk, ledger, turns, IntakeOutcome())
        turns.wait_for(DESK_WORKBOOKS)
        outcome.workbooks = [SyncedWorkbook(desk.path / f"{kind}.xlsx", kind, own=True) for kind in kinds]
        outcome.workbooks += [SyncedWorkbook(path, None, own=False) for path in copies]
        with ledger.read() as book:
            changed = [workbook for workbook in outcome.workbooks if is_changed(book, workbook, outcome)]
        if changed:
            _one_run(desk, ledger, changed, outcome, progress)
        with Scribes() as scribes:
            write_windows(desk, ledger, kinds or _to_write(outcome), outcome, scribes)
        improved = sync_improvements(desk, ledger, ours, outcome) if improving or ours else None
        if outcome.run is not None:
            follow(desk, ledger, turns, IntakeOutcome(), only=outcome.run)
            lay_out(desk, ledger)
        with ledger.read() as book:
            outcome.conflicts = [one for one in conflicts.undecided(book) if column_of(one.field) is not None]
            runs = [run for run in (outcome.run, improved) if run is not None]
            outcome.entries = [entry for run in runs for entry in entries_of_run(book, run)]
            outcome.run = max(runs, default=None)
    return outcome


def _asked(words: Sequence[str]) -> tuple[list[str], list[Path]]:
    """The kinds and the files that were named; a word with a dot or a slash, or a file there is, is a file."""
    kinds, files = [], []
    for word in words:
        path = Path(word)
        if word in _KINDS:
            kinds.append(word)
        elif path.suffix or path.exists():
            files.append(path.absolute())
        else:
            raise OrderflowError("kind-unknown", value=word, known=list(_KINDS))
    return (kinds or ([] if files else list(_KINDS))), files


def _to_write(outcome: SyncOutcome) -> list[str]:
    """The desk's workbooks that copies of them speak of."""
    return list(dict.fromkeys(book.kind for book in outcome.workbooks if book.kind is not None))


def _one_run(
    desk: Desk, ledger: Ledger, changed: Sequence[SyncedWorkbook], outcome: SyncOutcome, progress: Progress
) -> None:
    options = {"paths": [workbook.path.name for workbook in changed]}
    with desk.begin(ledger, "sync", options) as run:
        began = standing(run)
        taken = take_workbooks(desk, run, changed, outcome, progress)
        outcome.findings += carry_on(desk, run, taken)
        if standing(run) != began:
            outcome.run = run.id
            note_taken(run, desk, taken, as_written=False)
            _conclude(run, desk, taken)
        else:
            run.discard()
    if outcome.run is None:
        with ledger.amend() as book:
            note_taken(book, desk, taken, as_written=not outcome.findings)


def _conclude(run: Run, desk: Desk, taken: TakenWorkbooks) -> None:
    """What follows the run, inside it: the workbook to write, its sum, the notice about orders that are 异常 now."""
    queue_window(desk, run)
    flagged = [order for window in taken.windows for order in window.flagged]
    if flagged:
        tell_flagged(desk, run, flagged)
    run.summary = {kind.value: sum(window.outcomes.get(kind, 0) for window in taken.windows) for kind in _BROUGHT}
