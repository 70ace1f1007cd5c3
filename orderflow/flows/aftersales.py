"""Marks of what happens at and after a delivery: delivered, accepted, surveyed, complained, and a case's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from orderflow.flows.answering import Answering, Incoming
from orderflow.flows.deliveries import MARKED, clocks_without_reason, close_what_is_due
from orderflow.ledger import attached, feedback, kept
from orderflow.ledger.attached import FEEDBACK, Edit, RowEdit
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.records.feedback import MARK, Answer, Case, Delivery
from orderflow.records.finding import Finding, Severity
from orderflow.records.order import Order
from orderflow.records.rows import Feedback
from orderflow.rules import cases
from orderflow.rules.complaints import COMPLAINED, QUALIFIED
from orderflow.rules.identity import is_same_person
from orderflow.rules.remedies import amounts, code_of, remedies

if TYPE_CHECKING:
    from orderflow.flows.marks import Moment


def _number(order: Order) -> str:
    return order.row.number or ""


def _edit(moment: Moment, order: Order, kind: str, *rows: RowEdit) -> None:
    attached.change(moment.run, [Edit(_number(order), kind, moment.at, rows, note=moment.marking.note)])


def _delivery(moment: Moment, order: Order) -> Delivery:
    number = _number(order)
    return feedback.deliveries_of(moment.run, [number]).get(number, Delivery(number))


def _open_case(moment: Moment, order: Order) -> Case:
    """The order's open case. Raises OrderflowError `case-none`."""
    case = feedback.cases_of(moment.run, [_number(order)]).get(_number(order))
    if case is None or not case.is_open:
        raise OrderflowError("case-none", number=order.row.number)
    return case


def _note(moment: Moment) -> str:
    """What was said about it. Raises WrongUsage `mark-needs-note`."""
    if not moment.marking.note:
        raise WrongUsage("mark-needs-note", what=moment.marking.what)
    return moment.marking.note


def delivered(moment: Moment, order: Order) -> list[Finding]:
    """The goods are with the customer."""
    delivery = _delivery(moment, order)
    if delivery.delivered_at is not None:
        at = f"{moment.desk.local(delivery.delivered_at):%Y-%m-%d %H:%M}"
        raise OrderflowError("delivered-already", number=order.row.number, at=at)
    delivery = replace(delivery, delivered_at=moment.at, delivered_by=MARKED)
    _edit(moment, order, "delivered", feedback.delivery_row(delivery))
    return []


def accepted(moment: Moment, order: Order) -> list[Finding]:
    """The customer accepts the goods as 合格; the note is what they said. Anything else is a complaint."""
    _said(moment, order, acceptance=QUALIFIED).commit()
    return _ended(moment, order)


def _said(moment: Moment, order: Order, acceptance: str | None = None, satisfied: str | None = None) -> Answering:
    """What the customer said in person, on its way into the ledger; the note are their words."""
    row = Feedback(
        number=order.row.number,
        customer=order.row.customer,
        acceptance=acceptance,
        comment=moment.marking.note,
        satisfied=satisfied,
        recorded_by=moment.desk.actor,
        recorded_at=moment.at,
    )
    answering = Answering(moment.desk, moment.run)
    answering.take([Incoming(row, MARK)])
    return answering


def surveyed(moment: Moment, order: Order) -> list[Finding]:
    """The survey was sent; a second time is the one reminder."""
    delivery = _delivery(moment, order)
    if delivery.surveyed_at is None:
        row = replace(delivery, surveyed_at=moment.at)
        _edit(moment, order, "surveyed", feedback.delivery_row(row))
    elif delivery.reminded_at is None and delivery.answered_at is None:
        row = replace(delivery, reminded_at=moment.at)
        _edit(moment, order, "survey-reminded", feedback.delivery_row(row))
    else:
        raise OrderflowError("surveyed-already", number=order.row.number)
    return []


def complained(moment: Moment, order: Order) -> list[Finding]:
    """A customer complains in person: whoever takes it owns the case to its end (首问负责)."""
    opinion, number = _note(moment), _number(order)
    answering = _said(moment, order, satisfied="no")
    if number not in {case.number for case in answering.opened}:
        owner = order.row.owner or moment.desk.actor
        answering.complain(number, moment.at, [COMPLAINED], owner, opinion, None)
    answering.commit()
    return []


def resolved(moment: Moment, order: Order) -> list[Finding]:
    """What is done for the customer, with amounts: `--note "换货10件"`. Raises WrongUsage `remedy-unreadable`."""
    case, said = _open_case(moment, order), _note(moment)
    agreed = remedies(said)
    if agreed is None:
        raise WrongUsage("remedy-unreadable", value=said)
    code = code_of(agreed)
    case = cases.agreed(case, amounts(code))
    _edit(moment, order, "resolved", feedback.case_row(case), _noted(moment, order, resolution=code))
    return []


def _noted(moment: Moment, order: Order, **done: str) -> RowEdit:
    """What is done about a case, as the workbook's row of the order says it from now on."""
    number = _number(order)
    row = Feedback(number=number, recorded_by=moment.desk.actor, recorded_at=moment.at)
    seq = kept.next_seq(moment.run, FEEDBACK.name, number)
    return feedback.answer_row(Answer(replace(row, **done), MARK, seq))  # type: ignore[arg-type]


def handover(moment: Moment, order: Order) -> list[Finding]:
    """The owner offers the case with a reason; another who marks the same accepts it, and owns it from then on.

    Raises OrderflowError `not-the-owner` where nobody has offered it to others.
    """
    case, actor = _open_case(moment, order), moment.desk.actor
    if is_same_person(actor, case.owner):
        row = feedback.case_row(cases.offered(case, actor, _note(moment)))
        _edit(moment, order, "handover-offered", row)
    elif case.offered_by is None and case.owner is not None:
        raise OrderflowError("not-the-owner", number=order.row.number, owner=case.owner)
    else:
        _edit(moment, order, "handover", feedback.case_row(cases.accepted(case, actor)))
    return []


def own_unowned(moment: Moment, order: Order) -> None:
    """A case that came with a survey has no owner before somebody calls the customer: who does, owns it."""
    case = feedback.cases_of(moment.run, [_number(order)]).get(_number(order))
    if case is not None and case.is_open and case.owner is None:
        owner = order.row.owner or moment.desk.actor
        _edit(moment, order, "owner", feedback.case_row(replace(case, owner=owner)))


def helped(moment: Moment, order: Order) -> list[Finding]:
    """Somebody helps with a case; its owner stays the owner."""
    _edit(moment, order, "helped", feedback.case_row(cases.helped(_open_case(moment, order), moment.desk.actor)))
    return []


def satisfied(moment: Moment, order: Order) -> list[Finding]:
    """The customer is satisfied: the case closes."""
    case = cases.satisfied(_open_case(moment, order), moment.at)
    _edit(moment, order, "satisfied", feedback.case_row(case), _noted(moment, order, satisfied="yes"))
    return _ended(moment, order)


def _ended(moment: Moment, order: Order) -> list[Finding]:
    """Close the order where that was the last thing it waited for."""
    moment.store()
    return close_what_is_due(moment.desk, moment.run, [_number(order)])[1]


def closed(moment: Moment, order: Order) -> list[Finding]:
    """A person closes an order. Raises OrderflowError `close-open-case` or `close-without-reason`."""
    number = _number(order)
    case = feedback.cases_of(moment.run, [number]).get(number)
    if case is not None and case.is_open:
        raise OrderflowError("close-open-case", number=number, owner=case.owner or "—")
    late = clocks_without_reason(moment.desk, moment.run, [number]).get(number)
    if late:
        named = [moment.desk.say(f"messages.clock_names.{clock.clock}") for clock in late]
        raise OrderflowError("close-without-reason", number=number, clocks=list(dict.fromkeys(named)))
    delivery = replace(_delivery(moment, order), closed_at=moment.at, closed_how=MARKED)
    _edit(moment, order, "closed", feedback.delivery_row(delivery))
    return []


def reason(moment: Moment, order: Order) -> list[Finding]:
    """Why the order's clocks ran out (超时原因); one for several orders, or for a whole run.

    An order of which no clock is broken is left as it is, and said.
    """
    why, number = _note(moment), _number(order)
    if not any(clock.state == "broken" for clock in moment.clocks(order)):
        return [Finding("no-clock-broken", Severity.NOTE, None, None, {}, number=number)]
    moment.edit(order, "reason", {"late_reason": why})
    return _ended(moment, order)


def seen(moment: Moment, order: Order) -> list[Finding]:
    """The specialist has seen the order's delay, and acts."""
    moment.event(order, "seen")
    return []


AFTER: dict[str, Callable[[Moment, Order], list[Finding]]] = {
    "delivered": delivered,
    "accepted": accepted,
    "surveyed": surveyed,
    "complained": complained,
    "resolved": resolved,
    "handover": handover,
    "helped": helped,
    "satisfied": satisfied,
    "closed": closed,
    "reason": reason,
    "seen": seen,
}
