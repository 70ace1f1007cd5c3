"""The specialist is told of the orders that a run flagged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from orderflow.flows.desk import Desk
from orderflow.flows.telling import SPELLED_OUT, Told, tell
from orderflow.ledger.book import Run


def tell_flagged(desk: Desk, run: Run, flagged: Sequence[tuple[str, list[str]]]) -> None:
    """The specialist is told of a run's flagged orders, once for all of them."""
    hours = desk.settings.clocks.anomaly_hours
    facts = {
        "orders": [{"number": number, "codes": codes} for number, codes in flagged[:SPELLED_OUT]],
        "count": len(flagged),
        "hours": f"{hours:g}",
        "due": (desk.now + timedelta(hours=hours)).isoformat(),
    }
    tell(desk, run, [Told("flagged", [number for number, _ in flagged], facts, run.id)])
