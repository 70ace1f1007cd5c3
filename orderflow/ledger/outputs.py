"""The workbooks that the desk wrote, each as it was written last: what is unchanged may be replaced or passed over."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from orderflow.ledger.book import Book
from orderflow.ledger.inserting import inserting
from orderflow.ledger.schema import outputs
from orderflow.ledger.values import seconds


def note(
    book: Book, path: str, sha256: str, kind: str, at: datetime, content: str | None = None, seen: str | None = None
) -> None:
    """Notes that the desk has written a file; `content` is a digest of what it says, however its bytes lie.

    `seen` says as of what it was found to say what the ledger says.
    """
    new = {"sha256": sha256, "kind": kind, "written_at": seconds(at), "content": content, "seen": seen}
    noted = inserting(book)(outputs).values(path=path, **new)
    book.connection.execute(noted.on_conflict_do_update(index_elements=[outputs.c.path], set_=new))


def is_ours(book: Book, sha256: str) -> bool:
    """Whether the desk has written a file of these bytes: nobody has changed it since."""
    asked = select(outputs.c.path).where(outputs.c.sha256 == sha256).limit(1)
    return book.connection.execute(asked).first() is not None


class Noted(NamedTuple):
    """What is known of a file that is still as the desk wrote it: what it says, and as of what that was so."""

    content: str | None
    seen: str | None


def noted(book: Book, path: str, sha256: str) -> Noted:
    """What was noted of the file at `path`, if its bytes are still those."""
    asked = select(outputs.c.content, outputs.c.seen).where(outputs.c.path == path, outputs.c.sha256 == sha256)
    found = book.connection.execute(asked).one_or_none()
    return Noted(*found) if found is not None else Noted(None, None)


class Last(NamedTuple):
    """The hash of a file as it was written or taken in last, and what it said then."""

    sha256: str | None
    content: str | None


def last(book: Book, path: str) -> Last:
    """What was noted last of the file at `path`, whatever its bytes are now."""
    found = book.connection.execute(select(outputs.c.sha256, outputs.c.content).where(outputs.c.path == path))
    row = found.one_or_none()
    return Last(*row) if row is not None else Last(None, None)


def taken(book: Book, path: str, sha256: str, kind: str, at: datetime, *, as_written: bool) -> None:
    """Notes that all that people changed in a file is in the ledger now, so that it may be replaced.

    `as_written` says that they changed nothing: whoever saved it, it says what the desk wrote.
    """
    asked = select(outputs.c.content, outputs.c.seen).where(outputs.c.path == path)
    said = book.connection.execute(asked).one_or_none() if as_written else None
    note(book, path, sha256, kind, at, *(said or (None, None)))
