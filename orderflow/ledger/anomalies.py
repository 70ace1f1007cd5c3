"""Why orders are 异常: reasons opened and closed, and how many are open, which an order's row says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update

from orderflow.ledger import bulk
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import anomalies, orders
from orderflow.ledger.values import json_text, json_value, moment, seconds
from orderflow.records.order import Anomaly

_CHUNK = 5_000


def add(run: Run, reasons: Sequence[Anomaly]) -> None:
    """Opens reasons; each is this run's, whatever it said."""
    add_counted(run, reasons)
    count_open(run, {reason.number for reason in reasons})


def add_counted(run: Run, reasons: Iterable[Anomaly]) -> None:
    """Opens reasons of new orders, which were stored with their count of them."""
    for chunk in in_chunks(reasons, _CHUNK):
        bulk.insert(
            run,
            anomalies,
            {
                "number": [reason.number for reason in chunk],
                "code": [reason.code for reason in chunk],
                "field": [reason.field for reason in chunk],
                "params": [json_text(reason.params) for reason in chunk],
                "opened_run": [run.id] * len(chunk),
                "opened_at": [seconds(reason.opened_at) for reason in chunk],
            },
        )


def close(run: Run, number: str, code: str, field: str | None, how: str, at: datetime) -> int:
    """Closes an order's open reasons of one code and field; how many there were."""
    stated = _open() & (anomalies.c.number == number) & (anomalies.c.code == code)
    return _close(run, stated & anomalies.c.field.is_not_distinct_from(field), how, at)


def close_all(run: Run, numbers: Sequence[str], how: str, at: datetime) -> int:
    """Closes every open reason of these orders; how many there were."""
    return _close(run, _open() & among(run, anomalies.c.number, numbers), how, at)


def of_orders(book: Book, numbers: Sequence[str], *, only_open: bool = False) -> dict[str, list[Anomaly]]:
    """The reasons of these orders, the oldest first; an order without any is left out."""
    asked = select(anomalies).where(among(book, anomalies.c.number, numbers)).order_by(anomalies.c.id)
    found: dict[str, list[Anomaly]] = {}
    for row in book.connection.execute(asked.where(_open()) if only_open else asked):
        found.setdefault(row.number, []).append(_anomaly(row))
    return found


def open_of(book: Book, code: str) -> list[Anomaly]:
    """The open reasons of one code of live orders, by order."""
    alive = orders.c.undone.is_(False) & orders.c.merged_into.is_(None) & orders.c.cancelled.is_(False)
    asked = select(anomalies).join(orders, orders.c.number == anomalies.c.number).where(alive, _open())
    stated = asked.where(orders.c.open_anomalies > 0, anomalies.c.code == code).order_by(anomalies.c.number)
    return [_anomaly(row) for row in book.connection.execute(stated)]


def take_back(run: Run, undone: int) -> None:
    """Closes what another run opened, and opens again what it closed."""
    opened = anomalies.c.opened_run == undone
    _close(run, _open() & opened, "undone", run.at)
    closed = (anomalies.c.closed_run == undone) & (anomalies.c.opened_run != undone)
    reopened = run.connection.execute(
        update(anomalies).where(closed).values(closed_run=None, closed_at=None, how=None).returning(anomalies.c.number)
    )
    count_open(run, set(reopened.scalars()))


def count_open(run: Run, numbers: Iterable[str]) -> None:
    """Brings the number of open reasons that stands with these orders up to date."""
    counted = (
        select(func.count()).select_from(anomalies).where(anomalies.c.number == orders.c.number, _open())
    ).scalar_subquery()
    for chunk in in_chunks(numbers, _CHUNK):
        stated = among(run, orders.c.number, chunk)
        run.connection.execute(update(orders).where(stated).values(open_anomalies=counted))


def _open() -> ColumnElement[bool]:
    return anomalies.c.closed_run.is_(None)


def _close(run: Run, stated: ColumnElement[bool], how: str, at: datetime) -> int:
    values: Mapping[str, Any] = {"closed_run": run.id, "closed_at": seconds(at), "how": how}
    closed = run.connection.execute(update(anomalies).where(stated).values(values).returning(anomalies.c.number))
    numbers = closed.scalars().all()
    count_open(run, set(numbers))
    return len(numbers)


def _anomaly(row: Row[Any]) -> Anomaly:
    return Anomaly(
        row.number,
        row.code,
        row.field,
        json_value(row.params),
        row.opened_run,
        moment(row.opened_at),
        row.closed_run,
        None if row.closed_at is None else moment(row.closed_at),
        row.how,
    )
