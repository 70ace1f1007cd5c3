"""Tables as Parquet files, written and read by DuckDB in little memory."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderflow.records.bag import Columns, Form
from orderflow.records.errors import OrderflowError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TOGETHER = 10_000
_ROW_GROUP = 20_480  # rows that are unpacked for the sake of one
_AS_JSON = {Form.MOMENT: "BIGINT", Form.WHOLE: "BIGINT", Form.FLAG: "BOOLEAN"}
_INTO = {Form.MOMENT: 'make_timestamp("{0}" * 1000000)', Form.BYTES: 'from_hex("{0}")'}
_OUT_OF = {Form.MOMENT: 'CAST(epoch("{0}") AS BIGINT)'}
_PLAIN = '"{0}"'
_NONE: Mapping[str, str] = {}
Row = Sequence[Any]


def write(path: Path, columns: Columns, rows: Iterable[Row], searched: Mapping[str, str] = _NONE) -> int:
    """Writes a table to a new file; the number of its rows. Moments are seconds here and UTC timestamps there.

    `searched` are columns to look for things in, each worked out by SQL from the others; a file that has some is packed
    so that reading all of it takes half the time. The rows go through a file of JSON lines beside it, which tells an
    empty text from none and streams both ways. Raises `OSError` for a disk that refuses.
    """
    lines = path.with_suffix(".jsonl")
    kinds = ", ".join(f"\"{name}\": '{_AS_JSON.get(form, 'VARCHAR')}'" for name, form in columns.items())
    into = {name: _INTO.get(form, _PLAIN).format(name) for name, form in columns.items()} | dict(searched)
    chosen = ", ".join(f'{said} AS "{name}"' for name, said in into.items())
    try:
        count = _write_lines(lines, columns, rows)
        source = f"read_json({quoted(lines)}, format = 'newline_delimited', columns = {{{kinds}}})"
        with duck(threads=1) as connection:  # several threads would write the rows in another order each time
            connection.execute(f"COPY (SELECT {chosen} FROM {source}) TO {target(path, searched=bool(searched))}")
    finally:
        lines.unlink(missing_ok=True)
    return count


def target(path: Path, *, searched: bool) -> str:
    """The end of a COPY of SQL: to this file, packed to be searched whole or to be small; a few rows are read fast."""
    packed = "snappy" if searched else "zstd"
    return f"{quoted(path)} (FORMAT parquet, COMPRESSION {packed}, ROW_GROUP_SIZE {_ROW_GROUP})"


def _write_lines(lines: Path, columns: Columns, rows: Iterable[Row]) -> int:
    from pydantic_core import to_json

    names, count = list(columns), 0
    with lines.open("xb") as file:
        for row in rows:
            plain = (value.hex() if isinstance(value, bytes) else value for value in row)
            file.write(to_json(dict(zip(names, plain, strict=True))) + b"\n")
            count += 1
    return count


def read(paths: Sequence[Path], columns: Columns, only: str = "true") -> Iterator[Sequence[Row]]:
    """The rows of one table in these files, some thousands at a time, all or those `only` for which some SQL holds.

    A column that a file does not have, as an older version of the tool wrote it, is empty. Raises OrderflowError
    `bag-unreadable` (path, why).
    """
    if not paths:
        return
    there = columns_in(paths)
    chosen = ", ".join(
        _OUT_OF.get(form, _PLAIN).format(name) if name in there else "NULL" for name, form in columns.items()
    )
    with duck(reading=paths[0]) as connection:
        found = connection.execute(f"SELECT {chosen} FROM {files_of(paths)} WHERE {only}")
        while rows := found.fetchmany(_TOGETHER):
            yield rows


def columns_in(paths: Sequence[Path]) -> set[str]:
    """The columns that at least one of these files has. Raises OrderflowError `bag-unreadable` (path, why)."""
    with duck(reading=paths[0]) as connection:
        return {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {files_of(paths)}").fetchall()}


def first_without(paths: Sequence[Path], columns: Collection[str]) -> tuple[Path, str] | None:
    """A file that lacks one of these columns, and which; raises OrderflowError `bag-unreadable` (path, why)."""
    names = ", ".join(map(_text, columns))
    asked = f"SELECT file_name, list(name) FROM parquet_schema({_listed(paths)}) WHERE name IN ({names})"
    with duck(reading=paths[0]) as connection:
        had = dict(connection.execute(f"{asked} GROUP BY file_name").fetchall())
    lacking = ((path, name) for path in paths for name in columns if name not in had.get(path.as_posix(), ()))
    return next(lacking, None)


def files_of(paths: Sequence[Path]) -> str:
    """These files as one table of SQL, their columns matched by name."""
    return f"read_parquet({_listed(paths)}, union_by_name = true)"


def _listed(paths: Sequence[Path]) -> str:
    return f"[{', '.join(map(quoted, paths))}]"


@cache
def _opened() -> DuckDBPyConnection:
    """One DuckDB of our own in memory for the whole process: each takes 50 ms to make."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def duck(*, threads: int | None = None, reading: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """DuckDB, at work with so many threads or with all there are.

    What it complains of is said as an `OSError` where it writes, and as `bag-unreadable` where it reads.
    """
    import duckdb

    try:
        with _opened().cursor() as connection:
            connection.execute(f"SET threads = {threads}" if threads else "RESET threads")
            yield connection
    except duckdb.Error as error:
        if reading is not None:
            raise OrderflowError("bag-unreadable", path=str(reading), why=str(error).splitlines()[0]) from error
        if not isinstance(error, duckdb.IOException):
            raise
        full = os.strerror(errno.ENOSPC) in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error).splitlines()[0]) from error


def quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return _text(path.as_posix())


def _text(said: str) -> str:
    return "'" + said.replace("'", "''") + "'"
