"""Finding orders by what a person remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, func, literal_column, or_, select
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
WORDS = "words"
"""The column of a bag's orders that holds all their texts at once in small letters: one search instead of seven."""
WORDS_SAID = f"lower(concat_ws(chr(31), {', '.join(_TEXTS)}))"
"""What stands in it, in SQL; the sign between the texts is one that no text holds."""


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
    number = search.text if search.text and is_number(search.text) else None
    asked = select(orders.c.number).where(*_in_words(search), *_conditions(search._replace(state=None, text=number)))
    if search.state is not None:
        merged = orders.c.merged_into.is_not(None)
        asked = asked.where(merged if search.state == "merged" else ~merged)
    if leave_out:
        asked = asked.where(orders.c.number.not_in(leave_out))
    asked = asked.order_by(orders.c.number.desc()).limit(limit)
    return str(asked.compile(dialect=DefaultDialect(), compile_kwargs={"literal_binds": True}))


def _in_words(search: Search) -> list[ColumnElement[bool]]:
    """What has to stand in the texts of an order; a customer with capitals is looked for among few then."""
    words: ColumnElement[str] = literal_column(WORDS, String)
    text, customer = search.text, search.customer
    sought = [
        text if text and not is_number(text) else None,
        customer if customer and not _is_plain(customer) else None,
    ]
    return [func.contains(words, func.lower(one)) for one in sought if one is not None]


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
    if _is_plain(text):
        return column.like(f"%{text}%")
    return column.icontains(text, autoescape=True)


def _is_plain(text: str) -> bool:
    return text.lower() == text.upper() and not _PATTERN.intersection(text)
