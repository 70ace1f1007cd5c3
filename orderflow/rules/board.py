"""What an order needs next, and in which order a desk does things: by the time that is left (PROCESS.md, step 4)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from orderflow.records.board import Item, Step

BEFORE_THE_PLAN = ("confirm", "anomaly", "plan")
"""The clocks that run until an order is planned: what it needs next stops one of them."""


class Standing(NamedTuple):
    """How far an order has come before its plan is complete."""

    flagged: bool
    checked: bool
    judged: bool
    planned: bool
    complete: bool


def next_step(order: Standing, *, double_check: bool) -> Step:
    """What comes first of an order whose plan is not complete, or whose customer nobody has contacted."""
    if order.flagged:
        return "call"
    if double_check and not order.checked:
        return "check"
    if not order.judged:
        return "judge"
    if not order.planned:
        return "plan"
    return "contact" if order.complete else "assign"


def turn(item: Item) -> tuple[bool, float, str, str]:
    """By which the board is sorted: the next due first, what has no time last."""
    at = item.due.timestamp() if item.due is not None else 0.0
    return item.due is None, at, item.number or "", item.step


def is_overdue(item: Item, now: datetime) -> bool:
    """Whether its time has passed; a delivery is prepared for until its day is over."""
    return item.due is not None and item.due < now and item.step != "delivery"
