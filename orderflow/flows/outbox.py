"""`outbox`: what waits, was sent or failed; a person approves, sends again or lets go (PROCESS.md, "Always")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from orderflow.flows.desk import Desk
from orderflow.flows.laying import lay_out
from orderflow.flows.sending import send_waiting
from orderflow.ledger import outbox
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.outbox import Notice
from orderflow.records.errors import OrderflowError

ALL = "all"
_ALLOWED = {
    "approve": (outbox.HELD,),
    "retry": (outbox.WAITING, outbox.FAILED, outbox.UNCERTAIN),
    "drop": outbox.UNSENT,
}
_DONE = {
    "approve": (outbox.APPROVED, outbox.WAITING),
    "retry": (outbox.RETRIED, outbox.WAITING),
    "drop": (outbox.LET_GO, outbox.DROPPED),
}


@dataclass(slots=True)
class Outbox:
    """Notices, and how many there are in each state; `run` where something was decided about them."""

    notices: list[Notice] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    run: int | None = None


def listed(desk: Desk, state: str | None, limit: int) -> Outbox:
    """The newest notices. Raises OrderflowError `notice-state-unknown`."""
    if state is not None and state not in outbox.STATES:
        raise OrderflowError("notice-state-unknown", value=state, known=list(outbox.STATES))
    with desk.ledger() as ledger, ledger.read() as book:
        return Outbox(outbox.latest(book, state, limit), outbox.counts(book))


def shown(desk: Desk, notice: int) -> Notice:
    """One notice. Raises OrderflowError `notice-unknown`."""
    with desk.ledger() as ledger, ledger.read() as book:
        return _known(book, [notice])[0]


def decide(desk: Desk, decision: str, named: Sequence[str]) -> Outbox:
    """`approve`, `retry` or `drop` notices by their numbers, or all that can be; what may leave then leaves at once.

    Raises OrderflowError `notice-unknown`, `notice-not-so` (it is in another state) or `nothing-to-decide`.
    """
    with desk.ledger() as ledger:
        decided = _decided(desk, ledger, decision, named)
        ids = [notice.id for notice in decided.notices]
        if decision == "drop":
            lay_out(desk, ledger)
        else:
            send_waiting(desk, ledger, desk.now, only=ids)
        with ledger.read() as book:
            return Outbox(outbox.by_ids(book, ids), outbox.counts(book), decided.run)


def _decided(desk: Desk, ledger: Ledger, decision: str, named: Sequence[str]) -> Outbox:
    with desk.begin(ledger, f"outbox {decision}", {"notices": list(named)}) as run:
        meant = _meant(desk, run, decision, named)
        outbox.decide(run, meant, *_DONE[decision])
        return Outbox(meant, run=run.id)


def _meant(desk: Desk, book: Book, decision: str, named: Sequence[str]) -> list[Notice]:
    allowed = _ALLOWED[decision]
    if list(named) == [ALL]:
        found = outbox.in_states(book, allowed)
        if not found:
            raise OrderflowError("nothing-to-decide")
        return found
    found = _known(book, [_number(name) for name in named])
    for notice in found:
        if notice.state not in allowed:
            state = desk.say(f"notices.states.{notice.state}")
            raise OrderflowError("notice-not-so", notice=notice.id, state=state)
    return found


def _number(typed: str) -> int:
    if not typed.isdecimal():
        raise OrderflowError("notice-unknown", notice=typed)
    return int(typed)


def _known(book: Book, ids: Sequence[int]) -> list[Notice]:
    found = outbox.by_ids(book, ids)
    missing = set(ids) - {notice.id for notice in found}
    if missing:
        raise OrderflowError("notice-unknown", notice=min(missing))
    return found
