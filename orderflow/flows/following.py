"""What must follow a run: the copies handed back, the desk's registration workbook.

It is queued in the run's own transaction and done after it. Killed in between, the next command does it: from the
clerk's file, which is read again, and from what the ledger says became of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.handback import checked_name, checked_workbook
from orderflow.flows.rebuilding import rebuilt
from orderflow.flows.refreshing import refresh
from orderflow.flows.request import Intake, checked_mode
from orderflow.flows.workbooks import TakenFile
from orderflow.ledger import orders, outputs, pending
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.account import IntakeOutcome
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place, Severity
from orderflow.sheets.writer import write_new_workbook

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


def follow(desk: Desk, ledger: Ledger, outcome: IntakeOutcome, taken: Sequence[TakenFile] = ()) -> None:
    """Do the work that waits; what cannot be done is a finding, and waits on."""
    at_hand = {file.work: file for file in taken}
    with ledger.read() as book:
        works = pending.left(book)
    windows = [work for work in works if work.kind == WINDOW]
    for work in [*(work for work in works if work.kind == CHECKED), *windows[:1]]:
        try:
            if work.kind == CHECKED:
                _hand_back(desk, ledger, work, at_hand, outcome)
            else:
                _write_window(desk, ledger, [window.id for window in windows], outcome)
        except OrderflowError as refusal:
            outcome.findings.append(_not_written(refusal, work))


def _hand_back(
    desk: Desk, ledger: Ledger, work: pending.Work, at_hand: Mapping[int, TakenFile], outcome: IntakeOutcome
) -> None:
    file = at_hand.get(work.id) or rebuilt(desk, ledger, work)
    layout = checked_workbook(desk, file.path.name, file.sheets, file.findings)
    path = write_new_workbook(layout, Path(work.spec["target"])).path
    with ledger.amend() as book:
        outputs.note(book, str(path), digest_of(path) or "", CHECKED, desk.now)
        pending.done(book, work.id, desk.now)
    for sheet in file.sheets:
        sheet.account.checked = path
    if work.id not in at_hand:
        outcome.finished.append(path)


def _write_window(desk: Desk, ledger: Ledger, works: Sequence[int], outcome: IntakeOutcome) -> None:
    """Write the registration workbook afresh; one that is open, or that people changed, waits for `sync`."""
    _, found = refresh(desk, ledger, WINDOW)
    outcome.findings += found
    with ledger.amend() as book:
        for work in works:
            pending.done(book, work, desk.now)


def _not_written(refusal: OrderflowError, work: pending.Work) -> Finding:
    path = str(work.spec.get("target") or work.spec.get("path") or f"{WINDOW}.xlsx")
    params = {**refusal.params, "path": path, "why": refusal.code, "run": work.run}
    return Finding("copy-not-written", Severity.ERROR, None, None, params, Place(path))
