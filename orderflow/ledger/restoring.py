"""Putting sealed orders back into an empty ledger: every row as it was, their history in a chain of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, func, select, text, update

from orderflow.ledger import chain, excerpt, numbers, outbox, runs
from orderflow.ledger.book import Book, Run
from orderflow.ledger.salting import salted
from orderflow.ledger.schema import changes, notices, orders, sources
from orderflow.ledger.schema import runs as runs_table
from orderflow.ledger.undo import UNDO
from orderflow.ledger.values import json_text, seconds

FOLLOWING = [table for table in excerpt.OF_ORDERS if table is not changes]


def is_untouched(run: Run) -> bool:
    """Whether the ledger has no run but this one."""
    return run.id == 1 and run.seq == 0


def restore(run: Run, sealed: Book) -> list[str]:
    """Puts all that an excerpt holds into a ledger that has nothing yet; the orders, by number.

    Runs keep their numbers, and this run follows the last of them. Changes keep their salts and digests, and get the
    links of the new chain. Notices that had not left are dropped: the desk they come from sends them.
    """
    past = sealed.connection.execute(select(runs_table).order_by(runs_table.c.id)).all()
    _move_behind(run, past[-1].id)
    excerpt.put(run, runs_table, ((*row[:-3], row.first_change, row.last_change, None) for row in past))
    excerpt.put(run, sources, excerpt.rows(sealed, sources))
    for table in FOLLOWING:
        excerpt.put(run, table, excerpt.rows(sealed, table))
    excerpt.put(run, notices, excerpt.rows(sealed, notices))
    unsent = update(notices).where(notices.c.state.in_((*outbox.UNSENT, outbox.SENDING)))
    run.connection.execute(unsent.values(state=outbox.DROPPED))
    _put_history(run, sealed, past)
    _begin_here(run)
    _count_on(run)
    found = list(run.connection.execute(select(orders.c.number).order_by(orders.c.number)).scalars())
    numbers.adopt(run, found)
    return found


def _move_behind(run: Run, last: int) -> None:
    """The restoring run comes after the runs that it brings back."""
    run.connection.execute(update(runs_table).where(runs_table.c.id == run.id).values(id=last + 1))
    run.id = last + 1


def _put_history(run: Run, sealed: Book, past: Sequence[Row[Any]]) -> None:
    """Each run's changes, which runs it undid, and what ends it in the chain."""
    undone = {row.id: row.undone_by for row in past}
    told = {of: list(rows) for of, rows in groupby(excerpt.rows(sealed, changes), key=attrgetter("run"))}
    for of in undone:
        first = run.seq + 1
        if of in told:
            chain.adopt(run, of, told[of])
        _tell_undoing(run, of, [one for one, by in undone.items() if by == of])
        files = run.connection.execute(select(sources).where(sources.c.run == of).order_by(sources.c.id)).all()
        values = {"first_change": first, "last_change": run.seq + len(files) + 1, "undone_by": undone[of]}
        run.connection.execute(update(runs_table).where(runs_table.c.id == of).values(values))
        runs.tell(run, run.connection.execute(select(runs_table).where(runs_table.c.id == of)).one(), files)


def _tell_undoing(run: Run, of: int, undone: Sequence[int]) -> None:
    """That one run took others back stands in the chain under its own number."""
    for one in undone:
        none: list[None] = [None]
        body = json_text({"after": {"undone_run": one}})
        chain.append(run, chain.Entries(none, none, none, [UNDO], [seconds(run.at)], [body], salted(none)), of)


def _begin_here(run: Run) -> None:
    stated = update(runs_table).where(runs_table.c.id == run.id)
    run.connection.execute(stated.values(first_change=run.seq + 1))


def _count_on(run: Run) -> None:
    """PostgreSQL counts rows by itself, and has to be told how far they go; SQLite sees it."""
    if not run.postgresql:
        return
    for table in (*FOLLOWING, notices):
        key = [*table.primary_key.columns]
        if len(key) == 1 and key[0].name == "id":
            most = run.connection.execute(select(func.max(key[0]))).scalar_one()
            if most:
                run.connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :most)"),
                    {"name": table.name, "most": most},
                )
