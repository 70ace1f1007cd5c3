"""A month's orders as the statistics need them: what each contributes is worked out in SQL, in whole numbers.

`facts` gives the orders of one month, `sums` whole months at once: both rest on the same expressions, so that a figure
and its trend cannot differ in what they mean.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from orderflow.ledger.book import Book
from orderflow.ledger.columns import Columns, columns_of
from orderflow.ledger.localdays import day_of, day_of_text
from orderflow.ledger.schema import anomalies, cases, deliveries, feedbacks, orders, plans, priorities, stages
from orderflow.records.choices import STAGE
from orderflow.records.feedback import DIMENSIONS, SCORES
from orderflow.rules.schedule import RANK

_SERIALS = 1_000_000_000
_LAST = STAGE[-1].code


class Span(NamedTuple):
    """Whole months, `202405` first and last included, in a time zone, as the desk stood at `now`."""

    first: str
    last: str
    zone: tzinfo
    now: datetime

    def holds(self, number: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether an order's number is one of these months'."""
        whole = type_coerce(number, BigInteger)
        return and_(whole >= int(self.first) * _SERIALS, whole < (int(self.last) + 1) * _SERIALS)

    def same(self, number: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a row beside an order of the span bears its number: said of both, so that no other rows are read."""
        return and_(number == orders.c.number, self.holds(number))


_MONTH = (type_coerce(orders.c.number, BigInteger) // _SERIALS).label("month")
_COUNTS = orders.c.undone.is_(False) & orders.c.merged_into.is_(None)
MEASURED = _COUNTS & orders.c.cancelled.is_(False)
"""Orders that are measured: neither undone, merged nor cancelled."""
_RESPONDED = and_(MEASURED, orders.c.received_time_known, plans.c.completed_at >= orders.c.received_at)


def _day(moment: ColumnElement[Any], span: Span) -> ColumnElement[int]:
    return day_of(moment, span.zone, date(int(span.first[:4]) - 1, 1, 1), date(span.now.year + 1, 12, 31))


class _Query:
    """What is asked of every order of a span."""

    def __init__(self, book: Book, span: Span) -> None:
        self.span = span
        self.answers = _answers(span)
        self.received = _day(orders.c.received_at, span)
        recorded = _day(deliveries.c.delivered_at, span)
        self.delivered = func.coalesce(recorded, day_of_text(book, stages.c.actual))  # else the day logistics ended
        last = and_(span.same(stages.c.number), stages.c.stage == _LAST, stages.c.seq == 1)
        self.joined = (
            orders.outerjoin(plans, span.same(plans.c.number))
            .outerjoin(deliveries, span.same(deliveries.c.number))
            .outerjoin(stages, last)
            .outerjoin(self.answers, self.answers.c.number == orders.c.number)
        )

    def contributions(self) -> list[ColumnElement[Any]]:
        """What each order contributes to the figures; nothing where it contributes none."""
        flagged = exists().where(anomalies.c.number == orders.c.number)
        in_turn = and_(MEASURED, self.delivered >= self.received)
        found: dict[str, ColumnElement[Any]] = {
            "counted": case((_COUNTS, 1)),
            "response": case((_RESPONDED, plans.c.completed_at - orders.c.received_at)),
            "cycle": case((in_turn, self.delivered - self.received)),
            "flagged": case((MEASURED, case((flagged, 1), else_=0))),
            "score": case((MEASURED, self.answers.c.score)),
        }
        return [column.label(name) for name, column in found.items()]


def _answers(span: Span) -> Any:
    """The last answer of each order that scores anything: what counts of its scores."""
    scored = or_(*(feedbacks.c[name].is_not(None) for name in SCORES))
    latest = feedbacks.c.recorded_at.desc().nulls_last(), feedbacks.c.seq.desc()
    nth = func.row_number().over(partition_by=feedbacks.c.number, order_by=latest).label("nth")
    names = ("number", *SCORES)
    ranked = select(*(feedbacks.c[name] for name in names), nth).where(scored, span.holds(feedbacks.c.number))
    inner = ranked.subquery("ranked")
    return select(*(inner.c[name] for name in names)).where(inner.c.nth == 1).cte("answers")


def facts(book: Book, span: Span) -> Columns:
    """Every order of the span with its contributions, and what it may be left out or grouped for."""
    query = _Query(book, span)
    answers = query.answers
    asked = (
        select(
            type_coerce(orders.c.number, BigInteger).label("number"),
            orders.c.received_at,
            orders.c.received_time_known,
            query.received.label("received_on"),
            orders.c.undone,
            orders.c.merged_into.is_not(None).label("merged"),
            orders.c.cancelled,
            orders.c.product,
            func.coalesce(priorities.c.level, orders.c.level, _judged_by(book)).label("level"),
            func.coalesce(orders.c.channel, orders.c.source).label("channel"),
            plans.c.completed_at,
            query.delivered.label("delivered_on"),
            *(answers.c[name].label(f"scored_{name}") for name in DIMENSIONS),
            answers.c.number.is_not(None).label("answered"),
            cases.c.opened_at.is_not(None).label("complained"),
            *query.contributions(),
        )
        .select_from(
            query.joined.outerjoin(priorities, span.same(priorities.c.number)).outerjoin(
                cases, span.same(cases.c.number)
            )
        )
        .where(span.holds(orders.c.number))
        .order_by(orders.c.number)
    )
    return columns_of(book, asked)


def _judged_by(book: Book) -> ColumnElement[str]:
    """The customer level that an order was judged by, wherever it came from."""
    verdict = cast(priorities.c.verdict, JSON) if book.postgresql else type_coerce(priorities.c.verdict, JSON)
    return type_coerce(verdict[("customer", 0)].as_string(), Text)


def sums(book: Book, span: Span) -> Columns:
    """For each month of the span: how many orders contribute to each figure (`n_…`), and their sum (`sum_…`)."""
    query = _Query(book, span)
    each = select(_MONTH, *query.contributions()).select_from(query.joined)
    inner = each.where(span.holds(orders.c.number)).subquery("each")
    names = [name for name in inner.c.keys() if name != "month"]  # noqa: SIM118
    counts = [func.count(inner.c[name]).label(f"n_{name}") for name in names]
    totals = [type_coerce(func.sum(inner.c[name]), BigInteger).label(f"sum_{name}") for name in names]
    return columns_of(book, select(inner.c.month, *counts, *totals).group_by(inner.c.month).order_by(inner.c.month))


def responses(book: Book, span: Span) -> Columns:
    """When the plans of the span's orders were complete, and when those were received: for time worked."""
    asked = (
        select(_MONTH, orders.c.received_at, plans.c.completed_at)
        .select_from(orders.join(plans, span.same(plans.c.number)))
        .where(span.holds(orders.c.number), _RESPONDED)
    )
    return columns_of(book, asked)


def planned_stages(book: Book, span: Span) -> dict[str, int]:
    """How many stages of each kind were planned for the orders that are measured."""
    asked = (
        select(stages.c.stage, func.count())
        .select_from(orders.join(stages, span.same(stages.c.number)))
        .where(span.holds(orders.c.number), MEASURED, stages.c.due.is_not(None))
        .group_by(stages.c.stage)
    )
    return {row[0]: row[1] for row in book.connection.execute(asked)}


def doubtful_stages(book: Book, span: Span) -> Columns:
    """Every stage that was done after its day, or is past it, or is expected to be: with what came after it.

    `done_to` is the stage furthest on of the order that is done.
    """
    later = stages.alias("later")
    furthest = (
        select(func.max(case(dict(RANK), value=later.c.stage)))
        .where(later.c.number == stages.c.number, later.c.actual.is_not(None))
        .scalar_subquery()
    )
    today = span.now.astimezone(span.zone).date().isoformat()
    past = or_(stages.c.due < func.coalesce(stages.c.actual, today), stages.c.expected > stages.c.due)
    days = {name: day_of_text(book, stages.c[name]).label(name) for name in ("due", "actual", "expected")}
    asked = (
        select(
            type_coerce(stages.c.number, BigInteger).label("number"),
            stages.c.stage,
            case(dict(RANK), value=stages.c.stage).label("rank"),
            *days.values(),
            stages.c.note,
            furthest.label("done_to"),
        )
        .select_from(orders.join(stages, span.same(stages.c.number)))
        .where(span.holds(orders.c.number), MEASURED, past)
        .order_by(stages.c.number, stages.c.stage)
    )
    return columns_of(book, asked)


def opinions(book: Book, span: Span) -> list[tuple[str, str | None, str | None]]:
    """What customers of the measured orders wrote: number, opinion where they complained, suggestion."""
    asked = (
        select(
            feedbacks.c.number,
            case((cases.c.opened_at.is_not(None), feedbacks.c.comment)).label("comment"),
            feedbacks.c.suggestion,
        )
        .select_from(
            feedbacks.join(orders, orders.c.number == feedbacks.c.number).outerjoin(
                cases, cases.c.number == feedbacks.c.number
            )
        )
        .where(span.holds(feedbacks.c.number), MEASURED)
        .where(or_(feedbacks.c.suggestion.is_not(None), feedbacks.c.comment.is_not(None)))
        .order_by(feedbacks.c.number, feedbacks.c.seq)
    )
    return [tuple(row) for row in book.connection.execute(asked)]


def measured_serials(book: Book, span: Span) -> Columns:
    """The orders whose clocks are looked at, as whole numbers: neither undone, merged nor cancelled."""
    serial = type_coerce(orders.c.number, BigInteger).label("number")
    return columns_of(book, select(serial).where(span.holds(orders.c.number), MEASURED).order_by(orders.c.number))
