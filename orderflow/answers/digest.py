"""The answer of `digest`: the day in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.today import SilentJson, silent_words
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.flows.digest import Digest
from orderflow.records.choices import STAGE
from orderflow.report import sentences as said
from orderflow.report.console import console, indented

_SHOWN = 20


class MovedJson(BaseModel):
    """An order that moved today: the stage reported on, the day it was done, the carrier's number."""

    number: str
    stage: str
    actual: str | None
    tracking_number: str | None


class DigestJson(BaseModel):
    """`orderflow digest --json`: what moved, the day's counts, and how many notices were queued, sent, and wait."""

    run: int | None
    day: str
    orders: list[MovedJson]
    counts: dict[str, int]
    silent: list[SilentJson]
    notices: int
    sent: int
    waiting: int
    findings: list[Any] = []


@dataclass(frozen=True, slots=True)
class DigestAnswer:
    """The day as it was told."""

    desk: Desk
    found: Digest

    @property
    def exit_code(self) -> int:
        """The digest asks nothing of who runs it."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """What moved, counted and told."""
        found = self.found
        return DigestJson(
            run=found.run,
            day=self.desk.now.date().isoformat(),
            orders=[
                MovedJson(
                    number=one.number,
                    stage=one.stage,
                    actual=one.actual.isoformat() if one.actual else None,
                    tracking_number=one.tracking_number,
                )
                for one in found.moved
            ],
            counts={**found.counts._asdict(), "late": found.late, "coming": found.coming},
            silent=[SilentJson(department=one.department, stages=one.stages) for one in found.silent],
            notices=found.notices,
            sent=found.sent,
            waiting=found.waiting,
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The counts, what moved, who said nothing, what was sent."""
        out, desk, found = console(), self.desk, self.found
        out.print(desk.say("messages.digest.title", day=f"{desk.now:%Y-%m-%d}"), style="bold")
        facts = {**found.counts._asdict(), "late": found.late, "coming": found.coming}
        indented(desk.say("messages.digest.counts", **facts), 2)
        indented(desk.say("messages.digest.standing", **facts), 2)
        if call.quiet:
            return
        for one in found.moved[:_SHOWN]:
            stage = said.word_of(STAGE, one.stage, desk.lang)
            day = f"{one.actual:%m-%d} ✓" if one.actual else ""
            out.print("  " + "  ".join(filter(None, (one.number, stage, day, one.tracking_number))))
        if len(found.moved) > _SHOWN:
            out.print("  " + desk.say("messages.board.more", count=len(found.moved) - _SHOWN), style="dim")
        if found.silent:
            indented(silent_words(desk, found.silent), 2)
        key = "told" if found.run is not None else "told_before"
        sums = {"notices": found.notices, "sent": found.sent, "waiting": found.waiting}
        indented(desk.say(f"messages.digest.{key}", **sums), 2, style="dim")
