"""When the desk last did what keeps it safe: a backup of its ledger, a verification of its archive."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from orderflow.ledger.book import Book
from orderflow.ledger.schema import upkeep
from orderflow.ledger.values import moment, seconds

BACKUP, VERIFICATION, DAMAGE = "backup", "verification", "damage"
"""The last backup, the last verification that found all in order, and bags that have been found not to be since."""


class Done(NamedTuple):
    """The last time of one kind: when, by the true clock, and what came of it (a file, a bag)."""

    at: datetime
    what: str


def note(book: Book, kind: str, done: Done) -> None:
    """Remember the newest one of its kind."""
    book.connection.execute(delete(upkeep).where(upkeep.c.kind == kind))
    book.connection.execute(insert(upkeep).values(kind=kind, at=seconds(done.at), what=done.what))


def settle(book: Book, kind: str) -> None:
    """Forget about one kind."""
    book.connection.execute(delete(upkeep).where(upkeep.c.kind == kind))


def newest(book: Book, kind: str) -> Done | None:
    """The newest one of a kind, if there was any."""
    row = book.connection.execute(select(upkeep).where(upkeep.c.kind == kind)).one_or_none()
    return None if row is None else Done(moment(row.at), row.what)
