"""A month's report issued, or only sent: to the desk's group, with its workbook (PROCESS.md, step 6)."""

from __future__ import annotations

from orderflow.flows import issuing, sending
from orderflow.flows.desk import Desk
from orderflow.flows.improvement_book import note, take_book
from orderflow.flows.month import worked_out
from orderflow.flows.month_notices import can_leave, is_told, tell_of_report
from orderflow.ledger import issued
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.lookup import has_orders_of


def issue(desk: Desk, ledger: Ledger, month: str) -> None:
    """Keep the report of a month (`202405`) as it is now, once, and send it."""
    with desk.begin(ledger, "monthly-report", {"month": month}) as run:
        if issued.is_issued(run, month):
            run.discard()
            return
        note(run, desk, take_book(desk, run))
        worked = worked_out(desk, run, month)
        issuing.keep(run, worked.month, worked.orders)
        tell_of_report(desk, run, worked.month, worked.orders)
    sending.send_waiting(desk, ledger, desk.now)


def send(desk: Desk, ledger: Ledger, month: str) -> None:
    """Send the report of a month, once, where a channel takes it; one without orders is not sent."""
    if not can_leave(desk):
        return
    with desk.begin(ledger, sending.COMMAND, {"month": month}) as run:
        if is_told(run, month) or issued.is_issued(run, month) or not has_orders_of(run, month):
            run.discard()
            return
        worked = worked_out(desk, run, month)
        tell_of_report(desk, run, worked.month, worked.orders)
    sending.send_waiting(desk, ledger, desk.now)
