"""Many rows at once, column by column, by the fastest way that each database has."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, LargeBinary, Table

from orderflow.ledger.book import Book
from orderflow.ledger.schema import DeskNumber
from orderflow.ledger.values import says_something, serial_of

# sqlite3 looks for an adapter for every `None` that it binds, and finds out slowly that there is none (0.5 µs each,
# more than a text costs); with one it is told at once.
sqlite3.register_adapter(type(None), lambda none: none)


def insert(book: Book, table: Table, values: Mapping[str, Sequence[Any]]) -> None:
    """Inserts rows given as columns of equal length, by column name.

    A column without any value is left out, and so becomes NULL.
    """
    filled = {name: _bindable(book, table, name, column) for name, column in values.items() if says_something(column)}
    if not filled:
        return
    book.beside.join()  # what only lies there may stay: nothing is inserted that needs it
    driver: Any = book.bare_connection.connection.driver_connection
    cursor = driver.cursor()
    try:
        if book.postgresql:
            _copy(cursor, table.name, filled)
        else:
            _insert(cursor, table.name, filled)
    finally:
        cursor.close()


def insert_unknown(book: Book, table: Table, values: Mapping[str, Sequence[Any]]) -> int:
    """Inserts rows given as columns; one that the table's keys know already is left out. How many were new."""
    columns = {name: column for name, column in values.items() if says_something(column)}
    driver: Any = book.connection.connection.driver_connection
    cursor = driver.cursor()
    try:
        if not book.postgresql:
            _insert(cursor, table.name, columns, " ON CONFLICT DO NOTHING")
            return int(cursor.rowcount)
        staged, names = f"staged_{table.name}", ", ".join(f'"{name}"' for name in columns)
        cursor.execute(f'CREATE TEMP TABLE "{staged}" ON COMMIT DROP AS SELECT {names} FROM "{table.name}" LIMIT 0')
        _copy(cursor, staged, columns)
        told = f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "{staged}" ON CONFLICT DO NOTHING'
        new = cursor.execute(told).rowcount
        cursor.execute(f'DROP TABLE "{staged}"')
        return int(new)
    finally:
        cursor.close()


def _copy(cursor: Any, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in zip(*columns.values(), strict=True):
            copy.write_row(row)


def _insert(cursor: Any, table: str, columns: Mapping[str, Sequence[Any]], unless: str = "") -> None:
    """A whole number that is the same in every row stands in the statement: a fifth of the time is binding."""
    names = ", ".join(f'"{name}"' for name in columns)
    same = {name: column[0] for name, column in columns.items() if _is_constant(column)}
    marks = ", ".join(str(same.get(name, "?")) for name in columns)
    bound = [column for name, column in columns.items() if name not in same]
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks}){unless}'
    rows = zip(*bound, strict=True) if bound else [()] * len(next(iter(columns.values())))
    cursor.executemany(statement, rows)


def _is_constant(column: Sequence[Any]) -> bool:
    return type(column[0]) is int and column.count(column[0]) == len(column)


def _bindable(book: Book, table: Table, name: str, column: Sequence[Any]) -> Sequence[Any]:
    """The column as the driver takes it: desk numbers as whole numbers, and for sqlite3 no bool and no bytes,
    which it binds several times slower than int and bytearray."""
    kind = table.c[name].type
    if isinstance(kind, DeskNumber):
        return [None if value is None else serial_of(value) for value in column]
    if book.postgresql or not isinstance(kind, (Boolean, LargeBinary)):
        return column
    plain: type = int if isinstance(kind, Boolean) else bytearray
    return [None if value is None else plain(value) for value in column]
