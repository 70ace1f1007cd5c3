"""An insert that may find the row there already, in the words of the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from orderflow.ledger.book import Book


def inserting(book: Book) -> Callable[[Table], Any]:
    """The database's own way to insert or else update; the dialect of the other one takes long to import."""
    if book.postgresql:
        from sqlalchemy.dialects.postgresql import insert

        return insert
    from sqlalchemy.dialects.sqlite import insert as insert_or_update

    return insert_or_update
