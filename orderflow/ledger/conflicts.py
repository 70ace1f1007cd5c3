"""Values that a file and a person disagree about, kept until a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, insert, select, update

from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.history import read_value, stored
from orderflow.ledger.schema import conflicts
from orderflow.ledger.values import json_of, json_value


class Conflict(NamedTuple):
    """One field of one order: what both sides started from, what the ledger says, what the file says."""

    number: str
    field: str
    base: Any
    ours: Any
    theirs: Any
    source: int | None = None
    sheet_row: int | None = None
    id: int = 0
    run: int = 0


def add(run: Run, found: Iterable[Conflict]) -> None:
    """Notes conflicts to be decided."""
    for chunk in in_chunks(found):
        run.connection.execute(insert(conflicts), [_row(run, conflict) for conflict in chunk])


def undecided(book: Book, numbers: Sequence[str] | None = None) -> list[Conflict]:
    """The conflicts that nobody has decided, of these orders or of all, the oldest first."""
    asked = select(conflicts).where(conflicts.c.decided_run.is_(None)).order_by(conflicts.c.id)
    if numbers is not None:
        asked = asked.where(among(book, conflicts.c.number, numbers))
    return [_conflict(row) for row in book.connection.execute(asked)]


def asked(book: Book, numbers: Sequence[str]) -> set[tuple[str, str, str]]:
    """What was ever put before a person of these orders: number, field, and what the file said, as JSON."""
    wanted = select(conflicts.c.number, conflicts.c.field, conflicts.c.theirs)
    found = book.connection.execute(wanted.where(among(book, conflicts.c.number, numbers)))
    return {(row.number, row.field, row.theirs) for row in found}


def question(conflict: Conflict) -> tuple[str, str, str]:
    """What a conflict asks, in the form of `asked`."""
    return conflict.number, conflict.field, json_of(stored(conflict.field, conflict.theirs))


def decide(run: Run, conflict: int, decision: str) -> None:
    """Notes how a conflict was decided: `ours`, `theirs`, or `undone` with its run."""
    stated = update(conflicts).where(conflicts.c.id == conflict)
    run.connection.execute(stated.values(decided_run=run.id, decision=decision))


def take_back(run: Run, undone: int) -> None:
    """Ends the conflicts that another run brought, and opens again those that it decided."""
    mine = (conflicts.c.run == undone) & conflicts.c.decided_run.is_(None)
    run.connection.execute(update(conflicts).where(mine).values(decided_run=run.id, decision="undone"))
    decided = (conflicts.c.decided_run == undone) & (conflicts.c.run != undone)
    run.connection.execute(update(conflicts).where(decided).values(decided_run=None, decision=None))


def _row(run: Run, conflict: Conflict) -> dict[str, Any]:
    sides = {name: json_of(stored(conflict.field, getattr(conflict, name))) for name in ("base", "ours", "theirs")}
    rest = {name: getattr(conflict, name) for name in ("number", "field", "source", "sheet_row")}
    return {"run": run.id} | sides | rest


def _conflict(row: Row[Any]) -> Conflict:
    base, ours, theirs = (read_value(row.field, json_value(side)) for side in (row.base, row.ours, row.theirs))
    return Conflict(row.number, row.field, base, ours, theirs, row.source, row.sheet_row, row.id, row.run)
