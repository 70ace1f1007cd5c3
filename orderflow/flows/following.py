"""What must follow a run: the copies handed back, the desk's registration workbook.

It is queued in the run's own transaction and done after it. Killed in between, the next command does it: from the
clerk's file, which is read again, and from what the ledger says became of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

from orderflow.flows.colleague import Gone
from orderflow.flows.copyist import Copyist, Letterhead, tell
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.handback import checked_name
from orderflow.flows.rebuilding import rebuilt
from orderflow.flows.refreshing import refresh
from orderflow.flows.request import Intake, checked_mode
from orderflow.flows.turns import DESK_WORKBOOKS, Turns
from orderflow.flows.workbooks import TakenFile
from orderflow.ledger import orders, outputs, pending
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.account import IntakeOutcome
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place, Severity

_HOPELESS = frozenset({"file-changed", "file-encrypted"})  # said once: waiting longer would not help
CHECKED, WINDOW = "checked", "registration"


def queue_return(context: Intake, file: TakenFile) -> None:
    """Queue the copy of one file that was taken; `--checked none` wants none."""
    mode, target = checked_mode(context.request)
    if mode == "none":
        return
    spec = {
        "path": str(file.path),
        "sha256": file.sha256,
        "sources": file.sources,
        "target": str(target or checked_name(file.path)),
        "mode": mode,
    }
    file.work = pending.add(context.run, CHECKED, spec)


def queue_window(desk: Desk, run: Run) -> None:
    """Queue the desk's registration workbook, while it is small enough to be written by every run."""
    if orders.live_are_at_most(run, desk.settings.intake.registration_rows):
        pending.add(run, WINDOW, {})


def follow(
    desk: Desk,
    ledger: Ledger,
    turns: Turns,
    outcome: IntakeOutcome,
    taken: Sequence[TakenFile] = (),
    only: int | None = None,
) -> None:
    """Do the work that waits, or `only` that of one run; what cannot be done now is a finding, and waits on.

    The work of a run whose process is still at it is left to that process.
    """
    at_hand = {file.work: file for file in taken}
    for work in _left(ledger, turns, only):
        try:
            if work.kind == CHECKED:
                _hand_back(desk, ledger, work, at_hand, outcome)
            else:
                _write_window(desk, ledger, turns, work, outcome)
        except OrderflowError as refusal:
            outcome.findings.append(_not_written(refusal, work))
            if refusal.code in _HOPELESS:
                with ledger.amend() as book:
                    pending.done(book, work.id, desk.now)


def _left(ledger: Ledger, turns: Turns, only: int | None) -> list[pending.Work]:
    """The work that is this process's to do; looked up again once the turn is ours, as it may have been done."""
    with ledger.read() as book:
        works = pending.left(book)
    if only is not None:
        return [work for work in works if work.run == only]
    ours = {work.id for work in works if turns.take(work.run)}
    if not ours:
        return []
    with ledger.read() as book:
        return [work for work in pending.left(book) if work.id in ours]


def _hand_back(
    desk: Desk, ledger: Ledger, work: pending.Work, at_hand: Mapping[int, TakenFile], outcome: IntakeOutcome
) -> None:
    taken = at_hand.get(work.id)
    file, path = _copied(desk, ledger, work, taken)
    with ledger.amend() as book:
        outputs.note(book, desk.place_of(path), digest_of(path) or "", CHECKED, desk.now)
        pending.done(book, work.id, desk.now)
    for sheet in (taken or file).sheets:
        sheet.account.checked = path
    if work.id not in at_hand:
        outcome.finished.append(path)


def _copied(desk: Desk, ledger: Ledger, work: pending.Work, taken: TakenFile | None) -> tuple[TakenFile, Path]:
    """The copy, written: of which file, and where it lies. What the second process cannot do is done here."""
    target = Path(work.spec["target"])
    if taken is not None and taken.copyist is not None:
        with suppress(Gone):
            return taken, taken.copyist.write(target)
        taken = None
    file, head = taken or rebuilt(desk, ledger, work), Letterhead.of(desk)
    with closing(Copyist(head)) as copyist:
        tell(copyist, head, file.path, file.sheets, file.findings)
        return file, copyist.write(target)


def _write_window(desk: Desk, ledger: Ledger, turns: Turns, work: pending.Work, outcome: IntakeOutcome) -> None:
    """Write the registration workbook afresh, one process at a time, for every run that waits for it.

    One that is open, or that people have changed, waits for `sync`.
    """
    turns.wait_for(DESK_WORKBOOKS)
    try:
        with ledger.read() as book:
            waiting = [other.id for other in pending.left(book) if other.kind == WINDOW]
        if work.id in waiting:
            _, found = refresh(desk, ledger, WINDOW)
            outcome.findings += found
            with ledger.amend() as book:
                for one in waiting:
                    pending.done(book, one, desk.now)
    finally:
        turns.give_back(DESK_WORKBOOKS)


def _not_written(refusal: OrderflowError, work: pending.Work) -> Finding:
    path = str(work.spec.get("target") or work.spec.get("path") or f"{WINDOW}.xlsx")
    params = {**refusal.params, "path": path, "why": refusal.code, "run": work.run}
    return Finding("copy-not-written", Severity.ERROR, None, None, params, Place(path))
