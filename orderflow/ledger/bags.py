"""The bags of the archive as the ledger knows them: which there are, and which orders lie in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, func, insert, select, update

from orderflow.ledger import history
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.lookup import of_month
from orderflow.ledger.schema import bags, cases, changes, orders
from orderflow.ledger.states import SEALED, STATE
from orderflow.ledger.values import moment, seconds
from orderflow.records.bag import ARCHIVED, Bag
from orderflow.records.order import Change

SEALED_BAG, REMOVED_BAG = "sealed", "removed"
"""The kinds of the changes that record a bag and its removal."""
ENDED = ("closed", "cancelled", "merged")
"""The states in which an order has come to its end, and the kinds of the changes that brought it there."""


def known(book: Book, month: str | None = None) -> list[Bag]:
    """The bags that were sealed, by month and in the order of their sealing; of one month (`202405`), or all."""
    asked = select(bags).order_by(bags.c.month, bags.c.run)
    return [
        _bag(row) for row in book.connection.execute(asked if month is None else asked.where(bags.c.month == month))
    ]


def _bag(row: Row[tuple[object, ...]]) -> Bag:
    values = dict(row._mapping)
    return Bag(**values | {"last_closing": moment(row.last_closing), "sealed_at": moment(row.sealed_at)})


class Standing(NamedTuple):
    """An order of a month that is not sealed yet, and its state."""

    number: str
    state: str

    @property
    def has_ended(self) -> bool:
        """Whether it can be sealed."""
        return self.state in ENDED


def unsealed(book: Book, month: str) -> list[Standing]:
    """The orders of a month that are in no bag, by number; those that were taken back are none."""
    asked = select(orders.c.number, STATE.label("state")).where(of_month(month), orders.c.undone.is_(False), ~SEALED)
    return [Standing(row.number, row.state) for row in book.stream(asked.order_by(orders.c.number))]


def months_to_seal(book: Book, before: str) -> list[str]:
    """The months before `before` (`202406`) in which orders have ended and are in no bag."""
    own = [orders.c.number, STATE.label("state")]
    asked = select(*own).where(orders.c.number < f"{before}-000", orders.c.undone.is_(False), ~SEALED)
    return sorted({row.number[:6] for row in book.stream(asked) if row.state in ENDED})


def last_closing(book: Book) -> int:
    """When the last order of an excerpt came to its end, in seconds since 1970."""
    found: int = book.connection.execute(select(func.max(changes.c.at)).where(changes.c.kind.in_(ENDED))).scalar_one()
    return found


def touched_since(book: Book, seq: int, numbers: Sequence[str]) -> bool:
    """Whether anything happened to one of these orders after the change `seq`."""
    later = set(book.connection.execute(select(changes.c.number).where(changes.c.seq > seq)).scalars())
    return not later.isdisjoint(numbers)


def record(run: Run, bag: Bag, numbers: Sequence[str]) -> None:
    """Records a sealed bag, and that these orders lie in it; from now on nothing is done to them."""
    told = bag._asdict() | {
        "last_closing": seconds(bag.last_closing),
        "sealed_at": seconds(bag.sealed_at),
        "run": run.id,
    }
    run.connection.execute(insert(bags).values(told))
    after = {"bag": bag.name, "digest": bag.digest, "orders": bag.orders, "predecessor": bag.predecessor}
    history.record(run, [Change(SEALED_BAG, run.at, after=after)])
    for chunk in in_chunks(numbers):
        run.connection.execute(update(orders).where(among(run, orders.c.number, chunk)).values(archived=bag.name))


def numbers_in(book: Book, bag: str) -> list[str]:
    """The orders that lie in a bag, as far as the ledger still has them."""
    asked = select(orders.c.number).where(orders.c.archived == bag).order_by(orders.c.number)
    return list(book.connection.execute(asked).scalars())


def numbers_of(book: Book) -> list[str]:
    """The orders of an excerpt."""
    return list(book.connection.execute(select(orders.c.number).order_by(orders.c.number)).scalars())


def have(book: Book, numbers: Sequence[str]) -> list[str]:
    """Those of these orders that the ledger has."""
    found: list[str] = []
    for chunk in in_chunks(numbers):
        stated = among(book, orders.c.number, chunk)
        found += book.connection.execute(select(orders.c.number).where(stated)).scalars()
    return sorted(found)


def open_cases(book: Book, month: str) -> int:
    """How many cases of a month's orders are open."""
    stated = of_month(month), cases.c.opened_at.is_not(None), cases.c.closed_at.is_(None)
    asked = select(func.count()).select_from(orders.join(cases, cases.c.number == orders.c.number))
    found: int = book.connection.execute(asked.where(*stated)).scalar_one()
    return found


def remove(run: Run, bag: Bag, until: datetime) -> None:
    """Records that a bag goes, `until` having been the end of its term; of its orders the ledger keeps the rest."""
    run.connection.execute(update(bags).where(bags.c.name == bag.name).values(removed_run=run.id))
    told = {"bag": bag.name, "digest": bag.digest, "orders": bag.orders, "term": until.isoformat()}
    history.record(run, [Change(REMOVED_BAG, run.at, before=told | {"last_closing": bag.last_closing.isoformat()})])


def without_folder(book: Book, folders: Sequence[str]) -> list[str]:
    """The bags of the ledger whose folders are not among these: taken away past their term, or not at hand."""
    return sorted({bag.name for bag in known(book)} - set(folders))


def mark(book: Book) -> None:
    """Lets the orders of an excerpt be what they are in the desk: archived."""
    book.connection.execute(update(orders).values(archived=ARCHIVED))
