"""Connections, and how SQLite is told to keep what it was given."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from orderflow.ledger import troubles
from orderflow.ledger.address import Address

_PRAGMAS = (
    "page_size=16384",  # of a new ledger: a quarter of the pages to write when a large file is taken in
    "foreign_keys=ON",
    "synchronous=FULL",  # with WAL, NORMAL may forget the last commits when the power fails
    "cache_size=-256000",
    "temp_store=MEMORY",
    "secure_delete=ON",  # what is erased of persons leaves no bytes behind
)


def make_engine(address: Address) -> Engine:
    """An engine for the address; nothing is opened yet."""
    if address.path is None:
        # An error's text must not tell contacts; and of hstore, which no column has, the server need not be asked.
        return create_engine(address.url, pool_size=1, hide_parameters=True, use_native_hstore=False)
    engine = create_engine(address.url, poolclass=QueuePool, pool_size=1, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, so that a writer has the lock from its first statement
    for pragma in (*_PRAGMAS, f"busy_timeout={troubles.PATIENCE * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
