"""Customers' answers on their way into the ledger: kept, compared with what is known, and what follows from each.

Every way in comes here: a survey's export, a filled-in feedback workbook, what somebody marks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.feedback_notices import complaint
from orderflow.flows.telling import Told, tell
from orderflow.ledger import attached, feedback, orders
from orderflow.ledger.attached import Edit, RowEdit
from orderflow.ledger.book import Run
from orderflow.records.feedback import DONE, MARK, SCORES, SURVEY, WINDOW, WORDS, WORKBOOK, Answer, Case, Delivery
from orderflow.records.order import Order
from orderflow.records.rows import Feedback, columns
from orderflow.rules import cases, complaints
from orderflow.rules.closing import in_order, said
from orderflow.rules.remedies import amounts

FIELDS = tuple(name for name in columns(Feedback) if name != "number")
_CUSTOMERS = (*WORDS, *SCORES)


@dataclass(slots=True)
class Incoming:
    """One answer to an order, as it came in; `line` is the file's row, `unread` what could not be read of it."""

    row: Feedback
    origin: str
    identity: str | None = None
    has_time: bool = True
    line: int | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "unchanged"

    @property
    def says_anything(self) -> bool:
        """Whether it says more than whose delivery it is about and who would record it."""
        said = (getattr(self.row, name) for name in (*_CUSTOMERS, *DONE))
        return any(value is not None for value in said) or bool(self.unread)


@dataclass(slots=True)
class Answering:
    """Works out what answers change, of orders that are known; `commit` puts it into the ledger."""

    desk: Desk
    run: Run
    edits: list[Edit] = field(default_factory=list)
    opened: list[Case] = field(default_factory=list)
    _opinions: dict[str, str | None] = field(default_factory=dict)
    _orders: dict[str, Order] = field(default_factory=dict)
    _answers: dict[str, list[Answer]] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    _cases: dict[str, Case] = field(default_factory=dict)
    _deliveries: dict[str, Delivery] = field(default_factory=dict)

    def take(self, incoming: Sequence[Incoming]) -> None:
        """Compare each answer with what is known, and set its outcome: `new`, `updated` or `unchanged`."""
        self._load({one.row.number or "" for one in incoming})
        for one in incoming:
            if one.says_anything:
                self._take(one)

    def _load(self, numbers: Iterable[str]) -> None:
        wanted = sorted(set(numbers) - self._orders.keys())
        self._orders |= {order.row.number or "": order for order in orders.load(self.run, wanted)}
        self._answers |= feedback.answers_of(self.run, wanted)
        self._last |= feedback.last_seqs(self.run, wanted)
        self._cases |= feedback.cases_of(self.run, wanted)
        self._deliveries |= feedback.deliveries_of(self.run, wanted)

    def _take(self, one: Incoming) -> None:
        number = one.row.number or ""
        known = self._answers.setdefault(number, [])
        had = self._same(one, known)
        if had is None:
            row = replace(one.row, recorded_at=one.row.recorded_at or self.desk.now)
            answer = Answer(row, one.origin, self._next(number), one.identity, unread=one.unread)
        else:
            row = _updated(had.row, one.row)
            unread = {name: typed for name, typed in {**had.unread, **one.unread}.items() if getattr(row, name) is None}
            answer = replace(had, row=row, unread=unread)
        self._put(one, answer, had)

    def write(self, one: Incoming, fields: Collection[str], beside: Mapping[str, Any]) -> bool:
        """Take what a person wrote into the `fields` of an order's row, also what they emptied; whether it is new.

        Answers that came in files stay as they came, and can come again: what is written over them is an answer of its
        own, and the last. `beside` are what could not be read and the columns that people added, where they changed.
        """
        number = one.row.number or ""
        self._load([number])
        known = in_order(self._answers.get(number, ()))
        counted, had = said(known), next(reversed(known), None)
        if had is None or had.origin != WINDOW:
            return self._add(one, fields, beside, counted)
        row = replace(had.row, **{name: getattr(one.row, name) for name in fields})
        return self._put(one, replace(had, row=row, **beside), had, counted)

    def add(self, one: Incoming, beside: Mapping[str, Any]) -> bool:
        """Take a row that a person added, another answer to its order; whether it says anything."""
        self._load([one.row.number or ""])
        return self._add(one, [name for name in FIELDS if getattr(one.row, name) is not None], beside)

    def _add(
        self, one: Incoming, fields: Collection[str], beside: Mapping[str, Any], counted: Feedback | None = None
    ) -> bool:
        number = one.row.number or ""
        row = Feedback(number=number, **{name: getattr(one.row, name) for name in fields})
        if any(getattr(row, name) is not None for name in (*_CUSTOMERS, *DONE)):
            row.recorded_by = row.recorded_by or self.desk.actor
            row.recorded_at = row.recorded_at or self.desk.now
        elif not any(beside.values()):
            return False
        return self._put(one, Answer(row, one.origin, self._next(number), **beside), None, counted)

    def _next(self, number: str) -> int:
        """What tells the order's next answer apart; what was given once is not given again."""
        self._last[number] = self._last.get(number, 0) + 1
        return self._last[number]

    def _put(self, one: Incoming, answer: Answer, had: Answer | None, counted: Feedback | None = None) -> bool:
        """Keep an answer as it is now, with what follows from what is new in it; whether anything is.

        `counted` is what counted of all answers before, where it is a correction of these.
        """
        if answer == had:
            return False
        one.outcome = "new" if had is None else "updated"
        known = self._answers.setdefault(answer.row.number or "", [])
        if had is None:
            known.append(answer)
        else:
            known[known.index(had)] = answer
        before = counted or (had.row if had is not None else Feedback(number=answer.row.number))
        self._follow(one, answer, before)
        return True

    def _same(self, one: Incoming, known: Sequence[Answer]) -> Answer | None:
        """The answer that this is again: a survey's by its own identity; a workbook's by when it was recorded, else
        the last one that says nothing else."""
        if one.origin == SURVEY:
            return next((answer for answer in known if answer.identity == one.identity), None)
        if one.origin == MARK:
            return None
        rest = [answer for answer in known if answer.origin in (WORKBOOK, MARK) and answer.is_said]
        if one.row.recorded_at is not None:
            return next((answer for answer in reversed(rest) if answer.row.recorded_at == one.row.recorded_at), None)
        return next((answer for answer in reversed(rest) if _agree(answer.row, one.row)), None)

    def _moment(self, one: Incoming, answer: Answer) -> datetime:
        """When it was said: an answer that is new as recorded (at the end of its day where no time is known), never
        after now; what is added to a known one, now."""
        at = answer.row.recorded_at if one.outcome == "new" else None
        if at is not None and not one.has_time:
            at = self.desk.ends(at.astimezone(self.desk.zone).date())
        return min(at, self.desk.now) if at is not None else self.desk.now

    def _follow(self, one: Incoming, answer: Answer, had: Feedback) -> None:
        """What an answer brings about: acceptance, a survey that is in, a case opened, agreed on or closed.

        Where nobody noted that the survey was sent, its answer shows that it was, by then.
        """
        number, at = answer.row.number or "", self._moment(one, answer)
        why = self._complains(answer.row, had)
        answer.complains = answer.complains or bool(why)
        delivery = self._delivered(number, at)
        self._edit(one, "feedback", at, feedback.answer_row(answer), feedback.delivery_row(delivery))
        if delivery.answered_at is not None and delivery.surveyed_at is None:
            delivery = replace(delivery, surveyed_at=delivery.answered_at)
            self._edit(one, "surveyed", delivery.answered_at or at, feedback.delivery_row(delivery))
        self._deliveries[number] = delivery
        self._follow_case(one, answer, had, why, at)

    def _delivered(self, number: str, at: datetime) -> Delivery:
        """The delivery with when it was accepted, and its survey answered; not so where nobody says so any more."""
        delivery, known = self._deliveries.get(number, Delivery(number)), self._answers[number]
        accepted = any(answer.row.acceptance is not None for answer in known)
        answered = any(answer.has_scores or answer.origin == SURVEY for answer in known)
        return replace(
            delivery,
            accepted_at=(delivery.accepted_at or at) if accepted else None,
            answered_at=(delivery.answered_at or at) if answered else None,
        )

    def _complains(self, row: Feedback, had: Feedback) -> list[str]:
        """Why an answer opens a case, by what is new in it: what it said before moves nothing again."""
        low, case = self.desk.settings.feedback.low_score, self._cases.get(row.number or "")
        known = complaints.causes(had, low)
        why = [cause for cause in complaints.causes(row, low) if cause not in known]
        if not why and _newly(row, had, "no") and not (case and case.is_open):
            why = [complaints.COMPLAINED]
        return why

    def _follow_case(self, one: Incoming, answer: Answer, had: Feedback, why: Sequence[str], at: datetime) -> None:
        """A case opened, agreed on or closed, whatever has become of it since the answer was first known."""
        row, number = answer.row, answer.row.number or ""
        case = self._cases.get(number)
        if why:
            case = self.complain(number, at, why, self._receiver(one, number), row.comment, one.line)
        if case is not None and row.resolution and row.resolution != had.resolution:
            case = self._change(one, "resolved", at, cases.agreed(case, amounts(row.resolution)))
        if case is not None and case.is_open and _newly(row, had, "yes"):
            self._change(one, "satisfied", at, cases.satisfied(case, at))

    def _receiver(self, one: Incoming, number: str) -> str | None:
        """Who received the complaint first: who recorded it; nobody has yet where it stands in a survey."""
        by = one.row.recorded_by or (None if one.origin == SURVEY else self.desk.actor)
        return self._orders[number].row.owner or by

    def complain(
        self, number: str, at: datetime, why: Sequence[str], owner: str | None, opinion: str | None, line: int | None
    ) -> Case:
        """A customer complains: their case is opened, joined or opened again; a closed order is open again."""
        self._load([number])
        row = self._orders[number].row
        had = self._cases.get(number)
        amount = complaints.proposed(opinion, row.quantity, row.unit)
        case = self._cases[number] = cases.opened(had, number, at, why, owner, amount)
        rows = [feedback.case_row(case)]
        delivery = self._deliveries.get(number)
        if case.is_open and delivery is not None and delivery.closed_at is not None:
            self._deliveries[number] = replace(delivery, closed_at=None, closed_how=None)
            rows.append(feedback.delivery_row(self._deliveries[number]))
        self.edits.append(Edit(number, "complained", at, rows, sheet_row=line))
        if case.is_open and (had is None or not had.is_open):
            self.opened.append(case)
            self._opinions[number] = opinion
        return case

    def _change(self, one: Incoming, kind: str, at: datetime, case: Case) -> Case:
        self._cases[case.number] = case
        self._edit(one, kind, at, feedback.case_row(case))
        return case

    def _edit(self, one: Incoming, kind: str, at: datetime, *rows: RowEdit) -> None:
        self.edits.append(Edit(one.row.number or "", kind, at, rows, sheet_row=one.line))

    def commit(self, source: int | None = None) -> None:
        """Put everything into the ledger: answers, deliveries, cases, first receivers; after-sales is told."""
        for edit in self.edits:
            edit.source = source if edit.sheet_row is not None else None
        attached.change(self.run, self.edits)
        owned = [case for case in self.opened if case.owner and self._orders[case.number].row.owner is None]
        orders.change(
            self.run, [orders.Edit(case.number, "owner", {"owner": case.owner}, case.opened_at) for case in owned]
        )
        tell(self.desk, self.run, map(self._told, self.opened))

    def _told(self, case: Case) -> Told:
        row, opinion = self._orders[case.number].row, self._opinions.get(case.number)
        return complaint(self.desk, self.run.id, case, row, opinion)


def _updated(had: Feedback, row: Feedback) -> Feedback:
    """What is known of an answer with what a row says of it now; a blank cell says nothing."""
    return replace(had, **{name: value for name in FIELDS if (value := getattr(row, name)) is not None})


def _newly(row: Feedback, had: Feedback, satisfied: str) -> bool:
    """Whether 客户确认满意 says so now, and did not before."""
    return row.satisfied == satisfied and had.satisfied != satisfied


def _agree(had: Feedback, row: Feedback) -> bool:
    """Whether a row contradicts nothing that the customer is recorded as saying."""
    return all(
        said is None or before is None or said == before
        for name in _CUSTOMERS
        for said, before in [(getattr(row, name), getattr(had, name))]
    )
