"""`prioritize`: every live order that can be judged gets a level, anew where what it rests on changed (step 2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from orderflow.flows.desk import Desk
from orderflow.flows.references import known_references
from orderflow.flows.telling import SPELLED_OUT, Told, tell
from orderflow.ledger import history, judgements
from orderflow.ledger.book import Book, Run
from orderflow.ledger.judgements import Candidate
from orderflow.ledger.runs import past_runs
from orderflow.records.choices import Level
from orderflow.records.finding import Finding, Severity
from orderflow.records.judgement import Judgement, Verdict
from orderflow.records.references import References
from orderflow.records.rows import Priority
from orderflow.rules.facts import Yardstick
from orderflow.rules.priority import SCORES, Grounds, first_told, judge, lacking, priced, rests_on

DECLARED = ("level", "amount", "urgency", "priority", "override_reason")
"""What a manager may write of an order; who judged and when may stand beside it."""
_TRUST = ("priority", "registration")  # and then the workbook of customers, or of products
_REMEMBERED = 20_000


class Edit(NamedTuple):
    """What a manager wrote of one order: fields of the priority workbook; `judged_at` is a moment of the desk."""

    number: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Judged:
    """One order's judgement, what became of it in this run (`new`, `updated`, `unchanged`), what is to be said."""

    judgement: Judgement
    candidate: Candidate
    outcome: str
    reasons: list[Finding] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, str, str]:
        """The order in which people see them: by level, then by delivery date."""
        due = self.candidate.delivery_date
        return -SCORES[self.judgement.level], due.isoformat() if due else "9999", self.candidate.number


class Unjudged(NamedTuple):
    """An order that cannot be judged: which fields are missing."""

    number: str
    missing: tuple[str, ...]


@dataclass(slots=True)
class Judging:
    """What `prioritize` came to; `run` is `None` where nothing changed, or nothing was to be kept."""

    run: int | None = None
    dry: bool = False
    judged: list[Judged] = field(default_factory=list)
    unjudged: list[Unjudged] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    workbook: Path | None = None


def rejudge(desk: Desk, run: Run) -> list[Finding]:
    """Judge again the orders that this run touched; what is to be said of them."""
    return judge_all(desk, run, numbers=history.touched(run)).findings


def judge_all(desk: Desk, run: Run, edits: Sequence[Edit] = (), numbers: Collection[str] | None = None) -> Judging:
    """Judge every live order, or those with these numbers, within a run; the heads are told what moved."""
    judge_of = Judge(desk, run, known_references(desk, run), {edit.number: edit.values for edit in edits})
    outcome = Judging()
    withdrawn = []
    for candidate in list(judgements.candidates(run, numbers=numbers)):
        declared = judge_of.declared(candidate)
        grounds = judge_of.grounds(candidate, declared)
        if missing := lacking(grounds):
            outcome.unjudged.append(Unjudged(candidate.number, missing))
            outcome.findings.append(not_judgeable(candidate.number, missing))
            if candidate.judgement is not None or declared != candidate.declared:
                withdrawn.append(declared)
        else:
            outcome.judged.append(judge_of.judged(candidate, declared, grounds))
    outcome.judged.sort(key=lambda one: one.rank)
    moved = [one.judgement for one in outcome.judged if one.outcome != "unchanged"]
    judgements.record(run, desk.now, moved, withdrawn)
    _tell_heads(desk, run, moved)
    outcome.findings[:0] = [finding for one in outcome.judged for finding in one.reasons]
    return outcome


@dataclass(slots=True)
class Judge:
    """Judges orders one by one by the desk's rules; `edits` are what a manager wrote just now, by number."""

    desk: Desk
    book: Book
    references: References
    edits: Mapping[str, Mapping[str, Any]]
    _words: Yardstick = field(init=False)
    _floors: Mapping[str, str] = field(init=False)
    _undone: frozenset[int] | None = None
    _grounds: Callable[..., Grounds] = field(init=False)
    _basis: Callable[[Grounds], str] = field(init=False)
    _verdict: Callable[[Grounds, date], Verdict] = field(init=False)

    def __post_init__(self) -> None:
        rules = self.desk.settings.priority
        said = rules.model_dump_json()
        self._words, self._floors = Yardstick(self.desk.settings), rules.floors
        remembered = lru_cache(_REMEMBERED)  # many orders are judged alike
        self._grounds = remembered(_grounds)
        self._basis = remembered(lambda grounds: rests_on(grounds, said))
        self._verdict = remembered(lambda grounds, day: judge(grounds, day, rules))

    def declared(self, candidate: Candidate) -> Priority:
        """What people declared of an order, this time included."""
        edit = self.edits.get(candidate.number)
        if not edit:
            return candidate.declared
        return replace(candidate.declared, **{name: value for name, value in edit.items() if name in DECLARED})

    def grounds(self, candidate: Candidate, declared: Priority) -> Grounds:
        """What the order is judged by, in PROCESS.md's order of trust."""
        known = self.references.level_of(candidate.customer)
        product = self.references.product(candidate.product)
        word = self._floor_named(candidate)
        by_price = priced(product.price if product else None, candidate.quantity)
        return self._grounds(
            (declared.level, candidate.level, known),
            (declared.amount, candidate.amount, by_price),
            candidate.delivery_date,
            declared.urgency,
            word if word is not None and self._is_confirmed(candidate.number) else None,
        )

    def judged(self, candidate: Candidate, declared: Priority, grounds: Grounds) -> Judged:
        """The order's judgement: the one it has where nothing that it rests on changed, else a new one."""
        had, basis = candidate.judgement, self._basis(grounds)
        edit = self.edits.get(candidate.number, {})
        at: datetime | None = edit.get("judged_at")
        same = had is not None and had.rests_on == basis and (at is None or self._day(at) == self._day(had.at))
        if had is not None and same:
            verdict, by, at = had.verdict, edit.get("judged_by") or had.by, at or had.at
        else:
            written = candidate.declared if had is None else Priority()
            at = at or written.judged_at or self.desk.now
            by = edit.get("judged_by") or written.judged_by or self.desk.actor
            verdict = self._verdict(grounds, self._day(at))
        if declared.priority == verdict.level.value:
            declared = replace(declared, priority=None)  # agreeing is no override
        level = Level(declared.priority) if declared.priority and declared.override_reason else verdict.level
        assert grounds.customer is not None
        assert grounds.amount is not None
        made = Judgement(
            candidate.number, level, verdict, grounds.customer, grounds.amount, by, at, basis, declared,
            grounds.floor, had.revision if had else 0,
        )  # fmt: skip
        outcome = "new" if had is None else "unchanged" if made == had else "updated"
        return Judged(made, candidate, outcome, self._reasons(made, candidate, grounds))

    def _day(self, moment: datetime) -> Any:
        return moment.astimezone(self.desk.zone).date()

    def _reasons(self, judgement: Judgement, candidate: Candidate, grounds: Grounds) -> list[Finding]:
        """Where paper and calendar disagree; an override that says not why; a floor that nobody confirmed."""
        found = []
        verdict, declared = judgement.verdict, judgement.declared
        urgency = verdict.dimensions["urgency"]
        if verdict.by_days is not None and urgency is not verdict.by_days:
            params = {"urgency": urgency.value, "by_days": verdict.by_days.value, "days": verdict.days}
            found.append(_finding("urgency-differs", judgement.number, "delivery_date", **params))
        if declared.priority and not declared.override_reason:
            params = {"level": declared.priority, "computed": verdict.level.value}
            found.append(_finding("override-without-reason", judgement.number, None, **params))
        word = self._floor_named(candidate) if grounds.floor is None else None
        if word is not None and SCORES[judgement.level] < SCORES[Level(floor := self._floors[word])]:
            found.append(_finding("floor-unconfirmed", judgement.number, "remark", word=word, level=floor))
        return found

    def _floor_named(self, candidate: Candidate) -> str | None:
        """The kind of order with a floor that the remark names; text alone raises nothing."""
        return self._words.floors.first_in(candidate.remark) if candidate.remark else None

    def _is_confirmed(self, number: str) -> bool:
        """Whether a person has confirmed the order since its remark says what it says."""
        if self._undone is None:
            self._undone = frozenset(run.id for run in past_runs(self.book) if run.undone_by is not None)
        confirmed = False
        for run, change in history.changes_of(self.book, number):
            if run not in self._undone:
                confirmed = change.kind == "confirmed" or (confirmed and "remark" not in change.after)
        return confirmed


def _grounds(
    levels: tuple[str | None, ...],
    amounts: tuple[Decimal | None, ...],
    due: date | None,
    urgency: str | None,
    floor: str | None,
) -> Grounds:
    """What an order is judged by: its customer's level and its amount as the workbooks of `_TRUST` say them."""
    customer = first_told(*zip(levels, (*_TRUST, "customers"), strict=True))
    amount = first_told(*zip(amounts, (*_TRUST, "products"), strict=True))
    return Grounds(customer, amount, due, Level(urgency) if urgency else None, floor)


def _finding(code: str, number: str, at: str | None, **params: Any) -> Finding:
    return Finding(code, Severity.WARNING, at, None, params, number=number)


def not_judgeable(number: str, missing: Sequence[str]) -> Finding:
    """An order that cannot be judged, with what is missing and who could supply it."""
    return _finding("not-judgeable", number, None, fields=list(missing), who=list(missing))


def _tell_heads(desk: Desk, run: Run, moved: Sequence[Judgement]) -> None:
    """One notice a run to the departments' heads: which orders have which level now."""
    if not moved:
        return
    orders = [{"number": one.number, "level": one.level.value} for one in moved[:SPELLED_OUT]]
    facts = {"orders": orders, "count": len(moved)}
    tell(desk, run, [Told("judged", [one.number for one in moved], facts, run.id)])
