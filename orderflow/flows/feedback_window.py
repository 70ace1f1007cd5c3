"""The rows of the feedback workbook: one for each delivery, with what counts of all that its customer said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orderflow.flows.case_looks import coloured
from orderflow.flows.desk import Desk
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.request import Intake
from orderflow.flows.window_kind import Part, Sifted, Stored, Took, WindowRow
from orderflow.ledger import feedback, history, orders
from orderflow.ledger.attached import FEEDBACK
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import KeptRow, Name
from orderflow.records.feedback import WINDOW, Answer
from orderflow.records.order import Change
from orderflow.records.rows import Feedback, columns
from orderflow.rules.closing import in_order, said

ONLY = "1"
"""What stands behind an order's number in the name of its row: there is one for each delivered order."""


@dataclass(frozen=True, slots=True)
class FeedbackRows(KeptRows):
    """A row a delivery. What a person writes into it is taken as any other answer is (`flows.answering`).

    Its revision is the sum of those of all answers, so that any of them being new can be told.
    """

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """Open cases first, the oldest of them on top; then everything else by number."""
        cases = {case.number: case for case in feedback.open_cases(book)}
        shown = map(self._showing(desk, asked), self._standing(book))
        for row in sorted(shown, key=lambda row: row.name[0] not in cases):
            case = cases.get(row.name[0])
            yield row if case is None else replace(row, cells=coloured(desk, row.cells, case))

    def _standing(self, book: Book) -> Iterator[KeptRow]:
        cases = [case.number for case in feedback.open_cases(book)]
        others = sorted(set(feedback.followed(book)) - set(cases))
        yield from (row for row in self._composed(book, [*cases, *others]) if not row.undone)

    def load(self, book: Book, numbers: Iterable[str]) -> Mapping[Name, Stored]:
        """The rows of those orders that have one, or had one that was taken back."""
        return {row.name: row for row in self._composed(book, feedback.ever_followed(book, numbers))}

    def _composed(self, book: Book, numbers: Sequence[str]) -> Iterator[KeptRow]:
        answers, revisions = feedback.answers_of(book, numbers), feedback.revisions(book, numbers)
        delivered = feedback.deliveries_of(book, numbers)
        for order in orders.load(book, numbers):
            number = order.row.number or ""
            row = _composed(number, order.row.customer, answers.get(number, ()), revisions.get(number, 0))
            there = number in answers or (number in delivered and delivered[number].delivered_at is not None)
            yield replace(row, undone=not there)

    def as_of(self, book: Book, name: Name, revision: int) -> Mapping[str, Any]:
        """What stood in a row that was written at an earlier revision."""
        values: dict[int, dict[str, Any]] = defaultdict(dict)
        for _, change in history.changes_of(book, name[0]):
            told = _told(change)
            after = {**values, **{seq: values[seq] | said for seq, said in told.items()}}
            if sum(one["revision"] for one in after.values() if one) > revision:
                break
            values.update(after)
        answers = (_answer(name[0], seq, said) for seq, said in values.items() if said)
        (order,) = orders.load(book, [name[0]])
        row = _composed(name[0], order.row.customer, [one for one in answers if one is not None], revision)
        return {column: getattr(row.row, column) for column in columns(Feedback)} | _beside(row)

    def live(self, book: Book, until: int) -> set[Name]:
        """The rows of deliveries and answers that run `until` or an earlier one touched last."""
        return {(number, ONLY) for number in feedback.followed(book, until)}

    def take(self, context: Intake, part: Part, lines: Sequence[Sifted]) -> Took:
        """Take the rows as answers, with all that follows from them."""
        from orderflow.flows.feedback_taking import FeedbackTaking

        return FeedbackTaking(self, context, part).take(lines)

    def take_side(self, context: Intake, conflict: Conflict) -> None:
        """Take the other value of a cell that a person has decided about."""
        from orderflow.flows.feedback_taking import taken_side

        (row,) = self.load(context.run, [conflict.number]).values()
        taken_side(context, row, conflict)


def _composed(number: str, customer: str | None, answers: Sequence[Answer], revision: int) -> KeptRow:
    """What counts of the answers as one row; what could not be read, until something that can is said."""
    row = replace(said(answers) or Feedback(number=number), customer=customer)
    unread: dict[str, str] = {}
    extra: dict[str, str] = {}
    for answer in in_order(answers):
        unread |= answer.unread
        extra |= answer.extra
    unread = {name: typed for name, typed in unread.items() if getattr(row, name) is None}
    return KeptRow((number, ONLY), row, unread, extra, revision)


def _beside(row: KeptRow) -> dict[str, Any]:
    return {"unread": row.unread, "extra": row.extra}


def _told(change: Change) -> dict[int, dict[str, Any]]:
    """What a change says of answers, by their place among those of the order."""
    told: dict[int, dict[str, Any]] = defaultdict(dict)
    for field, value in change.after.items():
        owner, _, name = field.rpartition(".")
        table, _, seq = owner.partition("/")
        if table == FEEDBACK.name:
            told[int(seq)][name] = value
    return told


def _answer(number: str, seq: int, values: Mapping[str, Any]) -> Answer | None:
    """An answer from what the history says of it; `None` for one that was taken back."""
    if all(values.get(name) is None for name in FEEDBACK.fields):
        return None
    row = Feedback(number=number, **{name: values.get(name) for name in columns(Feedback) if name != "number"})
    beside = (values.get(name) or {} for name in ("unread", "extra"))
    return Answer(row, values.get("origin") or WINDOW, seq, None, bool(values.get("complains")), *beside)
