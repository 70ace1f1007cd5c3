"""Questions that reach across the ledger and the bags of the archive, so that both answer alike.

Archived orders are looked for in the bags, by DuckDB, with the very condition that the ledger is asked; those found are
then read from the ledger where it has them, else from their bag, whose tables are a small ledger for all functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from orderflow.archive import parquet
from orderflow.flows.bag_reading import SERIAL, archive_of, bags_in, read_bags, table_of
from orderflow.flows.desk import Desk
from orderflow.ledger import bags, excerpt, lookup, search
from orderflow.ledger.book import Book
from orderflow.ledger.values import is_number, number_of, serial_of
from orderflow.records.bag import ARCHIVED, shown_month
from orderflow.records.errors import OrderflowError

_ORDERS = "orders"
_MONTH = len("2024-05")
_SEALED = (ARCHIVED, "merged")


class Found(NamedTuple):
    """The numbers of the orders that fit, the newest first; those of `sealed` the ledger does not have."""

    numbers: list[str]
    sealed: list[str]


def find(desk: Desk, book: Book, asked: search.Search, limit: int) -> Found:
    """The newest orders that fit, at most `limit`, live or archived. Raises OrderflowError `bag-unreadable`."""
    folders = bags_in(archive_of(desk))
    if not folders:
        return Found([order.row.number or "" for order in search.find(book, asked, limit=limit)], [])
    elsewhere = bags.without_folder(book, [folder.name for folder in folders])
    live = [order.row.number or "" for order in search.find(book, asked, limit=limit, sealed_in=elsewhere)]
    sealed = _in_bags(book, folders, asked, limit) if asked.state in (None, *_SEALED) and asked.run is None else []
    numbers = sorted({*live, *sealed}, key=serial_of, reverse=True)[:limit]
    had = set(bags.have(book, numbers))
    return Found(numbers, [number for number in numbers if number not in had])


def _in_bags(book: Book, folders: Sequence[Path], asked: search.Search, limit: int) -> list[str]:
    """The newest sealed orders that fit; those erased from the ledger are not told of, whatever a bag still says."""
    month = asked.month or (asked.text[:6] if asked.text and is_number(asked.text) else None)
    asked_of = [folder for folder in folders if month is None or folder.name.startswith(shown_month(month))]
    leave_out = excerpt.erased_numbers(book, bags.without_folder(book, [folder.name for folder in folders]))
    newest = [folder for folder in asked_of if folder.name[:_MONTH] == asked_of[-1].name[:_MONTH]]
    found: list[str] = []
    for some in (newest, asked_of[: -len(newest)]):
        if some and len(found) < limit:
            found += _asked(some, search.elsewhere(asked, limit - len(found), leave_out))
    return found


def _asked(folders: Sequence[Path], question: str) -> list[str]:
    """The answer of these bags. Raises OrderflowError `bag-not-searchable` (path, column) or `bag-unreadable`."""
    paths = [table_of(folder, _ORDERS) for folder in folders]
    lacking = parquet.first_without(paths, (SERIAL, search.WORDS))
    if lacking is not None:
        raise OrderflowError("bag-not-searchable", path=str(lacking[0]), column=lacking[1])
    columns = f"* EXCLUDE (number, archived, {SERIAL}), {SERIAL} AS number"
    with parquet.duck(reading=paths[0]) as connection:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {_ORDERS} AS SELECT {columns} FROM {parquet.files_of(paths)}")
        return [number_of(row[0]) for row in connection.execute(question).fetchall()]


@contextmanager
def book_of(desk: Desk, numbers: Sequence[str]) -> Iterator[Book]:
    """A ledger that has these orders, which the desk's own has not: an excerpt of their bags."""
    months = {shown_month(number[:6]) for number in numbers}
    folders = [folder for folder in bags_in(archive_of(desk)) if folder.name[:7] in months]
    with _excerpt() as own:
        read_bags(folders, own, numbers)
        bags.mark(own)
        yield own


@contextmanager
def months_in_bags(desk: Desk, book: Book, months: Sequence[str]) -> Iterator[Book | None]:
    """A ledger that has those of these months (`202405`) of which the desk's own has no order; `None` without such."""
    lacking = {shown_month(month) for month in months if not lookup.has_orders_of(book, month)}
    folders = [folder for folder in bags_in(archive_of(desk)) if folder.name[:_MONTH] in lacking]
    if not folders:
        yield None
        return
    with _excerpt() as own:
        read_bags(folders, own)
        yield own


@contextmanager
def _excerpt() -> Iterator[Book]:
    with (
        TemporaryDirectory(prefix="orderflow-") as scratch,
        excerpt.excerpt_at(Path(scratch) / "sealed.db", new=True) as own,
    ):
        yield own


def lines_of(desk: Desk, number: str) -> list[str]:
    """An order that lies in a bag, with the other lines of its purchase; nothing where it lies in none."""
    folders = bags_in(archive_of(desk))
    paths = [table_of(folder, _ORDERS) for folder in folders]
    near = [path for path, folder in zip(paths, folders, strict=True) if folder.name[:7] == shown_month(number[:6])]
    if not near:
        return []
    with parquet.duck(reading=near[0]) as connection:
        asked = f"SELECT external_number FROM {parquet.files_of(near)} WHERE number = ?"
        found = connection.execute(asked, [number]).fetchone()
        if found is None or found[0] is None:
            return [number] if found is not None else []
        asked = f"SELECT number FROM {parquet.files_of(paths)} WHERE external_number = ?"
        lines = connection.execute(asked, [found[0]]).fetchall()
        return [line for (line,) in lines]
