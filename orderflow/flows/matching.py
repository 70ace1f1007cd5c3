"""Whose answer is it? By the order's number, the source's own number, or a phone of which both sides may be masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from orderflow.ledger import feedback, lookup
from orderflow.ledger.book import Book
from orderflow.ledger.feedback import Reachable
from orderflow.ledger.lookup import Known
from orderflow.rules.matching import desk_numbers, may_be_one_phone

_TAIL = 4


class Match(NamedTuple):
    """The order that an answer is about; without one, the orders that it may be about."""

    number: str | None
    candidates: Sequence[str] = ()


@dataclass
class Matcher:
    """Finds the orders of answers; nothing is guessed where more than one order would do."""

    book: Book
    _known: dict[str, Known | None] = field(default_factory=dict)

    def look_up(self, typed: Iterable[str | None]) -> None:
        """Look up all the numbers in these texts at once; `match` asks for none of them again."""
        numbers = {number for text in typed for number in desk_numbers(text)} - self._known.keys()
        self._known |= dict.fromkeys(numbers) | lookup.by_number(self.book, numbers)

    def match(self, typed: str | None, phone: str | None = None) -> Match:
        """The order that a typed number names. A phone decides only where no number was typed; else it is a hint."""
        named = self._named(typed) if typed else []
        if len(named) == 1:
            return Match(named[0])
        if named:
            return Match(None, named)
        called = self._called(phone)
        return Match(called[0]) if len(called) == 1 and not typed else Match(None, called)

    def _named(self, typed: str) -> list[str]:
        numbers = desk_numbers(typed)
        self.look_up([typed])
        known = [order for number in numbers if (order := self._known[number]) is not None]
        live = [
            number for order in known if (number := order.merged_into or order.number) and not self._is_over(number)
        ]
        if live or numbers:
            return list(dict.fromkeys(live))
        own = typed.strip()
        lines = lookup.by_external_number(self.book, [own]).get(own, ())
        return [line.number for line in lines if line.merged_into is None and line.archived is None]

    def _is_over(self, number: str) -> bool:
        self.look_up([number])
        known = self._known[number]
        return known is None or known.undone or known.archived is not None

    def _called(self, phone: str | None) -> list[str]:
        """The orders whose contact may be this phone: the delivered ones, else all that are live."""
        alike = [one for one in self._by_tail.get((phone or "")[-_TAIL:], ()) if may_be_one_phone(phone, one.contact)]
        delivered = [one.number for one in alike if one.delivered]
        return delivered or [one.number for one in alike]

    @cached_property
    def _by_tail(self) -> dict[str, list[Reachable]]:
        found: dict[str, list[Reachable]] = defaultdict(list)
        for one in feedback.reachable(self.book):
            found[one.contact[-_TAIL:]].append(one)
        return dict(found)
