"""Orders: stored, changed and loaded. What is done to an order here stands in the history by the same call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update

from orderflow.ledger import bulk, chain, history
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import orders
from orderflow.ledger.states import ENDED, JUDGED, LIVE, PLANNED, STATE
from orderflow.ledger.told import Told, row_columns, told
from orderflow.ledger.values import (
    MAPPING,
    ORDER_FORMS,
    ROW_FORMS,
    as_is,
    is_number,
    seconds,
)
from orderflow.records.order import Change, Order
from orderflow.records.registration import Registration

_CHUNK = 10_000

_BESIDE = ("channel", "identity", "fingerprint", "sheet_row")
_KEPT = ("open_anomalies", "merged_into", "cancelled", "undone")


def insert(run: Run, new: Iterable[Order]) -> None:
    """Stores new orders, which bear their numbers, and records each as registered; sets their `run` and `revision`.

    Raises `ValueError` for an order without a desk number.
    """
    for chunk in in_chunks(new, _CHUNK):
        for order in chunk:
            order.run, order.revision = run.id, 1
        numbers = [order.row.number for order in chunk]
        if not all(number and is_number(number) for number in numbers):
            raise ValueError("an order without a desk number")
        kept = {name: list(map(attrgetter(name), chunk)) for name in _KEPT} | {
            "source_id": [order.source for order in chunk]
        }
        insert_told(run, [number or "" for number in numbers], _told(chunk), kept)


def _told(chunk: Sequence[Order]) -> Told:
    beside = {name: list(map(attrgetter(name), chunk)) for name in _BESIDE}
    twin_a, twin_b = zip(*(order.twin_keys for order in chunk), strict=True)
    rows = [order.row for order in chunk]
    fields = row_columns(lambda name: list(map(attrgetter(name), rows)))
    return told(
        {**fields, **beside, "twin_a": twin_a, "twin_b": twin_b},
        {at: order.unread for at, order in enumerate(chunk) if order.unread},
        {at: order.extra for at, order in enumerate(chunk) if order.extra},
        [order.received_time_known for order in chunk],
    )


def insert_told(run: Run, numbers: Sequence[str], new: Told, kept: Mapping[str, Sequence[Any]]) -> None:
    """Stores new orders of these numbers as the ledger is `told` them, and records each as registered.

    `kept` are the columns that only this run knows: of which source they are, how many anomalies they have.
    """
    count = len(numbers)
    known = {name: column for name, column in new.columns.items() if name != "received_time_known"}
    told_times = new.columns.get("received_time_known", [None] * count)
    columns = {
        "number": numbers,
        **known,
        "received_time_known": [known is not False for known in told_times],
        "run": [run.id] * count,
        "revision": [1] * count,
        "cancelled": [False] * count,
        "undone": [False] * count,
        **kept,
    }
    bulk.insert(run, orders, columns)
    rows = new.columns.get("sheet_row", [None] * count)
    kinds, moments = [history.REGISTERED] * count, [seconds(run.at)] * count
    told = rows, numbers, kinds, moments, new.public(), new.persons
    chain.append(run, chain.Entries(kept["source_id"], *told))
    run.orders_added += count


@dataclass(slots=True)
class Edit:
    """New values for an order, by column of the table `orders`; `kind` is what the history calls it."""

    number: str
    kind: str
    values: Mapping[str, Any]
    at: datetime
    source: int | None = None
    sheet_row: int | None = None
    note: str | None = None


def change(run: Run, edits: Iterable[Edit]) -> list[Change]:
    """Changes orders, and records what really changed; an edit that changes nothing leaves no trace.

    Each change raises the order's revision by one and says it (`revision`). Raises `KeyError` for an unknown order
    or field.
    """
    recorded = []
    for chunk in in_chunks(edits):
        current = _current(run, {edit.number for edit in chunk}, {name for edit in chunk for name in edit.values})
        done = [made for edit in chunk if (made := _apply(current[edit.number], edit)) is not None]
        _store(run, current, done)
        history.record(run, done)
        recorded += done
    return recorded


def _current(book: Book, numbers: Iterable[str], fields: Collection[str]) -> dict[str, dict[str, Any]]:
    """These changeable columns of these orders, as SQL holds them, by number."""
    names = [*(name for name in ORDER_FORMS if name in fields), "revision"]
    asked = select(orders.c.number, *(orders.c[name] for name in names)).where(among(book, orders.c.number, numbers))
    return {number: dict(zip(names, said, strict=True)) for number, *said in book.connection.execute(asked)}


def _apply(current: dict[str, Any], edit: Edit) -> Change | None:
    """Brings `current` up to date with an edit; the change that this is, if it is one."""
    new = {name: history.stored(name, value) for name, value in edit.values.items()}
    changed = {name: value for name, value in new.items() if current[name] != value}
    if not changed:
        return None
    before = {name: history.read_value(name, current[name]) for name in changed}
    current.update(changed, revision=current["revision"] + 1)
    after = {name: history.read_value(name, value) for name, value in changed.items()}
    return Change(
        edit.kind,
        edit.at,
        edit.number,
        edit.source,
        edit.sheet_row,
        before,
        after | {"revision": current["revision"]},
        edit.note,
    )


def _store(run: Run, current: Mapping[str, Mapping[str, Any]], done: Iterable[Change]) -> None:
    """Writes the changed columns, orders with the same ones changed together."""
    touched: dict[str, set[str]] = defaultdict(set)
    for made in done:
        touched[made.number or ""].update(made.after)
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for number, fields in touched.items():
        alike[frozenset(fields)].append(number)
    for names, numbers in alike.items():
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(orders).where(orders.c.number == bindparam("of_number")).values(new)
        rows = [{"of_number": n} | {f"new_{name}": current[n][name] for name in names} for n in numbers]
        run.connection.execute(statement, rows)


def load(book: Book, numbers: Sequence[str]) -> list[Order]:
    """These orders, in the order asked for; what the ledger does not have is left out."""
    found: dict[str, Order] = {}
    for chunk in in_chunks(numbers):
        asked = selection().where(among(book, orders.c.number, chunk))
        for order in map(_order, book.connection.execute(asked)):  # of few: a cursor in the server takes twice as long
            found[order.row.number or ""] = order
    return [found[number] for number in numbers if number in found]


def standing(book: Book, numbers: Sequence[str]) -> list[str]:
    """Those of these orders that are neither cancelled nor merged, in the order asked for."""
    found: set[str] = set()
    for chunk in in_chunks(numbers):
        asked = select(orders.c.number).where(among(book, orders.c.number, chunk), orders.c.merged_into.is_(None))
        found.update(book.connection.execute(asked.where(orders.c.cancelled.is_(False))).scalars())
    return [number for number in numbers if number in found]


def live(book: Book) -> Iterator[Order]:
    """Every order that is neither undone, merged nor archived, by number, streamed."""
    asked = selection().where(*LIVE).order_by(orders.c.number)
    return read(book, asked)


def live_due(book: Book) -> dict[str, date | None]:
    """The delivery date of every live order, by number."""
    asked = select(orders.c.number, orders.c.delivery_date).where(*LIVE).order_by(orders.c.number)
    rows: Iterable[Any] = book.stream(asked)
    return {number: None if day is None else date.fromisoformat(day) for number, day in rows}


def live_numbers(book: Book, until: int) -> set[str]:
    """The numbers of the live orders that run `until` or an earlier one registered."""
    asked = select(orders.c.number).where(*LIVE)
    return set(book.connection.execute(asked.where(orders.c.run <= until)).scalars())


def live_are_at_most(book: Book, most: int) -> bool:
    """Whether no more than `most` orders are live; looks at no more than that."""
    asked = select(orders.c.number).where(*LIVE).limit(most + 1)
    return len(book.connection.execute(asked).all()) <= most


def selection() -> Select[Any]:
    """Whole orders with their state; what they are selected by, and sorted, is added."""
    beside = STATE.label("state"), JUDGED.label("judged"), PLANNED.label("planned"), ENDED.label("ended")
    return select(orders, *beside)


def read(book: Book, statement: Select[Any]) -> Iterator[Order]:
    """The orders of a `selection`, streamed."""
    for row in book.stream(statement):
        yield _order(row)


_READ = [(name, form.read) for name, form in ROW_FORMS.items() if form.read is not as_is]
_OWN = slice(1, 1 + len(ROW_FORMS))  # where a registration's fields stand in a row, behind its number


def _order(row: Row[Any]) -> Order:
    fields: dict[str, Any] = dict(zip(ROW_FORMS, row[_OWN], strict=True))
    for name, read_form in _READ:
        if fields[name] is not None:
            fields[name] = read_form(fields[name])
    return Order(
        row=Registration(number=row.number, state=row.state, **fields),
        identity=row.identity,
        fingerprint=row.fingerprint,
        twin_keys=(row.twin_a, row.twin_b),
        channel=row.channel,
        unread=MAPPING.read(row.unread) if row.unread else {},
        extra=MAPPING.read(row.extra) if row.extra else {},
        received_time_known=row.received_time_known,
        revision=row.revision,
        run=row.run,
        source=row.source_id,
        sheet_row=row.sheet_row,
        open_anomalies=row.open_anomalies,
        merged_into=row.merged_into,
        cancelled=row.cancelled,
        undone=row.undone,
        archived=row.archived,
        judged=bool(row.judged),
        planned=bool(row.planned),
        ended=row.ended,
    )
