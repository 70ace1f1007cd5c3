"""The answer of `monthly-report`: figures, where it hurts, the orders behind one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.flows.month import Worked
from orderflow.records.month import SHAPES, Measured, Month, Restated
from orderflow.records.report import Report, Shape, Table
from orderflow.report.console import console
from orderflow.report.month import report_of
from orderflow.report.month_orders import behind, orders_table
from orderflow.report.month_words import Words
from orderflow.report.screen import show_report, show_table

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
    issued: IssuedJson | None = None
    orders: list[BehindJson] | None = None
    out: str | None = None
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class MonthAnswer:
    """What `monthly-report` came to.

    `listed` is the figure whose orders are asked for, `out` the file that was written.
    """

    desk: Desk
    worked: Worked
    listed: str | None = None
    out: Path | None = None

    @property
    def exit_code(self) -> int:
        """A report is read, not mended."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The month by codes; sentences and definitions in the desk's language."""
        found = month_json(self.worked, Words(self.desk.lang))
        if self.listed is not None:
            found.orders = [*_behind(behind(self.listed, self.worked.orders, Words(self.desk.lang)))]
        found.out = str(self.out) if self.out is not None else None
        return found.model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The whole report, or the orders behind one figure."""
        words = Words(self.desk.lang)
        if self.listed is not None:
            show_table(behind(self.listed, self.worked.orders, words), self.desk.lang)
        elif not call.quiet:
            show_report(self._report(words), whole=call.verbose)
        if self.out is not None:
            console().print(words.say("written", path=self.out))

    def _report(self, words: Words) -> Report:
        none = orders_table(self.worked.orders.head(0), words, 0)  # a terminal lists them on demand
        desk, worked = self.desk, self.worked
        return report_of(worked.month, desk.settings.desk.name, desk.lang, none, worked.restated)


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
        issued=_issued(worked.restated) if worked.restated is not None else None,
    )


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


def _behind(table: Table) -> Iterable[BehindJson]:
    """The orders of a table behind a figure: what follows the channel is a value, then why it is left out."""
    for row in table.rows:
        value, *reason = row[5:]
        said = float(value) if isinstance(value, int | float | Decimal) else value if isinstance(value, str) else None
        yield BehindJson(number=str(row[0]), value=said, left_out=str(reason[0]) if reason and reason[0] else None)
