"""The desk's folder `outbox/`: every notice that waits for a person lies there as a text that anybody can read."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import IO

from orderflow.flows.desk import Desk
from orderflow.flows.messages import ways_of, words_of
from orderflow.ledger import outbox
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.outbox import Notice
from orderflow.records.errors import OrderflowError

FOLDER = "outbox"
_OURS = re.compile(r"[0-9]{6,}-[a-z-]+-(held|waiting|failed|uncertain)\.txt")


def lay_out(desk: Desk, ledger: Ledger) -> None:
    """Bring the folder up to date: a text for each notice that waits for a person, none for the others.

    The name of a text says where its notice stands, so that one that is there need not be written again. A text that
    cannot be written now (a full disk) is left to the next command: the notice itself is safe in the ledger.
    """
    folder = desk.path / FOLDER
    with ledger.read() as book:
        wanted = {
            _name(notice): notice for notice in outbox.in_states(book, outbox.UNSENT) if _for_a_person(desk, notice)
        }
    with suppress(OSError):
        there = {path.name for path in folder.iterdir() if _OURS.fullmatch(path.name)} if folder.is_dir() else set()
        for name in there - wanted.keys():
            (folder / name).unlink(missing_ok=True)
        for name in wanted.keys() - there:
            _write(desk, name, wanted[name])


def _for_a_person(desk: Desk, notice: Notice) -> bool:
    """Whether it will not leave by itself; what waits for its next attempt will."""
    return notice.state != outbox.WAITING or not (notice.channel or ways_of(desk, notice))


def _name(notice: Notice) -> str:
    return f"{notice.id:06d}-{notice.event}-{notice.state}.txt"


def _write(desk: Desk, name: str, notice: Notice) -> None:
    from orderflow.sheets.atomic import replace_file

    content = text_of(desk, notice).replace("\n", "\r\n").encode("utf-8-sig")  # as Notepad reads it

    def write(file: IO[bytes]) -> None:
        file.write(content)

    with suppress(OrderflowError):
        replace_file(desk.path / FOLDER / name, write)


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
