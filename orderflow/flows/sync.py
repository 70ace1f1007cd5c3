"""`sync`: what people changed in the desk's workbooks, or in copies of them, is found, recorded, and written afresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orderflow.flows.ahead import Ahead
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of, finding_of_refusal
from orderflow.flows.flagged import tell_flagged
from orderflow.flows.following import WINDOW, follow, queue_window
from orderflow.flows.in_use import lock_of
from orderflow.flows.intake import without_collecting
from orderflow.flows.queries import Entry, entries_of_run
from orderflow.flows.references import known_references
from orderflow.flows.refreshing import added_to, is_untouched, refresh, said_of
from orderflow.flows.request import Intake, Request
from orderflow.flows.saved import saved_by
from orderflow.flows.turns import DESK_WORKBOOKS, Turns
from orderflow.flows.twins import TwinSearch
from orderflow.flows.window_kinds import BY_NAME, KINDS
from orderflow.flows.window_taking import TakenWindow, take_window
from orderflow.ledger import conflicts, drafts, jottings, layouts, outputs, pending
from orderflow.ledger.book import Book, Run
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.ledger import Ledger
from orderflow.records.account import IntakeOutcome, Outcome
from orderflow.records.errors import OrderflowError, Unreadable
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.rows import column_of
from orderflow.report.progress import Progress
from orderflow.rules.facts import Yardstick

_BROUGHT = (Outcome.NEW, Outcome.FLAGGED, Outcome.UPDATED)


@dataclass(slots=True)
class SyncedWorkbook:
    """One workbook: whether it is the desk's `own`, what was found of it, whether it says what the ledger says."""

    path: Path
    kind: str | None
    own: bool
    found: str = "unchanged"
    written: bool = False


@dataclass(slots=True)
class SyncOutcome:
    """What `sync` came to; `run` is `None` where nothing was to be recorded."""

    run: int | None = None
    entries: list[Entry] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    workbooks: list[SyncedWorkbook] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def sync(desk: Desk, words: Sequence[str], progress: Progress) -> SyncOutcome:
    """Take in what people changed, in one run, then write the desk's workbooks afresh.

    `words` are kinds of workbooks and copies of them; none means every workbook of the desk. Raises OrderflowError
    `kind-unknown`, or Unreadable where a single copy cannot be read.
    """
    kinds, copies = _asked(words)
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
        for name in kinds or _to_write(outcome):
            write_window(desk, ledger, name, outcome)
        if outcome.run is not None:
            follow(desk, ledger, turns, IntakeOutcome(), only=outcome.run)
        with ledger.read() as book:
            outcome.conflicts = [one for one in conflicts.undecided(book) if column_of(one.field) is not None]
            outcome.entries = entries_of_run(book, outcome.run) if outcome.run is not None else []
    return outcome


def _asked(words: Sequence[str]) -> tuple[list[str], list[Path]]:
    """The kinds and the files that were named; a word with a dot or a slash, or a file there is, is a file."""
    kinds, files = [], []
    for word in words:
        path = Path(word)
        if word in BY_NAME:
            kinds.append(word)
        elif path.suffix or path.exists():
            files.append(path.absolute())
        else:
            raise OrderflowError("kind-unknown", value=word, known=list(BY_NAME))
    return (kinds or ([] if files else list(BY_NAME))), files


def _to_write(outcome: SyncOutcome) -> list[str]:
    """The desk's workbooks that copies of them speak of."""
    return list(dict.fromkeys(book.kind for book in outcome.workbooks if book.kind is not None))


def is_changed(book: Book, workbook: SyncedWorkbook, outcome: SyncOutcome) -> bool:
    """Whether a workbook has to be read; one that is open is left, and that is said."""
    if not workbook.own:
        return True
    digest = digest_of(workbook.path)
    if digest is None:
        workbook.found = "missing"
        return False
    if (lock := lock_of(workbook.path)) is not None:
        workbook.found = "open"
        outcome.findings.append(said_of(workbook.path, "workbook-open", lock=lock.name))
        return False
    return not is_untouched(book, BY_NAME[workbook.kind or ""].workbook, digest)


def _one_run(
    desk: Desk, ledger: Ledger, changed: Sequence[SyncedWorkbook], outcome: SyncOutcome, progress: Progress
) -> None:
    options = {"paths": [workbook.path.name for workbook in changed]}
    with desk.begin(ledger, "sync", options) as run:
        began = state_of(run)
        taken = take_workbooks(desk, run, changed, outcome, progress)
        if state_of(run) != began:
            outcome.run = run.id
            note_taken(run, desk, taken, as_written=False)
            _conclude(run, desk, taken)
        else:
            run.discard()
    if outcome.run is None:
        with ledger.amend() as book:
            note_taken(book, desk, taken, as_written=not outcome.findings)


def take_workbooks(
    desk: Desk, run: Run, changed: Sequence[SyncedWorkbook], outcome: SyncOutcome, progress: Progress
) -> list[TakenWindow]:
    """Take what people changed in these workbooks into a run; what cannot be read is said, and waits."""
    request = Request([workbook.path for workbook in changed], checked="none", every_row=True)
    with Ahead(desk, None, changed[0].path) as ahead:
        references = known_references(desk, run)
        twins = TwinSearch(run, desk.settings.twins)
        context = Intake(desk, run, request, ahead, references, Yardstick(desk.settings), progress, twins)
        return [found for workbook in changed if (found := _take(context, workbook, outcome)) is not None]


def state_of(run: Run) -> tuple[object, ...]:
    """What a run that brings anything changes."""
    beside = [(drafts.of_kind(run, kind.workbook.name), layouts.answers(run, added_to(kind))) for kind in KINDS]
    return run.seq, len(conflicts.undecided(run)), beside


def note_taken(book: Book, desk: Desk, taken: Sequence[TakenWindow], *, as_written: bool) -> None:
    """Note that nothing is left to be taken from these workbooks of the desk: they may be replaced."""
    for window in taken:
        if not window.own or window.kind is None:
            continue
        name = window.kind.workbook.name
        known = {one for row in jottings.of_kind(book, name).values() for one in row.values()}
        moved = known != set(window.jottings)
        if moved:
            jottings.keep(book, name, window.jottings)
        outputs.taken(book, str(window.path), window.sha256, name, desk.now, as_written=as_written and not moved)


def _take(context: Intake, workbook: SyncedWorkbook, outcome: SyncOutcome) -> TakenWindow | None:
    """Read one workbook back; one that cannot be read waits, and the others go on."""
    context.progress.begin("reading", workbook.path.name)
    run = context.run
    state = run.seq, run.link, run.orders_added
    with run.connection.begin_nested() as savepoint:
        try:
            with context.ahead.open(workbook.path) as book:
                kind = BY_NAME[workbook.kind] if workbook.kind is not None else None
                taken = take_window(context, book, kind, saved_by(workbook.path), own=workbook.own)
        except Unreadable as refusal:
            run.beside.drop()
            savepoint.rollback()
            run.seq, run.link, run.orders_added = state
            workbook.found = "unreadable"
            outcome.findings.append(finding_of_refusal(refusal, workbook.path))
            return None
    workbook.kind = taken.kind.workbook.name if taken.kind is not None else None
    workbook.found = "changed" if taken.sources or taken.findings or taken.picked else "unchanged"
    outcome.findings += taken.findings
    return taken


def _conclude(run: Run, desk: Desk, taken: Sequence[TakenWindow]) -> None:
    """What follows the run, inside it: the workbook to write, its sum, the notice about orders that are 异常 now."""
    queue_window(desk, run)
    flagged = [order for window in taken for order in window.flagged]
    if flagged:
        tell_flagged(desk, run, flagged)
    run.summary = {kind.value: sum(window.outcomes.get(kind, 0) for window in taken) for kind in _BROUGHT}


def write_window(desk: Desk, ledger: Ledger, kind: str, outcome: SyncOutcome) -> None:
    """Write one workbook of the desk afresh; one that is open or cannot be read is left as it is."""
    path = desk.path / f"{kind}.xlsx"
    own = next((w for w in outcome.workbooks if w.own and w.kind == kind), None)
    if own is not None and own.found in ("open", "unreadable"):
        return
    try:
        written, found = refresh(desk, ledger, kind)
    except OrderflowError as refusal:
        params = {**refusal.params, "path": path.name, "why": refusal.code, "run": outcome.run or 0}
        outcome.findings.append(Finding("copy-not-written", Severity.ERROR, None, None, params, Place(str(path))))
        return
    outcome.findings += found
    if own is not None:
        own.written = written
    with ledger.amend() as book:
        for work in pending.left(book) if kind == WINDOW else ():
            if work.kind == WINDOW:
                pending.done(book, work.id, desk.now)
