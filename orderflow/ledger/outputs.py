"""The workbooks that the desk wrote, each as it was written last: what is unchanged may be replaced or passed over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from orderflow.ledger.book import Book
from orderflow.ledger.schema import outputs
from orderflow.ledger.values import seconds


def note(book: Book, path: str, sha256: str, kind: str, at: datetime) -> None:
    """Notes that the desk has written a file."""
    book.connection.execute(delete(outputs).where(outputs.c.path == path))
    values = {"path": path, "sha256": sha256, "kind": kind, "written_at": seconds(at)}
    book.connection.execute(insert(outputs).values(values))


def is_ours(book: Book, sha256: str) -> bool:
    """Whether the desk has written a file of these bytes: nobody has changed it since."""
    asked = select(outputs.c.path).where(outputs.c.sha256 == sha256).limit(1)
    return book.connection.execute(asked).first() is not None
