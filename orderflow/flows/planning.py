"""`plan`: judged and checked orders get stages, owners and dates; edits are taken; who has to know is told (step 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from orderflow.flows.desk import Desk
from orderflow.flows.plan_notices import tell_of_plans
from orderflow.flows.queue import Todo, take_turns
from orderflow.flows.references import known_references
from orderflow.flows.stage_edits import told_apart
from orderflow.ledger import plans
from orderflow.ledger.book import Run
from orderflow.ledger.plans import Planable
from orderflow.records.choices import Level
from orderflow.records.finding import Finding, Severity
from orderflow.records.plan import OrderPlan
from orderflow.records.registration import Registration
from orderflow.rules.clarity import custom_word
from orderflow.rules.facts import Yardstick
from orderflow.rules.feasible import groups_for, not_feasible
from orderflow.rules.planning import CUSTOM, STANDARD, Need, Planner, planned_from, spans_of, waits_for
from orderflow.rules.schedule import Groups, Room

EDITABLE = ("start", "due", "milestone", "owner", "confirmed_by", "confirmed_at")
"""What people may write of a stage in the plan workbook."""
_REMEMBERED = 10_000


class Edit(NamedTuple):
    """What people wrote of one stage: some of `EDITABLE`."""

    number: str
    stage: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Planned:
    """One order's plan and what became of it in this run: `new`, `updated` or `unchanged`."""

    plan: OrderPlan
    order: Planable
    outcome: str

    @property
    def is_feasible(self) -> bool | None:
        """Whether the promise is not after the delivery date; `None` where one of them is not known."""
        due, promise = self.order.delivery_date, self.plan.promise
        return None if due is None or promise is None else promise <= due


class Unplanned(NamedTuple):
    """An order without a plan, or with a stale one, and the codes of what has to come first."""

    number: str
    reasons: Sequence[str]


@dataclass(slots=True)
class Planning:
    """What `plan` came to; `run` is `None` where nothing changed, or nothing was to be kept."""

    run: int | None = None
    dry: bool = False
    planned: list[Planned] = field(default_factory=list)
    unplanned: list[Unplanned] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    workbook: Path | None = None


def take_edits(desk: Desk, run: Run, before: Mapping[str, OrderPlan]) -> list[Finding]:
    """Let follow what follows from the stages that people changed in a workbook; what is to be said of it.

    `before` are the plans as they stood before the workbook was taken in.
    """
    planning = DeskPlanning(desk, run, before)
    planning.edit(planning.written)
    planning.conclude()
    return planning.outcome.findings


class DeskPlanning:
    """One run of planning: the live orders, their plans, and what becomes of these."""

    def __init__(self, desk: Desk, run: Run, before: Mapping[str, OrderPlan]) -> None:
        self.desk, self.run, self.references = desk, run, known_references(desk, run)
        self.words = Yardstick(desk.settings)
        self.way_of = lru_cache(_REMEMBERED)(self._way_of)
        self.orders = {order.number: order for order in plans.planable(run)}
        found = plans.of_orders(run, [number for number in plans.planned(run) if number in self.orders])
        self.plans, written = told_apart(before, found, EDITABLE)
        self.written = [Edit(*one) for one in written]
        self.had = dict(self.plans)
        self.needs = {number: self._need(order) for number, order in self.orders.items() if order.level is not None}
        owners = dict(desk.settings.plan.owners)
        self.planner = Planner(desk.actor, desk.now, self.words.terms, owners)
        self.outcome = Planning()
        self.touched: dict[str, str] = {}

    def _room(self) -> Room:
        return Room(dict(self.desk.settings.plan.capacity), self.words.terms)

    def _way_of(self, product: str | None, remark: str | None) -> tuple[Groups, bool]:
        """The stages that an order goes through, and whether it is a custom one."""
        row = Registration(product=product, remark=remark)
        groups = groups_for(row, self.references.product(product), self.words)
        return groups, custom_word(row, self.words) is not None

    def _need(self, order: Planable) -> Need:
        groups, custom = self.way_of(order.product, order.remark)
        kind = CUSTOM if custom else STANDARD
        said = (order.customer, order.product, order.quantity, order.unit, order.delivery_date, kind)
        assert order.level is not None
        rush = order.level is Level.HIGH and order.is_urgent
        return Need(order.number, groups, kind, rush, order.level, order.delivery_date, planned_from(said))

    def edit(self, edits: Sequence[Edit]) -> None:
        """Take what people wrote, stage by stage."""
        if not edits:
            return
        room = self._room()
        room.book(span for plan in self.plans.values() for span in spans_of(plan))
        for number, stage, values in edits:
            plan = self.plans.get(number)
            had = next((one for one in plan.stages if one.stage == stage), None) if plan is not None else None
            if plan is None or had is None:
                self._find("stage-unknown", number, stage=stage)
                continue
            room.release(spans_of(plan))
            self.plans[number], taken = self.planner.edited(plan, stage, values, room.fits)
            room.book(spans_of(self.plans[number]))
            if not taken:
                meant = {name: values.get(name) or getattr(had, name) for name in ("start", "due")}
                self._find("stage-dates-wrong", number, stage=stage, **meant)
        edited = [(self.plans[number], had) for number, had in self.had.items() if self.plans[number] != had]
        self._keep(plans.EDITED, edited)

    def plan_waiting(self) -> None:
        """Plan what has no plan or a stale one, where nothing has to come first."""
        todo: list[Todo] = []
        for number, order in self.orders.items():
            need, plan = self.needs.get(number), self.plans.get(number)
            stale = plan is not None and need is not None and need.rests_on != plan.rests_on
            if plan is not None and not stale:
                continue
            if waits := self._waits(order):
                reasons = (["plan-stale"] if stale else []) + waits
                self.outcome.unplanned.append(Unplanned(number, reasons))
                for code in reasons:
                    self._find(code, number)
            elif need is not None:
                todo.append((need, plan))
        queued = take_turns(self.planner, self._room(), todo, self.plans, self.needs)
        self._keep(plans.PLANNED, [pair for pair in queued.made if pair[1] is None])
        self._keep(plans.REPLANNED, [pair for pair in queued.made if pair[1] is not None])
        self._keep(plans.MOVED, queued.moved)
        by = [plan.number for plan, _ in queued.made if plan.rush]
        for plan, had in queued.moved:
            self._find("moved-by-rush", plan.number, by=by, before=had.promise, after=plan.promise)

    def _waits(self, order: Planable) -> list[str]:
        return waits_for(
            flagged=order.open_anomalies > 0,
            judged=order.level is not None,
            checked=order.checked_by is not None,
            proved=order.has_evidence,
            custom=self.way_of(order.product, order.remark)[1],
            double_check=self.desk.settings.desk.double_check,
        )

    def _keep(self, kind: str, made: Sequence[tuple[OrderPlan, OrderPlan | None]]) -> None:
        plans.record(self.run, kind, self.desk.now, made)
        for plan, had in made:
            self.plans[plan.number] = plan
            self.touched[plan.number] = "updated" if had is not None else self.touched.get(plan.number, "new")

    def conclude(self) -> None:
        """Say what is to be said of the plans, queue the notices."""
        outcome = self.outcome
        for number, plan in self.plans.items():
            done = Planned(plan, self.orders[number], self.touched.get(number, "unchanged"))
            outcome.planned.append(done)
            if done.outcome != "unchanged":
                self._say(done)
        outcome.planned.sort(key=self._turn)
        made = [(self.plans[number], self.had.get(number)) for number in self.touched]
        tell_of_plans(self.desk, self.run, made, {number: self.orders[number].contact for number in self.touched})

    def _turn(self, done: Planned) -> tuple[Any, ...]:
        need = self.needs.get(done.plan.number)
        return need.turn if need is not None else (True, 0, date.max, done.plan.number)

    def _say(self, done: Planned) -> None:
        plan, due = done.plan, done.order.delivery_date
        if done.is_feasible is False and due is not None and plan.promise is not None:
            (finding,) = not_feasible(due, plan.promise)
            finding.number = plan.number
            self.outcome.findings.append(finding)
        if plan.ownerless:
            self._find("owner-missing", plan.number, stages=plan.ownerless)
        if plan.unknown_years:
            self._find("holidays-unknown", plan.number, years=list(plan.unknown_years))

    def _find(self, code: str, number: str, **params: Any) -> None:
        said = {name: str(value) if name not in ("by", "years", "stages") else value for name, value in params.items()}
        self.outcome.findings.append(Finding(code, Severity.WARNING, None, None, said, number=number))
