"""The orders of a month whose clocks are plain: nothing doubted, asked, late or complained of, everything at most once.

What their clocks rest on fits one row each, so that a million of them are looked at together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, exists, false, func, or_, select, type_coerce

from orderflow.ledger.book import Book
from orderflow.ledger.columns import Columns, columns_of
from orderflow.ledger.month import MEASURED, Span
from orderflow.ledger.schema import anomalies, changes, orders, priorities, runs, stages
from orderflow.ledger.values import seconds
from orderflow.rules.clocks import EVENTS

_ONCE = ("plan-complete", "delivered", "surveyed")
_PLAIN = (*_ONCE, "checked")


def plain(book: Book, span: Span) -> Columns:
    """A row for each plain order: when it was received (if that is known), and when what stops its clocks happened."""
    happened, confirmed = _happened(span), _confirmed(span)
    doubted = exists().where(anomalies.c.number == orders.c.number)
    before = or_(*(happened.c[name] < orders.c.received_at for name in ("first_check", "completed")))
    asked = (
        select(
            type_coerce(orders.c.number, BigInteger).label("number"),
            case((orders.c.received_time_known, orders.c.received_at)).label("received"),
            case((orders.c.checked_at >= orders.c.received_at, orders.c.checked_at)).label("checked"),
            orders.c.late_reason,
            priorities.c.in_force,
            *(happened.c[name] for name in ("first_check", "completed", "delivered", "surveyed")),
            confirmed.c.acknowledged,
        )
        .select_from(
            orders.outerjoin(priorities, span.same(priorities.c.number))
            .outerjoin(happened, happened.c.number == orders.c.number)
            .outerjoin(confirmed, confirmed.c.number == orders.c.number)
        )
        .where(span.holds(orders.c.number), MEASURED, ~doubted)
        .where(func.coalesce(happened.c.odd, 0) == 0, ~func.coalesce(before, false()))
    )
    return columns_of(book, asked)


def _happened(span: Span) -> Any:
    """What happened to each order, each kind of event at its first time; `odd` counts what is not plain."""

    def first(kind: str) -> ColumnElement[Any]:
        return func.min(case((changes.c.kind == kind, changes.c.at)))

    undone = select(runs.c.id).where(runs.c.undone_by.is_not(None))
    twice = [func.count(case((changes.c.kind == kind, 1))) > 1 for kind in _ONCE]
    odd = func.count(case((changes.c.kind.not_in(_PLAIN), 1))) + sum(case((often, 1), else_=0) for often in twice)
    return (
        select(
            changes.c.number,
            first("checked").label("first_check"),
            first("plan-complete").label("completed"),
            first("delivered").label("delivered"),
            first("surveyed").label("surveyed"),
            odd.label("odd"),
        )
        .where(span.holds(changes.c.number), changes.c.kind.in_(EVENTS), changes.c.at <= seconds(span.now))
        .where(changes.c.run.not_in(undone))
        .group_by(changes.c.number)
        .cte("happened")
        .prefix_with("MATERIALIZED", dialect="postgresql")  # else each of its workers works it out
    )


def _confirmed(span: Span) -> Any:
    """When the last department had confirmed, of orders where every one has."""
    last = func.max(stages.c.confirmed_at)
    return (
        select(stages.c.number, last.label("acknowledged"))
        .where(span.holds(stages.c.number), stages.c.due.is_not(None))
        .group_by(stages.c.number)
        .having(and_(func.count() == func.count(stages.c.confirmed_at), last <= seconds(span.now)))
        .subquery("confirmed")
    )
