"""The clocks that are still running, or have run out with nobody having done what they wait for (step 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version

from sqlalchemy import ColumnElement

from orderflow import __version__
from orderflow.flows.desk import Desk
from orderflow.flows.progress_notices import told_as
from orderflow.ledger import open_clocks as kept
from orderflow.ledger import stories
from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.open_clocks import Basis, Found
from orderflow.ledger.schema import orders
from orderflow.rules.limits import limits
from orderflow.rules.open_clocks import OpenClock, last, open_clocks_of


def open_clocks(desk: Desk, book: Book) -> Iterator[tuple[str, Sequence[OpenClock]]]:
    """Every order that is not closed and has clocks nobody has stopped, with these.

    Those of orders of which nothing was recorded since `keep_clocks` are taken from there.
    """
    basis = _basis(desk, book)
    if basis is None:
        yield from ((one.number, one.clocks) for one in _worked_out(desk, book, stories.OPEN))
        return
    anew = kept.unsettled(book, basis.seq)
    yield from (one for one in kept.lasting(book, desk.now) if one[0] not in anew)
    yield from ((one.number, one.clocks) for one in _of_orders(desk, book, anew))


def keep_clocks(desk: Desk, ledger: Ledger) -> None:
    """Keep which clocks are open, for the looks to come; nothing is written where nothing was recorded since."""
    with ledger.read() as book:
        basis = _basis(desk, book)
        if basis is not None and basis.seq == kept.last_change(book):
            return
    with ledger.amend() as book:
        basis, now = _basis(desk, book), Basis(kept.last_change(book), desk.now, _rests_on(desk))
        if basis is None:
            kept.keep(book, now, None, _worked_out(desk, book, stories.OPEN))
        else:
            anew = kept.unsettled(book, basis.seq)
            kept.keep(book, now, anew, list(_of_orders(desk, book, anew)))


def _basis(desk: Desk, book: Book) -> Basis | None:
    """What the kept clocks rest on, where that still holds; a clock that was set back sees another past."""
    basis = kept.basis(book)
    return basis if basis is not None and basis.limits == _rests_on(desk) and basis.at <= desk.now else None


def _rests_on(desk: Desk) -> str:
    """What clocks rest on beside what is recorded: the settings, the published holidays, the rules of this version."""
    settings = desk.settings
    said = (settings.clocks.model_dump_json(), settings.calendar.model_dump_json(), str(desk.zone))
    return sha256("\n".join((*said, version("chinesecalendar"), __version__)).encode()).hexdigest()


def _of_orders(desk: Desk, book: Book, numbers: Collection[str]) -> Iterator[Found]:
    for chunk in in_chunks(numbers):
        yield from _worked_out(desk, book, stories.OPEN & among(book, orders.c.number, chunk))


def _worked_out(desk: Desk, book: Book, meant: ColumnElement[bool]) -> Iterator[Found]:
    allowed = limits(desk.settings, desk.zone)
    for number, story in stories.told(book, meant, told_as):
        found = open_clocks_of(story, allowed, desk.now)
        if found:
            yield Found(number, found, last(story, found, desk.now))
