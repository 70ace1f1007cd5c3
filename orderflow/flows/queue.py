"""Plans find their days: in turn, where stages hold only so many; a rush order goes before, and others move for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orderflow.records.plan import OrderPlan
from orderflow.rules.planning import Need, Planner, groups_in, running, spans_of
from orderflow.rules.schedule import Room

Todo = tuple[Need, OrderPlan | None]


@dataclass(slots=True)
class Queued:
    """What the queue came to: plans made, each beside the one it replaces, and plans that a rush order moved."""

    made: list[tuple[OrderPlan, OrderPlan | None]] = field(default_factory=list)
    moved: list[tuple[OrderPlan, OrderPlan]] = field(default_factory=list)


def take_turns(
    planner: Planner, room: Room, todo: Iterable[Todo], live: Mapping[str, OrderPlan], needs: Mapping[str, Need]
) -> Queued:
    """Plan these orders in turn. Without a limit each is planned by itself; `live` are the plans that stand."""
    queued = Queued()
    waiting = sorted(todo, key=lambda one: one[0].turn)
    if not room.is_limited:
        queued.made = [(planner.plan(need, had) if had else planner.first_plan(need), had) for need, had in waiting]
        return queued
    renewed = {need.number: had for need, had in waiting if had is not None}
    standing = [plan for number, plan in live.items() if number not in renewed]
    room.book(span for had in renewed.values() for span in running(had, planner.today).values())
    rushing = [one for one in waiting if one[0].rush]
    if not rushing:
        room.book(span for plan in standing for span in spans_of(plan))
    else:
        _go_before(planner, room, rushing, standing, needs, queued)
    _place(planner, room, [one for one in waiting if not one[0].rush], queued)
    return queued


def _place(planner: Planner, room: Room, waiting: Sequence[Todo], queued: Queued) -> None:
    for need, had in waiting:
        plan = planner.plan(need, had, room.fits)
        room.book(spans_of(plan, {stage.stage for stage in plan.stages} - running(had, planner.today).keys()))
        queued.made.append((plan, had))


def _go_before(
    planner: Planner,
    room: Room,
    rushing: Sequence[Todo],
    standing: Sequence[OrderPlan],
    needs: Mapping[str, Need],
    queued: Queued,
) -> None:
    """Rush orders find their days among each other and what runs; then every other plan keeps its own or moves."""
    movable = []
    for plan in standing:
        fixed = {stage.stage for stage in plan.stages} if plan.rush else running(plan, planner.today).keys()
        room.book(spans_of(plan, fixed))
        if len(fixed) < len(plan.stages):
            movable.append((plan, set(fixed)))
    _place(planner, room, rushing, queued)
    movable.sort(key=lambda one: needs[one[0].number].turn)
    for plan, fixed in movable:
        kept = _kept(room, plan, fixed)
        if len(kept) < len(plan.stages):
            begin = min(span.start for span in spans_of(plan) if span.stage not in kept)
            plan, had = planner.moved(plan, room.fits, kept, max(begin, planner.today)), plan
            queued.moved.append((plan, had))
        room.book(spans_of(plan, {stage.stage for stage in plan.stages} - fixed))


def _kept(room: Room, plan: OrderPlan, fixed: set[str]) -> set[str]:
    """The stages that keep their days: those that run, and all before the first that finds no room any more."""
    kept = set(fixed)
    spans = {span.stage: span for span in spans_of(plan)}
    for group in groups_in(plan):
        if any(stage not in fixed and not room.holds(spans[stage]) for stage in group):
            return kept
        kept.update(group)
    return kept
