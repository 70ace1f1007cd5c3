"""What one file says of one order more than once, and of one purchase in several rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from orderflow.flows.claims import Claim, Occurrence
from orderflow.flows.sides import side
from orderflow.ledger import orders
from orderflow.ledger.book import Book
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding
from orderflow.records.order import Order
from orderflow.records.reasons import one_purchase
from orderflow.rules.identity import CONTENT


def say_repeats(book: Book, repeats: Sequence[tuple[Claim, Occurrence]], fields: Iterable[str]) -> None:
    """Rows of orders that the file spoke of before: left, and a conflict where they say something else.

    To be called once the first rows are in the ledger; `fields` are the sheet's columns.
    """
    content = [name for name in fields if name in CONTENT]
    differing = [first.number for claim, first in repeats if _is_news(claim, first) and first.number]
    stored = {order.row.number: order for order in orders.load(book, differing)} if differing else {}
    for claim, first in repeats:
        claim.number, claim.occurrence = first.number, first
        order = stored.get(first.number) if _is_news(claim, first) else None
        differs = _differences(claim, order, content) if order is not None else []
        code = "duplicate-row-differs" if differs else "duplicate-row"
        params = {"number": first.number, "row": first.line, "fields": differs}
        claim.findings = [Finding(code, CATALOGUE[code].severity_in(False), None, None, params)]


def _is_news(claim: Claim, first: Occurrence) -> bool:
    """Whether a row says neither what the first one says nor what was known of the order before this file."""
    return claim.content not in (first.content, first.was)


def _differences(claim: Claim, order: Order, fields: Iterable[str]) -> list[str]:
    """What a row says otherwise than the order has it: fields, and headers of other columns."""
    differs = [
        name
        for name in fields
        if side(name, getattr(claim.row, name), claim.unread) != side(name, getattr(order.row, name), order.unread)
    ]
    return differs + [name for name in {**order.extra, **claim.extra} if order.extra.get(name) != claim.extra.get(name)]


@dataclass(slots=True)
class Purchases:
    """The orders of a sheet by 来源单号: those of one are lines of one purchase (PROCESS.md, "The same order")."""

    _first: dict[tuple[str | None, str], Occurrence] = field(default_factory=dict)
    _several: dict[tuple[str | None, str], list[Occurrence]] = field(default_factory=dict)

    def add(self, claims: Iterable[Claim]) -> None:
        """Take in the first rows of orders."""
        for claim in claims:
            key, occurrence = claim.purchase, claim.occurrence
            if key is None or occurrence is None:
                continue
            first = self._first.setdefault(key, occurrence)
            if first is not occurrence:
                self._several.setdefault(key, [first]).append(occurrence)

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """One note for each purchase of several orders, with the line it begins in."""
        for (_, number), lines in self._several.items():
            numbers = list(dict.fromkeys(line.number for line in lines if line.number))
            if len(numbers) > 1:
                yield lines[0].line, one_purchase(number, numbers)
