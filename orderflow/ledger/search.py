"""Finding orders by what a person remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine.default import DefaultDialect

from orderflow.ledger.book import Book
from orderflow.ledger.lookup import of_month
from orderflow.ledger.orders import read, selection
from orderflow.ledger.schema import orders
from orderflow.ledger.states import SEALED, STATE
from orderflow.ledger.values import is_number
from orderflow.records.order import Order

_TEXTS = ("customer", "contact_person", "contact", "product", "external_number", "remark", "address")
_PATTERN = frozenset("%_/\\")


class Search(NamedTuple):
    """What orders are looked for by; what is `None` does not matter. `month` is `202405`, that of the number."""

    text: str | None = None
    state: str | None = None
    month: str | None = None
    customer: str | None = None
    source: str | None = None
    payment: str | None = None
    run: int | None = None


def find(book: Book, search: Search, limit: int | None = None, sealed_in: Sequence[str] | None = None) -> list[Order]:
    """The orders that fit, the newest first; undone ones never do. Of archived ones, those in these bags, or all."""
    asked = selection().where(orders.c.undone.is_(False), *_conditions(search))
    if sealed_in is not None:
        asked = asked.where(or_(~SEALED, orders.c.archived.in_(sealed_in)) if sealed_in else ~SEALED)
    return list(read(book, asked.order_by(orders.c.number.desc()).limit(limit)))


def elsewhere(search: Search, limit: int, leave_out: Sequence[str]) -> str:
    """The same question in SQL, to the table `orders` of sealed bags; gives numbers as the ledger's SQL has them."""
    asked = select(orders.c.number).where(*_conditions(search._replace(state=None)))
    if search.state is not None:
        merged = orders.c.merged_into.is_not(None)
        asked = asked.where(merged if search.state == "merged" else ~merged)
    if leave_out:
        asked = asked.where(orders.c.number.not_in(leave_out))
    asked = asked.order_by(orders.c.number.desc()).limit(limit)
    return str(asked.compile(dialect=DefaultDialect(), compile_kwargs={"literal_binds": True}))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.text:
        found.append(_holds(search.text))
    if search.state:
        found.append(STATE.in_([search.state]))
    if search.month:
        found.append(of_month(search.month))
    if search.customer:
        found.append(_contains(orders.c.customer, search.customer))
    found += [
        orders.c[name] == wanted
        for name in ("source", "payment", "run")
        if (wanted := getattr(search, name)) is not None
    ]
    return found


def _holds(text: str) -> ColumnElement[bool]:
    """The number itself, or a part of one of the texts, capitals or not."""
    if is_number(text):
        return orders.c.number == text
    return or_(*(_contains(orders.c[name], text) for name in _TEXTS))


def _contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether a column holds a text, capitals or not; Chinese words have none, and a plain LIKE is twice as fast."""
    if text.lower() == text.upper() and not _PATTERN.intersection(text):
        return column.like(f"%{text}%")
    return column.icontains(text, autoescape=True)
