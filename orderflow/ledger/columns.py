"""The rows of a statement column by column, as the statistics take them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Select, Text

from orderflow.ledger.book import Book

_ROWS = 20_000
_ROOM = """SELECT set_config('work_mem', '64MB', true)
WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')"""
Columns = dict[str, Any]
"""Columns by name: arrays of numbers (nothing is NaN) or of texts (nothing is None)."""


def columns_of(book: Book, asked: Select[Any]) -> Columns:
    """The rows of a statement: texts as they are, each kept once; all else as numbers.

    Rows are let go as soon as they are read: a million of them as objects would take gigabytes.
    """
    from numpy import array, concatenate, full

    texts = [isinstance(column.type, Text) for column in asked.selected_columns]
    known: dict[str, str] = {}
    parts: list[list[Any]] = [[full(0, None, object) if is_text else array([], "float64")] for is_text in texts]
    for rows in _rows(book, asked):
        for part, is_text, values in zip(parts, texts, zip(*rows, strict=True), strict=True):
            if is_text:
                part.append(array([v if v is None else known.setdefault(v, v) for v in values], object))
            else:
                part.append(array(values, "float64"))
    names = asked.selected_columns.keys()
    return {name: concatenate(part) for name, part in zip(names, parts, strict=True)}


def _rows(book: Book, asked: Select[Any]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows as the database's driver gives them, some thousands at a time.

    PostgreSQL sends them as it finds them: a cursor, which SQLAlchemy would take, keeps it from working in parallel.
    Until the transaction ends it has room to join a whole month in memory; by default it writes files.
    """
    statement = str(asked.compile(dialect=book.bare_connection.dialect, compile_kwargs={"literal_binds": True}))
    driver: Any = book.connection.connection.driver_connection
    cursor = driver.cursor()
    try:
        if book.postgresql:
            cursor.execute(_ROOM)
        found = cursor.stream(statement, {}, size=_ROWS) if book.postgresql else cursor.execute(statement)
        while rows := list(islice(found, _ROWS)):
            yield rows
    finally:
        cursor.close()
