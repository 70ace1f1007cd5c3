"""The answer of `plan`: every plan with its stages, what was planned now, what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.answers.orders import StageJson, stages_json
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.planning import Planned, Planning
from orderflow.records.choices import PLAN_KIND, STAGE
from orderflow.report import sentences as said
from orderflow.report.console import console

_SHOWN = 20


class PlannedJson(BaseModel):
    """One order's plan; `outcome` says what became of it in this run: new, updated or unchanged."""

    number: str
    kind: str
    rush: bool
    stages: list[StageJson]
    promise: str | None
    feasible: bool | None
    complete: bool
    outcome: str


class UnplannedJson(BaseModel):
    """An order without a plan, or with a stale one, and what has to come first (finding codes)."""

    number: str
    reasons: list[str]


class PlansJson(BaseModel):
    """`orderflow plan --json`."""

    run: int | None
    dry_run: bool
    orders: list[PlannedJson]
    unplanned: list[UnplannedJson]
    workbook: str | None
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """What `plan` came to."""

    desk: Desk
    outcome: Planning

    @property
    def exit_code(self) -> int:
        """1 where something needs a person at once; an order that waits its turn does not."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.outcome.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """Every plan in the order of the queue, and every order that has none."""
        return PlansJson(
            run=self.outcome.run,
            dry_run=self.outcome.dry,
            orders=[self._planned(one) for one in self.outcome.planned],
            unplanned=[UnplannedJson(number=n, reasons=list(reasons)) for n, reasons in self.outcome.unplanned],
            workbook=str(self.outcome.workbook) if self.outcome.workbook else None,
            findings=[as_json(finding, self.desk.lang) for finding in self.outcome.findings],
        ).model_dump(mode="json")

    def _planned(self, one: Planned) -> PlannedJson:
        plan = one.plan
        return PlannedJson(
            number=plan.number,
            kind=plan.kind,
            rush=plan.rush,
            stages=stages_json(plan, self.desk),
            promise=plan.promise.isoformat() if plan.promise else None,
            feasible=one.is_feasible,
            complete=plan.completed_at is not None,
            outcome=one.outcome,
        )

    def show(self, call: Call) -> None:
        """How many plans there are, those made now with their dates, what the others wait for."""
        out, say, outcome = console(), self.desk.say, self.outcome
        now = [one for one in outcome.planned if one.outcome != "unchanged"]
        if not call.quiet:
            title = "dry" if outcome.dry else "done" if outcome.run else "nothing"
            at = f"{self.desk.now:%Y-%m-%d %H:%M}"
            out.print(say(f"messages.plan.{title}", run=outcome.run, at=at, actor=self.desk.actor), style="bold")
            counts = {"planned": len(outcome.planned), "now": len(now), "unplanned": len(outcome.unplanned)}
            out.print("  " + say("messages.plan.counts", **counts))
            self._show_plans(now, call.verbose)
        show_findings(self.desk, outcome.findings, call)
        if not call.quiet and now:
            out.print()
            out.print(say("messages.next.confirm", hours=f"{self.desk.settings.clocks.acknowledge_hours:g}"))

    def _show_plans(self, now: Sequence[Planned], verbose: bool) -> None:
        from rich.table import Table

        if not now:
            return
        lang = self.desk.lang
        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False, show_edge=False)
        for one in now if verbose else now[:_SHOWN]:
            kind = said.word_of(PLAN_KIND, one.plan.kind, lang)
            rush = f" {self.desk.say('messages.plan.rush')}" if one.plan.rush else ""
            dates = "  ".join(f"{said.word_of(STAGE, s.stage, lang)} {s.due:%m-%d}" for s in one.plan.stages)
            table.add_row(one.plan.number, f"{kind}{rush}", dates, style="red" if one.is_feasible is False else None)
        console().print(table)
        if len(now) > _SHOWN and not verbose:
            console().print("  " + self.desk.say("messages.intake.more", count=len(now) - _SHOWN), style="dim")
