"""How orders end: delivered, surveyed, closed by themselves (PROCESS.md, step 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orderflow.flows.desk import Desk
from orderflow.flows.queries import whole_orders
from orderflow.ledger import attached, feedback
from orderflow.ledger.attached import Edit
from orderflow.ledger.book import Book, Run
from orderflow.records.feedback import Delivery
from orderflow.records.finding import Finding, Severity
from orderflow.rules.clocks import Clock
from orderflow.rules.closing import Closing, closing

LOGISTICS, MARKED = "logistics", "marked"
"""How a delivery is known: by the actual end of its last stage, or because somebody marked it."""


def note_arrivals(desk: Desk, run: Run) -> list[str]:
    """Orders whose logistics are completed, and that nobody marked as delivered, were delivered on that day."""
    arrived = feedback.arrived(run)
    known = feedback.deliveries_of(run, [number for number, _ in arrived])
    edits = []
    for number, day in arrived:
        at = min(desk.ends(day), desk.now)
        delivery = replace(known.get(number, Delivery(number)), delivered_at=at, delivered_by=LOGISTICS)
        edits.append(Edit(number, "delivered", at, [feedback.delivery_row(delivery)]))
    attached.change(run, edits)
    return [edit.number for edit in edits]


def close_what_is_due(desk: Desk, run: Run, numbers: Sequence[str] | None = None) -> tuple[list[str], list[Finding]]:
    """Close the orders, of all or of these, that have come to their end: which, and which lack a reason for being late.

    An order with a broken clock does not close before somebody said why.
    """
    if numbers is None:
        deliveries = feedback.all_deliveries(run, only_open=True)
    else:
        deliveries = [one for one in feedback.deliveries_of(run, numbers).values() if one.closed_at is None]
    cases = feedback.cases_of(run, [one.number for one in deliveries])
    ends = {one.number: closing(one, cases.get(one.number), desk.settings.feedback) for one in deliveries}
    ripe = {number: end for number, end in ends.items() if end is not None and end.at <= desk.now}
    unexplained = clocks_without_reason(desk, run, list(ripe))
    edits = [
        _closed(one, ripe[one.number]) for one in deliveries if one.number in ripe and one.number not in unexplained
    ]
    attached.change(run, edits)
    return [edit.number for edit in edits], [reason_missing(*one) for one in unexplained.items()]


def _closed(delivery: Delivery, end: Closing) -> Edit:
    row = replace(delivery, closed_at=end.at, closed_how=end.how)
    return Edit(delivery.number, "closed", end.at, [feedback.delivery_row(row)])


def clocks_without_reason(desk: Desk, book: Book, numbers: Sequence[str]) -> dict[str, list[Clock]]:
    """The broken clocks of these orders for which nobody gave a reason (超时原因), by order."""
    found = {}
    for whole in whole_orders(desk, book, numbers):
        broken = [clock for clock in whole.clocks if clock.state == "broken" and not clock.reason]
        if broken:
            found[whole.order.row.number or ""] = broken
    return found


def reason_missing(number: str, clocks: Sequence[Clock]) -> Finding:
    """That an order cannot close while nobody says why its clocks ran out."""
    named = list(dict.fromkeys(clock.clock for clock in clocks))
    return Finding("late-reason-missing", Severity.WARNING, "late_reason", None, {"clocks": named}, number=number)
