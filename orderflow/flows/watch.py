"""`watch`, for cron: the inbox, the desk's workbooks, the clocks, the notices, in this order (PROCESS.md, step 4).

Whatever is late or missing is told from the ledger, so that a watch that was missed, that overlaps another or that runs
twice loses nothing and says nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from orderflow.flows.after_delivery import follow_deliveries
from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.doing import one_run
from orderflow.flows.inbox import Received, finding_of, take_inbox
from orderflow.flows.month_notices import remind_of_report
from orderflow.flows.open_clocks import keep_clocks, open_clocks
from orderflow.flows.sending import send_waiting
from orderflow.flows.sync import sync
from orderflow.flows.telling import SPELLED_OUT, Told, tell
from orderflow.flows.tracking import DeskTracking
from orderflow.flows.turns import Turns
from orderflow.flows.workbook_taking import SyncOutcome
from orderflow.ledger import open_stages, warnings
from orderflow.ledger.book import Book, Run
from orderflow.records.finding import Finding
from orderflow.report.progress import Progress
from orderflow.rules.warning import Degree, Warned, warning_of

COMMAND, WATCHING = "watch", ".~watching"
_TURN = 0x77617463  # the turn of who watches, on PostgreSQL
_EVENTS: dict[Degree, str] = {"soon": "clock-soon", "broken": "clock-broken"}


@dataclass(slots=True)
class Watched:
    """What a watch came to: the files it took and those that wait, the clocks that ran out since the last one.

    `busy` where another watch is at it: then nothing was done. `run` is the run in which clocks were looked at, `None`
    where nothing came of it.
    """

    busy: bool = False
    received: list[Received] = field(default_factory=list)
    waiting_files: list[Path] = field(default_factory=list)
    synced: SyncOutcome = field(default_factory=SyncOutcome)
    run: int | None = None
    breaches: list[Warned] = field(default_factory=list)
    sent: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)


def watch(desk: Desk, progress: Progress) -> Watched:
    """Do once what is due now. Raises OrderflowError where the ledger cannot be used."""
    with (
        without_collecting(),
        desk.ledger() as ledger,
        ledger.alone(_TURN) as alone,
        Turns(desk.path, WATCHING) as turns,
    ):
        if not (alone and turns.take(0)):
            return Watched(busy=True)
        watched = Watched()
        watched.received, watched.waiting_files = take_inbox(desk, progress)
        watched.synced = sync(desk, [], progress)
        watched.findings = [*finding_of(watched.received), *watched.synced.findings]
        keep_clocks(desk, ledger)
        _look_at_clocks(desk, watched)
        if watched.run is not None:
            sync(desk, [], progress)  # the workbooks say what the run found
        sent = send_waiting(desk, ledger, desk.now)
        watched.sent, watched.waiting = sent.sent, sent.waiting
    return watched


def _look_at_clocks(desk: Desk, watched: Watched) -> None:
    """One run, or none: deliveries, closings, surveys, stages whose day has passed, warnings, a report that is due."""
    with one_run(desk, COMMAND, {}) as run:
        began = run.seq
        followed = follow_deliveries(desk, run)
        watched.findings += [*followed.findings, *DeskTracking(desk, run).track({}, (), _overdue(desk, run)).findings]
        warned = warnings.new_among(run, _warnings(desk, run))
        reminded = remind_of_report(desk, run)
        if run.seq == began and not followed.told and not warned and not reminded:
            run.discard()
            return
        watched.run = run.id
        warnings.keep(run, warned)
        watched.breaches = [one for one in warned if one.degree == "broken"]
        tell(desk, run, _told(desk, run, warned))
        run.summary = {"breaches": len(watched.breaches), "warned": len(warned)}


def _overdue(desk: Desk, book: Book) -> set[str]:
    """The orders with a stage that should have been done before today."""
    yesterday = desk.now.date() - timedelta(days=1)
    return {stage.number for stage in open_stages.due_by(book, yesterday)}


def _warnings(desk: Desk, book: Book) -> Iterator[Warned]:
    for number, clocks in open_clocks(desk, book):
        for clock in clocks:
            warned = warning_of(number, clock, desk.now, desk.settings.clocks.warn_after)
            if warned is not None:
                yield warned


def _told(desk: Desk, run: Run, warned: Sequence[Warned]) -> Iterator[Told]:
    """One notice a run and degree, with the clocks that come first."""
    for degree, event in _EVENTS.items():
        of_degree = sorted((one for one in warned if one.degree == degree), key=lambda one: (one.due, one.number))
        if of_degree:
            named = [
                {"number": one.number, "clock": one.clock, "due": one.due.astimezone(desk.zone).isoformat()}
                for one in of_degree[:SPELLED_OUT]
            ]
            numbers = list(dict.fromkeys(one.number for one in of_degree))
            yield Told(event, numbers, {"orders": named, "count": len(of_degree)}, run.id)
