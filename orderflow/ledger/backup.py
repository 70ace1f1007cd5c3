"""Copies of a whole ledger, taken while others may write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, select, text

from orderflow.ledger.address import Address
from orderflow.ledger.schema import metadata
from orderflow.records.errors import OrderflowError

_CHUNK = 2_000


def copy(engine: Engine, address: Address, target: Path) -> None:
    """Copies the ledger, as it stands at one moment, into a new SQLite ledger at `target`.

    So a PostgreSQL ledger's copy is a ledger too, that orderflow opens anywhere. Raises `OrderflowError`
    `backup-exists` (path); a failed copy leaves nothing behind.
    """
    if target.exists():
        raise OrderflowError("backup-exists", path=str(target))
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        if address.path is not None:
            _copy_file(address.path, part)
        else:
            _copy_tables(engine, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def keep(connection: Connection, address: Address, found: int) -> None:
    """Keeps a copy of an older ledger, of version `found`, before it is upgraded in the same transaction.

    SQLite: the file `ledger-version-0001.db` beside it. PostgreSQL: the schema `orderflow-version-0001` in the same
    database. Nothing is overwritten: the next free name is taken.
    """
    mark = f"version-{found:04d}"
    if address.path is not None:
        file = address.path
        names = (file.with_name(f"{file.stem}-{mark}{more}{file.suffix}") for more in _more())
        _copy_file(file, next(name for name in names if not name.exists()))
        return
    taken = set(inspect(connection).get_schema_names())
    name = next(name for more in _more() if (name := f"orderflow-{mark}{more}") not in taken)
    tables = inspect(connection).get_table_names()
    connection.execute(text(f'CREATE SCHEMA "{name}"'))
    for table in tables:
        connection.execute(text(f'CREATE TABLE "{name}"."{table}" AS TABLE "{table}"'))


def holds_orders(file: Path) -> bool:
    """Whether a file is a SQLite ledger, of any version, with an order in it; it is only looked at."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as ledger:
            return ledger.execute("SELECT 1 FROM orders LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return False


def _more() -> Iterator[str]:
    """What distinguishes a second and a third copy."""
    yield ""
    for nth in count(2):
        yield f"-{nth}"


def _copy_file(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)  # in one step: readers and writers go on beside it


def _copy_tables(engine: Engine, target: Path) -> None:
    new = create_engine(f"sqlite:///{target}")
    try:
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as source,
            new.begin() as written,
        ):
            metadata.create_all(written, checkfirst=False)
            for table in metadata.sorted_tables:
                for rows in source.execute(select(table), execution_options={"yield_per": _CHUNK}).partitions():
                    written.execute(table.insert(), [dict(row._mapping) for row in rows])
    finally:
        new.dispose()
