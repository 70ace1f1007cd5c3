"""What a person answered about the headers of a layout, so that they are asked once."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import layouts
from orderflow.ledger.values import json_text, json_value


def answers(book: Book, signature: str) -> dict[str, str]:
    """The answers kept for a layout, header → field; empty where none are."""
    kept = book.connection.execute(select(layouts.c.answers).where(layouts.c.signature == signature))
    return dict(json_value(kept.scalar_one_or_none() or "{}"))


def keep(run: Run, signature: str, given: Mapping[str, str]) -> None:
    """Keeps the answers for a layout, in place of earlier ones."""
    run.connection.execute(delete(layouts).where(layouts.c.signature == signature))
    values = {"signature": signature, "answers": json_text(given), "run": run.id}
    run.connection.execute(insert(layouts).values(values))
