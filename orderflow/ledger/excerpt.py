"""An excerpt: all that the ledger holds of some orders, as a small ledger of its own that the same functions read.

It is a SQLite file with the ledger's tables, without a chain of its own. A bag is written from one, and read into one
again, so that `show`, the workbooks and the comparison with the ledger need no second way to read orders.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain as joined
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Integer, LargeBinary, Row, Table, create_engine, func, or_, select
from sqlalchemy import Column as SqlColumn

from orderflow.ledger import bulk, chain
from orderflow.ledger.address import address_of
from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.opening import create
from orderflow.ledger.schema import (
    DeskNumber,
    changes,
    head,
    jottings,
    layouts,
    metadata,
    notices,
    open_clocks,
    orders,
    runs,
    sources,
)
from orderflow.ledger.troubles import told
from orderflow.ledger.values import json_value, number_of, serial_of
from orderflow.records.bag import Columns, Form

OF_ORDERS = [table for table in metadata.sorted_tables if "number" in table.c and table is not open_clocks]
"""The tables whose rows belong to an order, but for what is only worked out from the others."""
TABLES = [runs, sources, *OF_ORDERS, notices]
"""The tables of an excerpt."""
_GROWING = {"lines", "findings", "runs", "sources"}  # later files may speak of a sealed order again
_TOGETHER = 10_000
_NOTHING = {Form.TEXT: "", Form.WHOLE: 0, Form.FLAG: False, Form.MOMENT: 0, Form.BYTES: b""}


def columns_of(table: Table) -> Columns:
    """The columns of a table, and how each stands in a bag."""
    return {str(column.name): _form(column) for column in table.c}  # SQLAlchemy's own kind of text is slow as JSON


def _form(column: SqlColumn[Any]) -> Form:
    kind = column.type
    if isinstance(kind, Boolean):
        return Form.FLAG
    if isinstance(kind, LargeBinary):
        return Form.BYTES
    if isinstance(kind, Integer) and not isinstance(kind, DeskNumber):
        return Form.MOMENT if column.name == "at" or column.name.endswith("_at") else Form.WHOLE
    return Form.TEXT


@contextmanager
def excerpt_at(path: Path, *, new: bool = False) -> Iterator[Book]:
    """The excerpt in a file, to read from and to put rows into; `new` makes its tables.

    Raises OrderflowError `disk-full` or `cannot-write` (see `troubles.told`).
    """
    address = address_of(f"sqlite:///{path}", path.parent)
    engine = create_engine(address.url)
    try:
        with told(address), engine.connect() as connection:
            for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.commit()
            with connection.begin():
                if new:
                    create(connection)
                yield Book(connection)
    finally:
        engine.dispose()


def put(book: Book, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Puts rows into an excerpt, their columns in the table's order; how many there were."""
    count, names = 0, [column.name for column in table.c]
    for chunk in in_chunks(rows, _TOGETHER):
        columns = zip(table.c, zip(*chunk, strict=True), strict=True)
        bulk.insert(book, table, dict(zip(names, (_filled(*column) for column in columns), strict=True)))
        count += len(chunk)
    return count


def _filled(column: SqlColumn[Any], values: Sequence[Any]) -> Sequence[Any]:
    """The values of a column; where there has to be one, and an older bag has none, the one that says nothing."""
    if column.nullable or None not in values:
        return values
    nothing = _NOTHING[_form(column)]
    return [nothing if value is None else value for value in values]


def rows(book: Book, table: Table, *, by_order: bool = False) -> Iterator[Row[Any]]:
    """The rows of a table of an excerpt, by its key; `by_order`: those of an order together."""
    first = [table.c.number] if by_order and "number" in table.c else []
    yield from book.stream(select(table).order_by(*first, *table.primary_key.columns))


def copy(book: Book, numbers: Sequence[str], into: Book) -> None:
    """Copies all that the ledger holds of these orders, and what their workbooks look like, into a new excerpt."""
    for table in OF_ORDERS:
        for chunk in in_chunks(numbers):
            put(into, table, _rows_of(book, table, chunk))
    put(into, notices, _notices_of(book, numbers))
    _copy_named(book, into, sources, _referred_to(into, {"source", "source_id"}))
    _copy_named(book, into, runs, known := _referred_to(into, {"run"}, "_run"))
    _copy_named(book, into, runs, _referred_to(into, {"undone_by"}) - known)
    put(into, layouts, book.stream(select(layouts)))
    wanted = set(numbers)
    put(into, jottings, (row for row in book.stream(select(jottings)) if row.row.partition("/")[0] in wanted))


def _rows_of(book: Book, table: Table, numbers: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of these orders, without the mark that they lie in a bag."""
    asked = select(table).where(among(book, table.c.number, numbers)).order_by(*table.primary_key.columns)
    marked = list(table.c).index(table.c.archived) if table is orders else None
    for row in book.stream(asked):
        yield row if marked is None else (*row[:marked], None, *row[marked + 1 :])


def _notices_of(book: Book, numbers: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The notices that tell of at least one of these orders."""
    wanted = set(numbers)
    months = {number[:6] for number in numbers}
    asked = select(notices).where(or_(*(notices.c.numbers.contains(f'"{month}-') for month in sorted(months))))
    for row in book.stream(asked.order_by(notices.c.id)):
        if not wanted.isdisjoint(json_value(row.numbers)):
            yield row


def _referred_to(book: Book, names: set[str], ending: str | None = None) -> set[int]:
    """The runs or files that columns of these names, or with this ending, refer to anywhere in an excerpt."""
    found: set[int] = set()
    for table in TABLES:
        for column in table.c:
            named = column.name in names or (ending is not None and column.name.endswith(ending))
            if named and _form(column) is Form.WHOLE:
                found.update(book.connection.execute(select(column).distinct().where(column.is_not(None))).scalars())
    return found


def _copy_named(book: Book, into: Book, table: Table, wanted: set[int]) -> None:
    for chunk in in_chunks(sorted(wanted)):
        put(into, table, book.stream(select(table).where(among(book, table.c.id, chunk)).order_by(table.c.id)))


def links_before(book: Book, of: Book) -> Iterator[tuple[int, bytes]]:
    """For each change of an excerpt, the link of the change before it in the ledger: what its own link rests on."""
    seqs = (row.seq for row in of.stream(select(changes.c.seq).order_by(changes.c.seq)))
    for chunk in in_chunks(seqs):
        before = changes.alias()
        asked = select(changes.c.seq, before.c.link).outerjoin(before, before.c.seq == changes.c.seq - 1)
        for row in book.connection.execute(asked.where(among(book, changes.c.seq, chunk)).order_by(changes.c.seq)):
            yield row.seq, bytes(row.link) if row.link is not None else chain.ORIGIN


def end_of_chain(book: Book) -> tuple[int, str]:
    """The number and the link, as hex, of the ledger's last change."""
    row = book.connection.execute(select(head.c.seq, head.c.link)).one()
    return row.seq, bytes(row.link).hex()


def erased(book: Book) -> list[str]:
    """The orders of an excerpt whose personal data was erased from the history."""
    asked = select(changes.c.number).distinct().where(changes.c.kind == chain.ERASED)
    return sorted(book.connection.execute(asked).scalars())


def erased_numbers(book: Book, gone: Sequence[str]) -> list[str]:
    """The orders that the ledger says nothing personal of any more, because it was erased; none of the bags `gone`."""
    asked = select(orders.c.number).where(orders.c.identity == "")
    return list(book.connection.execute(asked.where(func.coalesce(orders.c.archived, "").not_in(gone))).scalars())


class Difference(NamedTuple):
    """A row that one of two excerpts has and the other has not: its table and its order, if it is one's."""

    table: str
    number: str | None


def differences(
    sealed: Path, stands: Path, columns: Mapping[str, Collection[str]], leave_out: Sequence[str] = ()
) -> Iterator[Difference]:
    """Where a bag's excerpt is not what the ledger's says of the same orders, in the columns that its tables have.

    What was told of a sealed order later (a file that brings it again, a notice's state) is no difference; nor is what
    was erased since, which is left out of both, as are the orders of `leave_out`.
    """
    with excerpt_at(stands) as book:
        gone = erased(book)
    with closing(sqlite3.connect(sealed)) as both:
        both.execute("ATTACH ? AS ledger", [str(stands)])
        _leave_out(both, [*gone, *leave_out])
        for table in joined(OF_ORDERS, (runs, sources)):
            names = [column.name for column in table.c if column.name in columns.get(table.name, ())]
            if names:
                yield from _missing(both, table, names, "main", "ledger")
            if names and table.name not in _GROWING:
                yield from _missing(both, table, names, "ledger", "main")


def _leave_out(both: sqlite3.Connection, numbers: Sequence[str]) -> None:
    for table in OF_ORDERS:
        for schema in ("main", "ledger"):
            doomed = [(serial_of(number),) for number in numbers]
            both.executemany(f"DELETE FROM {schema}.{table.name} WHERE number = ?", doomed)


def _missing(
    both: sqlite3.Connection, table: Table, columns: Sequence[str], here: str, there: str
) -> Iterator[Difference]:
    names = [name for name in columns if (table.name, name) != ("runs", "undone_by")]
    chosen, at = ", ".join(names), names.index("number") if "number" in names else None
    for row in both.execute(
        f"SELECT {chosen} FROM {here}.{table.name} EXCEPT SELECT {chosen} FROM {there}.{table.name}"
    ):
        yield Difference(table.name, number_of(row[at]) if at is not None and row[at] is not None else None)
