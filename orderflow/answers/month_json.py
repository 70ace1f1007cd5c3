"""A month's report for `--json` and `--out FILE.json`: codes, numbers, and sentences in the desk's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson
from orderflow.flows.month import Worked
from orderflow.records.month import SHAPES, Followed, Measured, Month, Restated
from orderflow.records.report import Shape
from orderflow.report.month_words import Words

_UNITS = {
    Shape.COUNT: "orders",
    Shape.HOURS: "hours",
    Shape.DAYS: "days",
    Shape.SHARE: "share",
    Shape.SCORE: "score",
}


class MetricJson(BaseModel):
    """One figure: over `n` of `of` orders; `left_out` counts the others by why, `trend` is by month."""

    value: float | None
    unit: str
    n: int
    of: int
    left_out: dict[str, int]
    median: float | None
    p90: float | None
    previous: float | None
    year_ago: float | None
    trend: dict[str, float | None]
    definition: str


class LateJson(BaseModel):
    """How late a stage or department was: `late` of `planned` stages, by `median` days."""

    name: str
    late: int
    planned: int
    median: float | None
    reasons: dict[str, int]


class GroupJson(BaseModel):
    """Orders that share a `product`, `level`, `channel` or `weekday` (1 is Monday)."""

    of: str
    name: str | None
    orders: int
    flagged: int
    late: int
    broken: int
    complaints: int
    response: float | None
    score: float | None


class ClockJson(BaseModel):
    """How often a clock ran out; `unexplained` without a reason."""

    clock: str
    broken: int
    measured: int
    unexplained: int


class TopicJson(BaseModel):
    """What customers' sentences are about."""

    name: str
    sentences: int
    orders: int
    examples: list[str]


class DimensionJson(BaseModel):
    """The scores of one dimension; `low` of them are complaints."""

    name: str
    mean: float | None
    n: int
    low: int


class StandoutJson(BaseModel):
    """Something that stands out, as a sentence and as its evidence; `small`: it rests on few orders."""

    code: str
    department: str
    params: dict[str, str | int | float | None]
    small: bool
    sentence: str


class BottlenecksJson(BaseModel):
    """Where it hurts; `reasons` are why clocks ran out."""

    standouts: list[StandoutJson]
    stages: list[LateJson]
    departments: list[LateJson]
    groups: list[GroupJson]
    clocks: list[ClockJson]
    reasons: dict[str, int]
    topics: list[TopicJson]
    dimensions: list[DimensionJson]


class BehindJson(BaseModel):
    """One order behind a figure, with what it contributes or why it is left out."""

    number: str
    value: float | str | None
    left_out: str | None


class FollowedJson(BaseModel):
    """An improvement and its figure: `before` in the month `about`, `after` in this one."""

    number: str
    problem: str | None
    measure: str | None
    owner: str | None
    due: str | None
    status: str
    effect: str | None
    overdue: bool
    metric: str | None
    about: str
    before: float | None
    after: float | None


class DifferenceJson(BaseModel):
    """A figure that is no longer what was issued."""

    metric: str
    issued: float | None
    now: float | None
    n_issued: int
    n_now: int


class CorrectionJson(BaseModel):
    """A change that caused it; `log` tells it whole."""

    number: str
    code: str
    at: str
    by: str
    run: int


class IssuedJson(BaseModel):
    """When the report was issued and by whom, and what has changed since."""

    at: str
    by: str
    run: int
    differences: list[DifferenceJson]
    changes: list[CorrectionJson]


class MonthJson(BaseModel):
    """`monthly-report --json`, and what `--out FILE.json` writes; `orders` where they were asked for (`--orders`)."""

    month: str
    made_at: str
    double_check: bool
    metrics: dict[str, MetricJson]
    bottlenecks: BottlenecksJson
    improvements: list[FollowedJson]
    issued: IssuedJson | None = None
    orders: list[BehindJson] | None = None
    out: str | None = None
    findings: list[FindingJson] = []


def month_json(worked: Worked, words: Words) -> MonthJson:
    """A month as JSON."""
    month = worked.month
    defined = month.definitions.get(words.lang, {})
    return MonthJson(
        month=words.month(month.month),
        made_at=month.made_at.isoformat(),
        double_check=not month.unchecked,
        metrics={one.metric.value: _metric(one, words, defined.get(one.metric)) for one in month.figures},
        bottlenecks=_bottlenecks(month, words),
        improvements=[_followed(one, words) for one in month.improvements],
        issued=_issued(worked.restated) if worked.restated is not None else None,
    )


def _followed(one: Followed, words: Words) -> FollowedJson:
    days = {"due": one.due.isoformat() if one.due else None, "about": words.month(one.about)}
    figures = {"before": _number(one.before), "after": _number(one.after)}
    return FollowedJson.model_validate(asdict(one) | days | figures)


def _issued(restated: Restated) -> IssuedJson:
    differences = [
        DifferenceJson(
            metric=one.listed, issued=_number(one.issued), now=_number(one.now), n_issued=one.n_issued, n_now=one.n_now
        )
        for one in restated.differences
    ]
    changes = [
        CorrectionJson(number=one.number, code=one.kind, at=one.at.isoformat(), by=one.by, run=one.run)
        for one in restated.corrections
    ]
    at = restated.at.isoformat()
    return IssuedJson(at=at, by=restated.by, run=restated.run, differences=differences, changes=changes)


def _metric(one: Measured, words: Words, definition: str | None) -> MetricJson:
    values = {name: _number(getattr(one, name)) for name in ("value", "median", "p90", "previous", "year_ago")}
    return MetricJson(
        **values,
        unit=_UNITS[SHAPES[one.metric]],
        n=one.n,
        of=one.of,
        left_out=dict(one.left_out),
        trend={words.month(name): _number(value) for name, value in one.trend},
        definition=definition or words.say(f"definitions.{one.metric}"),
    )


def _bottlenecks(month: Month, words: Words) -> BottlenecksJson:
    said = [
        StandoutJson(
            code=one.code,
            department=one.department,
            params={
                name: _number(value) if isinstance(value, Decimal) else value for name, value in one.params.items()
            },
            small=one.small,
            sentence=words.sentence(one),
        )
        for one in month.standouts
    ]
    return BottlenecksJson.model_validate(
        {
            "standouts": said,
            **{name: [_late(one) for one in getattr(month, name)] for name in ("stages", "departments")},
            **{name: _plain(getattr(month, name)) for name in ("groups", "clocks", "dimensions")},
            "topics": _plain(month.subjects),
            "reasons": dict(month.reasons),
        }
    )


def _late(one: Any) -> dict[str, Any]:
    return {**asdict(one), "reasons": dict(one.reasons)}


def _plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
