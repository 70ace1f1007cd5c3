"""Who has to know of a plan: each department its stages, the group that it is complete, the customer the promise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.telling import SPELLED_OUT, Told, tell
from orderflow.ledger.book import Run
from orderflow.records.plan import OrderPlan, Stage

Pair = tuple[OrderPlan, OrderPlan | None]


def tell_of_plans(desk: Desk, run: Run, made: Sequence[Pair], addresses: Mapping[str, str | None]) -> None:
    """Queue what this run's plans ask of each department, and the promise to each customer of a complete one.

    `addresses` are the customers' own, by order.
    """
    tell(desk, run, [*_departments(desk, run, made), *_group(run, made)])
    tell(desk, run, _customers(run, made, addresses))


def _departments(desk: Desk, run: Run, made: Sequence[Pair]) -> Iterator[Told]:
    asked: dict[str, list[tuple[OrderPlan, Stage | None]]] = defaultdict(list)
    departments = dict(desk.settings.plan.departments)
    for plan, had in made:
        before = {stage.stage: stage for stage in had.stages} if had is not None else {}
        for stage in plan.stages:
            if _is_news(stage, before.get(stage.stage)):
                for department in departments[stage.stage]:
                    asked[department].append((plan, stage))
        if plan.rush and had is None:
            for department in departments["purchasing"]:
                asked[department].append((plan, None))
    hours = desk.settings.clocks.acknowledge_hours
    due = (desk.now + timedelta(hours=hours)).isoformat()
    for department, stages in asked.items():
        spelled_out = [_stage(plan, stage) for plan, stage in stages[:SPELLED_OUT]]
        facts = {"department": department, "stages": spelled_out, "count": len(stages), "due": due}
        numbers = list(dict.fromkeys(plan.number for plan, _ in stages))
        yield Told("plan", numbers, facts | {"hours": f"{hours:g}"}, f"{run.id}:{department}", department)


def _is_news(stage: Stage, before: Stage | None) -> bool:
    return before is None or (stage.start, stage.due) != (before.start, before.due)


def _stage(plan: OrderPlan, stage: Stage | None) -> dict[str, Any]:
    """What a department is told of a stage; without one, purchasing is to expedite what a rush order needs."""
    if stage is None:
        return {"number": plan.number, "rush": True, "expedite": True}
    dates = {name: value.isoformat() for name in ("start", "due") if (value := getattr(stage, name)) is not None}
    said = {"number": plan.number, "stage": stage.stage, "owner": stage.owner, "rush": plan.rush, "expedite": False}
    return said | dates


def _group(run: Run, made: Sequence[Pair]) -> Iterator[Told]:
    """The desk's group learns at once which plans are complete (四, 3)."""
    newly = [plan for plan, had in made if plan.completed_at and (had is None or had.completed_at is None)]
    if newly:
        orders = [{"number": plan.number, "promise": str(plan.promise)} for plan in newly[:SPELLED_OUT]]
        facts = {"orders": orders, "count": len(newly)}
        yield Told("plan-complete", [plan.number for plan in newly], facts, run.id)


def _customers(run: Run, made: Sequence[Pair], addresses: Mapping[str, str | None]) -> Iterator[Told]:
    for plan, had in made:
        before = had.promise if had is not None and had.completed_at is not None else None
        if plan.completed_at is not None and plan.promise is not None and plan.promise != before:
            said = {"promise": plan.promise.isoformat(), "before": before.isoformat() if before else None}
            about = f"{run.id}:{plan.number}"
            address = addresses.get(plan.number)
            yield Told("promise", [plan.number], {"number": plan.number, **said}, about, address=address)
