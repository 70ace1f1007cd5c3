"""Runs: one for each command that wrote, with who, when and from which files; all of it in the chain of changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, text, update

from orderflow.ledger import chain, troubles
from orderflow.ledger.book import Book, Run
from orderflow.ledger.salting import salted
from orderflow.ledger.schema import head, runs, sources
from orderflow.ledger.seals import seals_of
from orderflow.ledger.values import json_of, json_text, json_value, moment, seconds

RUN, SOURCE = "run", "source"
"""The kinds of the changes that tell of a run and of a file it took in."""
_MANY = 5_000


class Beginning(NamedTuple):
    """What is known of a run when it begins."""

    command: str
    actor: str
    at: datetime
    entered_at: datetime
    language: str
    options: Mapping[str, Any]


class PastRun(NamedTuple):
    """A run that was kept; `at` as the desk's clock said, `entered_at` the true time, both in UTC."""

    id: int
    command: str
    actor: str
    at: datetime
    entered_at: datetime
    language: str
    options: dict[str, Any]
    summary: dict[str, Any]
    undone_by: int | None


def begin(connection: Connection, what: Beginning) -> Run:
    """Waits for its turn and begins a run. The end of the chain is the turnstile (SQLite's own lock came before)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, troubles.PATIENCE * 1000)}"))
    end = connection.execute(select(head.c.seq, head.c.link).where(head.c.id == 1).with_for_update()).one()
    last = connection.execute(select(func.max(runs.c.id))).scalar_one() or 0
    connection.execute(
        insert(runs).values(
            id=last + 1,
            command=what.command,
            actor=what.actor,
            at=seconds(what.at),
            entered_at=seconds(what.entered_at),
            language=what.language,
            options=json_text(what.options),
            first_change=end.seq + 1,
        )
    )
    return Run(connection, last + 1, what.at, end.seq, bytes(end.link))


def end(run: Run) -> None:
    """Closes a run: its summary, its files and itself go into the chain, as its last changes."""
    connection = run.connection
    taken = connection.execute(select(sources).where(sources.c.run == run.id).order_by(sources.c.id)).all()
    last = run.seq + len(taken) + 1
    stated = update(runs).where(runs.c.id == run.id)
    connection.execute(stated.values(summary=json_text(run.summary), last_change=last))
    row = connection.execute(select(runs).where(runs.c.id == run.id)).one()
    tell(run, row, taken)
    connection.execute(update(head).where(head.c.id == 1).values(seq=run.seq, link=run.link))
    if run.postgresql and run.orders_added > _MANY:  # so that its planner knows of them before the next run
        for table in ("orders", "changes", "lines", "findings", "anomalies"):
            connection.execute(text(f"ANALYZE {table}"))


def tell(run: Run, row: Row[Any], taken: Sequence[Row[Any]]) -> None:
    """What ends a run in the chain: the files it took, and itself with what it wrote."""
    bodies = [source_body(source) for source in taken] + [run_body(row, seals_of(run, row.id))]
    count = len(bodies)
    entries = chain.Entries(
        [*(source.id for source in taken), None],
        [None] * count,
        [None] * count,
        [SOURCE] * (count - 1) + [RUN],
        [row.at] * count,
        bodies,
        salted([None] * count),
    )
    chain.append(run, entries, row.id)


def run_body(row: Row[Any], seals: Mapping[str, str]) -> str:
    """What the chain holds of a run and of what it wrote; whether it was undone, the undoing run tells."""
    told = {name: value for name, value in row._mapping.items() if name != "undone_by"}
    return json_of({"after": told, "seals": seals} if seals else {"after": told})


def source_body(row: Row[Any]) -> str:
    """What the chain holds of a file that was taken in."""
    return json_of({"after": dict(row._mapping)})


def past_runs(book: Book, limit: int | None = None) -> list[PastRun]:
    """The runs, the newest first."""
    return [_past(row) for row in book.connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit))]


def last(book: Book) -> int:
    """The number of the last run; 0 before the first."""
    return book.connection.execute(select(func.max(runs.c.id))).scalar_one() or 0


def end_of_chain(book: Book) -> int:
    """The number of the last change: while it is the same, the ledger says the same."""
    found: int = book.connection.execute(select(head.c.seq).where(head.c.id == 1)).scalar_one()
    return found


def past_run(book: Book, run: int) -> PastRun | None:
    """One run, if there was one of that number."""
    row = book.connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
    return None if row is None else _past(row)


def _past(row: Row[Any]) -> PastRun:
    return PastRun(
        row.id,
        row.command,
        row.actor,
        moment(row.at),
        moment(row.entered_at),
        row.language,
        json_value(row.options),
        json_value(row.summary or "{}"),
        row.undone_by,
    )
