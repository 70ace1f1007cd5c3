"""Work that must follow a commit: stored with it, done after it, and by the next command where that failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import pending
from orderflow.ledger.values import json_text, json_value, seconds


class Work(NamedTuple):
    """One piece of work: its kind, and what it needs to know."""

    id: int
    run: int
    kind: str
    spec: dict[str, Any]


def add(run: Run, kind: str, spec: Mapping[str, Any]) -> int:
    """Notes work to be done once this run is kept; its id."""
    values = {"run": run.id, "kind": kind, "spec": json_text(spec)}
    work: int = run.connection.execute(insert(pending).values(values).returning(pending.c.id)).scalar_one()
    return work


def left(book: Book) -> list[Work]:
    """The work not yet done, the oldest first."""
    rows = book.connection.execute(select(pending).where(pending.c.done_at.is_(None)).order_by(pending.c.id))
    return [Work(row.id, row.run, row.kind, json_value(row.spec)) for row in rows]


def done(book: Book, work: int, at: datetime) -> None:
    """Notes that a piece of work is done."""
    book.connection.execute(update(pending).where(pending.c.id == work).values(done_at=seconds(at)))
