"""`today`: what is to be done next, ranked by the time that is left (PROCESS.md, step 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any, NamedTuple

from orderflow.flows import agenda
from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.open_clocks import open_clocks
from orderflow.flows.silence import Silent, silent_departments
from orderflow.ledger import anomalies, conflicts, feedback, open_stages, orders, outbox, plans
from orderflow.ledger.book import Book
from orderflow.records.board import Item, Step
from orderflow.records.feedback import Case
from orderflow.records.order import Order
from orderflow.records.plan import OrderPlan
from orderflow.rules.board import BEFORE_THE_PLAN, Standing, is_overdue, next_step, turn
from orderflow.rules.clocks import CLOCKS
from orderflow.rules.open_clocks import OpenClock

MOST = 200
"""Lines that a board has at most; how many more there are is said."""
_AFTER_THE_PLAN: Mapping[str, Step] = {"acknowledge": "acknowledge", "escalate": "report", "after-sales": "after-sales"}


@dataclass(slots=True)
class Board:
    """What is to be done: the `items` that come first, how many `more` there are, and how many of all are `late`.

    `clocks` counts the clocks that nobody has stopped, by clock and state; `silent` are departments of which nobody
    has reported today.
    """

    items: list[Item] = field(default_factory=list)
    more: int = 0
    late: int = 0
    clocks: dict[str, Counter[str]] = field(default_factory=dict)
    silent: list[Silent] = field(default_factory=list)


class _Task(NamedTuple):
    """Some open clocks of one order that one action stops; `due` is the first of them, `None` where none is known."""

    number: str
    clocks: Sequence[OpenClock]
    due: datetime | None

    @property
    def turn(self) -> tuple[bool, float, str]:
        return self.due is None, self.due.timestamp() if self.due else 0.0, self.number


def today(desk: Desk, most: int = MOST) -> Board:
    """The board as it stands now."""
    with without_collecting(), desk.ledger() as ledger, ledger.read() as book:
        return board_of(desk, book, most)


def board_of(desk: Desk, book: Book, most: int = MOST) -> Board:
    """The board as the ledger has it."""
    board = Board(clocks={name: Counter() for name in CLOCKS}, silent=silent_departments(desk, book))
    tasks = list(_tasks(desk, book, board))
    first = nsmallest(most, tasks, key=lambda task: task.turn)
    agenda_ = [_due(one) for one in agenda.agenda(desk, book, ())]
    overdue = open_stages.due_by(book, desk.now.date(), most + 1)
    updates = [_update(desk, stage) for stage in overdue if stage.expected is None or stage.expected <= desk.now.date()]
    found = [*_items(desk, book, first), *agenda_, *updates, *_of_the_desk(desk, book)]
    board.items = sorted(found, key=turn)[:most]
    late = sum(is_overdue(item, desk.now) for item in found[len(first) :])
    board.late = late + sum(task.due is not None and task.due < desk.now for task in tasks)
    board.more = len(tasks) - len(first) + len(found) - len(board.items)
    return board


def _tasks(desk: Desk, book: Book, board: Board) -> Iterator[_Task]:
    """What the open clocks of each order wait for; one that waits for the customer is nobody's task."""
    for number, clocks in open_clocks(desk, book):
        for clock in clocks:
            board.clocks[clock.clock][clock.state] += 1
        before = [clock for clock in clocks if clock.clock in BEFORE_THE_PLAN and clock.state != "paused"]
        if before:
            known = [clock.due for clock in before if clock.due is not None]
            yield _Task(number, before, min(known) if known else None)
        if len(before) < len(clocks):
            for clock in clocks:
                if clock.clock in _AFTER_THE_PLAN and clock.state != "paused":
                    yield _Task(number, [clock], clock.due)


def _items(desk: Desk, book: Book, tasks: Sequence[_Task]) -> Iterator[Item]:
    numbers = list(dict.fromkeys(task.number for task in tasks))
    known = {order.row.number: order for order in orders.load(book, numbers)}
    reasons = anomalies.of_orders(book, numbers, only_open=True)
    planned, cases = plans.of_orders(book, numbers), feedback.cases_of(book, numbers)
    for task in tasks:
        order, named = known[task.number], {clock.clock for clock in task.clocks}
        about = _After(task, order, planned.get(task.number), cases.get(task.number))
        step = next((_AFTER_THE_PLAN[name] for name in named if name in _AFTER_THE_PLAN), None)
        facts: dict[str, Any] = {
            "customer": order.row.customer,
            "contact": order.row.contact_person,
            "product": order.row.product,
        }
        facts |= {"reasons": [anomaly.code for anomaly in reasons.get(task.number, ())], "stages": about.unconfirmed}
        owner = about.owner(step) or order.row.owner or desk.settings.desk.specialist
        yield Item(step or _next(desk, order, named), task.number, task.due, owner, facts)


class _After(NamedTuple):
    """An order with its plan and its case, where it has them."""

    task: _Task
    order: Order
    plan: OrderPlan | None
    case: Case | None

    @property
    def unconfirmed(self) -> list[str]:
        """The stages that no department has confirmed."""
        return [stage.stage for stage in self.plan.stages if stage.confirmed_at is None] if self.plan else []

    def owner(self, step: Step | None) -> str | None:
        """Who is in charge of a step after the plan; `None` where that is nobody in particular."""
        if step == "after-sales":
            return self.case.owner if self.case else None
        if step == "acknowledge" and self.plan:
            people = dict.fromkeys(stage.owner for stage in self.plan.stages if stage.owner and not stage.confirmed_at)
            return "、".join(people) or None
        return None


def _next(desk: Desk, order: Order, named: set[str]) -> Step:
    standing = Standing(
        flagged=order.open_anomalies > 0,
        checked=order.row.checked_by is not None,
        judged=order.judged,
        planned=order.planned,
        complete="plan" not in named,
    )
    return next_step(standing, double_check=desk.settings.desk.double_check == "required")


def _update(desk: Desk, stage: open_stages.OpenStage) -> Item:
    """A stage that should be done by now, of which nobody has said that it is."""
    ends = desk.begins(stage.due) + timedelta(days=1)
    return Item("update", stage.number, ends, stage.owner, {"stage": stage.stage, "day": stage.due.isoformat()})


def _due(one: agenda.Item) -> Item:
    """A delivery of the next 24 hours with what is to be checked, or a survey."""
    steps: Mapping[str, Step] = {"delivery": "delivery", "survey": "survey", "survey-reminder": "survey-reminder"}
    facts = {"row": one.row, "missing": one.missing} if one.row is not None else {}
    return Item(steps[one.due.code], one.due.number, one.due.due, one.due.owner, facts)


def _of_the_desk(desk: Desk, book: Book) -> Iterator[Item]:
    """What waits for a person without being one order's: notices to approve or set aside, open questions."""
    counted = outbox.counts(book)
    if held := counted.get(outbox.HELD, 0):
        yield Item("approve", None, None, desk.settings.desk.specialist, {"count": held})
    if unsent := sum(counted.get(state, 0) for state in (outbox.FAILED, outbox.UNCERTAIN)):
        yield Item("unsent", None, None, desk.settings.desk.specialist, {"count": unsent})
    if questions := len(conflicts.undecided(book)):
        yield Item("question", None, None, desk.settings.desk.specialist, {"count": questions})
