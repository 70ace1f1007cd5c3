"""What the databases complain of, said as `OrderflowError`s: a person never sees a driver's traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError

from orderflow.ledger.address import Address
from orderflow.records.errors import OrderflowError

_SQLITE = {
    sqlite3.SQLITE_BUSY: "ledger-busy",
    sqlite3.SQLITE_LOCKED: "ledger-busy",
    sqlite3.SQLITE_FULL: "ledger-full",
    sqlite3.SQLITE_READONLY: "ledger-not-writable",
    sqlite3.SQLITE_CANTOPEN: "ledger-not-writable",
    sqlite3.SQLITE_PERM: "ledger-not-writable",
    sqlite3.SQLITE_IOERR: "ledger-not-writable",
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
    "53100": "ledger-full",
    "42501": "ledger-not-writable",
    "25006": "ledger-not-writable",
    "55P03": "ledger-busy",
    "XX": "ledger-damaged",
}


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Turns a database's complaint about its surroundings into an `OrderflowError`; a bug stays a bug.

    Codes: `ledger-busy`, `ledger-full`, `ledger-not-writable`, `ledger-damaged`, `ledger-unreachable`, each with
    `ledger` (where it lies) and `reason` (the database's own words, without the password).
    """
    try:
        yield
    except DBAPIError as error:
        _tell(error.orig, address)
        raise
    except Exception as error:
        _tell(error, address)
        raise


def _tell(error: Any, address: Address) -> None:
    code = _code(error)
    if code is not None:
        raise OrderflowError(code, ledger=address.shown, reason=_reason(error, address)) from error


def _code(error: Any) -> str | None:
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get((getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF)
    if not type(error).__module__.startswith("psycopg"):
        return None
    state = getattr(error, "sqlstate", None)
    if state is None:  # no answer, or the connection broke
        return "ledger-unreachable" if type(error).__name__ == "OperationalError" else None
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])


def _reason(error: Any, address: Address) -> str:
    text = " ".join(str(error).split())
    password = address.url.password
    return text.replace(str(password), "***") if password else text
