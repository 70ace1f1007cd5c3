"""The stages of an order and their dates (the source document's step 3; PROCESS.md, step 3).

Durations count from and including the day on which a stage starts, in calendar or in working days: production of 3 days
from 2024-05-10 ends on 05-12, inspection on 05-13, logistics on 05-15.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from orderflow.rules.calendar import Calendar, is_published
from orderflow.settings import Plan

_DAY = timedelta(days=1)
Groups = tuple[tuple[str, ...], ...]
"""Stages in their order; those of one group run beside each other."""
SEQUENCE: Groups = (("evaluation",), ("production", "purchasing"), ("inspection",), ("logistics",))
"""Every stage that an order can have, in the order of the process."""
RANK: Mapping[str, int] = {stage: nth for nth, group in enumerate(SEQUENCE) for stage in group}
"""The place of each stage in that order; those of one rank run beside each other."""
Fits = Callable[[str, Sequence[date]], date | None]
"""Whether a stage finds room on all of these days: the last day without, `None` where there is room."""


class Span(NamedTuple):
    """A stage with its first and last day."""

    stage: str
    start: date
    due: date


@cache
def groups_of(*, custom: bool, supply: str | None, parts: bool) -> Groups:
    """The stages of an order: 现货 is not produced, 采购 is bought instead; a custom order is evaluated first, made
    in any case but where it is bought, and its special parts are bought beside that."""
    made: tuple[str, ...] = ("production",)
    if supply == "purchasing":
        made = ("purchasing",)
    elif custom and parts:
        made = ("production", "purchasing")
    elif supply == "stock" and not custom:
        made = ()
    found = (("evaluation",) if custom else (), made, ("inspection",), ("logistics",))
    return tuple(group for group in found if group)


@dataclass(frozen=True)
class Terms:
    """What dates are counted by: the desk's durations, and its calendar."""

    plan: Plan
    calendar: Calendar

    def days(self, stage: str, *, rush: bool) -> int:
        """How many days a stage takes; in the green channel fewer."""
        return int(getattr(self.plan.rush_days if rush else self.plan.days, stage))

    def is_in_working_days(self, stage: str) -> bool:
        """Whether the stage rests on days off."""
        return stage in self.plan.working_days

    def taken(self, stage: str, start: date, days: int) -> list[date]:
        """The days that a stage takes when it starts on `start` or, if that is a day off for it, on the next one."""
        if not self.is_in_working_days(stage):
            return [start + timedelta(nth) for nth in range(max(days, 1))]
        found = [self.calendar.first_working(start)]
        while len(found) < days:
            found.append(self.calendar.next_working(found[-1]))
        return found

    def between(self, span: Span) -> list[date]:
        """The days that a stage with known dates takes."""
        days = [span.start + timedelta(nth) for nth in range((span.due - span.start).days + 1)]
        return [day for day in days if not self.is_in_working_days(span.stage) or self.calendar.is_working(day)]


def schedule(
    groups: Groups,
    day: date,
    terms: Terms,
    *,
    rush: bool = False,
    fixed: Mapping[str, Span] | None = None,
    lasting: Mapping[str, int] | None = None,
    fits: Fits | None = None,
) -> list[Span]:
    """The dates of all stages from `day` on, each group after the one before.

    `fixed` stages stay where they are, and what follows comes after them. `lasting` are durations that a person chose.
    Where a stage does not find room (`fits`) it waits.
    """
    fixed, lasting, cursor = fixed or {}, lasting or {}, day
    found: list[Span] = []
    for group in groups:
        then = cursor
        for stage in group:
            days = lasting.get(stage, terms.days(stage, rush=rush))
            span = fixed.get(stage) or _placed(stage, cursor, days, terms, fits)
            found.append(span)
            then = max(then, span.due if days == 0 and stage not in fixed else span.due + _DAY)
        cursor = then
    return found


def _placed(stage: str, start: date, days: int, terms: Terms, fits: Fits | None) -> Span:
    while True:
        taken = terms.taken(stage, start, days)
        full = fits(stage, taken) if fits is not None else None
        if full is None:
            return Span(stage, taken[0], taken[-1])
        start = full + _DAY


def unknown_years(spans: Iterable[Span], terms: Terms) -> list[int]:
    """The years that stages counted in working days fall into and whose holidays are not published."""
    years = {day.year for span in spans if terms.is_in_working_days(span.stage) for day in (span.start, span.due)}
    return sorted(year for year in years if not is_published(year))


def after(groups: Groups, stage: str) -> Collection[str]:
    """The stages that come after one."""
    place = next((nth for nth, group in enumerate(groups) if stage in group), len(groups))
    return {later for group in groups[place + 1 :] for later in group}


class Room:
    """How many orders each stage holds on each day, against its limit (0: none)."""

    def __init__(self, limits: Mapping[str, int], terms: Terms) -> None:
        self._limits = {stage: limit for stage, limit in limits.items() if limit}
        self._terms = terms
        self._held: dict[tuple[str, date], int] = {}
        self._beyond: dict[tuple[str, date], date] = {}

    @property
    def is_limited(self) -> bool:
        """Whether any stage has a limit."""
        return bool(self._limits)

    def book(self, spans: Iterable[Span]) -> None:
        """Hold the days of these stages."""
        for span in spans:
            if span.stage in self._limits:
                for day in self._terms.between(span):
                    self._held[span.stage, day] = self._held.get((span.stage, day), 0) + 1

    def holds(self, span: Span) -> bool:
        """Whether the stage has room on all of its days."""
        return self.fits(span.stage, self._terms.between(span)) is None

    def release(self, spans: Iterable[Span]) -> None:
        """Let these days go."""
        for span in spans:
            if span.stage in self._limits:
                for day in self._terms.between(span):
                    self._held[span.stage, day] -= 1
        self._beyond.clear()

    def is_full(self, stage: str, day: date) -> bool:
        """Whether a stage holds no more on that day."""
        limit = self._limits.get(stage)
        return limit is not None and self._held.get((stage, day), 0) >= limit

    def fits(self, stage: str, days: Sequence[date]) -> date | None:
        """The last day of a full stretch that begins on one of `days`; `None` where the stage has room on all."""
        if stage not in self._limits:
            return None
        full = next((day for day in reversed(days) if self.is_full(stage, day)), None)
        return None if full is None else self._last_full(stage, full)

    def _last_full(self, stage: str, day: date) -> date:
        """The end of the stretch of full days around `day`; remembered, so that a long queue is crossed in steps."""
        crossed, at = [], day
        while self.is_full(stage, at):
            crossed.append(at)
            at = self._beyond.get((stage, at), at) + _DAY
        for one in crossed:
            self._beyond[stage, one] = at - _DAY
        return at - _DAY
