"""Sending a notice, as the ledger sees it: an attempt is noted before it is made, and its end after it.

So a notice whose sender was killed in between stands at `sending` with nobody at it, and is known to be uncertain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update

from orderflow.ledger import history
from orderflow.ledger.book import Book, Run, among
from orderflow.ledger.outbox import FAILED, SENDING, SENT, UNCERTAIN, WAITING, Notice, notice_of, queue
from orderflow.ledger.schema import notices
from orderflow.ledger.values import seconds
from orderflow.records.order import Change

_SETTLED = (SENT, FAILED, UNCERTAIN)
_MINUTE = timedelta(minutes=1)


def taken_ways(book: Book, notice: Notice) -> set[tuple[str, str]]:
    """The ways, as channel and address, that the copies of a notice (or what it is a copy of) leave by."""
    original = notice.copy_of or notice.id
    family = or_(notices.c.id == original, notices.c.copy_of == original) & (notices.c.id != notice.id)
    found = select(notices.c.channel, notices.c.target).where(family, notices.c.channel.is_not(None))
    return {(row.channel, row.target or "") for row in book.connection.execute(found)}


def route(book: Book, notice: Notice, ways: Sequence[tuple[str, str]]) -> None:
    """Sets how a waiting notice leaves, channel and address, with a copy for every further way; or that it cannot."""
    channel, target = ways[0] if ways else (None, None)
    stated = (notices.c.id == notice.id) & (notices.c.state == WAITING)
    book.connection.execute(update(notices).where(stated).values(channel=channel, target=target))
    original = notice.copy_of or notice.id
    fresh = notice._replace(copy_of=original, attempts=0, attempted_at=None, next_at=None, reason=None, detail=None)
    queue(book, [fresh._replace(channel=name, target=to, key=f"{notice.key} {name} {to}") for name, to in ways[1:]])


def due(book: Book, now: datetime) -> list[Notice]:
    """The notices that wait for an attempt and whose pause is over, the oldest first."""
    found = select(notices).where(_is_due(now)).order_by(notices.c.id)
    return [notice_of(row) for row in book.connection.execute(found)]


def _is_due(now: datetime) -> ColumnElement[bool]:
    over = or_(notices.c.next_at.is_(None), notices.c.next_at <= seconds(now))
    return (notices.c.state == WAITING) & over


def in_the_last_minute(book: Book, channel: str, now: datetime) -> int:
    """How many messages a channel was given in the minute up to `now`."""
    since = seconds(now - _MINUTE)
    stated = (notices.c.channel == channel) & (notices.c.attempted_at > since)
    counted: int = book.connection.execute(select(func.count()).where(stated)).scalar_one()
    return counted


def begin(book: Book, notice: Notice, subject: str, words: str, now: datetime) -> bool:
    """Notes that an attempt is about to be made, with what is sent; whether it is ours to make, and still due."""
    values = {
        "state": SENDING,
        "subject": subject,
        "words": words,
        "attempts": notice.attempts + 1,
        "attempted_at": seconds(now),
    }
    stated = (notices.c.id == notice.id) & _is_due(now)
    return bool(book.connection.execute(update(notices).where(stated).values(values)).rowcount)


def end(book: Book, notice: int, state: str, now: datetime, reason: str | None, detail: str | None) -> None:
    """Notes how an attempt ended for good: `sent`, `failed` or `uncertain`."""
    values = {"state": state, "settled_at": seconds(now), "next_at": None, "reason": reason, "detail": detail}
    book.connection.execute(update(notices).where(notices.c.id == notice).values(values))


def postpone(book: Book, notice: int, until: datetime, reason: str, detail: str) -> None:
    """Lets a notice wait for its next attempt."""
    values = {"state": WAITING, "next_at": seconds(until), "reason": reason, "detail": detail}
    book.connection.execute(update(notices).where(notices.c.id == notice).values(values))


def hold_back(book: Book, channel: str, until: datetime) -> None:
    """Lets everything that waits for a channel wait until its receiver wants messages again."""
    stated = (notices.c.channel == channel) & (notices.c.state == WAITING)
    later = or_(notices.c.next_at.is_(None), notices.c.next_at < seconds(until))
    book.connection.execute(update(notices).where(stated, later).values(next_at=seconds(until)))


def doubt_interrupted(book: Book, now: datetime) -> None:
    """Whatever is at `sending` while nobody sends: its sender was killed, and nobody knows whether it left."""
    values = {"state": UNCERTAIN, "settled_at": seconds(now), "reason": "interrupted", "detail": ""}
    book.connection.execute(update(notices).where(notices.c.state == SENDING).values(values))


def untold(book: Book) -> list[Notice]:
    """The notices that were sent, failed or became uncertain, and that the history does not tell of yet."""
    stated = notices.c.state.in_(_SETTLED) & notices.c.settled_run.is_(None) & notices.c.settled_at.is_not(None)
    found = select(notices).where(stated).order_by(notices.c.id)
    return [notice_of(row) for row in book.connection.execute(found)]


def tell(run: Run, settled: Sequence[Notice]) -> None:
    """Writes into the history what became of notices."""
    stated = among(run, notices.c.id, [notice.id for notice in settled])
    run.connection.execute(update(notices).where(stated).values(settled_run=run.id))
    history.record(
        run,
        [
            Change(
                f"notice-{notice.state}",
                notice.settled_at or run.at,
                after={"notice": notice.id, "event": notice.event, "channel": notice.channel},
            )
            for notice in settled
        ],
    )
