"""What happened to orders, as far as their clocks go by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.schema import changes, runs
from orderflow.ledger.values import json_value, moment
from orderflow.rules.clocks import EVENTS, Event

_OF_A_STAGE = frozenset({"delayed"})


def of_orders(book: Book, numbers: Iterable[str]) -> dict[str, list[Event]]:
    """The events of these orders, in the order they happened; what an undone run recorded did not happen."""
    found: dict[str, list[Event]] = defaultdict(list)
    undone = select(runs.c.id).where(runs.c.undone_by.is_not(None))
    told = select(changes.c.number, changes.c.kind, changes.c.at, changes.c.body)
    for chunk in in_chunks(numbers):
        meant = among(book, changes.c.number, chunk), changes.c.kind.in_(EVENTS), changes.c.run.not_in(undone)
        for row in book.connection.execute(told.where(*meant).order_by(changes.c.at, changes.c.seq)):
            found[row.number].append(Event(row.kind, moment(row.at), _about(row.kind, row.body)))
    return found


def _about(kind: str, body: str) -> str | None:
    return json_value(body)["after"]["stage"] if kind in _OF_A_STAGE else None
