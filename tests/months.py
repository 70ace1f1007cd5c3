"""Months of orders invented at random, put straight into a ledger; and what a report has to say of them, slowly.

Nothing here shares a line with what is tested: every figure is worked out order by order, from its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from hypothesis import strategies as st

from orderflow.ledger.book import Run
from orderflow.ledger.schema import anomalies, cases, deliveries, feedbacks, orders, plans, priorities, stages

START = datetime(2024, 3, 30, 20, 0, tzinfo=UTC)  # near a change of clocks in Berlin
MONTHS = ("202306", "202308", "202405", "202406", "202406")
STAGES = ("evaluation", "production", "purchasing", "inspection", "logistics")
HOUR = 3_600


@dataclass
class Answer:
    """What a customer answered, so many hours after receipt (`None`: nobody knows when)."""

    recorded: int | None
    score: int | None
    quality: int | None


@dataclass
class Stage:
    """One stage with its days, counted from the day of receipt."""

    stage: str
    due: int
    actual: int | None
    expected: int | None
    note: str | None


@dataclass
class Invented:
    """An order as it might be; times are seconds after receipt, `None` where something did not happen."""

    month: str
    received: datetime
    time_known: bool = True
    completed: int | None = None
    delivered: int | None = None
    cancelled: bool = False
    merged: bool = False
    undone: bool = False
    reasons: int = 0
    complained: bool = False
    product: str = "A"
    level: str | None = None
    answers: list[Answer] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Neither undone nor merged into another."""
        return not (self.undone or self.merged)

    @property
    def measured(self) -> bool:
        """Counts, and was not cancelled."""
        return self.counts and not self.cancelled

    def response(self) -> timedelta | None:
        """From receipt until the plan was complete."""
        if not self.measured or not self.time_known or self.completed is None or self.completed < 0:
            return None
        return timedelta(seconds=self.completed)

    def cycle(self, zone: tzinfo) -> int | None:
        """Days from the day of receipt to that of delivery."""
        began = self.received.astimezone(zone).date()
        ended = self._delivered(began, zone)
        return None if not self.measured or ended is None or ended < began else (ended - began).days

    def _delivered(self, began: date, zone: tzinfo) -> date | None:
        if self.delivered is not None:
            return (self.received + timedelta(seconds=self.delivered)).astimezone(zone).date()
        ends = [one.actual for one in self.stages if one.stage == "logistics" and one.actual is not None]
        return began + timedelta(days=ends[0]) if ends else None

    def score(self) -> int | None:
        """The overall score of the last answer that scores anything."""
        return latest.score if (latest := self._latest()) is not None else None

    def quality(self) -> int | None:
        """What that answer says of the quality."""
        return latest.quality if (latest := self._latest()) is not None else None

    def _latest(self) -> Answer | None:
        scored = [(at, one) for at, one in enumerate(self.answers) if (one.score, one.quality) != (None, None)]
        if not self.measured or not scored:
            return None
        return max(scored, key=lambda each: (each[1].recorded is not None, each[1].recorded or 0, each[0]))[1]


answers = st.builds(
    Answer,
    st.none() | st.integers(0, 200),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(1, 5),
)
planned = st.lists(
    st.builds(
        Stage,
        st.sampled_from(STAGES),
        st.integers(0, 10),
        st.none() | st.integers(0, 14),
        st.none() | st.integers(0, 400),
        st.none() | st.sampled_from(("设备故障", "缺料")),
    ),
    max_size=4,
    unique_by=lambda one: one.stage,
)
invented = st.builds(
    Invented,
    st.sampled_from(MONTHS),
    st.integers(0, 60 * 24 * HOUR).map(lambda seconds: START + timedelta(seconds=seconds)),
    st.booleans(),
    st.none() | st.integers(-HOUR, 90 * HOUR),
    st.none() | st.integers(-30 * HOUR, 400 * HOUR),
    *[st.sampled_from((False, False, False, True))] * 3,
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from(("A", "B", "C")),
    st.none() | st.sampled_from(("vip", "new")),
    st.lists(answers, max_size=3),
    planned,
)
many = st.lists(invented, max_size=14)


def fill(run: Run, those: Sequence[Invented], zone: tzinfo) -> list[str]:
    """Puts the orders into an empty ledger, row by row; their numbers."""
    numbers = [f"{one.month}-{nth:03d}" for nth, one in enumerate(those, 1)]
    for number, one in zip(numbers, those, strict=True):
        _fill(run, number, one, zone)
    return numbers


def _fill(run: Run, number: str, one: Invented, zone: tzinfo) -> None:
    at = int(one.received.timestamp())
    began = one.received.astimezone(zone).date()
    common = {"number": number, "revision": 1, "run": run.id}
    flags: dict[str, Any] = {"undone": one.undone, "cancelled": one.cancelled, "open_anomalies": 0}
    flags |= {"merged_into": "202301-001" if one.merged else None, "received_time_known": one.time_known}
    said = {"identity": number, "fingerprint": number, "product": one.product, "level": one.level, "received_at": at}
    run.connection.execute(orders.insert().values(common | flags | said | {"source": "direct"}))
    for nth in range(one.reasons):
        reason = {"number": number, "code": f"x{nth}", "params": "{}", "opened_run": run.id, "opened_at": at}
        run.connection.execute(anomalies.insert().values(reason))
    if one.completed is not None:
        run.connection.execute(plans.insert().values(common | {"completed_at": at + one.completed}))
    if one.delivered is not None:
        run.connection.execute(deliveries.insert().values(common | {"delivered_at": at + one.delivered}))
    if one.complained:
        run.connection.execute(cases.insert().values(common | {"opened_at": at, "causes": '["partial"]'}))
    run.connection.execute(priorities.insert().values(common))
    for nth, answer in enumerate(one.answers):
        recorded = None if answer.recorded is None else at + answer.recorded * HOUR
        given = {"seq": nth, "recorded_at": recorded, "score": answer.score, "quality": answer.quality}
        run.connection.execute(feedbacks.insert().values(common | given))
    for stage in one.stages:
        days = {name: getattr(stage, name) for name in ("due", "actual", "expected")}
        written = {
            name: None if day is None else (began + timedelta(days=day)).isoformat() for name, day in days.items()
        }
        run.connection.execute(
            stages.insert().values(common | {"stage": stage.stage, "seq": 1, "note": stage.note} | written)
        )


def mean(values: Sequence[int], per: int, places: str) -> Decimal | None:
    """The mean of whole numbers, halves rounded up."""
    return half_up(Fraction(sum(values), len(values) * per), places) if values else None


def median(values: Sequence[int], per: int, places: str) -> Decimal | None:
    """The middle one, or half of the two in the middle."""
    n, ranked = len(values), sorted(values)
    return half_up(Fraction(ranked[(n - 1) // 2] + ranked[n // 2], 2 * per), places) if values else None


def ninetieth(values: Sequence[int], per: int, places: str) -> Decimal | None:
    """The smallest that at least nine of ten do not exceed."""
    return half_up(Fraction(sorted(values)[ceil(len(values) * 0.9) - 1], per), places) if values else None


def half_up(exact: Fraction, places: str) -> Decimal:
    """To so many places, exactly."""
    long = Decimal(exact.numerator * 10**30 // exact.denominator).scaleb(-30)
    return long.quantize(Decimal(places), ROUND_HALF_UP)


def all_of(those: Sequence[Invented], month: str, of: Callable[[Invented], Any]) -> list[int]:
    """What the orders of a month contribute."""
    return [value for one in those if one.month == month and (value := of(one)) is not None]
