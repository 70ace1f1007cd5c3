"""What the clocks of orders rest on (`rules.clocks.Story`), read for any number of orders by a handful of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from orderflow.ledger import events, outbox
from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.schema import anomalies, deliveries, orders, priorities, stages
from orderflow.ledger.values import moment
from orderflow.rules.clocks import Doubted, Event, Story

ALIVE = orders.c.undone.is_(False) & orders.c.merged_into.is_(None) & orders.c.cancelled.is_(False)
"""Orders that somebody still has to do something about."""
OPEN = ALIVE & ~exists().where(deliveries.c.number == orders.c.number, deliveries.c.closed_at.is_not(None))
"""Those that are not closed."""
KeyOf = Callable[[str, str], str]
"""The key of the notice that tells of an order's late stage."""


def of_orders(book: Book, numbers: Sequence[str], key_of: KeyOf) -> dict[str, Story]:
    """The stories of these orders."""
    found: dict[str, Story] = {}
    for chunk in in_chunks(numbers):
        found.update(told(book, among(book, orders.c.number, chunk), key_of))
    return found


def told(book: Book, meant: ColumnElement[bool], key_of: KeyOf) -> Iterator[tuple[str, Story]]:
    """The stories of all orders that are `meant`, by number."""
    happened = events.where(book, meant)
    for number, more in (*_reported(book, happened, key_of), *_acknowledged(book, meant)):
        happened[number].append(more)
    doubted = _doubted(book, meant)
    rows: Iterable[Any] = book.stream(_orders(meant))
    for number, received_at, known, checked_at, reason, level in rows:
        received = moment(received_at) if known and received_at is not None else None
        checked = None if checked_at is None else moment(checked_at)
        yield number, Story(happened.get(number, ()), received, checked, doubted.get(number, ()), level, reason)


def _orders(meant: ColumnElement[bool]) -> Select[Any]:
    own = ("number", "received_at", "received_time_known", "checked_at", "late_reason")
    return (
        select(*(orders.c[name] for name in own), priorities.c.in_force)
        .select_from(orders.outerjoin(priorities, priorities.c.number == orders.c.number))
        .where(meant)
        .order_by(orders.c.number)
    )


def _doubted(book: Book, meant: ColumnElement[bool]) -> dict[str, list[Doubted]]:
    """When an order had open anomalies."""
    asked = select(anomalies.c.number, anomalies.c.opened_at, anomalies.c.closed_at)
    asked = asked.join(orders, orders.c.number == anomalies.c.number).where(meant).order_by(anomalies.c.id)
    found: dict[str, list[Doubted]] = defaultdict(list)
    for row in book.stream(asked):
        closed = None if row.closed_at is None else moment(row.closed_at)
        found[row.number].append(Doubted(moment(row.opened_at), closed))
    return found


def _acknowledged(book: Book, meant: ColumnElement[bool]) -> Iterator[tuple[str, Event]]:
    """When the last department had confirmed its stage, where every one has."""
    asked = (
        select(stages.c.number, func.max(stages.c.confirmed_at).label("at"))
        .join(orders, orders.c.number == stages.c.number)
        .where(meant, stages.c.due.is_not(None))
        .group_by(stages.c.number)
        .having(func.count() == func.count(stages.c.confirmed_at))
    )
    for row in book.stream(asked):
        yield row.number, Event("acknowledged", moment(row.at))


def _reported(book: Book, happened: dict[str, list[Event]], key_of: KeyOf) -> Iterator[tuple[str, Event]]:
    """When the notice of each delay was delivered."""
    late = {
        key_of(number, event.about or ""): (number, event.about)
        for number, found in happened.items()
        for event in found
        if event.kind == "delayed"
    }
    for key, at in outbox.delivered(book, list(late)).items():
        number, stage = late[key]
        yield number, Event("reported", at, stage)
