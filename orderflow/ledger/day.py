"""What happened at the desk in one day, counted; and which orders moved in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, func, select

from orderflow.ledger.book import Book
from orderflow.ledger.open_stages import REPORTING
from orderflow.ledger.schema import deliveries, orders, plans, runs, stages, warnings
from orderflow.ledger.stories import ALIVE, OPEN
from orderflow.ledger.values import seconds


class Counts(NamedTuple):
    """Of a day: orders received, planned, delivered and closed, clocks that ran out; and what is open at its end."""

    received: int
    planned: int
    delivered: int
    closed: int
    breaches: int
    open: int
    flagged: int


class Moved(NamedTuple):
    """A stage on which a department reported, and that is done or has a tracking number."""

    number: str
    stage: str
    actual: date | None
    tracking_number: str | None
    contact: str | None


def counts_of(book: Book, midnight: datetime) -> Counts:
    """The counts of the day that begins at `midnight`."""
    begins, ends = seconds(midnight), seconds(midnight + timedelta(days=1))

    def on_the_day(column: ColumnElement[int | None]) -> ColumnElement[bool]:
        return column.between(begins, ends - 1)

    def counted(table: FromClause, *conditions: ColumnElement[bool]) -> int:
        return book.connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()

    beside = orders.join(runs, runs.c.id == orders.c.run)
    warned = warnings.join(runs, runs.c.id == warnings.c.run)
    return Counts(
        received=counted(beside, on_the_day(runs.c.at), orders.c.undone.is_(False)),
        planned=counted(plans, on_the_day(plans.c.completed_at)),
        delivered=counted(deliveries, on_the_day(deliveries.c.delivered_at)),
        closed=counted(deliveries, on_the_day(deliveries.c.closed_at)),
        breaches=counted(warned, on_the_day(runs.c.at), warnings.c.degree == "broken"),
        open=counted(orders, OPEN),
        flagged=counted(orders, OPEN, orders.c.open_anomalies > 0),
    )


def moved(book: Book, midnight: datetime) -> Iterator[Moved]:
    """The stages that were reported on since `midnight` and are done, or under way to the customer; by order."""
    asked = (
        select(stages.c.number, stages.c.stage, stages.c.actual, stages.c.tracking_number, orders.c.contact)
        .join(orders, orders.c.number == stages.c.number)
        .join(runs, runs.c.id == stages.c.run)
        .where(ALIVE, runs.c.at >= seconds(midnight), runs.c.command.in_(REPORTING))
        .where(stages.c.actual.is_not(None) | stages.c.tracking_number.is_not(None))
        .order_by(stages.c.number, stages.c.actual)
    )
    for row in book.connection.execute(asked):
        actual = None if row.actual is None else date.fromisoformat(row.actual)
        yield Moved(row.number, row.stage, actual, row.tracking_number, row.contact)
