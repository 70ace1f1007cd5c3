"""Telling somebody of an event: its notice is queued in the run that brought it about (PROCESS.md, "Always")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderflow.flows.desk import Desk
from orderflow.ledger import outbox
from orderflow.ledger.book import Run, in_chunks
from orderflow.records.events import EVENTS

SPELLED_OUT = 100
"""Orders or stages that the facts of one notice hold; it counts all of them."""
_FACTS = {name: set(event.facts) for name, event in EVENTS.items()}


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
    states = {
        name: outbox.HELD if event.recipient in desk.settings.notices.approval else outbox.WAITING
        for name, event in EVENTS.items()
    }
    return sum(outbox.add(run, _columns(chunk, states)) for chunk in in_chunks(told, outbox.TOGETHER))


def key_of(event: str, about: object) -> str:
    """By which the notice of an event is found again."""
    return f"{event}:{about}"


def _columns(told: Sequence[Told], states: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """Notices as columns: of an event that many orders are told of, most is the same."""
    for one in told:
        assert one.facts.keys() == _FACTS[one.event], f"{one.event}: {sorted(one.facts)}"
    columns: dict[str, Sequence[Any]] = dict(zip(Told._fields, zip(*told, strict=True), strict=True))
    events = columns["event"]
    columns["key"] = list(map(key_of, events, columns.pop("about")))
    columns["state"] = [states[name] for name in events]
    columns["severity"] = [EVENTS[name].severity.value for name in events]
    columns["recipient"] = [EVENTS[name].recipient.value for name in events]
    return columns
