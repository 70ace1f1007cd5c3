"""The answer of `watch`: what came in, what ran out, what was sent; short, as it goes into cron's log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.aftersales import short
from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.watch import Watched
from orderflow.report import sentences as said
from orderflow.report.console import console

_SHOWN = 20


class ReceivedJson(BaseModel):
    """A file of the inbox: `path` is where it lies now, `result` the text about it; `kind` the workbook it was."""

    name: str
    path: str
    kind: str | None
    taken: bool
    result: str
    run: int | None


class BreachJson(BaseModel):
    """A clock that ran out since the last watch; `code` is its name."""

    number: str
    code: str
    due: str


class WatchJson(BaseModel):
    """`orderflow watch --json`; `busy` where another watch was at it, and nothing was done."""

    run: int | None
    busy: bool
    files: list[ReceivedJson]
    waiting_files: list[str]
    breaches: list[BreachJson]
    sent: int
    waiting: int
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class WatchAnswer:
    """What a watch came to."""

    desk: Desk
    watched: Watched

    @property
    def exit_code(self) -> int:
        """1 where a file, a workbook or a stage needs a person."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.watched.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """Everything that a program needs to go on with."""
        watched, desk = self.watched, self.desk
        return WatchJson(
            run=watched.run,
            busy=watched.busy,
            files=[
                ReceivedJson(
                    name=one.path.name,
                    path=str(one.moved),
                    kind=one.kind,
                    taken=one.went_in,
                    result=str(one.result),
                    run=one.run,
                )
                for one in watched.received
            ],
            waiting_files=[path.name for path in watched.waiting_files],
            breaches=[
                BreachJson(number=one.number, code=one.clock, due=one.due.astimezone(desk.zone).isoformat())
                for one in watched.breaches
            ],
            sent=watched.sent,
            waiting=watched.waiting,
            findings=[as_json(finding, desk.lang) for finding in watched.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A line of sums, then a line for each file and each clock that ran out."""
        out, say, watched = console(), self.desk.say, self.watched
        at = f"{self.desk.now:%Y-%m-%d %H:%M}"
        if watched.busy:
            out.print(say("messages.watch.busy", at=at))
            return
        if not call.quiet:
            counts = {"files": len(watched.received), "changes": len(watched.synced.entries)}
            counts |= {"breaches": len(watched.breaches), "sent": watched.sent, "waiting": watched.waiting}
            out.print(say("messages.watch.done", at=at, **counts), style="bold")
            for one in watched.received:
                key = "taken" if one.went_in else "failed"
                out.print("  " + say(f"messages.watch.{key}", file=one.path.name, result=one.result))
            for path in watched.waiting_files:
                out.print("  " + say("messages.watch.unfinished", file=path.name), style="dim")
            self._show_breaches()
        show_findings(self.desk, watched.findings, call)

    def _show_breaches(self) -> None:
        breaches, desk = self.watched.breaches, self.desk
        for one in breaches[:_SHOWN]:
            clock = desk.say(f"messages.clock_names.{one.clock}")
            due = short(one.due, desk)
            console().print(
                "  " + desk.say("messages.watch.breach", number=one.number, clock=clock, due=due), style="red"
            )
        if len(breaches) > _SHOWN:
            console().print("  " + desk.say("messages.board.more", count=len(breaches) - _SHOWN), style="dim")
