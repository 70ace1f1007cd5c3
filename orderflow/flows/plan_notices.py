"""Who has to know of a plan: each department its stages, the customer the promise; queued with the facts (step 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.ledger import outbox
from orderflow.ledger.book import Run
from orderflow.ledger.outbox import Notice
from orderflow.records.choices import STAGE
from orderflow.records.plan import OrderPlan, Stage
from orderflow.report.sentences import word_of

Pair = tuple[OrderPlan, OrderPlan | None]
_LINES = 50  # stages that a notice spells out; its facts hold all
DEPARTMENT, PROMISE, CUSTOMER = "plan", "promise", "customer"


def tell(desk: Desk, run: Run, made: Sequence[Pair]) -> None:
    """Queue what this run's plans ask of each department, and the promise to each customer of a complete one."""
    outbox.add(run, [*_to_departments(desk, run, made), *_to_customers(desk, run, made)])


def _to_departments(desk: Desk, run: Run, made: Sequence[Pair]) -> list[Notice]:
    asked: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for plan, had in made:
        before = {stage.stage: stage for stage in had.stages} if had is not None else {}
        for stage in plan.stages:
            if not _is_news(stage, before.get(stage.stage)):
                continue
            for department in getattr(desk.settings.plan.departments, stage.stage):
                asked[department].append(_stage(plan, stage))
        if plan.rush and had is None:
            for department in desk.settings.plan.departments.purchasing:
                asked[department].append({"number": plan.number, "expedite": True})
    return [_department(desk, run, department, stages) for department, stages in asked.items()]


def _is_news(stage: Stage, before: Stage | None) -> bool:
    return before is None or (stage.start, stage.due) != (before.start, before.due)


def _stage(plan: OrderPlan, stage: Stage) -> dict[str, Any]:
    dates = {name: value.isoformat() for name in ("start", "due") if (value := getattr(stage, name)) is not None}
    return {"number": plan.number, "stage": stage.stage, "owner": stage.owner, "rush": plan.rush, **dates}


def _department(desk: Desk, run: Run, department: str, asked: list[dict[str, Any]]) -> Notice:
    lines = [
        desk.say("messages.notices.department", department=department, hours=desk.settings.clocks.acknowledge_hours)
    ]
    lines += [_line(desk, one) for one in asked[:_LINES]]
    if len(asked) > _LINES:
        lines.append(desk.say("messages.notices.more", count=len(asked) - _LINES))
    numbers = list(dict.fromkeys(one["number"] for one in asked))
    facts = {"department": department, "stages": asked, "text": "\n".join(lines)}
    return Notice(DEPARTMENT, "note", department, numbers, facts, f"plan:{run.id}:{department}", desk.now)


def _line(desk: Desk, one: dict[str, Any]) -> str:
    if one.get("expedite"):
        return desk.say("messages.notices.expedite", number=one["number"])
    key = "rush_stage" if one["rush"] else "stage"
    said = {**one, "stage": word_of(STAGE, one["stage"], desk.lang)}
    return desk.say(f"messages.notices.{key}", **said)


def _to_customers(desk: Desk, run: Run, made: Sequence[Pair]) -> list[Notice]:
    told = []
    for plan, had in made:
        before = had.promise if had is not None and had.completed_at is not None else None
        if plan.completed_at is not None and plan.promise is not None and plan.promise != before:
            told.append(_promise(desk, run, plan, plan.promise, before))
    return told


def _promise(desk: Desk, run: Run, plan: OrderPlan, promise: date, before: date | None) -> Notice:
    key = "promise" if before is None else "promise_moved"
    text = desk.say(f"messages.notices.{key}", number=plan.number, month=promise.month, day=promise.day)
    facts = {"promise": promise.isoformat(), "before": before.isoformat() if before else None, "text": text}
    return Notice(PROMISE, "note", CUSTOMER, [plan.number], facts, f"promise:{run.id}:{plan.number}", desk.now)
