"""`explain`: why an order stands where it stands; `what-if`: a month again under other rules, changing nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from orderflow import settings as configuration
from orderflow.flows.desk import Desk
from orderflow.flows.judging import Judge, not_judgeable
from orderflow.flows.months import month_of
from orderflow.flows.progress_notices import told_as
from orderflow.flows.queries import WholeOrder, known_number, whole_orders
from orderflow.flows.references import stored_references
from orderflow.ledger import judgements, stories
from orderflow.ledger.book import Book
from orderflow.ledger.lookup import of_month
from orderflow.records.choices import Level
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Severity
from orderflow.records.judgement import Judgement, Verdict
from orderflow.rules.clocks import clocks_of
from orderflow.rules.limits import limits
from orderflow.rules.priority import Grounds, grounds_of, judge, lacking
from orderflow.settings import Settings


@dataclass(slots=True)
class Explanation:
    """An order with what its level rests on; without one, what has to come first."""

    whole: WholeOrder
    grounds: Grounds | None = None
    missing: Finding | None = None


def explain(desk: Desk, number: str) -> Explanation:
    """Why one order stands where it stands. Raises OrderflowError `order-unknown`."""
    with desk.ledger() as ledger, ledger.read() as book:
        known = known_number(book, number)
        (whole,) = whole_orders(desk, book, [known])
        if whole.judgement is not None:
            day = whole.judgement.at.astimezone(desk.zone).date()
            return Explanation(whole, grounds_of(whole.judgement, day))
        candidate = next(judgements.candidates(book, numbers=[known]), None)
        if candidate is None:
            return Explanation(whole)
        judge_of = Judge(desk, book, stored_references(book), {})
        missing = lacking(judge_of.grounds(candidate, candidate.declared))
        first = not_judgeable(known, missing) if missing else Finding("waits-for-level", Severity.WARNING, number=known)
        return Explanation(whole, missing=first)


@dataclass(slots=True)
class Moved:
    """One order that other rules would give another level: its judgement, and what the rules would say."""

    judgement: Judgement
    verdict: Verdict
    level: Level


@dataclass(slots=True)
class WhatIf:
    """A month under other rules: how many orders of each level before and after, and those that move.

    `broken_before` and `broken_after` count the clocks that ran out, by clock; `unmeasurable` those that nobody can
    know of, as the time of receipt is not known.
    """

    month: str
    rules: Path
    before: dict[Level, int] = field(default_factory=lambda: dict.fromkeys(Level, 0))
    after: dict[Level, int] = field(default_factory=lambda: dict.fromkeys(Level, 0))
    changes: list[Moved] = field(default_factory=list)
    unjudged: int = 0
    broken_before: Counter[str] = field(default_factory=Counter)
    broken_after: Counter[str] = field(default_factory=Counter)
    unmeasurable: int = 0


def what_if(desk: Desk, rules: Path, month: str) -> WhatIf:
    """The month's judgements again, on their days and from their grounds, by the rules of another settings file.

    Overrides stand in both. The file's limits of clocks count where it states any, else the desk's. Raises
    OrderflowError `file-missing`, `month-unreadable`, or what `settings.load` raises.
    """
    if not rules.is_file():
        raise OrderflowError("file-missing", path=str(rules))
    other = configuration.load(rules)
    outcome = WhatIf(month_of(desk, month), rules)
    with desk.ledger() as ledger, ledger.read() as book:
        for candidate in judgements.candidates(book, month=outcome.month):
            judgement = candidate.judgement
            if judgement is None:
                outcome.unjudged += 1
                continue
            day = judgement.at.astimezone(desk.zone).date()
            verdict = judge(grounds_of(judgement, day), day, other.priority)
            level = judgement.level if judgement.overridden else verdict.level
            outcome.before[judgement.level] += 1
            outcome.after[level] += 1
            if level is not judgement.level:
                outcome.changes.append(Moved(judgement, verdict, level))
        _count_clocks(desk, book, other, outcome)
    return outcome


def _count_clocks(desk: Desk, book: Book, other: Settings, outcome: WhatIf) -> None:
    """How many clocks of the month ran out, and would have under the other rules."""
    allowed = limits(desk.settings, desk.zone)
    stated = {"clocks": other.clocks} if "clocks" in other.model_fields_set else {}
    under = limits(desk.settings.model_copy(update=stated), desk.zone)
    levels = {moved.judgement.number: moved.level for moved in outcome.changes}
    for number, story in stories.told(book, stories.ALIVE & of_month(outcome.month), told_as):
        now = clocks_of(story, allowed, desk.now)
        then = clocks_of(story._replace(level=levels.get(number, story.level)), under, desk.now)
        outcome.broken_before.update(clock.clock for clock in now if clock.state == "broken")
        outcome.broken_after.update(clock.clock for clock in then if clock.state == "broken")
        outcome.unmeasurable += sum(clock.state == "unmeasurable" for clock in now)
