"""What happened to orders, as far as their clocks go by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.schema import changes, orders, runs
from orderflow.ledger.values import json_value, moment
from orderflow.rules.clocks import EVENTS, Event

_OF_A_STAGE = frozenset({"delayed"})


def of_orders(book: Book, numbers: Iterable[str]) -> dict[str, list[Event]]:
    """The events of these orders, in the order they happened; what an undone run recorded did not happen."""
    found: dict[str, list[Event]] = defaultdict(list)
    for chunk in in_chunks(numbers):
        _read(book, _told().where(among(book, changes.c.number, chunk)), found)
    return found


def where(book: Book, meant: ColumnElement[bool]) -> dict[str, list[Event]]:
    """The events of all orders that are `meant`, in the order they happened."""
    found: dict[str, list[Event]] = defaultdict(list)
    _read(book, _told().join(orders, orders.c.number == changes.c.number).where(meant), found)
    return found


def _told() -> Select[Any]:
    undone = select(runs.c.id).where(runs.c.undone_by.is_not(None))
    body = case((changes.c.kind.in_(sorted(_OF_A_STAGE)), changes.c.body))
    told = select(changes.c.number, changes.c.kind, changes.c.at, body)
    told = told.where(changes.c.kind.in_(sorted(EVENTS)), changes.c.run.not_in(undone))
    return told.order_by(changes.c.at, changes.c.seq)


def _read(book: Book, told: Select[Any], found: dict[str, list[Event]]) -> None:
    rows: Iterable[Any] = book.stream(told)
    for number, kind, at, body in rows:
        found[number].append(Event(kind, moment(at), _about(body)))


def _about(body: str | None) -> str | None:
    """The stage that a change is about; only the bodies of those that are about one are read."""
    return json_value(body)["after"]["stage"] if body is not None else None
