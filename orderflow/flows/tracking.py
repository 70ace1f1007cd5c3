"""`progress`: departments' reports are recorded, what follows is forecast again, delays become exceptions (step 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from orderflow.flows.desk import Desk
from orderflow.flows.progress_notices import tell_of_progress
from orderflow.flows.stage_edits import told_apart
from orderflow.ledger import events, history, plans
from orderflow.ledger.book import Run
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.choices import STAGE
from orderflow.records.finding import Finding
from orderflow.records.order import Change
from orderflow.records.plan import OrderPlan, Stage
from orderflow.report.sentences import word_of
from orderflow.rules.facts import Yardstick
from orderflow.rules.tracking import Delay, Tracked, days_late, delays, forecast, status

REPORTED = ("owner", "actual", "status", "note", "measure", "found_at", "expected", "tracking_number")
"""What a department may write of a stage."""
DELAYED = "delayed"


class Report(NamedTuple):
    """What a department wrote of one stage: some of `REPORTED`."""

    number: str
    stage: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Tracking:
    """What `progress` came to; `run` is `None` where nothing changed, or nothing was to be kept."""

    run: int | None = None
    dry: bool = False
    tracked: list[Tracked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    workbook: Path | None = None


def take_reports(desk: Desk, run: Run, before: Mapping[str, OrderPlan]) -> list[Finding]:
    """Look at every order under way after departments' reports were taken in; what is to be said of them.

    `before` are the plans as they stood before the workbook was taken in.
    """
    return DeskTracking(desk, run).track(before, ()).findings


class DeskTracking:
    """One run of tracking: the plans under way, and what is found about them."""

    def __init__(self, desk: Desk, run: Run) -> None:
        self.desk, self.run, self.today = desk, run, desk.now.date()
        self.terms = Yardstick(desk.settings).terms
        self.outcome = Tracking()

    def track(
        self, before: Mapping[str, OrderPlan], reports: Sequence[Report], numbers: Collection[str] | None = None
    ) -> Tracking:
        """Take the reports, then look at every order that is under way, or at those with these numbers."""
        under_way = plans.under_way(self.run) if numbers is None else numbers
        after = plans.of_orders(self.run, {*under_way, *before, *(report.number for report in reports)})
        found, written = told_apart(before, after, REPORTED)
        told = [*(Report(*one) for one in written), *reports]
        wanted = {*under_way, *(report.number for report in told)}
        had = {number: plan for number, plan in found.items() if number in wanted}
        has = self._reported(had, told)
        changed = [(plan, had[number]) for number, plan in has.items() if plan != had[number]]
        to_keep = [(plan, had[number]) for number, plan in has.items() if plan != after[number]]
        plans.record(self.run, plans.PROGRESSED, self.desk.now, to_keep)
        touched = {plan.number for plan, _ in changed}
        self.outcome.tracked = [self._tracked(plan, number in touched) for number, plan in sorted(has.items())]
        new = self._note_delays(self.outcome.tracked)
        tell_of_progress(self.desk, self.run, changed, new)
        for one in self.outcome.tracked:
            self.outcome.findings += self._findings(one)
        return self.outcome

    def _reported(self, had: Mapping[str, OrderPlan], reports: Iterable[Report]) -> dict[str, OrderPlan]:
        """The plans with what was reported."""
        has = dict(had)
        for number, name, values in reports:
            plan = has.get(number)
            stage = next((one for one in plan.stages if one.stage == name), None) if plan is not None else None
            if plan is None or stage is None:
                self._find("stage-unknown", number, stage=word_of(STAGE, name, self.desk.lang))
                continue
            said = {key: value for key, value in values.items() if key in REPORTED}
            for key in [key for key, value in said.items() if self._is_to_come(key, value)]:
                day = said.pop(key)
                self._find("report-to-come", number, key, stage=word_of(STAGE, name, self.desk.lang), value=str(day))
            told = replace(stage, **said)
            has[number] = replace(plan, stages=[told if one is stage else one for one in plan.stages])
        return has

    def _is_to_come(self, key: str, value: Any) -> bool:
        """Whether something is said to have happened that is still to come."""
        if key == "actual" and isinstance(value, date):
            return value > self.today
        return key == "found_at" and isinstance(value, datetime) and value > self.desk.now

    def _tracked(self, plan: OrderPlan, is_touched: bool) -> Tracked:
        least = self.desk.settings.tracking.delay_days
        found = list(delays(plan.stages, self.today, least))
        ends = forecast(plan.stages, self.today, self.terms)
        return Tracked(plan, ends, found, "updated" if is_touched else "unchanged")

    def _note_delays(self, tracked: Sequence[Tracked]) -> list[tuple[Tracked, Delay]]:
        """A delay is known from when its department found it, else from now; its clock starts there, once.

        Those that were not known before.
        """
        late = {one.plan.number: one for one in tracked if one.delays}
        noted = events.of_orders(self.run, late)
        new, changes = [], []
        for number, one in late.items():
            known = {event.about for event in noted.get(number, ()) if event.kind == DELAYED}
            for delay in one.delays:
                if delay.stage.stage not in known:
                    at = delay.stage.found_at or self.desk.now
                    after = {"stage": delay.stage.stage, "days": delay.days}
                    changes.append(Change(DELAYED, at, number, after=after))
                    new.append((one, delay))
        history.record(self.run, changes)
        return new

    def _findings(self, one: Tracked) -> Iterator[Finding]:
        """Exceptions that are open, a promise that will not be held, what people wrote otherwise than the dates say."""
        number, plan = one.plan.number, one.plan
        for delay in one.delays:
            if delay.is_open:
                yield self._finding(delay.code, number, **self._of(delay.stage), days=delay.days)
        if one.is_promise_held is False and any(stage.actual is None for stage in plan.stages):
            yield self._finding("promise-at-risk", number, promise=str(plan.promise), end=str(one.end))
        if one.outcome == "unchanged":
            return
        for stage in plan.stages:
            if stage.status is not None and stage.status != status(stage, self.today):
                computed = days_late(stage, self.today)
                yield self._finding("status-differs", number, **self._of(stage), written=stage.status, days=computed)

    def _of(self, stage: Stage) -> dict[str, Any]:
        """What a sentence about a stage needs: its name, its owner, its day, and what to do when it is late."""
        return {
            "stage": word_of(STAGE, stage.stage, self.desk.lang),
            "owner": stage.owner or "",
            "due": str(stage.due),
            "contingency": self.desk.say(f"messages.contingency.{stage.stage}"),
        }

    def _find(self, code: str, number: str, at: str | None = None, **params: Any) -> None:
        self.outcome.findings.append(self._finding(code, number, at, **params))

    def _finding(self, code: str, number: str, at: str | None = None, /, **params: Any) -> Finding:
        return Finding(code, CATALOGUE[code].severity_in(False), at, None, params, number=number)
