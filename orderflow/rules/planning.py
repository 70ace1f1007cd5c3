"""Plans as values: what an order waits for, its place in the queue, a plan made, moved, edited (PROCESS.md, step 3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from orderflow.records.choices import Level
from orderflow.records.plan import OrderPlan, Stage
from orderflow.rules.priority import SCORES
from orderflow.rules.schedule import SEQUENCE, Fits, Groups, Span, Terms, after, schedule, unknown_years

_DAY = timedelta(days=1)
CUSTOM, STANDARD = "custom", "standard"


@dataclass(frozen=True, slots=True)
class Need:
    """One order as planning sees it: its stages, its level, what it was planned from."""

    number: str
    groups: Groups
    kind: str
    rush: bool
    level: Level
    delivery_date: date | None
    rests_on: str

    @property
    def turn(self) -> tuple[bool, int, date, str]:
        """Its place in the queue: rush orders first, then by level, then by delivery date."""
        return not self.rush, -SCORES[self.level], self.delivery_date or date.max, self.number


def waits_for(
    *, flagged: bool, judged: bool, checked: bool, proved: bool, custom: bool, double_check: str
) -> list[str]:
    """Why an order cannot be planned yet: the codes of what has to come first."""
    needs_check = double_check == "required" or (double_check == "custom" and custom)
    reasons = (
        ("waits-for-mending", flagged),
        ("waits-for-level", not judged),
        ("waits-for-check", needs_check and not checked),
        ("waits-for-evidence", custom and not proved),
    )
    return [code for code, waits in reasons if waits]


def planned_from(said: Iterable[Any]) -> str:
    """A digest of what a plan is made from: where it differs later, the plan is stale."""
    return blake2b("\x1f".join(map(str, said)).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def groups_in(plan: OrderPlan) -> Groups:
    """The stages that a plan has, in their order."""
    has = {stage.stage for stage in plan.stages}
    found = (tuple(stage for stage in group if stage in has) for group in SEQUENCE)
    return tuple(group for group in found if group)


def spans_of(plan: OrderPlan, among: Collection[str] | None = None) -> list[Span]:
    """The dates of a plan's stages, all or some."""
    return [
        Span(stage.stage, stage.start, stage.due)
        for stage in plan.stages
        if stage.start is not None and stage.due is not None and (among is None or stage.stage in among)
    ]


def running(plan: OrderPlan | None, today: date) -> dict[str, Span]:
    """The stages that run or are done: these are never moved. A finished one ends when it really did."""
    stages = plan.stages if plan is not None else ()
    return {
        stage.stage: Span(stage.stage, stage.start, stage.actual or stage.due)
        for stage in stages
        if stage.start is not None and stage.due is not None and (stage.actual is not None or stage.start < today)
    }


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans: by whom, when, on what terms, with which owners where nobody is named."""

    by: str
    now: datetime
    terms: Terms
    owners: Mapping[str, str]
    _known: dict[tuple[Groups, str, bool], OrderPlan] = field(default_factory=dict, compare=False, repr=False)

    @property
    def today(self) -> date:
        """The planning day."""
        return self.now.date()

    def first_plan(self, need: Need) -> OrderPlan:
        """A plan of an order that has none, where there is room for all: those that are alike share their stages."""
        alike = need.groups, need.kind, need.rush
        if alike not in self._known:
            self._known[alike] = self.plan(need, None)
        known = self._known[alike]
        return OrderPlan(
            need.number, need.kind, need.rush, self.by, self.now, need.rests_on,
            known.stages, known.completed_at, known.promise, known.unknown_years,
        )  # fmt: skip

    def plan(self, need: Need, had: OrderPlan | None, fits: Fits | None = None) -> OrderPlan:
        """A plan from today on; of one that there was, the stages that run stay."""
        fixed = running(had, self.today)
        spans = schedule(need.groups, self.today, self.terms, rush=need.rush, fixed=fixed, fits=fits)
        plan = OrderPlan(need.number, need.kind, need.rush, self.by, self.now, need.rests_on)
        if had is not None:
            plan = replace(plan, completed_at=had.completed_at, revision=had.revision, stages=had.stages)
        return self.settled(plan, [span for span in spans if span.stage not in fixed], need.groups)

    def moved(self, plan: OrderPlan, fits: Fits, keep: Collection[str], begin: date) -> OrderPlan:
        """A plan whose stages, but those to `keep`, look for room again from a day on, with the durations they have."""
        spans = {span.stage: span for span in spans_of(plan)}
        fixed = {stage: span for stage, span in spans.items() if stage in keep}
        lasting = {stage: self._length(span) for stage, span in spans.items()}
        groups = groups_in(plan)
        found = schedule(groups, begin, self.terms, fixed=fixed, lasting=lasting, fits=fits)
        return self.settled(plan, [span for span in found if span.stage not in keep], groups)

    def _length(self, span: Span) -> int:
        """How many days a stage takes; none for one that is over within the day on which the next begins."""
        days = len(self.terms.between(span))
        return 0 if days == 1 and self.terms.days(span.stage, rush=False) == 0 else days

    def settled(self, plan: OrderPlan, spans: Iterable[Span], groups: Groups) -> OrderPlan:
        """The plan with these dates: what moved has to be confirmed again; complete once every stage has an owner."""
        dated = {span.stage: span for span in spans}
        had = {stage.stage: stage for stage in plan.stages}
        names = [stage for group in groups for stage in group]
        stages = [self._stage(had.get(name), dated.get(name), name) for name in names]
        made = replace(plan, stages=stages, promise=max(stage.due for stage in stages if stage.due is not None))
        made.unknown_years = tuple(unknown_years(spans_of(made), self.terms))
        if made.completed_at is None and not made.ownerless:
            made.completed_at = self.now
        return made

    def _stage(self, had: Stage | None, span: Span | None, name: str) -> Stage:
        start, due = (span.start, span.due) if span is not None else (None, None)
        if had is None:
            return Stage(name, self.owners[name] or None, start, due, milestone=due)
        if span is None or (had.start, had.due) == (start, due):
            return had
        return replace(had, start=start, due=due, milestone=due, confirmed_by=None, confirmed_at=None)

    def edited(self, plan: OrderPlan, name: str, values: Mapping[str, Any], fits: Fits) -> tuple[OrderPlan, bool]:
        """A plan with what a person wrote of one stage, what follows moved after it; whether its dates were taken.

        A start alone moves the stage; dates that end before they begin, or begin before the stage before ends, are not
        taken, and the rest is. A confirmation without a time is of now.
        """
        had = next(stage for stage in plan.stages if stage.stage == name)
        span = self._dates(had, values)
        fits_in = span is None or self._fits_in(plan, span)
        said = {key: value for key, value in values.items() if key in ("owner", "milestone")}
        named = values.get("confirmed_by")
        if named and fits_in:
            said |= {"confirmed_by": named, "confirmed_at": values.get("confirmed_at") or self.now}
        groups = groups_in(plan)
        if span is not None and fits_in:
            plan = self.settled(plan, [span], groups)
        stages = [replace(stage, **said) if stage.stage == name else stage for stage in plan.stages]
        plan = self.settled(replace(plan, stages=stages), [], groups)
        if span is not None and fits_in and span.due != had.due:
            follows = after(groups, name) - running(plan, self.today).keys()
            keep = {stage.stage for stage in plan.stages} - follows
            plan = self.moved(plan, fits, keep, min(one.start for one in spans_of(plan)))
        return plan, fits_in

    def _dates(self, stage: Stage, values: Mapping[str, Any]) -> Span | None:
        """The dates that a person means; `None` where they say what stands."""
        start, due = values.get("start") or stage.start, values.get("due") or stage.due
        if start is None or due is None or (start, due) == (stage.start, stage.due):
            return None
        if stage.start is not None and stage.due is not None and due == stage.due and start != stage.start:
            days = self._length(Span(stage.stage, stage.start, stage.due))
            return Span(stage.stage, start, self.terms.taken(stage.stage, start, days)[-1])
        return Span(stage.stage, start, due)

    def _fits_in(self, plan: OrderPlan, span: Span) -> bool:
        before = [one for one in spans_of(plan) if span.stage in after(groups_in(plan), one.stage)]
        ends = [one.due if self._length(one) == 0 else one.due + _DAY for one in before]
        return span.start <= span.due and all(span.start >= end for end in ends)
