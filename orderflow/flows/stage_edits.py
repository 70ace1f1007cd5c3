"""What people wrote of stages in a workbook, told from the plans before and after it was taken in.

A cell is taken as it stands; what it means for the plan (what follows moves, a day is still to come) is for the
command to say, which puts the plan back to what it was and edits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from orderflow.records.plan import OrderPlan, Stage


class Written(NamedTuple):
    """What a person wrote of one stage, by field."""

    number: str
    stage: str
    values: Mapping[str, Any]


def told_apart(
    before: Mapping[str, OrderPlan], after: Mapping[str, OrderPlan], fields: Sequence[str]
) -> tuple[dict[str, OrderPlan], list[Written]]:
    """The plans `after` with these fields as they were, and what was written into the fields."""
    plans, written = dict(after), []
    for number, plan in after.items():
        had = {stage.stage: stage for stage in before[number].stages} if number in before else {}
        stages = []
        for stage in plan.stages:
            was = had.get(stage.stage, stage)
            values = {name: getattr(stage, name) for name in fields if getattr(stage, name) != getattr(was, name)}
            if values:
                written.append(Written(number, stage.stage, values))
            stages.append(_put_back(stage, was, values))
        plans[number] = replace(plan, stages=stages)
    return plans, written


def _put_back(stage: Stage, was: Stage, values: Mapping[str, Any]) -> Stage:
    return replace(stage, **{name: getattr(was, name) for name in values}) if values else stage
