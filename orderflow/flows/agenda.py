"""What is to be done next after and before deliveries: checklists, calls, surveys, by the time that is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from orderflow.flows.desk import Desk
from orderflow.flows.queries import WholeOrder, whole_orders
from orderflow.flows.surveying import surveys_due
from orderflow.ledger import feedback, orders
from orderflow.ledger.book import Book
from orderflow.records.feedback import Due
from orderflow.records.registration import Registration
from orderflow.rules.clocks import AFTER_SALES
from orderflow.rules.due import delivered_soon, unknown


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done. A delivery comes with what is to be checked (`row`) and what of it is `missing`."""

    due: Due
    row: Registration | None = None
    missing: list[str] = field(default_factory=list)


def complaining(desk: Desk, book: Book) -> list[WholeOrder]:
    """The orders with an open case, the oldest case first."""
    return whole_orders(desk, book, [case.number for case in feedback.open_cases(book)])


def agenda(desk: Desk, book: Book, cases: Sequence[WholeOrder]) -> list[Item]:
    """Deliveries of the next 24 hours, customers to be called (those of open `cases` whom nobody has called),
    surveys and reminders to be sent: the next due first."""
    calls = [item for whole in cases for item in _calls(whole)]
    found = [*deliveries_soon(desk, book), *calls, *(Item(due) for due in surveys_due(desk, book))]
    return sorted(found, key=lambda item: (item.due.due, item.due.number, item.due.code))


def deliveries_soon(desk: Desk, book: Book) -> list[Item]:
    """The checklists; who has the last stage calls the customer, else the specialist."""
    today = desk.now.date()
    coming = feedback.coming(book, today, today + timedelta(days=1))
    rows = {order.row.number: order.row for order in orders.load(book, [one.number for one in coming])}
    items = []
    for one in coming:
        at = delivered_soon(one.day, desk.now)
        if at is not None:
            due = Due(one.number, "delivery", at, one.carrier or desk.settings.desk.specialist)
            items.append(Item(due, rows[one.number], unknown(rows[one.number])))
    return items


def _calls(whole: WholeOrder) -> Iterator[Item]:
    number, owner = whole.order.row.number or "", whole.case.owner if whole.case is not None else None
    for clock in whole.clocks:
        if clock.clock == AFTER_SALES and clock.stopped is None and clock.due is not None:
            yield Item(Due(number, AFTER_SALES, clock.due, owner))
