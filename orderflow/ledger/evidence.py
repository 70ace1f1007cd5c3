"""Files that prove something of an order, such as a customer's signed confirmation, each with its hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert, select

from orderflow.ledger.book import Book, Run, among
from orderflow.ledger.schema import evidence, runs


class Evidence(NamedTuple):
    """A file kept for an order: `path` counts from the desk, `size` is in bytes."""

    number: str
    kind: str
    name: str
    path: str
    sha256: str
    size: int
    run: int = 0


def add(run: Run, file: Evidence) -> None:
    """Notes a file that is kept for an order."""
    run.connection.execute(insert(evidence).values(file._asdict() | {"run": run.id}))


def of_orders(book: Book, numbers: Sequence[str]) -> dict[str, list[Evidence]]:
    """What is kept for these orders by runs that were not undone, the oldest first."""
    asked = (
        select(*(evidence.c[name] for name in Evidence._fields))
        .join(runs, evidence.c.run == runs.c.id)
        .where(among(book, evidence.c.number, numbers), runs.c.undone_by.is_(None))
        .order_by(evidence.c.id)
    )
    found: dict[str, list[Evidence]] = {}
    for row in book.connection.execute(asked):
        found.setdefault(row.number, []).append(Evidence(*row))
    return found
