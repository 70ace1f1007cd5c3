"""What tells one ledger from every other."""

from __future__ import annotations

from sqlalchemy import select

from orderflow.ledger.book import Book
from orderflow.ledger.schema import changes


def first_link(book: Book) -> str:
    """The hash of the first change, as hex; empty while there is none."""
    link = book.connection.execute(select(changes.c.link).where(changes.c.seq == 1)).scalar_one_or_none()
    return bytes(link).hex() if link is not None else ""
