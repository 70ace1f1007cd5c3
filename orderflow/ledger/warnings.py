"""Which warnings of running clocks were given: each once, however often somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, select, type_coerce

from orderflow.ledger import bulk
from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import orders, warnings
from orderflow.ledger.stories import OPEN
from orderflow.ledger.values import seconds, serial_of
from orderflow.rules.warning import Warned

Key = tuple[int, str, int, str]
"""As SQL holds it: there may be two for every order of a busy desk, and each is looked up at every watch."""


def new_among(book: Book, found: Iterable[Warned]) -> list[Warned]:
    """Those of these warnings that were not given yet; two spans of a clock that began in one second are one."""
    given = _given(book)
    return [one for key, one in {_key(one): one for one in found}.items() if key not in given]


def keep(run: Run, given: Sequence[Warned]) -> None:
    """Remember that these were given by a run."""
    keys = [_key(one) for one in given]
    if keys:
        _, clocks, started, degrees = zip(*keys, strict=True)
        told = {
            "number": [one.number for one in given],
            "clock": clocks,
            "started": started,
            "degree": degrees,
            "run": [run.id] * len(keys),
        }
        bulk.insert(run, warnings, told)


def _given(book: Book) -> set[Key]:
    """The warnings that were given about orders that are not closed."""
    number = type_coerce(warnings.c.number, BigInteger)
    asked = select(number, warnings.c.clock, warnings.c.started, warnings.c.degree)
    asked = asked.join(orders, orders.c.number == warnings.c.number).where(OPEN)
    with book.connection.execute(asked) as rows:
        return set(map(tuple, rows))


def _key(one: Warned) -> Key:
    return serial_of(one.number), one.clock, seconds(one.started), one.degree
