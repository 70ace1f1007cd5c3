"""Surveys on their way: an invitation for each delivered order, and one reminder (PROCESS.md, step 5).

With a form's address in the settings both are queued as notices to the customer; without one people ask by phone.
"""

from __future__ import annotations

from dataclasses import replace

from orderflow.flows.desk import Desk
from orderflow.flows.feedback_notices import invitation
from orderflow.flows.telling import key_of, tell
from orderflow.ledger import attached, feedback, orders, outbox
from orderflow.ledger.attached import Edit
from orderflow.ledger.book import Book, Run
from orderflow.records.feedback import Delivery, Due
from orderflow.rules.due import survey_due

INVITATION, REMINDER = "survey", "survey-reminder"
"""The notices to a customer, by what is due."""


def surveys_due(desk: Desk, book: Book) -> list[Due]:
    """Every survey and reminder that is still to be sent."""
    clocks, rules = desk.settings.clocks, desk.settings.feedback
    open_ = feedback.all_deliveries(book, only_open=True)
    return [due for one in open_ if (due := survey_due(one, clocks.survey_days, rules.reminder_days)) is not None]


def invite(desk: Desk, run: Run) -> int:
    """Queue the invitations, and the reminders whose day has come, each once; how many are new."""
    if not desk.settings.feedback.survey_url:
        return 0
    ready = {due.number: due for due in surveys_due(desk, run) if due.code == INVITATION or due.due <= desk.now}
    asked = orders.load(run, list(ready))
    return tell(desk, run, [invitation(desk, ready[order.row.number or ""], order.row.contact) for order in asked])


def note_sent(desk: Desk, run: Run) -> None:
    """Surveys whose invitation was delivered were sent then; reminders likewise."""
    known = feedback.all_deliveries(run, only_open=True)
    unsent = {key_of(*_next(one)): one for one in known if one.surveyed_at is None or one.reminded_at is None}
    edits = []
    for key, at in outbox.delivered(run, list(unsent)).items():
        one = unsent[key]
        first = one.surveyed_at is None
        row = replace(one, surveyed_at=at) if first else replace(one, reminded_at=at)
        kind = "surveyed" if first else "survey-reminded"
        edits.append(Edit(one.number, kind, at, [feedback.delivery_row(row)]))
    attached.change(run, edits)


def let_go(run: Run) -> None:
    """Nobody is asked for what is known: an invitation that has not left is dropped once an answer is in.

    So is one to a customer who was asked otherwise, and whose order is closed.
    """
    told = outbox.to_leave(run, (INVITATION, REMINDER))
    deliveries = feedback.deliveries_of(run, [number for notice in told for number in notice.numbers])
    over = [notice for notice in told if _is_over(notice.event, deliveries.get(notice.numbers[0]))]
    if over:
        outbox.decide(run, over, outbox.LET_GO, outbox.DROPPED)


def _is_over(event: str, delivery: Delivery | None) -> bool:
    if delivery is None or delivery.answered_at is not None or delivery.closed_at is not None:
        return True
    return (delivery.surveyed_at if event == INVITATION else delivery.reminded_at) is not None


def _next(delivery: Delivery) -> tuple[str, str]:
    """The notice that comes next, and what it is about."""
    return INVITATION if delivery.surveyed_at is None else REMINDER, delivery.number
