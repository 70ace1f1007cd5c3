"""`mark`: what a person did is recorded, with when it happened and when it was entered (PROCESS.md, step 1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orderflow.flows.aftersales import AFTER, own_unowned
from orderflow.flows.desk import Desk, parse_moment
from orderflow.flows.doing import Done, one_run
from orderflow.flows.evidence import keep_file
from orderflow.flows.queries import known_number, refuse_ended, whole_orders
from orderflow.ledger import anomalies, conflicts, events, history, orders
from orderflow.ledger.book import Run
from orderflow.ledger.runs import past_run
from orderflow.ledger.undo import touched
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.records.finding import Finding, Severity
from orderflow.records.order import Change, Order
from orderflow.rules.clocks import Clock
from orderflow.rules.identity import is_same_person
from orderflow.rules.state import state_of

_TIME_OF_DAY = re.compile(r"[0-9]{1,2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Marking:
    """What `mark` was asked: which orders (or a whole run's), what happened, when."""

    numbers: Sequence[str]
    run: int | None
    what: str
    note: str | None
    file: Path | None
    at: str | None

    @classmethod
    def typed(
        cls, words: Sequence[str], run: int | None, note: str | None, file: Path | None, at: str | None
    ) -> Marking:
        """The words as typed: order numbers, then what happened.

        Raises WrongUsage `mark-unknown`, `mark-without-orders` or `mark-file-only-confirmed`.
        """
        *numbers, what = words
        if what not in MARKS:
            raise WrongUsage("mark-unknown", value=what, known=list(MARKS))
        if not numbers and run is None:
            raise WrongUsage("mark-without-orders")
        if file is not None and what != "confirmed":
            raise WrongUsage("mark-file-only-confirmed")
        return cls(numbers, run, what, note, file, at)


@dataclass(slots=True)
class Moment:
    """One mark being made: on which orders of which run, at what time.

    What it records of each order is stored for all of them together, by `store`.
    """

    desk: Desk
    run: Run
    marking: Marking
    at: datetime
    _events: list[Change] = field(default_factory=list)
    _edits: list[orders.Edit] = field(default_factory=list)

    def event(self, order: Order, kind: str) -> None:
        """Record that something happened to an order."""
        self._events.append(Change(kind, self.at, order.row.number, note=self.marking.note))

    def clocks(self, order: Order) -> Sequence[Clock]:
        """The order's response clocks as they stand now."""
        return whole_orders(self.desk, self.run, [order.row.number or ""])[0].clocks

    def edit(self, order: Order, kind: str, values: dict[str, Any]) -> None:
        """Change an order's row."""
        self._edits.append(orders.Edit(order.row.number or "", kind, values, self.at, note=self.marking.note))

    def store(self) -> None:
        """Store what was recorded; also before something rests on it."""
        history.record(self.run, self._events)
        orders.change(self.run, self._edits)
        self._events.clear()
        self._edits.clear()


def record(desk: Desk, marking: Marking, told: int | None = None) -> Done:
    """Record the mark on every order meant, in one run: all of them, or none.

    The answer tells of all of them, or of the first `told`: to gather what is recorded of very many takes longer than
    to mark them.

    Raises OrderflowError where one of the orders cannot bear the mark.
    """
    at = _moment(desk, marking.at)
    options = {"what": marking.what, "orders": list(marking.numbers), "run": marking.run}
    with one_run(desk, "mark", options) as run:
        numbers = _meant(run, marking)
        moment = Moment(desk, run, marking, at)
        done = Done(run.id)
        for order in orders.load(run, numbers):
            refuse_ended(order)
            _refuse_before_receipt(moment, order)
            if state_of(order) in ("merged", "cancelled") and marking.what != "cancelled":
                raise _closed(desk, order)
            done.findings += MARKS[marking.what](moment, order)
        moment.store()
        done.orders = whole_orders(desk, run, numbers[:told])
        done.more = len(numbers) - len(done.orders)
    return done


def _moment(desk: Desk, typed: str | None) -> datetime:
    """When it happened: now, a time of today, or a full time; never one that is still to come.

    Raises WrongUsage `clock-unreadable`, or `time-of-day-missing` where only a day was typed: response clocks count
    minutes, and midnight would be a guess. Raises OrderflowError `time-to-come`.
    """
    if typed is None:
        return desk.now
    if _is_day(typed):
        raise WrongUsage("time-of-day-missing", value=typed)
    today = f"{desk.now:%Y-%m-%d}T{typed.zfill(5)}" if _TIME_OF_DAY.fullmatch(typed) else typed
    try:
        at = parse_moment(today, desk.settings.desk.timezone)
    except OrderflowError as unreadable:
        raise WrongUsage(unreadable.code, value=typed) from unreadable
    if at > desk.now:
        raise OrderflowError("time-to-come", value=typed, now=f"{desk.now:%Y-%m-%dT%H:%M}")
    return at


def _is_day(typed: str) -> bool:
    try:
        date.fromisoformat(typed)
    except ValueError:
        return False
    return True


def _refuse_before_receipt(moment: Moment, order: Order) -> None:
    """Nothing happened to an order before it was received; only a time that was typed is looked at."""
    received = moment.desk.local(order.row.received_at)
    if moment.marking.at is not None and received is not None and moment.at < received:
        at = f"{received:%Y-%m-%dT%H:%M}"
        raise OrderflowError("time-before-receipt", value=moment.marking.at, number=order.row.number, received=at)


def _meant(run: Run, marking: Marking) -> list[str]:
    numbers = list(dict.fromkeys(known_number(run, number) for number in marking.numbers))
    if marking.run is None:
        return numbers
    past = past_run(run, marking.run)
    if past is None or marking.run == run.id:
        raise OrderflowError("run-unknown", run=marking.run)
    if past.undone_by is not None:
        raise OrderflowError("run-undone", run=marking.run)
    new, changed = touched(run, marking.run)
    return list(dict.fromkeys([*numbers, *orders.standing(run, [*new, *changed])]))


def _closed(desk: Desk, order: Order) -> OrderflowError:
    state = desk.say(f"messages.states.{state_of(order)}")
    return OrderflowError("mark-closed-order", number=order.row.number, state=state)


def _checked(moment: Moment, order: Order) -> list[Finding]:
    """A second person's check, bound to what the order says now (双人核对)."""
    name, double = moment.desk.actor, moment.desk.settings.desk.double_check
    if is_same_person(name, order.row.entered_by) and double != "off":
        raise OrderflowError("checker-is-enterer", number=order.row.number, name=name)
    moment.edit(order, "checked", {"checked_by": name, "checked_at": moment.at})
    return []


def _contacted(moment: Moment, order: Order) -> list[Finding]:
    """The customer was reached: the clocks that wait for it stop; who did it first owns what the customer raised."""
    moment.event(order, "contacted")
    if order.row.owner is None:
        moment.edit(order, "owner", {"owner": moment.desk.actor})
    own_unowned(moment, order)
    return []


def _confirmed(moment: Moment, order: Order) -> list[Finding]:
    """What was doubtful is meant so: conflicts and unclear wishes close; what is missing has to be supplied."""
    if moment.marking.file is not None:
        keep_file(moment.desk, moment.run, order, moment.marking.file)
    number = order.row.number or ""
    moment.event(order, "confirmed")
    open_ = anomalies.of_orders(moment.run, [number], only_open=True).get(number, [])
    left = []
    for anomaly in open_:
        if CATALOGUE[anomaly.code].confirmable:
            anomalies.close(moment.run, number, anomaly.code, anomaly.field, "confirmed", moment.at)
        else:
            left.append(
                Finding(anomaly.code, Severity.ANOMALY, anomaly.field, None, dict(anomaly.params), number=number)
            )
    for conflict in conflicts.undecided(moment.run, [number]):
        conflicts.decide(moment.run, conflict.id, "ours")
    return left


def _asked(moment: Moment, order: Order) -> list[Finding]:
    """A question to the customer is open: clocks pause."""
    moment.event(order, "asked")
    return []


def _answered(moment: Moment, order: Order) -> list[Finding]:
    """The customer answered: clocks go on."""
    number = order.row.number or ""
    happened = [event.kind for event in events.of_orders(moment.run, [number]).get(number, ())]
    if happened.count("asked") <= happened.count("answered"):
        raise OrderflowError("not-asked", number=order.row.number)
    moment.event(order, "answered")
    return []


def _distinct(moment: Moment, order: Order) -> list[Finding]:
    """Two orders that look alike are two."""
    number = order.row.number or ""
    if not anomalies.close(moment.run, number, "possible-duplicate", None, "distinct", moment.at):
        raise OrderflowError("nothing-to-distinguish", number=number)
    moment.event(order, "distinct")
    return []


def _cancelled(moment: Moment, order: Order) -> list[Finding]:
    """The customer does not want the order any more."""
    if order.merged_into is not None or order.cancelled:
        raise _closed(moment.desk, order)
    moment.edit(order, "cancelled", {"cancelled": True})
    return []


MARKS: dict[str, Callable[[Moment, Order], list[Finding]]] = {
    "checked": _checked,
    "contacted": _contacted,
    "confirmed": _confirmed,
    "asked": _asked,
    "answered": _answered,
    "distinct": _distinct,
    "cancelled": _cancelled,
    **AFTER,
}
