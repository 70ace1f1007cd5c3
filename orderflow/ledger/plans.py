"""The plans of orders and their stages; and what planning has to know of many orders at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import exists, select

from orderflow.ledger import attached, history
from orderflow.ledger.alike import OWN, Addition, Alike, add
from orderflow.ledger.attached import PLAN, STAGE, Edit, RowEdit
from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import evidence, orders, plans, priorities, runs, stages
from orderflow.ledger.states import LIVE, SEALED
from orderflow.ledger.values import as_is, form_of, json_value, moment, number_of, seconds
from orderflow.records.choices import STAGE as STAGES
from orderflow.records.choices import Level
from orderflow.records.plan import OrderPlan, Stage
from orderflow.records.rows import Plan, Progress, columns
from orderflow.rules.schedule import SEQUENCE

PLANNED, REPLANNED, MOVED, EDITED, COMPLETE = "planned", "replanned", "plan-moved", "plan-edited", "plan-complete"
"""The kinds of changes of a plan: made, made again, moved by others, edited by people; and its being complete."""
PROGRESSED = "progressed"
"""The kind of change that departments' reports are."""
_LAST = SEQUENCE[-1][0]
FIRST = 1
"""The number of a stage in a plan that has it once."""
_FIELDS = [field.name for field in fields(Stage) if field.name not in ("stage", "revision")]
_FORMS = {name: form_of((columns(Progress) | columns(Plan))[name].kind) for name in _FIELDS}
_READ = [(name, form.read) for name, form in _FORMS.items()]
_STORED = [(name, form.store) for name, form in _FORMS.items()]
_ORDER = {choice.code: nth for nth, choice in enumerate(STAGES)}


class Planable(NamedTuple):
    """A live order with what decides whether and how it is planned."""

    number: str
    customer: str | None
    product: str | None
    quantity: Decimal | None
    unit: str | None
    delivery_date: date | None
    remark: str | None
    contact: str | None
    checked_by: str | None
    open_anomalies: int
    level: Level | None
    is_urgent: bool
    has_evidence: bool


def planable(book: Book) -> Iterator[Planable]:
    """Every live order that is not cancelled, by number."""
    proved = (
        exists()
        .where(evidence.c.number == orders.c.number)
        .where(runs.c.id == evidence.c.run, runs.c.undone_by.is_(None))
    )
    own = [orders.c[name] for name in Planable._fields[:-3]]
    asked = (
        select(*own, priorities.c.in_force, priorities.c.verdict, proved.label("proved"))
        .select_from(orders.outerjoin(priorities, priorities.c.number == orders.c.number))
        .where(*LIVE, orders.c.cancelled.is_(False))
        .order_by(orders.c.number)
    )
    for serial, *row, in_force, verdict, proved in book.tuples(asked):
        customer, product, quantity, unit, due, remark, contact, checked_by, open_anomalies = row
        yield Planable(
            number_of(serial),
            customer,
            product,
            None if quantity is None else _quantity(quantity),
            unit,
            None if due is None else _day(due),
            remark,
            contact,
            checked_by,
            open_anomalies,
            None if in_force is None else _level(in_force),
            _is_urgent(verdict) if verdict else False,
            bool(proved),
        )


_day = lru_cache(10_000)(date.fromisoformat)
_quantity = lru_cache(10_000)(Decimal)
_level = cache(Level)


@lru_cache(10_000)
def _is_urgent(verdict: str) -> bool:
    return bool(json_value(verdict)["by_days"] == Level.HIGH)


def of_orders(book: Book, numbers: Iterable[str]) -> dict[str, OrderPlan]:
    """The plans of these orders, their stages in the order of the process; an order without one is left out."""
    wanted = list(numbers)
    found = {row["number"]: _plan(row) for row in attached.of_orders(book, PLAN, wanted) if row["planned_at"]}
    rows = sorted(attached.of_orders(book, STAGE, found), key=lambda row: _ORDER[row["stage"]])
    for row in rows:
        found[row["number"]].stages.append(_stage(row))
    return found


def planned(book: Book) -> list[str]:
    """The numbers of all orders that have a plan and are not archived."""
    asked = select(plans.c.number).join(orders, orders.c.number == plans.c.number)
    return [number_of(serial) for (serial,) in book.tuples(asked.where(plans.c.planned_at.is_not(None), ~SEALED))]


def under_way(book: Book, most: int | None = None) -> list[str]:
    """The numbers of live orders whose last stage is not done, at most so many."""
    open_ = stages.c.number == orders.c.number, stages.c.stage == _LAST, stages.c.actual.is_(None)
    asked = select(orders.c.number).where(*LIVE, orders.c.cancelled.is_(False), exists().where(*open_)).limit(most)
    return list(book.connection.execute(asked).scalars())


def _plan(row: dict[str, Any]) -> OrderPlan:
    return OrderPlan(
        row["number"],
        row["kind"],
        bool(row["rush"]),
        row["planned_by"],
        moment(row["planned_at"]),
        row["rests_on"],
        completed_at=None if row["completed_at"] is None else moment(row["completed_at"]),
        promise=None if row["promise"] is None else date.fromisoformat(row["promise"]),
        unknown_years=tuple(map(int, row["unknown_years"].split())) if row["unknown_years"] else (),
        revision=row["revision"],
    )


def _stage(row: dict[str, Any]) -> Stage:
    values = {name: read(value) for name, read in _READ if (value := row[name]) is not None}
    return Stage(row["stage"], **values, revision=row["revision"])


def record(run: Run, kind: str, at: datetime, made: Sequence[tuple[OrderPlan, OrderPlan | None]]) -> None:
    """Keeps plans, each beside the one it replaces, and notes which of them became complete."""
    attached.change(run, [Edit(plan.number, kind, at, _rows(plan, had)) for plan, had in made if had is not None])
    new = [plan for plan, had in made if had is None]
    alike = {id(plan.stages): plan for plan in new}
    shared = {stages: Alike(_rows(replace(plan, rests_on=OWN), None)) for stages, plan in alike.items()}
    add(run, kind, at, [Addition(plan.number, shared[id(plan.stages)], plan.rests_on) for plan in new])
    newly = [plan for plan, had in made if plan.completed_at and (had is None or had.completed_at is None)]
    numbers, none = [plan.number for plan in newly], [None] * len(newly)
    history.append(run, COMPLETE, [plan.completed_at or at for plan in newly], numbers, ["{}"] * len(newly), none)
    run.beside.go()


def _rows(plan: OrderPlan, had: OrderPlan | None) -> list[RowEdit]:
    values = {
        "kind": plan.kind,
        "rush": int(plan.rush),
        "planned_by": plan.planned_by,
        "planned_at": seconds(plan.planned_at),
        "completed_at": None if plan.completed_at is None else seconds(plan.completed_at),
        "promise": None if plan.promise is None else plan.promise.isoformat(),
        "rests_on": plan.rests_on,
        "unknown_years": " ".join(map(str, plan.unknown_years)) or None,
    }
    kept = {stage.stage for stage in plan.stages}
    gone = [stage.stage for stage in had.stages if stage.stage not in kept] if had else []
    return [
        RowEdit(PLAN, values),
        *(RowEdit(STAGE, _values(stage, plan.kind), (stage.stage, FIRST)) for stage in plan.stages),
        *(RowEdit(STAGE, dict.fromkeys(STAGE.fields), (stage, FIRST)) for stage in gone),
    ]


def _values(stage: Stage, kind: str) -> dict[str, Any]:
    """What a stage says, as SQL holds it; of one that is not stored yet without its empty fields."""
    values: dict[str, Any] = {"kind": kind}
    for name, store in _STORED:
        value = getattr(stage, name)
        if value is not None:
            values[name] = value if store is as_is else store(value)
        elif stage.revision:
            values[name] = None
    return values
