"""`intake`: workbooks of orders become numbered, reviewed orders in one transaction, and a copy goes back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orderflow.flows.ahead import Ahead, reading_ahead
from orderflow.flows.asking import ColumnUnclear, keep_answer
from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of, finding_of_refusal, named_files
from orderflow.flows.flagged import tell_flagged
from orderflow.flows.following import follow, queue_return, queue_window
from orderflow.flows.laying import lay_out
from orderflow.flows.references import known_references
from orderflow.flows.request import Intake, Request, checked_mode
from orderflow.flows.turns import Turns
from orderflow.flows.twins import TwinSearch
from orderflow.flows.workbooks import OtherWorkbook, TakenFile, take_file
from orderflow.ledger import intake as kept
from orderflow.ledger import outputs
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.runs import past_run
from orderflow.records.account import IntakeOutcome, Outcome, RowOutcome, SheetAccount
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Finding, Place, Severity
from orderflow.report.progress import Progress
from orderflow.rules.facts import Yardstick


def take_in(desk: Desk, request: Request, progress: Progress, reading: Ahead | None = None) -> IntakeOutcome:
    """Take the files in (PROCESS.md, step 1): one run, kept whole or not at all; then the copies are written.

    `reading` is what opens the files, where that was begun before.
    Raises OrderflowError where nothing could be taken; then nothing has changed.
    """
    files = named_files(request.paths)
    checked_mode(request)
    with (
        without_collecting(),
        reading or reading_ahead(desk, request) as ahead,
        desk.ledger() as ledger,
        Turns(desk.path) as turns,
    ):
        ahead.expect_claims()
        earlier = IntakeOutcome()
        if not request.dry_run:
            follow(desk, ledger, turns, earlier)
        while True:
            try:
                outcome, taken = _one_run(desk, ledger, request, files, ahead, turns, progress)
                break
            except ColumnUnclear as unclear:
                if request.ask is None:
                    raise
                keep_answer(desk, ledger, unclear, request.ask(unclear))
        if outcome.run is not None and not request.dry_run:
            progress.begin("writing", "")
            follow(desk, ledger, turns, outcome, taken, only=outcome.run)
            lay_out(desk, ledger)
        outcome.finished += earlier.finished
        outcome.findings += earlier.findings
    return outcome


def _one_run(
    desk: Desk,
    ledger: Ledger,
    request: Request,
    files: Sequence[tuple[Path, bool]],
    ahead: Ahead,
    turns: Turns,
    progress: Progress,
) -> tuple[IntakeOutcome, list[TakenFile]]:
    outcome = IntakeOutcome(dry=request.dry_run)
    options = {"paths": [path.name for path, _ in files], "source": request.source}
    with desk.begin(ledger, "intake", options) as run:
        references = known_references(desk, run)
        twins = TwinSearch(run, desk.settings.twins)
        context = Intake(desk, run, request, ahead, references, Yardstick(desk.settings), progress, twins)
        taken = _take_files(context, files, outcome)
        outcome.run = run.id if taken and not request.dry_run else None
        if taken:
            _conclude(context, taken, outcome)
        if request.dry_run or not taken:
            run.discard()
        else:
            turns.take(run.id)
    return outcome, taken


def _take_files(context: Intake, files: Sequence[tuple[Path, bool]], outcome: IntakeOutcome) -> list[TakenFile]:
    """Take each file; of several, one that cannot be read is a finding, and the others go in."""
    taken: list[TakenFile] = []
    refused: list[Unreadable] = []
    for path, named in files:
        if _is_known(context, path, named, outcome):
            continue
        try:
            taken.append(take_file(context, path))
        except OtherWorkbook as other:
            if named and len(files) == 1:
                raise
            outcome.findings.append(finding_of_refusal(other, path, Severity.ERROR if named else Severity.NOTE))
        except Unreadable as refusal:
            if len(files) == 1 or (isinstance(refusal, ColumnUnclear) and context.request.ask):
                raise
            refused.append(refusal)
            outcome.findings.append(finding_of_refusal(refusal, path, Severity.ERROR))
    if refused and not taken and not outcome.sheets:
        raise refused[0]
    return taken


def _is_known(context: Intake, path: Path, named: bool, outcome: IntakeOutcome) -> bool:
    """Whether the file was taken in before, or is the desk's own untouched output; in a folder that is left unsaid."""
    digest = digest_of(path)
    if digest is None:
        return False
    if not named and outputs.is_ours(context.run, digest):
        return True
    before = kept.known_file(context.run, digest)
    if before and named:
        outcome.sheets += [_repeated(context, path, source) for source in before]
        outcome.findings.append(_taken_before(context, path, before[0]))
    return bool(before)


def _taken_before(context: Intake, path: Path, source: kept.Source) -> Finding:
    run = past_run(context.run, source.run)
    at = context.desk.local(run.at) if run else None
    params = {"file": source.name, "run": source.run, "at": f"{at:%Y-%m-%d %H:%M}"}
    return Finding("duplicate-file", Severity.NOTE, None, path.name, params, Place(str(path)))


def _repeated(context: Intake, path: Path, source: kept.Source) -> SheetAccount:
    """The accounting of a sheet that was taken in before: every row read is a duplicate."""
    account = SheetAccount(path, source.sha256, source.sheet)
    for line in kept.lines_of(context.run, source.id):
        account.outcomes[Outcome.DUPLICATE] += 1
        if context.request.every_row:
            account.rows.append(RowOutcome(line.sheet_row, Outcome.DUPLICATE, line.number))
    return account


def _conclude(context: Intake, taken: Sequence[TakenFile], outcome: IntakeOutcome) -> None:
    """Queue what follows the run, inside it: the copies to write, the notice to the specialist."""
    run, desk = context.run, context.desk
    flagged = []
    for file in taken:
        outcome.sheets += [sheet.account for sheet in file.sheets]
        outcome.findings += file.findings
        flagged += file.flagged
        queue_return(context, file)
    queue_window(desk, run)
    outcome.findings.sort(key=lambda finding: finding.severity.rank)
    if flagged:
        tell_flagged(desk, run, flagged)
    run.summary = {outcome_.value: sum(s.outcomes[outcome_] for s in outcome.sheets) for outcome_ in Outcome}
