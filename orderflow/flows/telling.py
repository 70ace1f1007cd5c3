"""Telling somebody of an event: its notice is queued in the run that brought it about (PROCESS.md, "Always")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderflow.flows.desk import Desk
from orderflow.ledger import outbox
from orderflow.ledger.book import Run
from orderflow.ledger.outbox import Notice
from orderflow.records.events import EVENTS

SPELLED_OUT = 100
"""Orders or stages that the facts of one notice hold; it counts all of them."""


class Told(NamedTuple):
    """What somebody is told about some orders; `about` tells it from others of its kind, and is told once.

    `address` is the recipient's own, where the desk knows it. Moments in `facts` are ISO texts in the desk's zone.
    """

    event: str
    numbers: Sequence[str]
    facts: Mapping[str, Any]
    about: object
    department: str | None = None
    address: str | None = None


def tell(desk: Desk, run: Run, told: Iterable[Told]) -> int:
    """Queue the notices of events; what needs an approval waits for it. How many are new."""
    return outbox.add(run, (_notice(desk, one) for one in told))


def key_of(event: str, about: object) -> str:
    """By which the notice of an event is found again."""
    return f"{event}:{about}"


def _notice(desk: Desk, told: Told) -> Notice:
    declared = EVENTS[told.event]
    assert told.facts.keys() == set(declared.facts), f"{told.event}: {sorted(told.facts)}"
    held = declared.recipient in desk.settings.notices.approval
    return Notice(
        event=told.event,
        severity=declared.severity.value,
        recipient=declared.recipient.value,
        numbers=told.numbers,
        facts=told.facts,
        key=key_of(told.event, told.about),
        created_at=desk.now,
        state=outbox.HELD if held else outbox.WAITING,
        department=told.department,
        address=told.address,
    )
