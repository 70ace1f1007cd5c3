"""The month's figures from what each order contributes to them (PROCESS.md, step 6).

Contributions are whole numbers (seconds, days, scores), so sums are exact; a value is rounded once, half up, to the
digits in which it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from orderflow.records.month import SHAPES, TIMES, Measured, Metric
from orderflow.records.report import Shape

if TYPE_CHECKING:
    from pandas import DataFrame, Series

PLACES: Mapping[Shape, int] = {Shape.COUNT: 0, Shape.SHARE: 3, Shape.HOURS: 2, Shape.DAYS: 2, Shape.SCORE: 2}
"""How many digits a figure of each kind has after its point."""
CONTRIBUTION: Mapping[Metric, str] = {
    Metric.ORDERS: "counted",
    Metric.RESPONSE: "response",
    Metric.RESPONSE_WORKING: "worked",
    Metric.CYCLE: "cycle",
    Metric.ANOMALIES: "flagged",
    Metric.SATISFACTION: "score",
}
"""The column of the facts that holds what each order contributes to a figure."""
_PER: Mapping[Shape, int] = {Shape.HOURS: 3_600}


class Total(NamedTuple):
    """So many contributions, and their sum."""

    n: int
    sum: int


def rounded(exact: Fraction, shape: Shape) -> Decimal:
    """A value in the digits in which it is shown; halves go up."""
    step = Decimal(1).scaleb(-PLACES[shape])
    scaled = exact / Fraction(step)
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return (Decimal(whole) * step).quantize(step, ROUND_HALF_UP)


def value_of(metric: Metric, total: Total) -> Decimal | None:
    """A figure from its total: the number of orders, else the mean; `None` where nothing contributes."""
    shape = SHAPES[metric]
    if metric is Metric.ORDERS:
        return Decimal(total.n)
    return rounded(Fraction(total.sum, total.n * _PER.get(shape, 1)), shape) if total.n else None


def median_of(values: Series, shape: Shape) -> Decimal | None:
    """The middle value, or the mean of the two in the middle."""
    in_order, n = sorted_values(values), len(values)
    if not n:
        return None
    middle = int(in_order[(n - 1) // 2]) + int(in_order[n // 2])
    return rounded(Fraction(middle, 2 * _PER.get(shape, 1)), shape)


def ninetieth_of(values: Series, shape: Shape) -> Decimal | None:
    """The 90th percentile: the smallest value that nine of ten do not exceed, one that an order really has."""
    n = len(values)
    at = (9 * n + 9) // 10 - 1
    return rounded(Fraction(int(sorted_values(values)[at]), _PER.get(shape, 1)), shape) if n else None


def sorted_values(values: Series) -> Sequence[int]:
    """The values as whole numbers, the smallest first."""
    return values.astype("int64").sort_values().to_list()


def measured(metric: Metric, facts: DataFrame, trend: Mapping[str, Total], month: str) -> Measured:
    """One figure of the month, with what it rests on; `trend` holds the totals of the months before, by month."""
    values = facts[CONTRIBUTION[metric]].dropna()
    reasons = left_out(metric, facts).dropna()
    total = Total(len(values), int(values.astype("int64").sum()))
    of = len(facts) if metric is Metric.ORDERS else int(facts["counted"].notna().sum())
    outside = reasons if metric is Metric.ORDERS else reasons[facts.loc[reasons.index, "counted"].notna()]
    past = {name: value_of(metric, one) for name, one in trend.items()} | {month: value_of(metric, total)}
    months = before(month, 13)
    timed = metric in TIMES
    return Measured(
        metric,
        past[month],
        total.n,
        of,
        {str(reason): int(count) for reason, count in outside.value_counts().items()},
        median_of(values, SHAPES[metric]) if timed else None,
        ninetieth_of(values, SHAPES[metric]) if timed else None,
        past.get(months[-2]),
        past.get(months[0]),
        [(name, past.get(name)) for name in months[1:]],
    )


def left_out(metric: Metric, facts: DataFrame) -> Series:
    """Why each order is left out of a figure; nothing where it contributes. The first reason that fits."""
    import numpy
    from pandas import Series

    rules: dict[str, Series] = {"undone": facts["undone"], "merged": facts["merged"]}
    if metric is not Metric.ORDERS:
        rules |= {"cancelled": facts["cancelled"], **_reasons(metric, facts)}
    missing = facts[CONTRIBUTION[metric]].isna()
    found = numpy.select([(rule & missing).to_numpy(dtype=bool) for rule in rules.values()], [*rules], "")
    return Series(found, index=facts.index, dtype=object).where(lambda names: names != "")


def _reasons(metric: Metric, facts: DataFrame) -> dict[str, Series]:
    """What else an order may be left out of a figure for."""
    match metric:
        case Metric.RESPONSE | Metric.RESPONSE_WORKING:
            return {
                "no-time": ~facts["received_time_known"].astype(bool) | facts["received_at"].isna(),
                "not-planned": facts["completed_at"].isna(),
                "planned-before": facts["completed_at"] < facts["received_at"],
            }
        case Metric.CYCLE:
            return {
                "no-receipt": facts["received_on"].isna(),
                "not-delivered": facts["delivered_on"].isna(),
                "delivered-before": facts["delivered_on"] < facts["received_on"],
            }
        case Metric.SATISFACTION:
            answered = facts["answered"].astype(bool)
            return {
                "not-delivered": ~answered & facts["delivered_on"].isna(),
                "no-answer": ~answered,
                "no-overall-score": answered,
            }
    return {}


def before(month: str, count: int) -> list[str]:
    """So many months up to a month, the earliest first: `202405`."""
    last = int(month[:4]) * 12 + int(month[4:]) - 1
    return [f"{at // 12:04d}{at % 12 + 1:02d}" for at in range(last - count + 1, last + 1)]
