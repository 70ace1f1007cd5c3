"""Notices that a run gives rise to, kept with the facts that caused them until a channel takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from orderflow.ledger.book import Book, Run, in_chunks
from orderflow.ledger.schema import notices
from orderflow.ledger.values import json_of, json_text, json_value, moment, seconds

WAITING, DROPPED = "waiting", "dropped"


class Notice(NamedTuple):
    """What somebody has to be told. `recipient` is a role; `key` says what it is about, and is told once."""

    event: str
    severity: str
    recipient: str
    numbers: Sequence[str]
    facts: Mapping[str, Any]
    key: str
    created_at: datetime
    state: str = WAITING
    id: int = 0
    run: int = 0


def add(run: Run, told: Iterable[Notice]) -> int:
    """Queues notices; one whose key is known is left as it is. How many were new."""
    insert = postgresql.insert if run.postgresql else sqlite.insert
    new = 0
    queued = insert(notices).on_conflict_do_nothing().returning(notices.c.id)
    for chunk in in_chunks(told, 500):
        new += len(run.connection.execute(queued, [_row(run, notice) for notice in chunk]).all())
    return new


def _row(run: Run, notice: Notice) -> dict[str, Any]:
    values = notice._asdict() | {
        "run": run.id,
        "numbers": json_of(list(notice.numbers)),
        "facts": json_text(notice.facts),
        "created_at": seconds(notice.created_at),
    }
    del values["id"]
    return values


def waiting(book: Book) -> list[Notice]:
    """The notices that wait, the oldest first."""
    rows = book.connection.execute(select(notices).where(notices.c.state == WAITING).order_by(notices.c.id))
    return [
        Notice(
            row.event,
            row.severity,
            row.recipient,
            json_value(row.numbers),
            json_value(row.facts),
            row.key,
            moment(row.created_at),
            row.state,
            row.id,
            row.run,
        )
        for row in rows
    ]


def drop(run: Run, of_run: int) -> int:
    """Drops what still waits of another run, which is undone; how many."""
    stated = (notices.c.run == of_run) & (notices.c.state == WAITING)
    return run.connection.execute(update(notices).where(stated).values(state=DROPPED)).rowcount
