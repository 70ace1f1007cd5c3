"""What a month of a desk came to, in figures and codes: neutral to language and to where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from orderflow.records.report import Shape


class Metric(StrEnum):
    """The month's figures (PROCESS.md, step 6); response time, anomaly share and satisfaction lead (四, 5)."""

    RESPONSE = "response_time"
    RESPONSE_WORKING = "response_time_working"
    ANOMALIES = "anomaly_rate"
    SATISFACTION = "satisfaction"
    CYCLE = "delivery_cycle"
    ORDERS = "orders"


SHAPES: Mapping[Metric, Shape] = {
    Metric.RESPONSE: Shape.HOURS,
    Metric.RESPONSE_WORKING: Shape.HOURS,
    Metric.ANOMALIES: Shape.SHARE,
    Metric.SATISFACTION: Shape.SCORE,
    Metric.CYCLE: Shape.DAYS,
    Metric.ORDERS: Shape.COUNT,
}
"""What each figure is measured in."""
TIMES = frozenset({Metric.RESPONSE, Metric.RESPONSE_WORKING, Metric.CYCLE})
"""The figures that have a median and a 90th percentile."""
LEAST_IS_BEST = frozenset({*TIMES, Metric.ANOMALIES})
"""The figures that are better the lower they are."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: its value over `n` of `of` orders; `left_out` counts the others by why.

    `trend` are the twelve months up to this one (`202405`), each with its value, `None` where it has none.
    """

    metric: Metric
    value: Decimal | None
    n: int
    of: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    median: Decimal | None = None
    p90: Decimal | None = None
    previous: Decimal | None = None
    year_ago: Decimal | None = None
    trend: Sequence[tuple[str, Decimal | None]] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The orders of a month that share something: a product, a customer level, a channel, a weekday.

    `of` says what (`product`, `level`, `channel`, `weekday`), `name` which (a code, or what people wrote; `None`
    where it is not known). `late` are those with a late stage, `broken` those with a broken clock.
    """

    of: str
    name: str | None
    orders: int
    flagged: int
    late: int
    broken: int
    complaints: int
    response: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """How late one stage, or what one department does, was: `late` of `planned` stages, by `median` days.

    `reasons` are what departments wrote (异常说明), the most frequent first.
    """

    name: str
    late: int
    planned: int
    median: Decimal | None = None
    reasons: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """How often one clock ran out: `broken` of `measured`; `unexplained` bear no reason (超时原因)."""

    clock: str
    broken: int
    measured: int
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Dimension:
    """What customers scored one dimension of their satisfaction, over `n` answers; `low` of them complain."""

    name: str
    mean: Decimal | None
    n: int
    low: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """What customers' sentences are about, how many of them and of how many orders, and some of them as written."""

    name: str
    sentences: int
    orders: int
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Standout:
    """Something that stands out: `code` is the sentence's, `params` its evidence, `department` whose review it is for.

    `small`: it rests on few orders, and the sentence says so.
    """

    code: str
    department: str
    params: Mapping[str, str | int | float | None]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Followed:
    """An improvement with the figure that it was meant to move: `before` in the month `about`, `after` in this one."""

    number: str
    problem: str | None
    measure: str | None
    owner: str | None
    due: date | None
    status: str
    effect: str | None
    overdue: bool
    metric: Metric | None
    about: str
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure (`Metric`, or a count of orders) that is no longer what was issued, with how many orders it counts."""

    listed: str
    issued: Decimal | None
    now: Decimal | None
    n_issued: int
    n_now: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of an order's history that came after the report was issued."""

    number: str
    kind: str
    at: datetime
    by: str
    run: int


@dataclass(frozen=True, slots=True)
class Restated:
    """When and by whom a report was issued, how its figures differ now, and the changes that caused it."""

    at: datetime
    by: str
    run: int
    differences: Sequence[Difference] = ()
    corrections: Sequence[Correction] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """A whole month, as the report tells it; `month` is `202405`, `made_at` when it was worked out.

    `reasons` are why clocks ran out, in people's words, the most frequent first. `unchecked`: the desk is one of a
    single person, where nobody checks what another has entered. `definitions` are those of an issued report, by
    language and figure.
    """

    month: str
    made_at: datetime
    figures: Sequence[Measured]
    groups: Sequence[Group] = ()
    stages: Sequence[Late] = ()
    departments: Sequence[Late] = ()
    clocks: Sequence[Broken] = ()
    reasons: Sequence[tuple[str, int]] = ()
    subjects: Sequence[Subject] = ()
    dimensions: Sequence[Dimension] = ()
    standouts: Sequence[Standout] = ()
    improvements: Sequence[Followed] = ()
    unchecked: bool = False
    definitions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def figure(self, metric: Metric) -> Measured:
        """One of the figures."""
        return next(one for one in self.figures if one.metric is metric)
