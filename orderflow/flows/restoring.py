"""`archive restore`: the orders of a sealed month in an empty desk, as they were; the drill that proves an archive."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from orderflow.archive import bagit
from orderflow.flows.bag_reading import archive_of, bags_in, links_before, read_bags
from orderflow.flows.copying import refuse_damaged
from orderflow.flows.desk import Desk
from orderflow.flows.doing import one_run
from orderflow.flows.months import month_of
from orderflow.ledger import chain, evidence, excerpt, restoring
from orderflow.ledger.book import Book, in_chunks
from orderflow.records.bag import shown_month
from orderflow.records.errors import OrderflowError
from orderflow.rules.bags import sealable_name

COMMAND = "archive restore"


class Restored(NamedTuple):
    """What came back: the run that did it, how many orders, from which bags."""

    month: str
    run: int
    orders: int
    bags: list[str]


def restore(desk: Desk, typed: str, source: Path | None = None) -> Restored:
    """Puts the orders of a month's bags, which lie in `source` (else in the desk's archive), into a desk without any.

    Raises OrderflowError `bag-missing` (month, path), `bag-damaged` (bag, what), `desk-not-empty`, WrongUsage
    `month-unreadable`.
    """
    month = shown_month(month_of(desk, typed))
    folder = (source or archive_of(desk)).absolute()
    found = [bag for bag in bags_in(folder) if bag.name == month or bag.name.startswith(f"{month}-")]
    if not found:
        raise OrderflowError("bag-missing", month=month, path=str(folder))
    with TemporaryDirectory(prefix="orderflow-") as scratch:
        sealed = Path(scratch) / "sealed.db"
        with excerpt.excerpt_at(sealed, new=True) as book:
            _read(desk, found, book)
            with one_run(desk, COMMAND, {"month": month}) as run:
                if not restoring.is_untouched(run):
                    raise OrderflowError("desk-not-empty", path=str(desk.path))
                numbers = restoring.restore(run, book)
                _bring_evidence(desk, run, found, numbers)
                run.summary = {"bags": [bag.name for bag in found], "orders": len(numbers)}
                return Restored(month, run.id, len(numbers), [bag.name for bag in found])


def _read(desk: Desk, found: Sequence[Path], book: Book) -> None:
    """The bags' tables, once their files and their chain hold."""
    for bag in found:
        refuse_damaged(desk, bag)
    read_bags(found, book)
    before = {seq: link for bag in found for seq, link in links_before(bag).items()}
    broken = chain.verify_excerpt(book, before).broken
    if broken is not None:
        what = desk.say("archive.wrong.chain", what=broken.seq)
        raise OrderflowError("bag-damaged", bag=str(found[0]), what=what)


def _bring_evidence(desk: Desk, book: Book, found: Sequence[Path], numbers: Sequence[str]) -> None:
    """The files that prove something of the orders, under the names that the ledger knows."""
    for chunk in in_chunks(numbers):
        for kept in (one for several in evidence.of_orders(book, chunk).values() for one in several):
            inside = [bag / bagit.PAYLOAD / sealable_name(kept.path) for bag in found]
            target = desk.path / kept.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(next(path for path in inside if path.is_file()), target)
