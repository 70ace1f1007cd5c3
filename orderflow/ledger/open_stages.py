"""Stages that are under way: which should be done by now, and which departments have said nothing today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select

from orderflow.ledger.book import Book
from orderflow.ledger.schema import orders, runs, stages
from orderflow.ledger.stories import OPEN
from orderflow.ledger.values import seconds
from orderflow.rules.schedule import RANK

REPORTING = ("progress", "sync", "watch")
"""The commands by which a department's report comes in."""


class OpenStage(NamedTuple):
    """A stage without an actual end, whose planned end is `due`."""

    number: str
    stage: str
    owner: str | None
    due: date
    expected: date | None


class Reported(NamedTuple):
    """How many open stages of one kind are to be reported on, and how many of them were since some moment."""

    stage: str
    waiting: int
    reported: int


def due_by(book: Book, day: date, most: int | None = None) -> list[OpenStage]:
    """The open stages whose planned end is not after `day`, the oldest first, at most so many."""
    asked = (
        select(stages.c.number, stages.c.stage, stages.c.owner, stages.c.due, stages.c.expected)
        .join(orders, orders.c.number == stages.c.number)
        .where(stages.c.due <= day.isoformat(), _is_open())
        .order_by(stages.c.due, stages.c.number)
        .limit(most)
    )
    return [
        OpenStage(row.number, row.stage, row.owner, date.fromisoformat(row.due), _day(row.expected))
        for row in book.connection.execute(asked)
    ]


def reported(book: Book, day: date, since: datetime) -> Iterator[Reported]:
    """Of each kind of stage begun by `day`: how many are open, and on how many, done ones too, somebody told."""
    begun = stages.c.start <= day.isoformat()
    told = select(runs.c.id).where(runs.c.at >= seconds(since), runs.c.command.in_(REPORTING))
    heard = _counted(book, begun, OPEN, stages.c.run.in_(told))
    for stage, waiting in _counted(book, begun, _is_open()).items():
        yield Reported(stage, waiting, heard.get(stage, 0))


def _counted(book: Book, *meant: ColumnElement[bool]) -> dict[str, int]:
    """How many stages of each kind are meant."""
    asked = select(stages.c.stage, func.count().label("many")).join(orders, orders.c.number == stages.c.number)
    rows = book.connection.execute(asked.where(*meant).group_by(stages.c.stage))
    return {row.stage: row.many for row in rows}


def _is_open() -> ColumnElement[bool]:
    """Not done, and nothing after it is: a stage before one that is done is over, though nobody said so."""
    later = stages.alias("later")
    after = [
        (stages.c.stage == name) & later.c.stage.in_([other for other in RANK if RANK[other] > RANK[name]])
        for name in RANK
    ]
    done = exists().where(later.c.number == stages.c.number, later.c.actual.is_not(None), or_(*after))
    begun = select(later.c.number).where(later.c.actual.is_not(None))  # spares the closer look at most orders
    return OPEN & stages.c.actual.is_(None) & (stages.c.number.not_in(begun) | ~done)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
