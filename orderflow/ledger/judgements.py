"""How orders are judged: what a judgement is made from, read for many orders at once, and what it came to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select

from orderflow.ledger.attached import PRIORITY, Edit, RowEdit, change
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.kept import KeptRow, kept_row
from orderflow.ledger.lookup import of_month
from orderflow.ledger.schema import orders, priorities
from orderflow.ledger.states import LIVE, SEALED
from orderflow.ledger.values import decimal_text, form_of, json_text, json_value, moment, seconds
from orderflow.records.choices import Level
from orderflow.records.judgement import Judgement, Told, Verdict
from orderflow.records.rows import Priority, columns

JUDGED, UNJUDGED = "judged", "unjudged"
"""The kinds of the changes of a judgement: made (or made again), and withdrawn."""
_DECLARED = ("level", "amount", "urgency", "priority", "override_reason")
_FORMS = {name: form_of(columns(Priority)[name].kind) for name in _DECLARED}


class Candidate(NamedTuple):
    """A live order with all that it is judged by; `judgement` is the one it has."""

    number: str
    customer: str | None
    product: str | None
    quantity: Decimal | None
    delivery_date: date | None
    level: str | None
    amount: Decimal | None
    remark: str | None
    declared: Priority
    judgement: Judgement | None


class Standing(NamedTuple):
    """A live order as its workbook shows it: what is kept there, if anything is, and the judgement that it has."""

    number: str
    due: str | None
    kept: KeptRow | None
    judgement: Judgement | None


def standing(book: Book) -> Iterator[Standing]:
    """Every live order; the day on which it is due is an ISO text, as SQL holds it."""
    asked = (
        select(priorities, orders.c.number, orders.c.delivery_date)
        .select_from(orders.outerjoin(priorities, priorities.c.number == orders.c.number))
        .where(*LIVE)
    )
    rows: Iterable[Any] = book.stream(asked)
    for row in rows:
        number, due = row[-2:]
        if row[0] is None:
            yield Standing(number, due, None, None)
        else:
            yield Standing(number, due, kept_row(PRIORITY.name, Priority, row), _judgement(row))


def candidates(book: Book, month: str | None = None, numbers: Collection[str] | None = None) -> Iterator[Candidate]:
    """Every live order that is not cancelled; or those of a `month` (`202405`), or some alone, archived ones too."""
    own = [orders.c[name] for name in Candidate._fields[:-2] if name not in ("level", "amount")]
    asked = (
        select(*own, orders.c.level.label("own_level"), orders.c.amount.label("own_amount"), *_columns())
        .select_from(orders.outerjoin(priorities, priorities.c.number == orders.c.number))
        .where(orders.c.undone.is_(False), orders.c.merged_into.is_(None), orders.c.cancelled.is_(False))
        .order_by(orders.c.number)
    )
    if month is None and numbers is None:
        asked = asked.where(~SEALED)
    if month is not None:
        asked = asked.where(of_month(month))
    if numbers is not None:
        asked = asked.where(among(book, orders.c.number, numbers))
    for row in book.stream(asked):
        yield Candidate(
            row.number,
            row.customer,
            row.product,
            None if row.quantity is None else Decimal(row.quantity),
            None if row.delivery_date is None else date.fromisoformat(row.delivery_date),
            row.own_level,
            None if row.own_amount is None else Decimal(row.own_amount),
            row.remark,
            _declared(row),
            _judgement(row),
        )


def of_orders(book: Book, numbers: Sequence[str]) -> dict[str, Judgement]:
    """The judgements of these orders; an order without one is left out."""
    found = {}
    for chunk in in_chunks(numbers):
        asked: Select[Any] = select(priorities.c.number, *_columns()).where(among(book, priorities.c.number, chunk))
        for row in book.connection.execute(asked):
            if (judgement := _judgement(row)) is not None:
                found[row.number] = judgement
    return found


def _columns() -> list[Any]:
    return [column for name, column in priorities.c.items() if name not in ("number", "run")]


def _declared(row: Row[Any]) -> Priority:
    values = row._mapping
    read = {n: None if values[n] is None else form.read(values[n]) for n, form in _FORMS.items()}
    if row.verdict is None:  # who judged, and when, as a person wrote it before anything was judged
        read |= {"judged_by": row.judged_by, "judged_at": None if row.judged_at is None else moment(row.judged_at)}
    return Priority(number=row.number, **read)


def _judgement(row: Row[Any]) -> Judgement | None:
    if row.verdict is None:
        return None
    verdict, customer, amount, floor = _made(row.verdict)
    return Judgement(
        row.number,
        Level(row.in_force),
        verdict,
        customer,
        amount,
        row.judged_by,
        moment(row.judged_at),
        row.rests_on,
        _declared(row),
        floor,
        row.revision,
    )


@lru_cache(maxsize=20_000)
def _made(text: str) -> tuple[Verdict, Told[str], Told[Decimal], str | None]:
    """A verdict with the customer's level, the amount and the kind of order that it was made from.

    Remembered: many orders are judged alike.
    """
    said = json_value(text)
    verdict = Verdict(
        Level(said["level"]),
        said["points"],
        {name: Level(level) for name, level in said["dimensions"].items()},
        said["strategy"],
        said["days"],
        Level(said["by_days"]) if said["by_days"] else None,
        said["floor"],
    )
    level, source = said["customer"]
    amount, amount_source = said["amount"]
    return verdict, Told(level, source), Told(Decimal(amount), amount_source), said["kind"]


def record(run: Run, at: datetime, judged: Iterable[Judgement], withdrawn: Iterable[Priority] = ()) -> None:
    """Keeps judgements with what people declared, and withdraws those that can be made no longer."""
    edits = [Edit(j.number, JUDGED, at, [RowEdit(PRIORITY, _values(j))]) for j in judged]
    edits += [
        Edit(declared.number or "", UNJUDGED, at, [RowEdit(PRIORITY, _said(declared) | _NO_VERDICT)])
        for declared in withdrawn
    ]
    change(run, edits)


_NO_VERDICT: dict[str, Any] = dict.fromkeys(("judged_by", "judged_at", "in_force", "verdict", "rests_on"))


def _said(declared: Priority) -> dict[str, Any]:
    values = ((name, getattr(declared, name)) for name in _FORMS)
    return {name: None if value is None else _FORMS[name].store(value) for name, value in values}


def _values(judgement: Judgement) -> dict[str, Any]:
    verdict = judgement.verdict
    made = {
        "level": verdict.level,
        "points": verdict.points,
        "dimensions": verdict.dimensions,
        "strategy": verdict.strategy,
        "days": verdict.days,
        "by_days": verdict.by_days,
        "floor": verdict.floor,
        "kind": judgement.floor,
        "customer": judgement.customer,
        "amount": (decimal_text(judgement.amount.value), judgement.amount.source),
    }
    return _said(judgement.declared) | {
        "judged_by": judgement.by,
        "judged_at": seconds(judgement.at),
        "in_force": judgement.level.value,
        "verdict": json_text(made),
        "rests_on": judgement.rests_on,
    }
