"""Who has to know how orders go: the group of every stage that is done, the specialist of every delay (step 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.telling import SPELLED_OUT, Told, key_of, tell
from orderflow.ledger.book import Run
from orderflow.records.plan import OrderPlan
from orderflow.rules.tracking import Delay, Tracked, days_late

EXCEPTION = "exception"


def tell_of_progress(
    desk: Desk, run: Run, changed: Sequence[tuple[OrderPlan, OrderPlan]], new: Sequence[tuple[Tracked, Delay]]
) -> None:
    """Queue what this run brought: stages that are done now, and delays that were not known before."""
    tell(desk, run, [*_group(desk, run, changed), *(_specialist(desk, one, delay) for one, delay in new)])


def _group(desk: Desk, run: Run, changed: Sequence[tuple[OrderPlan, OrderPlan]]) -> Iterator[Told]:
    """The desk's group learns at once which stages are done (四, 3)."""
    done: list[dict[str, Any]] = []
    for plan, had in changed:
        before = {stage.stage for stage in had.stages if stage.actual is not None}
        for stage in plan.stages:
            if stage.actual is not None and stage.stage not in before:
                late = days_late(stage, desk.now.date())
                done.append({"number": plan.number, "stage": stage.stage, "actual": str(stage.actual), "days": late})
    if done:
        numbers = list(dict.fromkeys(one["number"] for one in done))
        yield Told("stage-done", numbers, {"stages": done[:SPELLED_OUT], "count": len(done)}, run.id)


def about(number: str, stage: str) -> str:
    """What an exception is about: it is told once."""
    return f"{number}:{stage}"


def told_as(number: str, stage: str) -> str:
    """The key of the notice of an exception."""
    return key_of(EXCEPTION, about(number, stage))


def _specialist(desk: Desk, one: Tracked, delay: Delay) -> Told:
    stage, plan = delay.stage, one.plan
    facts = {
        "number": plan.number,
        "code": delay.code,
        "stage": stage.stage,
        "owner": stage.owner,
        "days": delay.days,
        "due": str(stage.due),
        "note": stage.note,
        "contingency": desk.say(f"messages.contingency.{stage.stage}"),
        "minutes": f"{desk.settings.clocks.escalate_minutes:g}",
        "promise": str(plan.promise) if plan.promise else None,
        "forecast": str(one.end),
    }
    return Told(EXCEPTION, [plan.number], facts, about(plan.number, stage.stage))
