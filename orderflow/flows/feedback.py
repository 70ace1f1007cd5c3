"""`feedback`: answers are taken in, cases followed, orders closed, surveys kept on their way (PROCESS.md, step 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from orderflow.flows.after_delivery import follow_deliveries
from orderflow.flows.agenda import Item, agenda, complaining
from orderflow.flows.carrying_on import carry_on
from orderflow.flows.desk import Desk
from orderflow.flows.feedback_files import Answers, is_window, read_file, take
from orderflow.flows.queries import WholeOrder, whole_orders
from orderflow.flows.worked_on import worked_on
from orderflow.ledger import feedback as kept
from orderflow.ledger import history
from orderflow.ledger.book import Book, Run
from orderflow.records.finding import Finding
from orderflow.report.progress import Progress
from orderflow.rules.due import Rate, answer_rate
from orderflow.rules.topics import Topic, by_topic, sentences

WORKBOOK = "feedback"


@dataclass(slots=True)
class FeedbackOutcome:
    """What `feedback` came to; `run` is `None` where nothing changed, or nothing was to be kept.

    `orders` are those that changed, `cases` all with an open case, `due` what is to be done soon, `topics` what the
    opinions of this month are about.
    """

    run: int | None = None
    dry: bool = False
    sheets: list[Answers] = field(default_factory=list)
    orders: list[WholeOrder] = field(default_factory=list)
    cases: list[WholeOrder] = field(default_factory=list)
    due: list[Item] = field(default_factory=list)
    rate: Rate = field(default_factory=lambda: Rate(0, 0))
    topics: list[Topic] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    workbook: Path | None = None


def feedback(desk: Desk, path: Path | None = None, *, dry_run: bool = False, shown: bool = False) -> FeedbackOutcome:
    """Take the edits of the feedback workbook and the answers of a file, and all that follows; one run, or none.

    The file may be a copy of the workbook, a filled-in one of another origin, or a survey's export. Then the workbook
    is written. `shown`: with progress on a terminal. Raises OrderflowError where the file cannot be read; then nothing
    has changed.
    """
    outcome = FeedbackOutcome(dry=dry_run)
    copy = path if path is not None and is_window(desk, path) else None
    options = {} if path is None or copy is not None else {"answers": path.name}
    with (
        Progress(desk.lang, shown=shown) as progress,
        worked_on(desk, "feedback", options, [WORKBOOK], copy, progress, dry_run=dry_run) as work,
    ):
        run = work.run
        work.take()
        if path is not None and copy is None:
            _take_file(desk, run, path.absolute(), outcome)
        outcome.findings += carry_on(desk, run, work.taken)
        followed = follow_deliveries(desk, run)
        outcome.findings += followed.findings
        _look(desk, run, outcome)
        new = sum(sheet.outcomes["new"] for sheet in outcome.sheets)
        outcome.run = work.keep({"answers": new, "closed": len(followed.closed)}, told=followed.told)
    outcome.findings = sorted([*work.findings, *outcome.findings], key=lambda found: found.severity.rank)
    outcome.workbook = next(iter(work.written), None)
    return outcome


def _take_file(desk: Desk, run: Run, path: Path, outcome: FeedbackOutcome) -> None:
    """Take every sheet of a file that is no window of the desk's."""
    outcome.sheets = read_file(desk, run, path)
    for sheet in outcome.sheets:
        take(desk, run, sheet)
        outcome.findings += sheet.findings


def _look(desk: Desk, run: Run, outcome: FeedbackOutcome) -> None:
    """How things stand after the run."""
    outcome.orders = whole_orders(desk, run, sorted(history.touched(run)))
    outcome.cases = complaining(desk, run)
    outcome.due = agenda(desk, run, outcome.cases)
    outcome.rate = answer_rate(kept.all_deliveries(run))
    outcome.topics = topics_of_month(desk, run, desk.now)


def topics_of_month(desk: Desk, book: Book, moment: datetime) -> list[Topic]:
    """What the opinions and suggestions recorded in the month of `moment` are about."""
    first = moment.replace(day=1, hour=0, minute=0, second=0)
    following = (first + timedelta(days=32)).replace(day=1)
    said = [
        one
        for answer in kept.answers_between(book, first, following)
        for one in sentences(answer.row.number or "", answer.row.comment, answer.row.suggestion)
    ]
    return by_topic(said, desk.settings.feedback.topics)
