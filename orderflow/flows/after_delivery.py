"""What happens to deliveries by itself, whenever somebody looks: `feedback` and `watch` do it in their run (step 5)."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderflow.flows.deliveries import close_what_is_due, note_arrivals
from orderflow.flows.desk import Desk
from orderflow.flows.surveying import invite, let_go, note_sent
from orderflow.ledger.book import Run
from orderflow.records.finding import Finding


@dataclass(slots=True)
class Followed:
    """What it came to: orders that arrived, orders that closed, notices that are new, what keeps an order open."""

    arrived: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    told: int = 0
    findings: list[Finding] = field(default_factory=list)


def follow_deliveries(desk: Desk, run: Run) -> Followed:
    """Note what logistics delivered and which surveys were sent, close what is due, invite to surveys."""
    arrived = note_arrivals(desk, run)
    note_sent(desk, run)
    closed, unexplained = close_what_is_due(desk, run)
    let_go(run)
    return Followed(arrived, closed, invite(desk, run), unexplained)
