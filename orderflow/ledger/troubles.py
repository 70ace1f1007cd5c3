"""What the databases complain of, said as `OrderflowError`s: a person never sees a driver's traceback."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError

from orderflow.ledger.address import Address
from orderflow.records.errors import OrderflowError

_SQLITE = {
    sqlite3.SQLITE_BUSY: "ledger-busy",
    sqlite3.SQLITE_LOCKED: "ledger-busy",
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_READONLY: "cannot-write",
    sqlite3.SQLITE_CANTOPEN: "cannot-write",
    sqlite3.SQLITE_PERM: "cannot-write",
    sqlite3.SQLITE_IOERR: "cannot-write",
    sqlite3.SQLITE_CORRUPT: "ledger-damaged",
    sqlite3.SQLITE_NOTADB: "ledger-damaged",
}

# The first two or all five characters of PostgreSQL's SQLSTATE.
_POSTGRESQL = {
    "08": "ledger-unreachable",
    "28": "ledger-unreachable",
    "3D": "ledger-unreachable",
    "57": "ledger-unreachable",
    "53": "ledger-unreachable",
    "53100": "disk-full",
    "42501": "cannot-write",
    "25006": "cannot-write",
    "55P03": "ledger-busy",
    "XX": "ledger-damaged",
}


PATIENCE = 60
"""How many seconds a command waits for another one to let go of the ledger."""


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Turns a database's complaint about its surroundings into an `OrderflowError`; a bug stays a bug.

    Codes: `ledger-busy` (seconds), `ledger-damaged` (path, why), `ledger-unreachable` (url, why), `disk-full` (path),
    `cannot-write` (path, reason). What the database said is passed on without the password.
    """
    try:
        yield
    except DBAPIError as error:
        _tell(error.orig, address)
        raise
    except _driver_errors() as error:
        _tell(error, address)
        raise


def _tell(error: Any, address: Address) -> None:
    code = _code(error)
    if code is None:
        return
    said, place = _said(error, address), address.shown
    params: dict[str, dict[str, object]] = {
        "ledger-busy": {"seconds": PATIENCE},
        "ledger-damaged": {"path": place, "why": said},
        "ledger-unreachable": {"url": place, "why": said},
        "disk-full": {"path": place},
        "cannot-write": {"path": place, "reason": said},
    }
    raise OrderflowError(code, **params[code]) from error


def _driver_errors() -> tuple[type[Exception], ...]:
    """What the drivers raise; psycopg is an extra, and its import takes its time."""
    psycopg = sys.modules.get("psycopg")
    return (sqlite3.Error, psycopg.Error) if psycopg else (sqlite3.Error,)


def _code(error: Any) -> str | None:
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get((getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is None:  # no answer, or the connection broke
        return "ledger-unreachable" if type(error).__name__ == "OperationalError" else None
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])


def _said(error: Any, address: Address) -> str:
    text = " ".join(str(error).split())
    password = address.url.password
    return text.replace(str(password), "***") if password else text
