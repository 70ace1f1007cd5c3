"""Which order is a row? Orders found by what a row says, many rows at once, by index alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import orders
from orderflow.ledger.values import seconds

_CHUNK = 10_000


class Known(NamedTuple):
    """An order that a row may be, as briefly as deciding needs."""

    number: str
    identity: str
    fingerprint: str
    revision: int
    merged_into: str | None
    undone: bool
    archived: str | None
    customer: str | None
    product: str | None
    external_number: str | None


_KNOWN = [orders.c[name] for name in Known._fields]


def by_identity(book: Book, identities: Iterable[str]) -> dict[str, Known]:
    """The orders that are not undone, by identity; of several the first, and a merged one only if no other."""
    found: dict[str, Known] = {}
    for known in _known(book, orders.c.identity, identities):
        had = found.get(known.identity)
        if not known.undone and (had is None or (had.merged_into is not None and known.merged_into is None)):
            found[known.identity] = known
    return found


def by_number(book: Book, numbers: Iterable[str]) -> dict[str, Known]:
    """The orders that have these numbers, undone ones too: their numbers are not free."""
    return {known.number: known for known in _known(book, orders.c.number, numbers)}


def by_external_number(book: Book, numbers: Iterable[str]) -> dict[str, list[Known]]:
    """The orders that are not undone, by 来源单号; those of one are lines of one purchase."""
    found: dict[str, list[Known]] = defaultdict(list)
    for chunk in in_chunks(numbers, _CHUNK):
        asked = select(orders.c.external_number, *_KNOWN).where(among(book, orders.c.external_number, chunk))
        for row in book.connection.execute(asked.where(orders.c.undone.is_(False)).order_by(orders.c.number)):
            found[row.external_number].append(Known(*row[1:]))
    return dict(found)


def of_month(month: str) -> ColumnElement[bool]:
    """The orders whose numbers begin with a month such as `202405`."""
    return orders.c.number.between(f"{month}-000", f"{month}-999999999")


def has_orders_of(book: Book, month: str) -> bool:
    """Whether any order bears a number of that month (`202405`)."""
    asked = select(orders.c.number).where(of_month(month)).limit(1)
    return book.connection.execute(asked).first() is not None


def is_empty(book: Book) -> bool:
    """Whether the ledger has no order at all."""
    return book.connection.execute(select(orders.c.number).limit(1)).first() is None


class Like(NamedTuple):
    """An order that may be a row's twin, with what the two are compared by, as the ledger stores it."""

    number: str
    customer: str | None
    contact: str | None
    product: str | None
    quantity: str | None
    delivery_date: str | None
    channel: str | None
    source: str | None
    external_number: str | None
    received_at: int
    twin_a: str | None
    twin_b: str | None


_LIKE = [orders.c[name] for name in Like._fields]


def likes(run: Run, keys: Iterable[str], since: datetime, until: datetime) -> list[Like]:
    """Orders of earlier runs with one of these twin keys, received from `since` to `until`, not undone or merged."""
    found: dict[str, Like] = {}
    for chunk in in_chunks(keys, _CHUNK):
        for column in (orders.c.twin_a, orders.c.twin_b):
            asked = select(*_LIKE).where(
                among(run, column, chunk),
                orders.c.received_at.between(seconds(since), seconds(until)),
                orders.c.run < run.id,
                orders.c.undone.is_(False),
                orders.c.merged_into.is_(None),
                orders.c.archived.is_(None),
            )
            found.update((row.number, Like(*row)) for row in run.connection.execute(asked))
    return [found[number] for number in sorted(found)]


def _known(book: Book, column: ColumnElement[Any], values: Iterable[str]) -> Iterable[Known]:
    for chunk in in_chunks(values, _CHUNK):
        asked = select(*_KNOWN).where(among(book, column, chunk)).order_by(orders.c.number)
        for row in book.connection.execute(asked):
            yield Known(*row)
