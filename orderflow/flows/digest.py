"""`digest`, at 17:00: the day for the desk's group, and one message per moved order for its customer (step 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.doing import one_run
from orderflow.flows.sending import send_waiting
from orderflow.flows.silence import Silent, silent_departments
from orderflow.flows.telling import SPELLED_OUT, Told, tell
from orderflow.ledger import day, feedback, open_stages, plans
from orderflow.ledger.book import Run
from orderflow.ledger.day import Counts, Moved
from orderflow.records.plan import OrderPlan
from orderflow.rules.facts import Yardstick
from orderflow.rules.tracking import end_of, forecast

COMMAND, EVENT, CUSTOMERS = "digest", "digest", "moved"


@dataclass(slots=True)
class Digest:
    """The day: its counts, how many stages are late, the deliveries of the next day, who said nothing, what moved.

    `run` is `None` where the day was told before; `notices` are those that this run queued.
    """

    counts: Counts
    late: int
    coming: int
    silent: Sequence[Silent]
    moved: Sequence[Moved]
    run: int | None = None
    notices: int = 0
    sent: int = 0
    waiting: int = field(default=0)


def digest(desk: Desk) -> Digest:
    """Tell the day, once however often it is asked for; customers once a day."""
    with one_run(desk, COMMAND, {}) as run:
        found = _of_the_day(desk, run)
        found.notices = tell(desk, run, [_desk(desk, found), *_customers(desk, run, found.moved)])
        if found.notices:
            found.run = run.id
            run.summary = {"moved": len(found.moved), "notices": found.notices}
        else:
            run.discard()
    with desk.ledger() as ledger:
        sent = send_waiting(desk, ledger, desk.now)
    found.sent, found.waiting = sent.sent, sent.waiting
    return found


def _of_the_day(desk: Desk, run: Run) -> Digest:
    today = desk.now.date()
    midnight = desk.begins(today)
    return Digest(
        counts=day.counts_of(run, midnight),
        late=len(open_stages.due_by(run, today - timedelta(days=1))),
        coming=len(feedback.coming(run, today + timedelta(days=1), today + timedelta(days=1))),
        silent=silent_departments(desk, run),
        moved=list(day.moved(run, midnight)),
    )


def _desk(desk: Desk, found: Digest) -> Told:
    stages = [_said(one) for one in found.moved[:SPELLED_OUT]]
    facts: dict[str, Any] = {
        **found.counts._asdict(),
        "day": desk.now.date().isoformat(),
        "late": found.late,
        "coming": found.coming,
        "silent": [{"department": one.department, "stages": one.stages} for one in found.silent],
        "stages": stages,
        "count": len(found.moved),
    }
    numbers = list(dict.fromkeys(one.number for one in found.moved))
    return Told(EVENT, numbers, facts, facts["day"])


def _said(one: Moved) -> dict[str, Any]:
    actual = one.actual.isoformat() if one.actual is not None else None
    return {"number": one.number, "stage": one.stage, "actual": actual, "tracking_number": one.tracking_number}


def _customers(desk: Desk, run: Run, moved: Sequence[Moved]) -> Iterator[Told]:
    """What each customer is told: the stage that was done last, when the goods will come, the carrier's number."""
    found = plans.of_orders(run, [one.number for one in moved])
    for number, stages in groupby(moved, key=lambda one: one.number):
        *_, last = stages
        facts = _said(last) | {"expected": _expected(desk, found, number)}
        yield Told(CUSTOMERS, [number], facts, f"{number}:{desk.now.date()}", address=last.contact)


def _expected(desk: Desk, found: Mapping[str, OrderPlan], number: str) -> str | None:
    plan = found.get(number)
    end = end_of(forecast(plan.stages, desk.now.date(), Yardstick(desk.settings).terms)) if plan is not None else None
    return end.isoformat() if end is not None else None
