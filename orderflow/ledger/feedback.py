"""What follows deliveries: answers of customers, cases, deliveries and replacement orders, read and made into edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select

from orderflow.ledger.attached import CASE, DELIVERY, FEEDBACK, REPLACEMENT, RowEdit, Sort, of_orders, says
from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.schema import cases, deliveries, feedbacks, orders, replacements, stages
from orderflow.ledger.states import ENDED, LIVE, SEALED
from orderflow.ledger.values import MAPPING, decimal_text, form_of, json_of, json_text, json_value, moment, seconds
from orderflow.records.feedback import WORKBOOK, Amount, Answer, Case, Delivery
from orderflow.records.rows import Feedback, columns

_FORMS = {name: form_of(column.kind) for name, column in columns(Feedback).items() if name != "number"}
_MOMENTS = frozenset(("delivered_at", "accepted_at", "surveyed_at", "answered_at", "reminded_at", "closed_at"))
_LIVE = orders.c.undone.is_(False) & orders.c.merged_into.is_(None) & orders.c.cancelled.is_(False)


def answers_of(book: Book, numbers: Iterable[str]) -> dict[str, list[Answer]]:
    """What the customers of these orders answered, in the order in which it came in."""
    found: dict[str, list[Answer]] = defaultdict(list)
    for row in of_orders(book, FEEDBACK, numbers):
        found[row["number"]].append(_answer(row))
    return dict(found)


def answers_between(book: Book, since: datetime, until: datetime) -> list[Answer]:
    """The answers recorded from `since` until before `until`, of every order that is live."""
    asked = (
        select(feedbacks)
        .join(orders, orders.c.number == feedbacks.c.number)
        .where(_LIVE, feedbacks.c.recorded_at >= seconds(since), feedbacks.c.recorded_at < seconds(until))
        .order_by(feedbacks.c.number, feedbacks.c.seq)
    )
    return [_answer(values) for row in book.stream(asked) if says(FEEDBACK, values := dict(row._mapping))]


def _answer(row: Mapping[str, Any]) -> Answer:
    values = {name: None if row[name] is None else form.read(row[name]) for name, form in _FORMS.items()}
    said = Feedback(number=row["number"], **values)
    beside = (MAPPING.read(row[name]) if row[name] else {} for name in ("unread", "extra"))
    return Answer(said, row["origin"] or WORKBOOK, row["seq"], row["identity"], bool(row["complains"]), *beside)


def revisions(book: Book, numbers: Iterable[str]) -> dict[str, int]:
    """How often the answers of each of these orders were changed, those that were taken back too."""
    found: dict[str, int] = defaultdict(int)
    for row in of_orders(book, FEEDBACK, numbers, gone=True):
        found[row["number"]] += row["revision"]
    return dict(found)


def last_seqs(book: Book, numbers: Iterable[str]) -> dict[str, int]:
    """The place of the last answer of each of these orders, also where it was taken back."""
    return {row["number"]: row["seq"] for row in of_orders(book, FEEDBACK, numbers, gone=True)}


def followed(book: Book, until: int | None = None) -> list[str]:
    """The live orders that were delivered, or that a customer said something of; as far as run `until` knew."""
    delivered = select(deliveries.c.number).where(deliveries.c.delivered_at.is_not(None))
    answered = select(feedbacks.c.number).where(or_(*(feedbacks.c[name].is_not(None) for name in FEEDBACK.fields)))
    if until is not None:
        delivered, answered = delivered.where(deliveries.c.run <= until), answered.where(feedbacks.c.run <= until)
    asked = select(orders.c.number).where(*LIVE, orders.c.number.in_(delivered) | orders.c.number.in_(answered))
    return list(book.connection.execute(asked.order_by(orders.c.number)).scalars())


def ever_followed(book: Book, numbers: Iterable[str]) -> list[str]:
    """Those of these orders that were ever delivered or answered of, whatever was taken back since."""
    wanted = list(numbers)
    rows = [row for sort in (DELIVERY, FEEDBACK) for row in of_orders(book, sort, wanted, gone=True)]
    return sorted({row["number"] for row in rows})


def answer_row(answer: Answer) -> RowEdit:
    """An answer as a row to be kept."""
    said = ((name, getattr(answer.row, name)) for name in _FORMS)
    values = {name: None if value is None else _FORMS[name].store(value) for name, value in said}
    kept = {"origin": answer.origin, "identity": answer.identity, "complains": int(answer.complains) or None}
    beside = {"unread": MAPPING.store(answer.unread), "extra": MAPPING.store(answer.extra)}
    return RowEdit(FEEDBACK, values | kept | beside, (answer.seq,))


def _amounts(kept: str | None) -> dict[str, Decimal | None]:
    """Amounts by remedy, as SQL holds them."""
    return {name: None if amount is None else Decimal(amount) for name, amount in json_value(kept or "{}").items()}


def _amounts_text(remedies: Mapping[str, Decimal | None]) -> str | None:
    agreed = {name: None if amount is None else decimal_text(amount) for name, amount in remedies.items()}
    return json_text(agreed) if agreed else None


def cases_of(book: Book, numbers: Iterable[str]) -> dict[str, Case]:
    """The cases of these orders."""
    return {row["number"]: _case(row) for row in of_orders(book, CASE, numbers)}


def open_cases(book: Book) -> list[Case]:
    """Every case that is open, the oldest first."""
    return [_case(row) for row in _live(book, CASE, cases.c.closed_at.is_(None), cases.c.opened_at)]


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        row["number"],
        moment(row["opened_at"]),
        json_value(row["causes"] or "[]"),
        row["owner"],
        row["offered_by"],
        row["offer_reason"],
        json_value(row["helpers"] or "[]"),
        Amount(Decimal(row["proposed"]), row["proposed_unit"]) if row["proposed"] else None,
        _amounts(row["remedies"]),
        None if row["closed_at"] is None else moment(row["closed_at"]),
    )


def case_row(case: Case) -> RowEdit:
    """A case as a row to be kept."""
    return RowEdit(
        CASE,
        {
            "opened_at": seconds(case.opened_at),
            "causes": json_of(list(case.causes)),
            "owner": case.owner,
            "offered_by": case.offered_by,
            "offer_reason": case.offer_reason,
            "helpers": json_of(list(case.helpers)) if case.helpers else None,
            "proposed": None if case.proposed is None else decimal_text(case.proposed.number),
            "proposed_unit": None if case.proposed is None else case.proposed.unit,
            "remedies": _amounts_text(case.remedies),
            "closed_at": None if case.closed_at is None else seconds(case.closed_at),
        },
    )


def deliveries_of(book: Book, numbers: Iterable[str]) -> dict[str, Delivery]:
    """How the deliveries of these orders went; an order of which nothing is known is left out."""
    return {row["number"]: _delivery(row) for row in of_orders(book, DELIVERY, numbers)}


def all_deliveries(book: Book, *, only_open: bool = False) -> list[Delivery]:
    """The deliveries of every live order, by number; or of those only that are not closed."""
    wanted = deliveries.c.closed_at.is_(None) if only_open else deliveries.c.number.is_not(None)
    return [_delivery(row) for row in _live(book, DELIVERY, wanted, deliveries.c.number)]


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(row["number"], **{name: _read(name, row[name]) for name in DELIVERY.fields})


def _read(name: str, value: Any) -> Any:
    return moment(value) if name in _MOMENTS and value is not None else value


def delivery_row(delivery: Delivery) -> RowEdit:
    """A delivery as a row to be kept."""
    said = {name: getattr(delivery, name) for name in DELIVERY.fields}
    return RowEdit(
        DELIVERY,
        {name: seconds(value) if name in _MOMENTS and value is not None else value for name, value in said.items()},
    )


def _live(book: Book, sort: Sort, wanted: ColumnElement[bool], *by: ColumnElement[Any]) -> Iterator[Mapping[str, Any]]:
    asked = select(sort.table).join(orders, orders.c.number == sort.table.c.number).where(_LIVE, wanted)
    for row in book.stream(asked.order_by(*by, sort.table.c.number)):
        values = dict(row._mapping)
        if says(sort, values):
            yield values


def original_of(book: Book, numbers: Iterable[str]) -> dict[str, str]:
    """The order whose goods each of these replaces; others are left out."""
    return {row["number"]: row["original"] for row in of_orders(book, REPLACEMENT, numbers)}


def replacements_of(book: Book, numbers: Iterable[str]) -> dict[str, list[str]]:
    """The live orders that replace goods of each of these orders."""
    found: dict[str, list[str]] = defaultdict(list)
    for chunk in in_chunks(numbers):
        asked = select(replacements.c.number, replacements.c.original)
        live = asked.join(orders, orders.c.number == replacements.c.number).where(_LIVE)
        for row in book.connection.execute(
            live.where(among(book, replacements.c.original, chunk)).order_by(replacements.c.number)
        ):
            found[row.original].append(row.number)
    return dict(found)


def replacement_row(original: str | None) -> RowEdit:
    """That an order replaces goods of `original`, as a row to be kept."""
    return RowEdit(REPLACEMENT, {"original": original})


def arrived(book: Book) -> list[tuple[str, date]]:
    """The live orders whose logistics are completed and whose delivery is not recorded, with the day."""
    unknown = ~exists().where(deliveries.c.number == stages.c.number, deliveries.c.delivered_at.is_not(None))
    asked = (
        select(stages.c.number, func.max(stages.c.actual).label("day"))
        .join(orders, orders.c.number == stages.c.number)
        .where(_LIVE, stages.c.stage == "logistics", unknown)
        .group_by(stages.c.number)
        .having(func.count(stages.c.actual) == func.count())
        .order_by(stages.c.number)
    )
    return [(row.number, date.fromisoformat(row.day)) for row in book.connection.execute(asked)]


class Reachable(NamedTuple):
    """A live order with its customer's contact, and whether it has been delivered."""

    number: str
    contact: str
    delivered: bool


def reachable(book: Book) -> list[Reachable]:
    """Every live order that has a contact, by number."""
    asked = select(orders.c.number, orders.c.contact, ENDED.is_not(None).label("delivered"))
    live = asked.where(_LIVE, ~SEALED, orders.c.contact.is_not(None)).order_by(orders.c.number)
    return [Reachable(row.number, row.contact, bool(row.delivered)) for row in book.stream(live)]


class Coming(NamedTuple):
    """A live order that is not delivered, with the day planned for it, and who has the last stage."""

    number: str
    day: date
    carrier: str | None


def coming(book: Book, since: date, until: date) -> list[Coming]:
    """The deliveries planned from `since` to `until`: by the last stage's expected or planned end, else as ordered."""
    last = stages.alias()
    planned = func.coalesce(last.c.expected, last.c.due, orders.c.delivery_date)
    days = since.isoformat(), until.isoformat()
    may = orders.c.delivery_date.between(*days) | orders.c.number.in_(
        select(stages.c.number).where(
            stages.c.stage == "logistics", func.coalesce(stages.c.expected, stages.c.due).between(*days)
        )
    )  # told apart first, as most orders of a busy desk are due on other days
    asked = (
        select(orders.c.number, planned.label("day"), last.c.owner)
        .select_from(orders.outerjoin(last, (last.c.number == orders.c.number) & (last.c.stage == "logistics")))
        .where(may, _LIVE, ENDED.is_(None), planned.between(*days))
        .order_by(planned, orders.c.number)
    )
    return [Coming(row.number, date.fromisoformat(row.day), row.owner) for row in book.stream(asked)]
