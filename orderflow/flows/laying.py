"""The desk's folder `outbox/`: every notice that waits for a person lies there as a text that anybody can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.messages import ways_of, words_of
from orderflow.ledger import outbox
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.outbox import Notice
from orderflow.records.errors import OrderflowError

FOLDER = "outbox"
LAID_OUT = 200
"""Texts that lie there at most: nobody reads thousands of them, and each command would have to look through them."""
_OURS = re.compile(r"([0-9]{6,}-[a-z-]+-(held|waiting|failed|uncertain)|more-[0-9]+)\.txt")
_FIRST = (outbox.UNCERTAIN, outbox.FAILED, outbox.WAITING, outbox.HELD)  # what presses most before the rest


def lay_out(desk: Desk, ledger: Ledger) -> None:
    """Bring the folder up to date: a text for each notice that waits for a person, none for the others.

    Of very many, `LAID_OUT` lie there, and a text that says how many more there are. The name of a text says where its
    notice stands, so that one that is there need not be written again. A text that cannot be written now (a full disk)
    is left to the next command: the notice itself is safe in the ledger.
    """
    if desk.writes_later:
        return
    folder = desk.path / FOLDER
    with ledger.read() as book:
        wanted = _wanted(desk, book)
    with suppress(OSError):
        there = {path.name for path in folder.iterdir() if _OURS.fullmatch(path.name)} if folder.is_dir() else set()
        for name in there - wanted.keys():
            (folder / name).unlink(missing_ok=True)
        for name in wanted.keys() - there:
            _write(folder / name, wanted[name]())


def _wanted(desk: Desk, book: Book) -> dict[str, Callable[[], str]]:
    """The texts that have to lie there by their names."""
    waiting = (notice for state in _FIRST for notice in outbox.unrouted(book, state) if _for_a_person(desk, notice))
    found = list(islice(waiting, LAID_OUT + 1))
    wanted: dict[str, Callable[[], str]] = {
        _name(notice): partial(text_of, desk, notice) for notice in found[:LAID_OUT]
    }
    if len(found) > LAID_OUT:
        counted = outbox.counts(book)
        more = sum(counted.get(state, 0) for state in outbox.UNSENT) - LAID_OUT
        wanted[f"more-{more}.txt"] = partial(desk.say, "notices.page.more", count=more)
    return wanted


def _for_a_person(desk: Desk, notice: Notice) -> bool:
    """Whether it will not leave by itself; what waits for its next attempt will."""
    return notice.state != outbox.WAITING or not ways_of(desk, notice)


def _name(notice: Notice) -> str:
    return f"{notice.id:06d}-{notice.event}-{notice.state}.txt"


def _write(path: Path, text: str) -> None:
    from orderflow.sheets.atomic import replace_content

    content = text.replace("\n", "\r\n").encode("utf-8-sig")  # as Notepad reads it
    with suppress(OrderflowError):
        replace_content(path, content)


def text_of(desk: Desk, notice: Notice) -> str:
    """A notice as a page to read: to whom, what, why it waits."""
    try:
        subject, words = words_of(desk, notice)
    except OrderflowError as broken:
        subject, words = notice.event, f"{broken.params.get('why')}"
    who = desk.say(f"notices.recipients.{notice.recipient}")
    to = " ".join(part for part in (who, notice.department, notice.target or notice.address) if part)
    state = desk.say(f"notices.states.{notice.state}")
    reason = reason_of(desk, notice)
    at = f"{desk.local(notice.created_at):%Y-%m-%d %H:%M}"
    head = desk.say("notices.page.head", id=notice.id, to=to, state=state, at=at)
    return "\n".join([head, *([reason] if reason else ()), "", subject, "", words, ""])


def reason_of(desk: Desk, notice: Notice) -> str:
    """Why a notice has not left, in words; empty where nothing is in its way."""
    if notice.reason is None:
        return ""
    reason = desk.say(f"notices.reasons.{notice.reason}", detail=notice.detail or "—")
    if notice.state != outbox.WAITING or notice.next_at is None:
        return reason
    return desk.say("notices.page.next", reason=reason, at=f"{desk.local(notice.next_at):%m-%d %H:%M}")
