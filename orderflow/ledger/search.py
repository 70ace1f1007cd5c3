"""Finding orders by what a person remembers of them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, or_

from orderflow.ledger.book import Book
from orderflow.ledger.lookup import of_month
from orderflow.ledger.orders import read, selection
from orderflow.ledger.schema import orders
from orderflow.ledger.states import STATE
from orderflow.ledger.values import is_number
from orderflow.records.order import Order

_TEXTS = ("customer", "contact_person", "contact", "product", "external_number", "remark", "address")


class Search(NamedTuple):
    """What orders are looked for by; what is `None` does not matter. `month` is `202405`, that of the number."""

    text: str | None = None
    state: str | None = None
    month: str | None = None
    customer: str | None = None
    source: str | None = None
    payment: str | None = None
    run: int | None = None


def find(book: Book, search: Search, limit: int | None = None) -> list[Order]:
    """The orders that fit, the newest first; undone ones never do."""
    asked = selection().where(orders.c.undone.is_(False), *_conditions(search))
    return list(read(book, asked.order_by(orders.c.number.desc()).limit(limit)))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.text:
        found.append(_holds(search.text))
    if search.state:
        found.append(STATE.in_([search.state]))
    if search.month:
        found.append(of_month(search.month))
    if search.customer:
        found.append(orders.c.customer.icontains(search.customer, autoescape=True))
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
    return or_(*(orders.c[name].icontains(text, autoescape=True) for name in _TEXTS))
