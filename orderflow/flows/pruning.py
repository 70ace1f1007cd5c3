"""`archive prune`: bags past their term go, verified once more; what went stays on record in the history's chain.

With the bags go the evidence files of their orders and what the ledger still says of persons in them. Their numbers and
figures stay, so that no number is given twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from orderflow.flows.archiving import at_the_archive
from orderflow.flows.bag_reading import archive_of
from orderflow.flows.desk import Desk
from orderflow.flows.verifying import Problem, verify_bag
from orderflow.ledger import bags, erasing
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.records.bag import Bag
from orderflow.rules.bags import GAP, UNSOUND, Ruling, Standing, end_of_term, rulings

COMMAND = "archive prune"


@dataclass(slots=True)
class Pruned:
    """One month: its bags, whether they may go and why not, what is wrong with them; `run` took them away."""

    ruling: Ruling
    bags: Sequence[Bag]
    problem: Problem | None = None
    run: int | None = None
    removed: list[str] = field(default_factory=list)

    @property
    def goes(self) -> bool:
        """Whether the bags go, or went."""
        return self.ruling.reason is None


def prune(desk: Desk, *, yes: bool = False) -> list[Pruned]:
    """Looks which months may go, the oldest first, and with `yes` takes them away. Nothing goes that did not verify."""
    with desk.ledger() as ledger, at_the_archive(desk):
        clear_removed(desk, ledger)
        with ledger.read() as book:
            months = _months(desk, book)
        _verify(desk, ledger, months)
        if yes:
            for month in months:
                if month.goes:
                    _remove(desk, ledger, month)
            clear_removed(desk, ledger)
        return months


def _months(desk: Desk, book: Book) -> list[Pruned]:
    """The months that have bags, with the rules' word on each."""
    kept = [bag for bag in bags.known(book) if bag.removed_run is None]
    grouped = {month: list(several) for month, several in groupby(kept, key=lambda bag: bag.month)}
    standing = [_standing(desk, book, month, several) for month, several in grouped.items()]
    return [Pruned(ruling, grouped[ruling.month]) for ruling in rulings(standing, desk.now)]


def _standing(desk: Desk, book: Book, month: str, several: Sequence[Bag]) -> Standing:
    last = max(bag.last_closing for bag in several)
    until = end_of_term(last.astimezone(desk.zone), desk.settings.archive.keep_months)
    return Standing(month, until, len(bags.unsealed(book, month)), bags.open_cases(book, month))


def _verify(desk: Desk, ledger: Ledger, months: Sequence[Pruned]) -> None:
    """Verifies what could go; from the first month on that is not sound, every one stays."""
    unsound = False
    for month in months:
        if unsound and month.goes:
            month.ruling = month.ruling._replace(reason=GAP)
        for bag in month.bags if month.goes else ():
            month.problem = month.problem or verify_bag(desk, ledger, archive_of(desk) / bag.name, bag).problem
        if month.problem is not None:
            unsound, month.ruling = True, month.ruling._replace(reason=UNSOUND)


def _remove(desk: Desk, ledger: Ledger, month: Pruned) -> None:
    """Records that the bags of a month go; the folders follow once that is kept."""
    with desk.begin(ledger, COMMAND, {"month": month.ruling.month}) as run:
        for bag in month.bags:
            numbers = bags.numbers_in(run, bag.name)
            bags.remove(run, bag, month.ruling.until)
            erasing.erase(run, numbers)
        month.removed = [bag.name for bag in month.bags]
        run.summary = {"bags": month.removed}
        month.run = run.id


def clear_removed(desk: Desk, ledger: Ledger) -> None:
    """Deletes the bags on record as removed, and their orders' evidence; where that was cut off, the next run does."""
    with ledger.read() as book:
        gone = [bag for bag in bags.known(book) if bag.removed_run is not None]
        folders = [archive_of(desk) / bag.name for bag in gone]
        left = [folder for folder in folders if folder.is_dir()]
        if not left:
            return
        for number in _orders_in(book, gone):
            shutil.rmtree(desk.path / "evidence" / number, ignore_errors=True)
    for folder in left:
        shutil.rmtree(folder)


def _orders_in(book: Book, gone: Sequence[Bag]) -> Iterator[str]:
    for bag in gone:
        yield from bags.numbers_in(book, bag.name)
