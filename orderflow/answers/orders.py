"""Answers about orders: one whole order, a list of them, what a command did to some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from orderflow.answers.aftersales import CaseJson, FeedbackJson, case_json, feedback_json, story
from orderflow.answers.findings import FindingJson, as_json
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.flows.queries import WholeOrder
from orderflow.records.choices import PLAN_KIND, STAGE
from orderflow.records.judgement import Judgement
from orderflow.records.order import Order
from orderflow.records.plan import OrderPlan, Stage
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.report import sentences as said
from orderflow.report.console import console, indented
from orderflow.report.grounds import told
from orderflow.rules.clocks import Clock
from orderflow.rules.facts import Yardstick
from orderflow.rules.state import state_of
from orderflow.rules.tracking import LATE, ON_TIME, days_late, forecast, is_passed
from orderflow.sheets.shown import in_line

if TYPE_CHECKING:
    from orderflow.flows.doing import Done

SHOWN = 20
"""Orders that a command on many of them lists, without `--verbose`."""


class ClockJson(BaseModel):
    """A response clock of an order."""

    clock: str
    started: str | None
    due: str | None
    stopped: str | None
    state: str
    reason: str | None


class PriorityJson(BaseModel):
    """How an order was judged: the level in force, beside it the `computed` one with the `reason` to differ from it."""

    level: str
    points: int
    dimensions: dict[str, str]
    declared_urgency: str | None
    days: int | None
    overridden: bool
    computed: str
    reason: str | None
    by: str
    at: str


class StageJson(BaseModel):
    """One stage of an order's plan."""

    stage: str
    owner: str | None
    start: str | None
    due: str | None
    actual: str | None
    status: str | None
    days_late: int | None
    note: str | None
    measure: str | None
    forecast: str | None
    tracking_number: str | None
    confirmed_by: str | None
    confirmed_at: str | None


class PlanJson(BaseModel):
    """An order's plan; complete once every stage has an owner and dates."""

    kind: str
    rush: bool
    planned_at: str
    completed_at: str | None
    promise: str | None
    feasible: bool | None
    stages: list[StageJson]


class OrderJson(BaseModel):
    """An order as CLI.md, "An order in JSON", has it; what is not known is null."""

    number: str
    state: str
    customer: str | None
    contact_person: str | None
    contact: str | None
    product: str | None
    quantity: str | None
    unit: str | None
    delivery_date: str | None
    source: str | None
    payment: str | None
    remark: str | None
    received_at: str | None
    entered_by: str | None
    checked_by: str | None
    checked_at: str | None
    level: str | None
    amount: str | None
    external_number: str | None
    external_line: str | None
    address: str | None
    delivery_method: str | None
    owner: str | None
    priority: PriorityJson | None = None
    plan: PlanJson | None = None
    stages: list[StageJson] = []
    feedback: FeedbackJson | None = None
    delivered_at: str | None = None
    replaces: str | None = None
    cases: list[CaseJson] = []
    reasons: list[str] = []
    clocks: list[ClockJson] = []


class OrdersJson(BaseModel):
    """What a command did to some orders."""

    run: int | None
    orders: list[OrderJson]
    findings: list[FindingJson]


class FoundJson(BaseModel):
    """`find`: `more` says whether the limit left some out."""

    orders: list[OrderJson]
    more: bool
    findings: list[FindingJson] = []


class ShownJson(BaseModel):
    """`show`: one whole order."""

    order: OrderJson
    findings: list[FindingJson]


def order_json(whole: WholeOrder, desk: Desk) -> OrderJson:
    """One order for `--json`: codes, ISO dates, times with their offset, decimals as texts."""
    order, ends = whole.order, whole.delivery
    values = {field: _plain(getattr(order.row, field), desk) for field in OrderJson.model_fields if _is_column(field)}
    stages = stages_json(whole.plan, desk) if whole.plan is not None else []
    return OrderJson(
        **{**values, "number": order.row.number, "state": state_of(order)},
        priority=_priority(whole.judgement, desk) if whole.judgement is not None else None,
        plan=_plan(whole, desk, stages) if whole.plan is not None else None,
        stages=stages,
        feedback=feedback_json(whole, desk),
        delivered_at=_moment(ends.delivered_at, desk) if ends is not None and ends.delivered_at is not None else None,
        replaces=whole.replaces,
        cases=[case_json(whole, whole.case, desk)] if whole.case is not None else [],
        reasons=[anomaly.code for anomaly in whole.anomalies if anomaly.closed_run is None],
        clocks=[
            ClockJson(
                clock=clock.clock,
                started=_moment(clock.started, desk) if clock.started else None,
                due=_moment(clock.due, desk) if clock.due else None,
                stopped=_moment(clock.stopped, desk) if clock.stopped else None,
                state=clock.state,
                reason=clock.reason,
            )
            for clock in whole.clocks
        ],
    )


def _priority(judgement: Judgement, desk: Desk) -> PriorityJson:
    verdict, declared = judgement.verdict, judgement.declared
    return PriorityJson(
        level=judgement.level,
        points=verdict.points,
        dimensions=verdict.dimensions,
        declared_urgency=declared.urgency,
        days=verdict.days,
        overridden=judgement.overridden,
        computed=verdict.level,
        reason=declared.override_reason,
        by=judgement.by,
        at=_moment(judgement.at, desk),
    )


def _plan(whole: WholeOrder, desk: Desk, stages: list[StageJson]) -> PlanJson:
    plan, due = whole.plan, whole.order.row.delivery_date
    assert plan is not None
    return PlanJson(
        kind=plan.kind,
        rush=plan.rush,
        planned_at=_moment(plan.planned_at, desk),
        completed_at=_moment(plan.completed_at, desk) if plan.completed_at else None,
        promise=_plain(plan.promise, desk),
        feasible=None if due is None or plan.promise is None else plan.promise <= due,
        stages=stages,
    )


def stages_json(plan: OrderPlan, desk: Desk) -> list[StageJson]:
    """The stages of a plan; how they go, and when each ends as things go, is computed from their dates."""
    today = desk.now.date()
    ends = forecast(plan.stages, today, Yardstick(desk.settings).terms)
    return [_stage(stage, plan, desk, ends.get(stage.stage)) for stage in plan.stages]


def _stage(stage: Stage, plan: OrderPlan, desk: Desk, ends: date | None) -> StageJson:
    said = {name: _plain(getattr(stage, name), desk) for name in StageJson.model_fields if hasattr(stage, name)}
    late = 0 if stage.actual is None and is_passed(stage, plan.stages) else days_late(stage, desk.now.date())
    computed = {"status": LATE if late else ON_TIME, "days_late": late, "forecast": _plain(ends, desk)}
    return StageJson(**{**said, **computed})


def _is_column(field: str) -> bool:
    return field in columns(Registration) and field != "state"


def _plain(value: Any, desk: Desk) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _moment(value, desk) if isinstance(value, datetime) else str(value)


def _moment(value: datetime, desk: Desk) -> str:
    return value.astimezone(desk.zone).isoformat()


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """`show`: everything about one order."""

    desk: Desk
    whole: WholeOrder

    @property
    def exit_code(self) -> int:
        """Looking at an order never needs a person."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The order, and its open findings."""
        found = [as_json(finding, self.desk.lang) for finding in self.whole.findings()]
        return ShownJson(order=order_json(self.whole, self.desk), findings=found).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A card: what the order says, what is open about it, its clocks."""
        out, lang, order = console(), self.desk.lang, self.whole.order
        state = self.desk.say(f"messages.states.{state_of(order)}")
        out.print(f"{order.row.number}  {state}", style="bold")
        _pairs([(said.header(field, lang), value) for field, value in self._values()])
        self._show_priority()
        self._show_plan()
        for line in story(self.whole, self.desk):
            indented(line, 2)
        self._show_reasons()
        for clock in self.whole.clocks:
            out.print(clock_line(clock, self.desk), style="red" if clock.state == "broken" else None)

    def _values(self) -> list[tuple[str, str]]:
        row, lang = self.whole.order.row, self.desk.lang
        declared = columns(Registration)
        pairs = []
        for field, column in declared.items():
            if field in ("number", "state", "unit"):
                continue
            value = getattr(row, field)
            local = self.desk.local(value) if isinstance(value, datetime) else value
            typed = self.whole.order.unread.get(field)
            text = in_line(local, column, lang, row.unit) or (f"? {typed}" if typed else "")
            if field == "source" and self.whole.order.channel:
                text = f"{text} ({self.whole.order.channel})"
            pairs.append((field, text))
        return [pair for pair in pairs if pair[1]]

    def _show_priority(self) -> None:
        judgement = self.whole.judgement
        if judgement is not None:
            rules, at = self.desk.settings.priority, _short(judgement.at, self.desk)
            for line in told(judgement, rules, self.desk.lang, by=judgement.by, at=at):
                indented(line, 2)

    def _show_plan(self) -> None:
        plan, say, lang = self.whole.plan, self.desk.say, self.desk.lang
        if plan is None:
            return
        kind = said.word_of(PLAN_KIND, plan.kind, lang) + (f" {say('messages.plan.rush')}" if plan.rush else "")
        at = _short(plan.planned_at, self.desk)
        indented(say("messages.plan.title", kind=kind, promise=plan.promise, by=plan.planned_by, at=at), 2)
        for stage in plan.stages:
            name = said.word_of(STAGE, stage.stage, lang)
            confirmed = f"  ✓ {stage.confirmed_by}" if stage.confirmed_by else ""
            indented(f"{name}  {stage.start} – {stage.due}  {stage.owner or ''}{confirmed}", 4)

    def _show_reasons(self) -> None:
        out, lang = console(), self.desk.lang
        for name, value in self.whole.order.extra.items():
            out.print(f"  {name}: {value}", style="dim", overflow="fold")
        for finding in map(said.discreet, self.whole.findings()):
            out.print()
            out.print(said.words(finding, lang, "title"), style="red" if said.needs_a_person(finding) else None)
            indented(said.words(finding, lang, "message"), 2)
            indented(said.words(finding, lang, "fix"), 2, style="dim")
        for evidence in self.whole.evidence:
            out.print(self.desk.say("messages.show.evidence", name=evidence.name, sha256=evidence.sha256[:12]))


@dataclass(frozen=True, slots=True)
class OrdersAnswer:
    """`mark`, `merge` and `undo`: the orders as they stand now."""

    desk: Desk
    command: str
    done: Done

    @property
    def exit_code(self) -> int:
        """0: what was asked for is done."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The run and its orders."""
        return OrdersJson(
            run=self.done.run,
            orders=[order_json(whole, self.desk) for whole in self.done.orders],
            findings=[as_json(finding, self.desk.lang) for finding in self.done.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """One line an order, of very many the first, then what else is worth knowing."""
        out = console()
        if not call.quiet:
            key = f"messages.done.{self.command}"
            out.print(self.desk.say(key, run=self.done.run, count=len(self.done.orders) + self.done.more), style="bold")
            shown = self.done.orders if call.verbose else self.done.orders[:SHOWN]
            _table([whole.order for whole in shown], self.desk)
            if more := len(self.done.orders) - len(shown) + self.done.more:
                out.print("  " + self.desk.say("messages.intake.more", count=more), style="dim")
        for finding in map(said.discreet, self.done.findings):
            out.print(f"{finding.number or ''}  {said.words(finding, self.desk.lang, 'message')}".strip())


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """`find`: the orders that fit, and how many more there are."""

    desk: Desk
    orders: Sequence[WholeOrder]
    more: bool

    @property
    def exit_code(self) -> int:
        """Finding nothing is an answer too."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The orders."""
        found = [order_json(whole, self.desk) for whole in self.orders]
        return FoundJson(orders=found, more=self.more).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A table that fits 80 columns."""
        say = self.desk.say
        if not self.orders:
            console().print(say("messages.find.none"))
            return
        _table([whole.order for whole in self.orders], self.desk)
        if self.more:
            console().print(say("messages.find.more", count=len(self.orders)), style="dim")


def _table(orders: Sequence[Order], desk: Desk) -> None:
    from rich.table import Table

    lang, declared = desk.lang, columns(Registration)
    fields = ("customer", "product", "quantity", "delivery_date")
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column(said.header("number", lang), no_wrap=True)
    table.add_column(said.header("state", lang), no_wrap=True)
    for field in fields:
        table.add_column(said.header(field, lang), overflow="fold")
    for order in orders:
        state = state_of(order)
        cells = [in_line(getattr(order.row, field), declared[field], lang, order.row.unit) for field in fields]
        style = "red" if state == "flagged" else "dim" if state in ("merged", "cancelled") else None
        table.add_row(order.row.number or "", desk.say(f"messages.states.{state}"), *cells, style=style)
    console().print(table)


def _pairs(pairs: Sequence[tuple[str, str]]) -> None:
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(name, value)
    console().print(table)


def clock_line(clock: Clock, desk: Desk) -> str:
    """One clock in words: started by what, due when and why then, stopped by what."""
    state = "overdue" if clock.state == "broken" and clock.stopped is None else clock.state
    line = desk.say(
        f"messages.clocks.{state}",
        clock=desk.say(f"messages.clock_names.{clock.clock}"),
        since=desk.say(f"messages.kinds.{clock.since}"),
        by=desk.say(f"messages.kinds.{clock.by}") if clock.by else "",
        started=_short(clock.started, desk),
        due=_short(clock.due, desk),
        stopped=_short(clock.stopped, desk),
        limit=f"{clock.limit / timedelta(hours=1):g}",
    )
    why = f"{_why_then(clock, desk)}{desk.say('messages.clocks.reason', reason=clock.reason) if clock.reason else ''}"
    return line + why


def _why_then(clock: Clock, desk: Desk) -> str:
    """Why a clock is due later than its limit after its start."""
    if clock.started is None or clock.due is None or clock.state == "met":
        return ""
    more = clock.due - clock.started - clock.limit
    if more <= timedelta(0):
        return ""
    if desk.settings.clocks.count == "working" and clock.clock != "survey":
        return desk.say("messages.clocks.worked")
    return desk.say("messages.clocks.waited", hours=f"{more / timedelta(hours=1):.1f}".removesuffix(".0"))


def _short(moment: datetime | None, desk: Desk) -> str:
    return f"{moment.astimezone(desk.zone):%m-%d %H:%M}" if moment else ""
