"""`undo`: a run is taken back as one piece, while nothing has been built on it."""

from __future__ import annotations

from orderflow.flows.desk import Desk
from orderflow.flows.doing import Done, one_run
from orderflow.flows.queries import whole_orders
from orderflow.ledger import undo
from orderflow.ledger.book import Book
from orderflow.ledger.runs import PastRun, past_run, past_runs
from orderflow.records.errors import OrderflowError

COMMAND = "undo"
_ARCHIVAL = ("archive", "archive prune", "archive forget", "archive restore")
_FINAL = frozenset({COMMAND, "send", *_ARCHIVAL})  # what has left, is sealed or erased cannot be called back
_SHOWN = 5  # order numbers named in a refusal


def undo_run(desk: Desk, number: int | None) -> Done:
    """Take back run `number`, or the last one that can be.

    Raises OrderflowError `nothing-to-undo`, `run-unknown`, `run-undone`, `run-not-undoable` or `run-built-on`.
    """
    with one_run(desk, COMMAND, {"run": number}) as run:
        target = _target(run, number, run.id)
        later = undo.built_on(run, target.id)
        if later:
            named = ", ".join(_shared(run, target.id, max(later))[:_SHOWN])
            raise OrderflowError("run-built-on", run=target.id, later=max(later), numbers=named)
        taken = undo.take_back(run, target.id)
        return Done(run.id, whole_orders(desk, run, [*taken.undone, *taken.reverted]))


def _target(book: Book, number: int | None, own: int) -> PastRun:
    if number is None:
        return _last(book, own)
    found = past_run(book, number) if number != own else None
    if found is None:
        raise OrderflowError("run-unknown", run=number)
    if found.undone_by is not None:
        raise OrderflowError("run-undone", run=number)
    if found.command in _FINAL:
        raise OrderflowError("run-not-undoable", run=number)
    return found


def _last(book: Book, own: int) -> PastRun:
    for past in past_runs(book):
        if past.id != own and past.undone_by is None and past.command not in _FINAL:
            return past
    raise OrderflowError("nothing-to-undo")


def _shared(book: Book, run: int, later: int) -> list[str]:
    one, other = undo.touched(book, run), undo.touched(book, later)
    return sorted({*one.undone, *one.reverted} & {*other.undone, *other.reverted})
