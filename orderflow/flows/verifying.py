"""`archive verify`: every file, every count, the history's chain, and the ledger where it still has the orders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from orderflow.archive import bagit
from orderflow.flows.bag_reading import PREDECESSOR, ROWS, archive_of, bags_in, columns_of, links_before, read_bags
from orderflow.flows.desk import Desk
from orderflow.ledger import bags, chain, excerpt, upkeep
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.records.bag import Bag, shown_month
from orderflow.records.errors import OrderflowError
from orderflow.report.sentences import explain

_NAMED = 3  # bags named where a verification is noted


class Problem(NamedTuple):
    """What is wrong with a bag: `code` names its sentence (`archive.wrong`), `what` is the file, table or order."""

    code: str
    what: str


@dataclass(slots=True)
class Verified:
    """What a verification found: the first thing that is wrong, if any, and what could not be checked."""

    name: str
    path: Path
    orders: int = 0
    files: int = 0
    problem: Problem | None = None
    unchecked: list[Problem] = field(default_factory=list)


def verify_bag(desk: Desk, ledger: Ledger | None, folder: Path, known: Bag | None) -> Verified:
    """Verifies one bag; `known` is what the ledger says of it, `None` where the ledger does not know it."""
    found = Verified(folder.name, folder)
    try:
        found.problem = next(_problems(desk, ledger, known, found), None)
    except OrderflowError as unreadable:
        found.problem = Problem("unreadable", explain(desk.lang, unreadable)["message"])
    return found


def _problems(desk: Desk, ledger: Ledger | None, known: Bag | None, found: Verified) -> Iterator[Problem]:
    yield from (Problem(what, name) for what, name in bagit.wrong(found.path))
    if known is None:
        found.unchecked.append(Problem("digest", found.name))
    elif bagit.digest_of(found.path) != known.digest:
        yield Problem("digest", known.digest)
    info = bagit.info_of(found.path)
    with TemporaryDirectory(prefix="orderflow-") as scratch:
        sealed = Path(scratch) / "sealed.db"
        with excerpt.excerpt_at(sealed, new=True) as book:
            counts = read_bags([found.path], book)
            found.orders, found.files = counts["orders"], bagit.files_in(found.path)
            yield from _miscounted(info, counts)
            verdict = chain.verify_excerpt(book, links_before(found.path))
            if verdict.broken is not None:
                yield Problem("chain", f"{verdict.broken.seq} ({verdict.broken.what})")
        if ledger is not None:
            yield from against_ledger(ledger, sealed, Path(scratch), found)


def _miscounted(info: dict[str, str], counts: dict[str, int]) -> Iterator[Problem]:
    said = {name.removeprefix(ROWS): count for name, count in info.items() if name.startswith(ROWS)}
    told = {name: str(count) for name, count in counts.items()}
    yield from (Problem("count", name) for name, count in told.items() if said.get(name, "0") != count)
    if info.get("Orderflow-Orders") != told["orders"]:
        yield Problem("count", "orders")


def against_ledger(ledger: Ledger, sealed: Path, scratch: Path, found: Verified) -> Iterator[Problem]:
    """Where the ledger says otherwise of the orders that it still has; notes what it does not have any more."""
    stands = scratch / "stands.db"
    with excerpt.excerpt_at(sealed) as book:
        numbers = bags.numbers_of(book)
    with ledger.read() as whole, excerpt.excerpt_at(stands, new=True) as own:
        had = bags.have(whole, numbers)
        excerpt.copy(whole, had, own)
        gone = excerpt.erased(own)
    if missing := len(numbers) - len(had):
        found.unchecked.append(Problem("not-in-ledger", str(missing)))
    if gone:
        found.unchecked.append(Problem("erased", str(len(gone))))
    lacking = sorted(set(numbers) - set(had))
    for difference in excerpt.differences(sealed, stands, columns_of(found.path), leave_out=lacking):
        yield Problem("ledger", " ".join(filter(None, (difference.number, difference.table))))


def verify_archive(desk: Desk, *, every: bool = False) -> list[Verified]:
    """Verifies the bags of the newest month, or `every` one; when that was, or which bag is not sound, is noted.

    Bags that lie in the archive and that the ledger does not know are verified too.
    """
    with desk.ledger() as ledger:
        with ledger.read() as book:
            known = {bag.name: bag for bag in bags.known(book) if bag.removed_run is None}
        names = sorted({*known, *(path.name for path in bags_in(archive_of(desk)))})
        if not every and names:
            month = known[names[-1]].month if names[-1] in known else names[-1][:7].replace("-", "")
            names = [name for name in names if name.startswith(shown_month(month))]
        found = [_verify_one(desk, ledger, name, known) for name in names]
        if found:
            with ledger.amend() as book:
                _note(desk, book, found, known.keys())
    return found


def _note(desk: Desk, book: Book, found: Sequence[Verified], kept: Collection[str]) -> None:
    """Remember that all was in order, or which bags are not; those stay in mind until they verify or are let go."""
    sound = {one.name for one in found if one.problem is None}
    before = upkeep.newest(book, upkeep.DAMAGE)
    had = [name for name in before.what.split(", ") if name in kept] if before is not None else []
    unsound = sorted({*had, *(one.name for one in found)} - sound)
    if unsound:
        upkeep.note(book, upkeep.DAMAGE, upkeep.Done(desk.entered_at, ", ".join(unsound)))
        return
    upkeep.settle(book, upkeep.DAMAGE)
    names = [one.name for one in found]
    upkeep.note(book, upkeep.VERIFICATION, upkeep.Done(desk.entered_at, ", ".join(names[-_NAMED:])))


def _verify_one(desk: Desk, ledger: Ledger, name: str, known: Mapping[str, Bag]) -> Verified:
    folder, bag = archive_of(desk) / name, known.get(name)
    if not folder.is_dir():
        return Verified(name, folder, problem=Problem("missing-bag", name))
    found = verify_bag(desk, ledger, folder, bag)
    if found.problem is None:
        found.problem = next(_broken_row(folder, bag, known), None)
    return found


def _broken_row(folder: Path, bag: Bag | None, known: Mapping[str, Bag]) -> Iterator[Problem]:
    """Whether a supplement names the digest that the bag before it has."""
    said = bagit.info_of(folder).get(PREDECESSOR, "")
    name, _, digest = said.partition(" ")
    expected = next((one for one in known.values() if bag is not None and one.digest == bag.predecessor), None)
    if expected is not None and (name, digest) != (expected.name, expected.digest):
        yield Problem("predecessor", expected.name)
    elif (
        expected is None
        and name
        and (folder.parent / name).is_dir()
        and bagit.digest_of(folder.parent / name) != digest
    ):
        yield Problem("predecessor", name)
