"""The clocks that were found open, kept so that a look at them costs what has happened since, not what is stored.

They are worked out from the history and may be dropped at any time; nothing else rests on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, delete, insert, select, type_coerce

from orderflow.ledger import bulk
from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.schema import changes, head, open_clocks, open_clocks_basis, runs
from orderflow.ledger.values import moment, number_of, seconds
from orderflow.rules.open_clocks import OpenClock, going_on


class Basis(NamedTuple):
    """What the kept clocks rest on: the last change that was looked at, when that was, and by which limits."""

    seq: int
    at: datetime
    limits: str


class Found(NamedTuple):
    """The open clocks of an order, and whether they last until more is recorded of it."""

    number: str
    clocks: Sequence[OpenClock]
    lasts: bool


def basis(book: Book) -> Basis | None:
    """What the kept clocks rest on; `None` where none are kept."""
    row = book.connection.execute(select(open_clocks_basis)).one_or_none()
    return None if row is None else Basis(row.seq, moment(row.at), row.limits)


def last_change(book: Book) -> int:
    """The number of the newest change of the ledger."""
    return int(book.connection.execute(select(head.c.seq)).scalar_one())


def lasting(book: Book, now: datetime) -> Iterator[tuple[str, Sequence[OpenClock]]]:
    """The kept clocks that last, as they stand at `now`, by the number of their order."""
    own = open_clocks.c
    asked = select(type_coerce(own.number, BigInteger), own.clock, own.started, own.due)
    asked = asked.where(own.lasts).order_by(own.number, own.place)
    serial, clocks = 0, list[OpenClock]()
    rows: Iterable[Any] = book.stream(asked)
    for of, clock, started, due in rows:
        if of != serial:
            if clocks:
                yield number_of(serial), clocks
            serial, clocks = of, []
        began, ends = None if started is None else moment(started), None if due is None else moment(due)
        clocks.append(going_on(clock, began, ends, now))
    if clocks:
        yield number_of(serial), clocks


def unsettled(book: Book, since: int) -> set[str]:
    """The orders whose kept clocks do not say how they stand: of which more was recorded after the change `since`, or
    taken back, and those whose clocks do not last."""
    asked: list[Select[Any]] = [
        select(changes.c.number).where(changes.c.seq > since),
        *(select(changes.c.number).where(changes.c.seq.between(*span)) for span in _undone(book, since)),
        select(open_clocks.c.number).where(open_clocks.c.lasts.is_(False)),
    ]
    found = {number for one in asked for number in book.connection.execute(one.distinct()).scalars()}
    return found - {None}


def _undone(book: Book, since: int) -> list[tuple[int, int]]:
    """The changes, from the first to the last, of runs that were taken back after the change `since`."""
    undoing = select(changes.c.run).where(changes.c.seq > since)
    asked = select(runs.c.first_change, runs.c.last_change).where(runs.c.undone_by.in_(undoing))
    return [(first, last) for first, last in book.connection.execute(asked)]


def keep(book: Book, what: Basis, instead_of: Collection[str] | None, found: Iterable[Found]) -> None:
    """Keep what was found in place of what is kept of these orders, or of all."""
    if instead_of is None:
        book.connection.execute(delete(open_clocks))
    for chunk in in_chunks(instead_of or ()):
        book.connection.execute(delete(open_clocks).where(among(book, open_clocks.c.number, chunk)))
    for many in in_chunks(found, 20_000):
        _insert(book, many)
    book.connection.execute(delete(open_clocks_basis))
    values = {"id": 1, "seq": what.seq, "at": seconds(what.at), "limits": what.limits}
    book.connection.execute(insert(open_clocks_basis).values(values))


def _insert(book: Book, found: Iterable[Found]) -> None:
    rows = [
        (one.number, place, clock.clock, _second(clock.started), _second(clock.due), one.lasts)
        for one in found
        for place, clock in enumerate(one.clocks)
    ]
    if rows:
        names = ("number", "place", "clock", "started", "due", "lasts")
        bulk.insert(book, open_clocks, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _second(at: datetime | None) -> int | None:
    return None if at is None else seconds(at)
