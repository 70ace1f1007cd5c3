"""How orders are judged: what a judgement is made from, read for many orders at once, and what it came to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from orderflow.ledger.alike import OWN, Addition, Alike, add
from orderflow.ledger.attached import PRIORITY, Edit, RowEdit, change
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.kept import ALIKE, Live, Said, live_row
from orderflow.ledger.lookup import of_month
from orderflow.ledger.schema import orders, priorities
from orderflow.ledger.states import LIVE, SEALED
from orderflow.ledger.values import decimal_text, form_of, json_text, json_value, moment, number_of, seconds
from orderflow.records.choices import Level
from orderflow.records.judgement import Judgement, Told, Verdict
from orderflow.records.rows import Priority, columns

JUDGED, UNJUDGED = "judged", "unjudged"
"""The kinds of the changes of a judgement: made (or made again), and withdrawn."""
_DECLARED = ("level", "amount", "urgency", "priority", "override_reason")
_FORMS = {name: form_of(columns(Priority)[name].kind) for name in _DECLARED}
_in_words = attrgetter(*_DECLARED)


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


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What is kept beside an order and the judgement that it makes: one object for all judged alike, of no number."""

    said: Said
    judgement: Judgement | None


class Standing(NamedTuple):
    """A live order as its workbook shows it: what is kept there, if anything is, and how it was judged."""

    number: str
    due: str | None
    kept: Live | None
    judged: Judged | None


def standing(book: Book) -> Iterator[Standing]:
    """Every live order; the day on which it is due is an ISO text, as SQL holds it."""
    asked = (
        select(orders.c.number, orders.c.delivery_date, priorities)
        .select_from(orders.outerjoin(priorities, priorities.c.number == orders.c.number))
        .where(*LIVE)
    )
    for serial, due, known, *beside in book.tuples(asked):
        number, stored = number_of(serial), tuple(beside)
        if known is None:
            yield Standing(number, due, None, None)
        else:
            yield Standing(number, due, live_row(PRIORITY.name, number, stored), _judged(stored))


@lru_cache(ALIKE)
def _judged(stored: tuple[Any, ...]) -> Judged:
    return Judged(live_row(PRIORITY.name, "", stored).said, _judgement("", stored))


def candidates(book: Book, month: str | None = None, numbers: Collection[str] | None = None) -> Iterator[Candidate]:
    """Every live order that is not cancelled; or those of a `month` (`202405`), or some alone, archived ones too."""
    own = [orders.c[name] for name in Candidate._fields[:-2]]
    asked = (
        select(*own, *_columns())
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
    for serial, customer, product, quantity, due, level, amount, remark, *beside in book.tuples(asked):
        number, stored = number_of(serial), tuple(beside)
        yield Candidate(
            number,
            customer,
            product,
            None if quantity is None else Decimal(quantity),
            None if due is None else _day(due),
            level,
            None if amount is None else Decimal(amount),
            remark,
            Priority(number=number, **_read(stored).declared),
            _judgement(number, stored),
        )


def of_orders(book: Book, numbers: Sequence[str]) -> dict[str, Judgement]:
    """The judgements of these orders; an order without one is left out."""
    found = {}
    for chunk in in_chunks(numbers):
        asked: Select[Any] = select(priorities.c.number, *_columns()).where(among(book, priorities.c.number, chunk))
        for number, *stored in book.connection.execute(asked):
            if (judgement := _judgement(number, tuple(stored))) is not None:
                found[number] = judgement
    return found


def _columns() -> list[Any]:
    """What stands beside the number of a judgement."""
    return [column for name, column in priorities.c.items() if name != "number"]


class _Read(NamedTuple):
    """A stored row: the fields of what people declared, and those of the judgement that it makes, if it makes one."""

    declared: Mapping[str, Any]
    made: Mapping[str, Any] | None


_day = lru_cache(10_000)(date.fromisoformat)


def _judgement(number: str, stored: tuple[Any, ...]) -> Judgement | None:
    declared, made = _read(stored)
    return None if made is None else Judgement(number=number, declared=Priority(number=number, **declared), **made)


@lru_cache(20_000)
def _read(stored: tuple[Any, ...]) -> _Read:
    """Remembered: many orders are judged alike."""
    said = {column.name: value for column, value in zip(_columns(), stored, strict=True)}
    declared = {n: None if said[n] is None else form.read(said[n]) for n, form in _FORMS.items()}
    judged_at = None if said["judged_at"] is None else moment(said["judged_at"])
    if said["verdict"] is None:  # who judged, and when, as a person wrote it before anything was judged
        return _Read({**declared, "judged_by": said["judged_by"], "judged_at": judged_at}, None)
    made = {
        **_made(said["verdict"]),
        "level": Level(said["in_force"]),
        "by": said["judged_by"],
        "at": judged_at,
        "rests_on": said["rests_on"],
        "revision": said["revision"],
    }
    return _Read(declared, made)


def _made(text: str) -> dict[str, Any]:
    """A verdict with the customer's level, the amount and the kind of order that it was made from."""
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
    customer = Told(level, source)
    return {
        "verdict": verdict,
        "customer": customer,
        "amount": Told(Decimal(amount), amount_source),
        "floor": said["kind"],
    }


def record(run: Run, at: datetime, judged: Sequence[Judgement], withdrawn: Iterable[Priority] = ()) -> None:
    """Keeps judgements with what people declared, and withdraws those that can be made no longer."""
    alike: dict[tuple[Any, ...], Alike] = {}
    add(run, JUDGED, at, [Addition(one.number, _alike(one, alike), one.rests_on) for one in judged])
    edits = [
        Edit(declared.number or "", UNJUDGED, at, [RowEdit(PRIORITY, _said(declared) | _NO_VERDICT)])
        for declared in withdrawn
    ]
    change(run, edits)
    run.beside.go()


def _alike(judgement: Judgement, known: dict[tuple[Any, ...], Alike]) -> Alike:
    """What is said of the order and of those judged alike, told by the very objects that they share."""
    made = id(judgement.verdict), id(judgement.customer), id(judgement.amount), judgement.floor
    key = *made, judgement.level, judgement.by, judgement.at, *_in_words(judgement.declared)
    if key not in known:
        known[key] = Alike([RowEdit(PRIORITY, _values(replace(judgement, rests_on=OWN)))])
    return known[key]


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
