"""How the stages of an order go against its plan (the source document's step 4; PROCESS.md, step 4).

Status is computed from the dates. What is late moves what follows, and shows whether the promise still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from orderflow.records.plan import OrderPlan, Stage
from orderflow.rules.schedule import RANK, Span, Terms

_DAY = timedelta(days=1)
ON_TIME, LATE = "on-time", "late"


class Delay(NamedTuple):
    """A stage that is late by `days`, or will be; `code` is a finding's.

    `stage-late`: done too late. `stage-silent`: its day has passed, and nobody said when it will be done.
    `stage-expected-late`: its owner says that it will be late. The exception is open until a measure is named.
    """

    stage: Stage
    code: str
    days: int

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what is done about it."""
        return self.stage.measure is None


def is_passed(stage: Stage, stages: Sequence[Stage]) -> bool:
    """Whether a later stage is done: then this one is over too, though nobody said when."""
    return any(RANK[one.stage] > RANK[stage.stage] and one.actual is not None for one in stages)


def days_late(stage: Stage, today: date) -> int:
    """By how many calendar days a stage is late (延迟N天): against the day it was done, else against `today`."""
    return max(((stage.actual or today) - stage.due).days, 0) if stage.due is not None else 0


def status(stage: Stage, today: date) -> str:
    """正常 or 延迟, from the dates."""
    return LATE if days_late(stage, today) else ON_TIME


def delays(stages: Sequence[Stage], today: date, least: int) -> Iterator[Delay]:
    """The stages that are late by at least so many days, or will be, in their order."""
    for stage in stages:
        if stage.due is None or (stage.actual is None and is_passed(stage, stages)):
            continue
        late = days_late(stage, today)
        if stage.actual is not None:
            found = Delay(stage, "stage-late", late)
        elif stage.expected is not None and stage.expected >= today:
            found = Delay(stage, "stage-expected-late", max((stage.expected - stage.due).days, late))
        else:
            found = Delay(stage, "stage-silent", late)
        if found.days >= least:
            yield found


def forecast(stages: Sequence[Stage], today: date, terms: Terms) -> dict[str, date]:
    """When each stage ended or will end, by its name.

    What is done stands, and what its owner foresees counts. What follows something late starts later and takes as
    long as planned. Nothing that is open ends before `today`.
    """
    ends: dict[str, date] = {}
    for stage in sorted(stages, key=lambda one: RANK[one.stage]):
        if stage.actual is not None:
            ends[stage.stage] = stage.actual
        elif stage.due is not None and is_passed(stage, stages):
            ends[stage.stage] = stage.due
        elif stage.start is not None and stage.due is not None:
            ends[stage.stage] = max(stage.expected or _end(stage, stage.start, stage.due, stages, ends, terms), today)
    return ends


def _end(stage: Stage, start: date, due: date, stages: Sequence[Stage], ends: Mapping[str, date], terms: Terms) -> date:
    """The planned end, or a later one where what comes before ends later than planned."""
    begins = max([start, *_ready(stage, start, stages, ends)])
    if begins == start:
        return due
    return terms.taken(stage.stage, begins, len(terms.between(Span(stage.stage, start, due))))[-1]


def _ready(stage: Stage, start: date, stages: Sequence[Stage], ends: Mapping[str, date]) -> Iterator[date]:
    """The first day after each stage before; one that was to begin within that stage's last day still may."""
    for before in stages:
        if RANK[before.stage] < RANK[stage.stage] and before.stage in ends and before.due is not None:
            yield ends[before.stage] + (_DAY if start > before.due else timedelta(0))


def end_of(ends: Mapping[str, date]) -> date | None:
    """When the last stage ends."""
    return max(ends.values(), default=None)


@dataclass(slots=True)
class Tracked:
    """One order under way: its delays, when each stage ends, and what became of it in this run.

    `outcome` is `updated` where something new was reported, else `unchanged`.
    """

    plan: OrderPlan
    ends: Mapping[str, date]
    delays: Sequence[Delay]
    outcome: str = "unchanged"

    @property
    def end(self) -> date | None:
        """When the last stage will end."""
        return end_of(self.ends)

    @property
    def is_promise_held(self) -> bool | None:
        """Whether it will end by the promised day; `None` without a promise."""
        return None if self.plan.promise is None or self.end is None else self.end <= self.plan.promise
