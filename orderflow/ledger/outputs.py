"""The workbooks that the desk wrote, each as it was written last: what is unchanged may be replaced or passed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from orderflow.ledger.book import Book
from orderflow.ledger.schema import outputs
from orderflow.ledger.values import seconds


def note(book: Book, path: str, sha256: str, kind: str, at: datetime) -> None:
    """Notes that the desk has written a file."""
    new = {"sha256": sha256, "kind": kind, "written_at": seconds(at)}
    noted = _inserting(book)(outputs).values(path=path, **new)
    book.connection.execute(noted.on_conflict_do_update(index_elements=[outputs.c.path], set_=new))


def _inserting(book: Book) -> Callable[[Table], Any]:
    """The database's own way to insert or else update; the dialect of the other one takes long to import."""
    if book.postgresql:
        from sqlalchemy.dialects.postgresql import insert

        return insert
    from sqlalchemy.dialects.sqlite import insert as insert_or_update

    return insert_or_update


def is_ours(book: Book, sha256: str) -> bool:
    """Whether the desk has written a file of these bytes: nobody has changed it since."""
    asked = select(outputs.c.path).where(outputs.c.sha256 == sha256).limit(1)
    return book.connection.execute(asked).first() is not None
