"""`feedback`: answers are taken in, cases followed, orders closed, surveys kept on their way (PROCESS.md, step 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from orderflow.flows import surveying
from orderflow.flows.agenda import Item, agenda
from orderflow.flows.deliveries import close_what_is_due, note_arrivals
from orderflow.flows.desk import Desk
from orderflow.flows.doing import one_run
from orderflow.flows.feedback_files import Answers, read_file, take
from orderflow.flows.queries import WholeOrder, whole_orders
from orderflow.ledger import feedback as kept
from orderflow.ledger.book import Book, Run
from orderflow.records.finding import Finding
from orderflow.rules.due import Rate, answer_rate
from orderflow.rules.topics import Topic, by_topic, sentences


@dataclass(slots=True)
class FeedbackOutcome:
    """What `feedback` came to; `run` is `None` where nothing changed.

    `orders` are those that changed, `cases` all with an open case, `due` what is to be done soon, `topics` what the
    opinions of this month are about.
    """

    run: int | None = None
    sheets: list[Answers] = field(default_factory=list)
    orders: list[WholeOrder] = field(default_factory=list)
    cases: list[WholeOrder] = field(default_factory=list)
    due: list[Item] = field(default_factory=list)
    rate: Rate = field(default_factory=lambda: Rate(0, 0))
    topics: list[Topic] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def feedback(desk: Desk, path: Path | None = None) -> FeedbackOutcome:
    """Take the answers of a file in, note deliveries, close what has come to its end; one run, or none.

    Raises OrderflowError where the file cannot be read; then nothing has changed.
    """
    outcome = FeedbackOutcome()
    with one_run(desk, "feedback", {"file": str(path) if path is not None else None}) as run:
        began = run.seq
        changed = note_arrivals(desk, run)
        if path is not None:
            changed += _take_file(desk, run, path.absolute(), outcome)
        closed, unexplained = close_what_is_due(desk, run)
        outcome.findings += unexplained
        told = surveying.invite(desk, run)
        if run.seq == began and not told:
            run.discard()
        else:
            outcome.run = run.id
            run.summary = {"answers": sum(sheet.outcomes["new"] for sheet in outcome.sheets)}
        _look(desk, run, outcome, {*changed, *closed})
    outcome.findings.sort(key=lambda finding: finding.severity.rank)
    return outcome


def _take_file(desk: Desk, run: Run, path: Path, outcome: FeedbackOutcome) -> list[str]:
    """Take every sheet of a file; the orders that changed."""
    changed = []
    outcome.sheets = read_file(desk, run, path)
    for sheet in outcome.sheets:
        changed += [one.row.number or "" for one in take(desk, run, sheet)]
        outcome.findings += sheet.findings
    return changed


def _look(desk: Desk, run: Run, outcome: FeedbackOutcome, changed: set[str]) -> None:
    """How things stand after the run."""
    outcome.orders = whole_orders(desk, run, sorted(changed))
    outcome.cases = whole_orders(desk, run, [case.number for case in kept.open_cases(run)])
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
