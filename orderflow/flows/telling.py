"""Telling somebody of an event: its notice is queued in the run that brought it about (PROCESS.md, "Always")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.ledger import outbox
from orderflow.ledger.book import Run
from orderflow.records.events import EVENTS


def tell(
    desk: Desk,
    run: Run,
    event: str,
    numbers: Sequence[str],
    facts: Mapping[str, Any],
    *,
    about: object,
    department: str | None = None,
    address: str | None = None,
) -> None:
    """Queue the notice of an event about some orders; `about` tells it from others of its kind, and is told once.

    `address` is the recipient's own, where the desk knows it. Moments in `facts` are ISO texts in the desk's zone.
    What needs an approval waits for it.
    """
    declared = EVENTS[event]
    assert facts.keys() == set(declared.facts), f"{event}: {sorted(facts)}"
    held = declared.recipient in desk.settings.notices.approval
    notice = outbox.Notice(
        event=event,
        severity=declared.severity.value,
        recipient=declared.recipient.value,
        numbers=numbers,
        facts=facts,
        key=f"{event}:{about}",
        created_at=desk.now,
        state=outbox.HELD if held else outbox.WAITING,
        department=department,
        address=address,
    )
    outbox.add(run, [notice])
