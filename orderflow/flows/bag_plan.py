"""What a bag is going to hold, settled before anything is written (PROCESS.md, step 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.ledger import bags, evidence, excerpt, issued
from orderflow.ledger.bags import Standing
from orderflow.ledger.book import Book, in_chunks
from orderflow.ledger.issued import Issued
from orderflow.ledger.ledger import Ledger
from orderflow.records.bag import Bag, bag_name
from orderflow.records.errors import OrderflowError
from orderflow.rules.bags import sealable_name


@dataclass(frozen=True, slots=True)
class BagPlan:
    """One bag to be written: its orders, those that stay, the files that it takes along (name in the bag, where from).

    `seq` and `link` are the end of the ledger's chain as of which it was planned; `earlier` are the bags that the month
    has already, `report` is the month's as it was issued.
    """

    month: str
    numbers: Sequence[str]
    carried_over: Sequence[Standing]
    files: Sequence[tuple[str, Path]]
    seq: int
    link: str
    earlier: Sequence[Bag]
    report: Issued | None

    @property
    def name(self) -> str:
        """The bag's folder."""
        return bag_name(self.month, len(self.earlier) + 1)


def plan_bag(desk: Desk, ledger: Ledger, month: str, scratch: Path) -> BagPlan:
    """Settles what the next bag of a month holds; what the ledger says of its orders goes into an excerpt at `scratch`.

    Raises OrderflowError `evidence-not-as-kept` (number, path) where a file is not what was kept.
    """
    with ledger.read() as book:
        standing = bags.unsealed(book, month)
        numbers = [one.number for one in standing if one.has_ended]
        files = _evidence(desk, book, numbers)
        if numbers:
            with excerpt.excerpt_at(scratch, new=True) as own:
                excerpt.copy(book, numbers, own)
        carried = [one for one in standing if not one.has_ended]
        end, report = excerpt.end_of_chain(book), issued.of_month(book, month)
        return BagPlan(month, numbers, carried, files, *end, bags.known(book, month), report)


def _evidence(desk: Desk, book: Book, numbers: Sequence[str]) -> list[tuple[str, Path]]:
    files = {}
    for chunk in in_chunks(numbers):
        for kept in (one for several in evidence.of_orders(book, chunk).values() for one in several):
            path = desk.path / kept.path
            if digest_of(path) != kept.sha256:
                raise OrderflowError("evidence-not-as-kept", number=kept.number, path=str(path))
            files[sealable_name(kept.path)] = path
    return sorted(files.items())
