"""Taking a run back as one piece, while nothing has been built on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select, update

from orderflow.ledger import anomalies, attached, conflicts, history, improvements, issued, orders, outbox
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import changes, pending, runs
from orderflow.ledger.values import ORDER_FORMS, seconds
from orderflow.records.order import Change

UNDONE, REVERTED, UNDO = "undone", "reverted", "undo"
"""The kinds of changes of an undo: a new order goes, an order is again what it was, the run as a whole."""


class TakenBack(NamedTuple):
    """The orders that a run had registered, and those that it had changed."""

    undone: list[str]
    reverted: list[str]


def touched(book: Book, run: int) -> TakenBack:
    """The orders that a run registered, and the others that it did something to, by number."""
    new: set[str] = set()
    old: set[str] = set()
    first, last = book.connection.execute(select(runs.c.first_change, runs.c.last_change).where(runs.c.id == run)).one()
    asked = select(changes.c.number, changes.c.kind).where(changes.c.seq.between(first, last))
    for row in book.stream(asked.where(changes.c.number.is_not(None))):
        (new if row.kind == history.REGISTERED else old).add(row.number)
    return TakenBack(sorted(new), sorted(old - new))


def built_on(book: Book, run: int) -> list[int]:
    """The later runs that did something to the same orders; while there are any, a run cannot be taken back.

    Runs that were taken back, and the runs that did so, do not count.
    """
    last = book.connection.execute(select(runs.c.last_change).where(runs.c.id == run)).scalar_one()
    undoing = select(runs.c.undone_by).where(runs.c.undone_by.is_not(None))
    found: set[int] = set()
    new, old = touched(book, run)
    for chunk in in_chunks([*new, *old]):
        later = (
            select(changes.c.run)
            .distinct()
            .join(runs, changes.c.run == runs.c.id)
            .where(among(book, changes.c.number, chunk), changes.c.seq > last)
            .where(runs.c.undone_by.is_(None), runs.c.id.not_in(undoing))
        )
        found.update(book.connection.execute(later).scalars())
    return sorted(found)


def take_back(run: Run, target: int) -> TakenBack:
    """Takes a kept run back: its new orders are undone, what it did to others is reverted.

    Its judgements, plans, anomalies, conflicts, waiting notices and pending work go with it. Whether anything was
    built on it, the caller has asked (`built_on`). Raises `ValueError` for a run that was taken back before, and what
    `outbox.take_back` raises.
    """
    marked = update(runs).where(runs.c.id == target, runs.c.undone_by.is_(None)).values(undone_by=run.id)
    if not run.connection.execute(marked).rowcount:
        raise ValueError(f"no run to take back: {target}")
    found = touched(run, target)
    edits = [orders.Edit(number, UNDONE, {"undone": True}, run.at) for number in found.undone]
    orders.change(run, [*edits, *_reverting(run, target, set(found.reverted))])
    attached.take_back(run, target)
    anomalies.take_back(run, target)
    conflicts.take_back(run, target)
    issued.take_back(run, target)
    improvements.take_back(run, target)
    outbox.drop(run, target)
    outbox.take_back(run, target)
    left = (pending.c.run == target) & pending.c.done_at.is_(None)
    run.connection.execute(update(pending).where(left).values(done_at=seconds(run.at)))
    history.record(run, [Change(UNDO, run.at, after={"undone_run": target})])
    return found


def _reverting(run: Run, target: int, numbers: set[str]) -> Iterable[orders.Edit]:
    """What brings orders back to what they were before a run: the first `before` of each field."""
    before: dict[str, dict[str, Any]] = defaultdict(dict)
    for change in history.changes_of_run(run, target):
        if change.number in numbers:
            before[change.number] = {**change.before, **before[change.number]}
    for number, values in before.items():
        own = {field: value for field, value in values.items() if field in ORDER_FORMS}
        yield orders.Edit(number, REVERTED, own, run.at)
