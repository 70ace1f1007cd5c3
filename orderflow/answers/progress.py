"""The answer of `progress`: how every order under way stands, what is late, whether promises will be held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.answers.orders import StageJson, stages_json
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.tracking import Tracking
from orderflow.records.choices import STAGE
from orderflow.report import sentences as said
from orderflow.report.console import console
from orderflow.rules.tracking import Tracked

_SHOWN = 20


class TrackedJson(BaseModel):
    """One order under way; `forecast` is when its last stage will end, `on_promise` whether that is in time."""

    number: str
    stages: list[StageJson]
    promise: str | None
    forecast: str | None
    on_promise: bool | None
    outcome: str


class ExceptionJson(BaseModel):
    """A delay; `open` until a measure is named."""

    number: str
    code: str
    stage: str
    days: int
    due: str
    owner: str | None
    measure: str | None
    open: bool


class ProgressJson(BaseModel):
    """`orderflow progress --json`."""

    run: int | None
    dry_run: bool
    orders: list[TrackedJson]
    exceptions: list[ExceptionJson]
    workbook: str | None
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """What `progress` came to."""

    desk: Desk
    outcome: Tracking

    @property
    def exit_code(self) -> int:
        """1 where an exception is open."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.outcome.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """Every order under way, and every delay."""
        return ProgressJson(
            run=self.outcome.run,
            dry_run=self.outcome.dry,
            orders=[self._tracked(one) for one in self.outcome.tracked],
            exceptions=[exception for one in self.outcome.tracked for exception in _exceptions(one)],
            workbook=str(self.outcome.workbook) if self.outcome.workbook else None,
            findings=[as_json(finding, self.desk.lang) for finding in self.outcome.findings],
        ).model_dump(mode="json")

    def _tracked(self, one: Tracked) -> TrackedJson:
        return TrackedJson(
            number=one.plan.number,
            stages=stages_json(one.plan, self.desk),
            promise=one.plan.promise.isoformat() if one.plan.promise else None,
            forecast=one.end.isoformat() if one.end else None,
            on_promise=one.is_promise_held,
            outcome=one.outcome,
        )

    def show(self, call: Call) -> None:
        """How many orders are under way, each late or moved one with its stages, then what is to be done."""
        out, say, outcome = console(), self.desk.say, self.outcome
        if not call.quiet:
            title = "dry" if outcome.dry else "done" if outcome.run else "nothing"
            at = f"{self.desk.now:%Y-%m-%d %H:%M}"
            out.print(say(f"messages.progress.{title}", run=outcome.run, at=at, actor=self.desk.actor), style="bold")
            if not outcome.tracked:
                out.print("  " + say("messages.progress.none"), style="dim")
                return
            out.print("  " + say("messages.progress.counts", **self._counts()))
            notable = [one for one in outcome.tracked if call.verbose or one.outcome != "unchanged" or one.delays]
            self._show_orders(notable, call.verbose)
        show_findings(self.desk, outcome.findings, call)

    def _counts(self) -> dict[str, int]:
        tracked = self.outcome.tracked
        return {
            "open": sum(any(stage.actual is None for stage in one.plan.stages) for one in tracked),
            "now": sum(one.outcome != "unchanged" for one in tracked),
            "late": sum(bool(one.delays) for one in tracked),
            "risk": sum(one.is_promise_held is False for one in tracked),
        }

    def _show_orders(self, orders: Sequence[Tracked], verbose: bool) -> None:
        """A line an order: each stage with the day it ended (✓) or will end, late ones in red."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False, show_edge=False)
        for one in orders if verbose else orders[:_SHOWN]:
            late = {delay.stage.stage for delay in one.delays}
            line = Text()
            for stage in one.plan.stages:
                done = "✓" if stage.actual else ""
                day = one.ends.get(stage.stage)
                shown = f"{said.word_of(STAGE, stage.stage, self.desk.lang)} {day:%m-%d}{done}  " if day else ""
                line.append(shown, style="red" if stage.stage in late else "dim" if done else "")
            table.add_row(one.plan.number, line)
        console().print(table)
        if len(orders) > _SHOWN and not verbose:
            console().print("  " + self.desk.say("messages.intake.more", count=len(orders) - _SHOWN), style="dim")


def _exceptions(one: Tracked) -> list[ExceptionJson]:
    return [
        ExceptionJson(
            number=one.plan.number,
            code=delay.code,
            stage=delay.stage.stage,
            days=delay.days,
            due=str(delay.stage.due),
            owner=delay.stage.owner,
            measure=delay.stage.measure,
            open=delay.is_open,
        )
        for delay in one.delays
    ]
