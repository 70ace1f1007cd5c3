"""Sending what waits in the outbox: what `watch`, `digest` and `outbox retry` do (PROCESS.md, "Always").

One process at a time sends. Each attempt is noted in the ledger before it is made, and its end after it: killed in
between, a notice is found at `sending` with nobody at it and becomes `uncertain`, which is said and never sent again
by itself. Pauses are kept in the ledger too, so that nothing sleeps and no process has to live.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orderflow.flows.desk import Desk
from orderflow.flows.laying import lay_out
from orderflow.flows.messages import message_of, ways_of
from orderflow.flows.turns import SENDING, Turns
from orderflow.ledger import attempts, outbox
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.outbox import Notice
from orderflow.notices.channels import send
from orderflow.notices.message import Outcome, Verdict, refused, too_fast
from orderflow.notices.secrets import secrets_of
from orderflow.records.errors import OrderflowError

COMMAND = "send"
_TURN = 0x6E6F7469  # the turn of who sends, on PostgreSQL
_CLOSING = frozenset({"unreached", "secret-missing"})  # what all that waits for a channel would meet with


@dataclass(slots=True)
class Sent:
    """What sending came to: notices that left now, and those that still wait, for their time or for a person."""

    sent: int = 0
    waiting: int = 0


def send_waiting(desk: Desk, ledger: Ledger, now: datetime, only: Collection[int] | None = None) -> Sent:
    """Make every attempt that is due at `now` (or only those of some notices); nothing is waited for.

    Where another process is sending, it is left to that one.
    """
    done = Sent()
    with Turns(desk.path, SENDING) as turns, ledger.alone(_TURN) as alone:
        if alone and turns.take(0):
            with ledger.amend() as book:
                attempts.doubt_interrupted(book, now)
                _route_waiting(desk, book, now)
                due = attempts.due(book, now)
            chosen = [notice for notice in due if only is None or {notice.id, notice.copy_of} & {*only}]
            done.sent = _attempt_all(desk, ledger, chosen, now)
            _tell_history(desk, ledger)
    lay_out(desk, ledger)
    with ledger.read() as book:
        counted = outbox.counts(book)
    done.waiting = sum(counted.get(state, 0) for state in outbox.UNSENT)
    return done


def _route_waiting(desk: Desk, book: Book, now: datetime) -> None:
    """Set how each notice leaves that nothing is known of yet, or whose way is gone from the settings.

    One whose only ways left are those of its copies is set aside: it would be told there twice.
    """
    for notice in outbox.waiting(book):
        fitting = ways_of(desk, notice)
        if notice.channel is None and not fitting:
            continue
        if notice.channel is None or (notice.channel, notice.target or "") not in fitting:
            taken = attempts.taken_ways(book, notice)
            free = [way for way in fitting if way not in taken]
            if fitting and not free:
                attempts.end(book, notice.id, outbox.FAILED, now, "no-way", None)
            else:
                attempts.route(book, notice, free)


def _attempt_all(desk: Desk, ledger: Ledger, due: Sequence[Notice], now: datetime) -> int:
    """One attempt each, the oldest first; how many were delivered.

    A channel whose receiver cannot be reached, falls silent or has had enough is left alone until the next time:
    it would only make the others wait, and more of them uncertain.
    """
    delivered, closed = 0, set()
    for notice in due:
        if notice.channel is None or notice.channel in closed:
            continue
        verdict = _attempt(desk, ledger, notice, now)
        delivered += verdict.outcome is Outcome.DELIVERED
        if verdict.outcome in (Outcome.UNKNOWN, Outcome.TOO_FAST) or verdict.reason in _CLOSING:
            closed.add(notice.channel)
    return delivered


def _attempt(desk: Desk, ledger: Ledger, notice: Notice, now: datetime) -> Verdict:
    """One attempt, noted before and after, unless something is wanting or the channel has had enough this minute."""
    channel = desk.settings.channels[notice.channel or ""]
    try:
        message, secrets = message_of(desk, notice), secrets_of(channel, desk.path)
    except OrderflowError as unready:
        with ledger.amend() as book:
            why = str(unready.params.get("reference") or unready.params.get("why"))
            attempts.postpone(book, notice.id, now + _pause(desk, 0), unready.code, why)
        return refused(unready.code)
    with ledger.amend() as book:
        if attempts.in_the_last_minute(book, notice.channel or "", now) >= channel.per_minute:
            return too_fast("", 0)
        if not attempts.begin(book, notice, message.subject, message.text, now):
            return refused("not-due")
    verdict = send(channel, message, secrets)
    with ledger.amend() as book:
        _settle(desk, book, notice, verdict, now)
    return verdict


def _settle(desk: Desk, book: Book, notice: Notice, verdict: Verdict, now: datetime) -> None:
    """Note how an attempt ended: delivered, uncertain, set aside, or once more after a pause."""
    said = (verdict.reason or None, verdict.detail or None)
    if verdict.outcome is Outcome.DELIVERED:
        attempts.end(book, notice.id, outbox.SENT, now, None, None)
    elif verdict.outcome is Outcome.UNKNOWN:
        attempts.end(book, notice.id, outbox.UNCERTAIN, now, *said)
    elif verdict.final or notice.attempts >= len(desk.settings.notices.pauses_minutes):
        attempts.end(book, notice.id, outbox.FAILED, now, *said)
    else:
        until = now + max(_pause(desk, notice.attempts), timedelta(seconds=verdict.pause))
        attempts.postpone(book, notice.id, until, verdict.reason, verdict.detail)
    if verdict.outcome is Outcome.TOO_FAST:
        attempts.hold_back(book, notice.channel or "", now + timedelta(seconds=verdict.pause))


def _pause(desk: Desk, attempt: int) -> timedelta:
    pauses = desk.settings.notices.pauses_minutes
    return timedelta(minutes=pauses[attempt] if pauses else 1)


def _tell_history(desk: Desk, ledger: Ledger) -> None:
    """Write what became of notices into the history: one run for all of them, none where nothing was settled."""
    with ledger.read() as book:
        if not attempts.untold(book):
            return
    with desk.begin(ledger, COMMAND) as run:
        attempts.tell(run, attempts.untold(run))
