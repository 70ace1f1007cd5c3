"""The desk's workbooks, or copies of them, taken into a run one by one, and written afresh after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orderflow.flows.ahead import Ahead
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of, finding_of_refusal
from orderflow.flows.in_use import lock_of
from orderflow.flows.queries import Entry
from orderflow.flows.references import known_references
from orderflow.flows.refreshing import added_to, is_untouched, said_of
from orderflow.flows.request import Intake, Request
from orderflow.flows.saved import saved_by
from orderflow.flows.twins import TwinSearch
from orderflow.flows.window_kinds import BY_NAME, KINDS
from orderflow.flows.window_taking import TakenWindow, take_window
from orderflow.ledger import conflicts, drafts, jottings, layouts, outputs, plans
from orderflow.ledger.book import Book, Run
from orderflow.ledger.conflicts import Conflict
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Finding
from orderflow.records.plan import OrderPlan
from orderflow.report.progress import Progress
from orderflow.rules.facts import Yardstick

_OF_PLANS = (None, "plan", "progress")
"""Workbooks that tell of plans; of a copy nobody knows the kind before it is read."""


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


@dataclass(frozen=True, slots=True)
class TakenWorkbooks:
    """What was taken of some workbooks; `plans_before` are the plans as they stood, where a workbook tells of plans."""

    windows: list[TakenWindow] = field(default_factory=list)
    plans_before: Mapping[str, OrderPlan] = field(default_factory=dict)

    @property
    def kinds(self) -> set[str]:
        """The kinds of workbooks that people had changed."""
        return {window.kind.workbook.name for window in self.windows if window.kind is not None and window.sources}


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


def take_workbooks(
    desk: Desk, run: Run, changed: Sequence[SyncedWorkbook], outcome: SyncOutcome, progress: Progress
) -> TakenWorkbooks:
    """Take what people changed in these workbooks into a run; what cannot be read is said, and waits."""
    request = Request([workbook.path for workbook in changed], checked="none", every_row=True)
    with Ahead(desk, None, changed[0].path) as ahead:
        references = known_references(desk, run)
        twins = TwinSearch(run, desk.settings.twins)
        context = Intake(desk, run, request, ahead, references, Yardstick(desk.settings), progress, twins)
        before = _plans(run) if any(workbook.kind in _OF_PLANS for workbook in changed) else {}
        found = [taken for workbook in changed if (taken := _take(context, workbook, outcome)) is not None]
        return TakenWorkbooks(found, before)


def _plans(run: Run) -> Mapping[str, OrderPlan]:
    return plans.of_orders(run, plans.planned(run))


def standing(run: Run) -> tuple[object, ...]:
    """What a run that brings anything changes."""
    beside = [(drafts.of_kind(run, kind.workbook.name), layouts.answers(run, added_to(kind))) for kind in KINDS]
    return run.seq, len(conflicts.undecided(run)), beside


def note_taken(book: Book, desk: Desk, taken: TakenWorkbooks, *, as_written: bool) -> None:
    """Note that nothing is left to be taken from these workbooks of the desk: they may be replaced."""
    for window in taken.windows:
        if not window.own or window.kind is None:
            continue
        name = window.kind.workbook.name
        known = {one for row in jottings.of_kind(book, name).values() for one in row.values()}
        moved = known != set(window.jottings)
        if moved:
            jottings.keep(book, name, window.jottings)
        outputs.taken(
            book, desk.place_of(window.path), window.sha256, name, desk.now, as_written=as_written and not moved
        )


def _take(context: Intake, workbook: SyncedWorkbook, outcome: SyncOutcome) -> TakenWindow | None:
    """Read one workbook back; one that cannot be read waits, and the others go on."""
    context.progress.begin("reading", workbook.path.name)
    try:
        with context.run.in_one_piece(), context.ahead.open(workbook.path) as book:
            kind = BY_NAME[workbook.kind] if workbook.kind is not None else None
            taken = take_window(context, book, kind, saved_by(workbook.path), own=workbook.own)
    except Unreadable as refusal:
        workbook.found = "unreadable"
        outcome.findings.append(finding_of_refusal(refusal, workbook.path))
        return None
    workbook.kind = taken.kind.workbook.name if taken.kind is not None else None
    workbook.found = "changed" if taken.sources or taken.findings or taken.picked else "unchanged"
    outcome.findings += taken.findings
    return taken
