"""The history: what happened to every order and to the desk, and what an order was at an earlier time.

A field without a dot is one of the registration's; the fields of other rows bear their name in front
(`stage/production/1.owner`). Values are kept as SQL holds them, and come back as they went in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, func, select

from orderflow.ledger import chain
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.salting import salted
from orderflow.ledger.schema import changes, conflicts, orders, runs
from orderflow.ledger.states import SEALED
from orderflow.ledger.values import (
    PERSONAL,
    ROW_FORMS,
    decimal_text,
    form_of_field,
    json_text,
    json_value,
    moment,
    seconds,
)
from orderflow.records.errors import OrderflowError
from orderflow.records.order import Change

REGISTERED, UPDATED = "registered", "updated"
"""The kinds of changes that a file brings which is not a person's correction: a new order, a newer export."""


TOLD = (*ROW_FORMS, "channel", "unread", "extra", "received_time_known", "merged_into", "cancelled", "undone")
"""The fields of an order that its history tells from the first; the others, only once they change."""


def record(run: Run, entries: Iterable[Change], *, as_stored: bool = False) -> None:
    """Appends changes; what `orders` registers it records itself. `as_stored`: their values are those that SQL holds.

    Raises OrderflowError `order-archived` (number, bag) for an order that is sealed in the archive.
    """
    for chunk in in_chunks(entries):
        _refuse_sealed(run, {change.number for change in chunk if change.number is not None})
        made = [bodies(change, as_stored=as_stored) for change in chunk]
        chain.append(
            run,
            chain.Entries(
                [change.source for change in chunk],
                [change.sheet_row for change in chunk],
                [change.number for change in chunk],
                [change.kind for change in chunk],
                [seconds(change.at) for change in chunk],
                [public for public, _ in made],
                salted([personal for _, personal in made]),
            ),
        )


def append(
    run: Run,
    kind: str,
    moments: Sequence[datetime],
    numbers: Sequence[str],
    public: Sequence[str],
    personal: Sequence[str | None],
) -> None:
    """Appends changes of orders of one kind, whose `bodies` are made. Raises OrderflowError as `record` does."""
    if numbers:
        _refuse_sealed(run, set(numbers))
        none, kinds = [None] * len(numbers), [kind] * len(numbers)
        told = list(map(seconds, moments)), public, salted(personal)
        chain.append(run, chain.Entries(none, none, numbers, kinds, *told))


def _refuse_sealed(run: Run, numbers: set[str]) -> None:
    """Whatever a command means to do to a sealed order, it ends here: no bag is ever changed."""
    run.beside.join()  # what only lies there are new rows of this run, which no bag holds
    if run.bare_connection.execute(select(func.max(orders.c.archived)).where(SEALED)).scalar() is None:
        return  # no order is sealed at all, which the index says at once
    stated = among(run, orders.c.number, numbers) & SEALED
    sealed = run.bare_connection.execute(select(orders.c.number, orders.c.archived).where(stated).limit(1)).first()
    if sealed is not None:
        raise OrderflowError("order-archived", number=sealed.number, bag=sealed.archived)


def bodies(change: Change, *, as_stored: bool = False) -> tuple[str, str | None]:
    """The public and the personal part of a change, as JSON."""
    public: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for side, values in (("before", change.before), ("after", change.after)):
        told = values if as_stored else {field: stored(field, value) for field, value in values.items()}
        if apart := {field: value for field, value in told.items() if _is_personal(field)}:
            personal[side] = apart
            told = {field: value for field, value in told.items() if field not in apart}
        if told:
            public[side] = told
    if change.note:
        personal["note"] = change.note
    return json_text(public), json_text(personal) if personal else None


@lru_cache(maxsize=1_024)
def _is_personal(field: str) -> bool:
    return field.rpartition(".")[2] in PERSONAL


def stored(field: str, value: Any) -> Any:
    """A value as the history holds it: a row's field as in SQL, any other as JSON can carry it."""
    if value is None:
        return None
    form = form_of_field(field)
    if form is not None:
        return form.store(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def read_value(field: str, value: Any) -> Any:
    """The reverse of `stored`, for the fields of rows."""
    form = form_of_field(field)
    return value if value is None or form is None else form.read(value)


def changes_of(book: Book, number: str) -> list[tuple[int, Change]]:
    """What happened to an order, in its order, each with its run. Erased values are not among them."""
    statement = select(changes).where(changes.c.number == number).order_by(changes.c.seq)
    return [(row.run, _change(row)) for row in book.connection.execute(statement)]


def latest(book: Book, limit: int) -> list[tuple[int, Change]]:
    """The newest changes of the whole desk, each with its run, the oldest of them first."""
    newest = book.connection.execute(select(changes).order_by(changes.c.seq.desc()).limit(limit)).all()
    return [(row.run, _change(row)) for row in reversed(newest)]


def changes_since(book: Book, seq: int, numbers: Iterable[str]) -> list[tuple[int, Change]]:
    """What happened to these orders after the change `seq`, in its order, each with its run."""
    found: list[Row[Any]] = []
    for chunk in in_chunks(numbers):
        asked = select(changes).where(changes.c.seq > seq, among(book, changes.c.number, chunk))
        found += book.connection.execute(asked).all()
    return [(row.run, _change(row)) for row in sorted(found, key=lambda row: row.seq)]


def changes_of_run(book: Book, run: int) -> Iterator[Change]:
    """Everything that a run recorded, in its order, streamed."""
    for row in entries_of_run(book, run):
        yield _change(row)


def touched(run: Run) -> set[str]:
    """The orders that a run has changed so far."""
    first = select(runs.c.first_change).where(runs.c.id == run.id).scalar_subquery()
    found = select(changes.c.number).where(changes.c.seq >= first, changes.c.number.is_not(None)).distinct()
    return set(run.connection.execute(found).scalars())


def entries_of_run(book: Book, run: int) -> Iterator[Row[Any]]:
    """The entries of a run as they stand in SQL; they follow each other, so that the run itself says where."""
    first, last = book.connection.execute(select(runs.c.first_change, runs.c.last_change).where(runs.c.id == run)).one()
    statement = select(changes).where(changes.c.seq.between(first, last)).order_by(changes.c.seq)
    return book.stream(statement)


def sides(row: Row[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values before and after of an entry, public and personal together, as they are stored."""
    public = json_value(row.body)
    personal = json_value(row.personal) if row.personal else {}
    after = {**public.get("after", {}), **personal.get("after", {})}
    if row.kind == REGISTERED:  # an order's empty fields are not told, or as null
        after = {field: value for field, value in after.items() if value is not None}
    return {**public.get("before", {}), **personal.get("before", {})}, after


def _change(row: Row[Any]) -> Change:
    before, after = sides(row)
    note = json_value(row.personal).get("note") if row.personal else None
    return Change(
        row.kind,
        moment(row.at),
        row.number,
        row.source,
        row.sheet_row,
        {field: read_value(field, value) for field, value in before.items()},
        {field: read_value(field, value) for field, value in after.items()},
        note,
    )


def as_of(book: Book, number: str, revision: int) -> dict[str, Any]:
    """The values that an order had at a revision, by field; what is not among them was empty."""
    values: dict[str, Any] = {}
    for _, change in changes_of(book, number):
        if change.after.get("revision", 0) > revision:
            break
        values.update(change.after)
    return values


def last_imported(book: Book, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What files last said of each field of these orders: the base that a newer export is compared with.

    A value that a file brought and that waits for a decision counts as said, so that nobody is asked twice.
    """
    said: dict[str, dict[str, tuple[int, Any]]] = defaultdict(dict)
    for chunk in in_chunks(numbers):
        for row in book.connection.execute(_imports(book, chunk)):
            for field, value in sides(row)[1].items():
                said[row.number][field] = (row.run, value)
        asked = select(conflicts).where(among(book, conflicts.c.number, chunk)).order_by(conflicts.c.id)
        for row in book.connection.execute(asked):
            if row.run >= said[row.number].get(row.field, (0, None))[0]:
                said[row.number][row.field] = (row.run, json_value(row.theirs))
    return {
        number: {field: read_value(field, value) for field, (_, value) in fields.items()}
        for number, fields in said.items()
    }


def _imports(book: Book, numbers: Sequence[str]) -> Select[Any]:
    undone = select(runs.c.id).where(runs.c.undone_by.is_not(None))
    return (
        select(changes)
        .where(among(book, changes.c.number, numbers), changes.c.kind.in_((REGISTERED, UPDATED)))
        .where(changes.c.run.not_in(undone))
        .order_by(changes.c.seq)
    )
