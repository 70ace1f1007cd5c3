"""Answers of `outbox`: a list of notices, one of them as it is read, what a decision came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.laying import FOLDER, reason_of, text_of
from orderflow.flows.messages import words_of
from orderflow.flows.outbox import Outbox
from orderflow.ledger.outbox import FAILED, UNCERTAIN, WAITING, Notice
from orderflow.notices.compose import Composed
from orderflow.notices.masking import masked
from orderflow.records.errors import OrderflowError
from orderflow.report.console import console

_STYLES = {"failed": "red", "uncertain": "red", "held": "yellow", "waiting": "yellow", "dropped": "dim"}


class NoticeJson(BaseModel):
    """One notice. `address` is masked; `reason` says why it has not left, `next_at` when it is tried again."""

    id: int
    event: str
    severity: str
    recipient: str
    department: str | None
    numbers: list[str]
    state: str
    channel: str | None
    address: str | None
    subject: str
    text: str
    attempts: int
    created_at: str
    attempted_at: str | None
    next_at: str | None
    settled_at: str | None
    reason: str | None
    detail: str | None
    run: int


class OutboxJson(BaseModel):
    """`outbox`: notices, and how many there are in each state; `run` is the decision's."""

    run: int | None
    notices: list[NoticeJson]
    counts: dict[str, int]
    findings: list[FindingJson] = []


def notice_json(desk: Desk, notice: Notice) -> NoticeJson:
    """One notice for `--json`; where its template is broken it has no text, and `outbox list` says why."""
    composed = _words(desk, notice)
    kept = {name: getattr(notice, name) for name in ("id", "event", "severity", "recipient", "department", "state")}
    return NoticeJson(
        **kept,
        numbers=list(notice.numbers),
        channel=notice.channel,
        address=masked(notice.target or notice.address),
        subject=composed.subject,
        text=composed.text,
        attempts=notice.attempts,
        created_at=_moment(desk, notice.created_at) or "",
        attempted_at=_moment(desk, notice.attempted_at),
        next_at=_moment(desk, notice.next_at),
        settled_at=_moment(desk, notice.settled_at),
        reason=notice.reason,
        detail=notice.detail,
        run=notice.run,
    )


def _words(desk: Desk, notice: Notice) -> Composed:
    try:
        return words_of(desk, notice)
    except OrderflowError:
        return Composed(desk.say(f"notices.events.{notice.event}.title"), "")


def _moment(desk: Desk, moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(desk.zone).isoformat()


@dataclass(frozen=True, slots=True)
class OutboxAnswer:
    """`outbox list`, `approve`, `retry` and `drop`."""

    desk: Desk
    command: str
    box: Outbox

    @property
    def exit_code(self) -> int:
        """1 where a decision left a notice that needs a person again; looking never does."""
        left = {notice.state for notice in self.box.notices} & {FAILED, UNCERTAIN}
        return NEEDS_A_PERSON if left and self.command != "list" else DONE

    def as_json(self) -> dict[str, Any]:
        """The notices, the newest first."""
        notices = [notice_json(self.desk, notice) for notice in self.box.notices]
        return OutboxJson(run=self.box.run, notices=notices, counts=self.box.counts).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A line a notice, why it has not left, and what can be done."""
        out, say = console(), self.desk.say
        if self.box.run is not None and not call.quiet:
            out.print(say(f"notices.done.{self.command}", run=self.box.run, count=len(self.box.notices)), style="bold")
        if not self.box.notices:
            out.print(say("notices.list.none"))
            return
        if self.command == "list":
            states = (f"{say(f'notices.states.{state}')} {count}" for state, count in self.box.counts.items())
            out.print("　".join(states) if self.desk.lang != "en" else "  ".join(states), style="bold")
        self._show_table()
        self._show_next()

    def _show_table(self) -> None:
        from rich.table import Table

        say = self.desk.say
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        for column in ("id", "state", "at", "to"):
            table.add_column(say(f"notices.list.{column}"), no_wrap=True)
        table.add_column(say("notices.list.subject"), overflow="fold")
        for notice in self.box.notices:
            subject = _words(self.desk, notice).subject
            reason = reason_of(self.desk, notice)
            at = f"{notice.created_at.astimezone(self.desk.zone):%m-%d %H:%M}"
            state, to = say(f"notices.states.{notice.state}"), notice.channel or say("notices.list.nowhere")
            words = f"{subject}\n{reason}" if reason else subject
            table.add_row(str(notice.id), state, at, to, words, style=_STYLES.get(notice.state))
        console().print(table)

    def _show_next(self) -> None:
        for state in ("held", "uncertain", "failed"):
            first = next((notice for notice in self.box.notices if notice.state == state), None)
            if first is not None:
                console().print(self.desk.say(f"notices.next.{state}", id=first.id), style="dim")
        if any(notice.state == WAITING and notice.channel is None for notice in self.box.notices):
            path = self.desk.path / FOLDER
            console().print(self.desk.say("notices.next.nowhere", path=path), style="dim", overflow="fold")


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """`outbox show`: one notice as its reader gets it."""

    desk: Desk
    notice: Notice

    @property
    def exit_code(self) -> int:
        """Looking at a notice never needs a person."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The one notice, in a list as elsewhere."""
        notice = notice_json(self.desk, self.notice)
        return OutboxJson(run=None, notices=[notice], counts={self.notice.state: 1}).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """To whom, why it waits, subject and text."""
        console().print(text_of(self.desk, self.notice).rstrip(), overflow="fold")
