"""Notices that a run gives rise to, kept with the facts that caused them until a channel takes them.

What becomes of one when it is sent stands in `attempts`; here are the queue and what people decide about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import Row, exists, func, select, update

from orderflow.ledger import bulk, history
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import notices
from orderflow.ledger.values import json_of, json_text, json_value, moment, seconds
from orderflow.records.errors import OrderflowError
from orderflow.records.order import Change

HELD, WAITING, SENDING = "held", "waiting", "sending"
SENT, FAILED, UNCERTAIN, DROPPED = "sent", "failed", "uncertain", "dropped"
STATES = (HELD, WAITING, SENDING, UNCERTAIN, FAILED, SENT, DROPPED)
"""`held` waits for approval; `sending` is an attempt whose end is not known yet; the next two need a person."""
UNSENT = (HELD, WAITING, UNCERTAIN, FAILED)
APPROVED, RETRIED, LET_GO = "notice-approved", "notice-retried", "notice-dropped"
"""The kinds of changes that record what a person decided."""


class Notice(NamedTuple):
    """What somebody has to be told. `recipient` is a role; `key` says what it is about, and is told once.

    `address` is the recipient's own, where the desk knows it; `channel` and `target`, the address there, are set once
    it is clear how the notice leaves. Where it leaves by several ways, each further one has a copy. `subject` and
    `words` are what was sent, or was about to be. `reason` is a key of `notices.reasons`. `token` goes along with
    every attempt, so that a receiver can tell a second one; it is given when the notice is queued.
    """

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
    department: str | None = None
    address: str | None = None
    copy_of: int | None = None
    channel: str | None = None
    target: str | None = None
    subject: str | None = None
    words: str | None = None
    attempts: int = 0
    attempted_at: datetime | None = None
    next_at: datetime | None = None
    settled_at: datetime | None = None
    reason: str | None = None
    detail: str | None = None
    token: str = ""


_TOKEN = 16  # bytes
TOGETHER = 10_000
"""How many notices are best queued at once."""
_MOMENTS = ("created_at", "attempted_at", "next_at", "settled_at")


def add(run: Run, new: Mapping[str, Sequence[Any]]) -> int:
    """Queues new notices of a run, given as columns; one whose key is known is left as it is. How many were new.

    `numbers` and `facts` are as Python holds them. What is not given, and has a value in every notice, is set here.
    """
    count = len(new["key"])
    set_here = {"run": [run.id] * count, "created_at": [seconds(run.at)] * count, "attempts": [0] * count}
    return _insert(run, {**new, **set_here})


def queue(book: Book, told: Sequence[Notice]) -> int:
    """Queues notices, each as of the run it bears; one whose key is known is left as it is. How many were new."""
    if not told:
        return 0
    columns: dict[str, Sequence[Any]] = dict(zip(Notice._fields, zip(*told, strict=True), strict=True))
    del columns["id"]
    columns |= {name: [None if at is None else seconds(at) for at in columns[name]] for name in _MOMENTS}
    return _insert(book, columns)


def _insert(book: Book, columns: Mapping[str, Sequence[Any]]) -> int:
    count = len(columns["key"])
    tokens = token_hex(_TOKEN * count)
    stored = {
        "token": [tokens[at : at + 2 * _TOKEN] for at in range(0, len(tokens), 2 * _TOKEN)],
        "numbers": [json_of(list(numbers)) for numbers in columns["numbers"]],
        "facts": list(map(json_text, columns["facts"])),
    }
    return bulk.insert_unknown(book, notices, {**columns, **stored})


def notice_of(row: Row[Any]) -> Notice:
    """A notice as its row has it."""
    values = {name: getattr(row, name) for name in Notice._fields}
    values |= {name: moment(at) for name in _MOMENTS if (at := values[name]) is not None}
    return Notice(**{**values, "numbers": json_value(row.numbers), "facts": json_value(row.facts)})


def waiting(book: Book) -> list[Notice]:
    """The notices that wait to be sent, the oldest first."""
    return in_states(book, [WAITING])


def unrouted(book: Book, state: str) -> Iterator[Notice]:
    """The notices in one state, the oldest first, streamed; of those that wait, the ones that have no channel yet."""
    found = select(notices).where(notices.c.state == state).order_by(notices.c.id)
    if state == WAITING:
        found = found.where(notices.c.channel.is_(None))
    return map(notice_of, book.stream(found))


def to_leave(book: Book, events: Sequence[str]) -> list[Notice]:
    """The notices of these events that have not been tried yet, the oldest first."""
    asked = select(notices).where(notices.c.event.in_(events), notices.c.state.in_((HELD, WAITING)))
    return [notice_of(row) for row in book.connection.execute(asked.order_by(notices.c.id))]


def in_states(book: Book, states: Sequence[str]) -> list[Notice]:
    """The notices in any of these states, the oldest first."""
    found = select(notices).where(notices.c.state.in_(states)).order_by(notices.c.id)
    return [notice_of(row) for row in book.connection.execute(found)]


def latest(book: Book, state: str | None, limit: int) -> list[Notice]:
    """The newest notices, in one state or in any, the newest first."""
    found = select(notices).order_by(notices.c.id.desc()).limit(limit)
    if state is not None:
        found = found.where(notices.c.state == state)
    return [notice_of(row) for row in book.connection.execute(found)]


def by_ids(book: Book, ids: Sequence[int]) -> list[Notice]:
    """These notices, the oldest first; what does not exist is left out."""
    found = select(notices).where(among(book, notices.c.id, ids)).order_by(notices.c.id)
    return [notice_of(row) for row in book.connection.execute(found)]


def delivered(book: Book, keys: Sequence[str]) -> dict[str, datetime]:
    """When the notices with these keys were delivered, the first of their copies; others are left out."""
    found: dict[str, datetime] = {}
    wanted = select(notices.c.key, notices.c.settled_at).where(notices.c.state == SENT)
    for chunk in in_chunks(keys):
        for row in book.connection.execute(wanted.where(among(book, notices.c.key, chunk))):
            found[row.key] = moment(row.settled_at)
    return found


def stands(book: Book, beginning: str) -> bool:
    """Whether a notice whose key begins so was ever queued and not let go."""
    meant = notices.c.key.startswith(beginning, autoescape=True) & (notices.c.state != DROPPED)
    return bool(book.connection.execute(select(exists().where(meant))).scalar())


def counts(book: Book) -> dict[str, int]:
    """How many notices are in each state that any is in."""
    grouped = select(notices.c.state, func.count().label("many")).group_by(notices.c.state)
    found = {row.state: row.many for row in book.connection.execute(grouped)}
    return {state: found[state] for state in STATES if state in found}


def drop(run: Run, of_run: int) -> int:
    """Drops what has not left of another run, which is undone; how many."""
    stated = (notices.c.run == of_run) & notices.c.state.in_((HELD, WAITING, FAILED))
    return run.connection.execute(update(notices).where(stated).values(state=DROPPED)).rowcount


def decide(run: Run, decided: Sequence[Notice], kind: str, state: str) -> None:
    """Records what a person decided about notices, and brings them into a state; attempts count anew."""
    fresh = {"state": state, "attempts": 0, "next_at": None, "settled_at": None, "settled_run": None}
    stated = among(run, notices.c.id, [notice.id for notice in decided])
    run.connection.execute(update(notices).where(stated).values(fresh))
    history.record(
        run,
        [
            Change(kind, run.at, before={"notice": n.id, "state": n.state}, after={"notice": n.id, "state": state})
            for n in decided
        ],
    )


def take_back(run: Run, target: int) -> None:
    """Takes back what a run decided. Raises OrderflowError `notice-moved-on` where a notice has left since."""
    for change in history.changes_of_run(run, target):
        if change.kind not in (APPROVED, RETRIED, LET_GO):
            continue
        notice, decided = change.after["notice"], change.after["state"]
        stated = (notices.c.id == notice) & (notices.c.state == decided) & (notices.c.attempts == 0)
        back = update(notices).where(stated).values(state=change.before["state"])
        if not run.connection.execute(back).rowcount:
            raise OrderflowError("notice-moved-on", notice=notice)
