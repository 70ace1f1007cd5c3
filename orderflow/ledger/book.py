"""An open transaction: a `Book` to read from, a `Run` to write with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count, islice
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Connection, Row, Select, any_, bindparam, false, func, select

from orderflow.ledger.beside import Beside
from orderflow.ledger.values import json_of

T = TypeVar("T")
_FETCHED, _NEAR = 5_000, 100  # from a file, fewer rows at a time stay in the processor's cache
_named = count()


class Book:
    """The ledger as it stood when the transaction began; the functions of this package read from it."""

    def __init__(self, connection: Connection) -> None:
        self.bare_connection = connection
        self.beside = Beside()

    @property
    def connection(self) -> Connection:
        """The connection, once nothing is left beside. Raises what that comes to."""
        self.beside.finish()
        return self.bare_connection

    @property
    def postgresql(self) -> bool:
        """Does the ledger lie in PostgreSQL (else in SQLite)?"""
        return self.bare_connection.dialect.name == "postgresql"

    def stream(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        """The rows of a statement, fetched a thousand at a time."""
        with self.connection.execute(statement, execution_options={"yield_per": 1_000}) as rows:
            for many in rows.partitions():  # half the time of one by one
                yield from many

    def tuples(self, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement as the database's driver gives them, fetched many at a time.

        A third of the time of `stream`, where very many rows hold nothing that has to be turned into anything.
        """
        dialect = self.bare_connection.dialect
        told = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        driver: Any = self.connection.connection.driver_connection
        with closing(driver.cursor(f"rows_{next(_named)}") if self.postgresql else driver.cursor()) as cursor:
            cursor.execute(told, {})
            while rows := cursor.fetchmany(_FETCHED if self.postgresql else _NEAR):
                yield from rows


class Run(Book):
    """One command's work on the ledger: a transaction, numbered, that happens whole or not at all.

    `seq` and `link` are the end of the chain of changes as this run has lengthened it. `summary` is kept with
    the run. After `discard()` nothing of the run is kept.
    """

    def __init__(self, connection: Connection, number: int, at: datetime, seq: int, link: bytes) -> None:
        super().__init__(connection)
        self.id = number
        self.at = at
        self.seq = seq
        self.link = link
        self.summary: Mapping[str, Any] = {}
        self.orders_added = 0
        self.discarded = False

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """Takes what the block did out of the run again where it raises."""
        state = self.seq, self.link, self.orders_added
        with self.connection.begin_nested():
            try:
                yield
            except BaseException:
                self.beside.drop()
                self.seq, self.link, self.orders_added = state
                raise

    def discard(self) -> None:
        """Lets the run leave no trace, when it ends; a dry run does so."""
        self.discarded = True


def among(book: Book, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column` is one of `values`, however many, in a single parameter."""
    if book.postgresql:
        given = list(values)  # of an empty list that is written out PostgreSQL knows no type
        return column == any_(bindparam(None, given, type_=ARRAY(column.type))) if given else false()
    dialect = book.bare_connection.dialect
    stored = column.type.dialect_impl(dialect).bind_processor(dialect)
    wanted = [stored(value) if stored else value for value in values]
    return column.in_(select(func.json_each(json_of(wanted)).table_valued("value").c.value))


def in_chunks(items: Iterable[T], size: int = 2_000) -> Iterable[list[T]]:
    """The items in lists of at most `size`."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk
