"""The rows beside the orders as their workbooks have them: judgements, stages, feedback, each known by its name.

They are stored by `attached`; here they are rows of a type, with what was typed and could not be read, and the columns
that people added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, func, select

from orderflow.ledger import attached, history
from orderflow.ledger.attached import SORTS, says
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import orders
from orderflow.ledger.states import LIVE
from orderflow.ledger.values import AS_IS, KEPT_FORMS, MAPPING, as_is
from orderflow.records.choices import STAGE
from orderflow.records.rows import RowType, columns

ADDED = "added"
"""The kind of the change that brings a new row."""
REST = {name: sort.key for name, sort in SORTS.items()}
"""What beside the order's number tells apart the rows of each table."""
_TURNS = {choice.code: nth for nth, choice in enumerate(STAGE)}

Name = tuple[str, ...]
"""A row's name: the number of its order, then what tells it apart from the order's other rows."""


@dataclass(slots=True)
class KeptRow:
    """One row as the ledger has it; `unread` and `extra` as an order has them. Revision 0: nothing is stored yet.

    `said` is all that it says beside its number, where that is known: the same object for rows that say the same.
    """

    name: Name
    row: Any
    unread: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    revision: int = 0
    undone: bool = False
    said: Mapping[str, Any] | None = None
    channel: None = None


class Edit(NamedTuple):
    """New values for a row, by field; a row that is not there yet is added."""

    name: Name
    kind: str
    values: Mapping[str, Any]
    at: datetime
    source: int | None = None
    sheet_row: int | None = None


def load(book: Book, table: str, row: RowType, numbers: Iterable[str]) -> dict[Name, KeptRow]:
    """The rows of these orders as rows of the type `row`, by name."""
    found = {}
    for chunk in in_chunks(numbers):
        for stored in book.connection.execute(select(_table(table)).where(among(book, _number(table), chunk))):
            kept = kept_row(table, row, stored)
            found[kept.name] = kept
    return found


def live(book: Book, table: str, row: RowType) -> Iterator[KeptRow]:
    """The rows of every order that is live, by order, stages as they follow each other."""
    asked = select(_table(table)).join(orders, orders.c.number == _number(table)).where(*LIVE)
    stored = (kept_row(table, row, one) for one in book.stream(asked.order_by(_number(table))))
    for _, group in groupby((kept for kept in stored if not kept.undone), key=lambda kept: kept.name[0]):
        yield from sorted(group, key=_place)


def _place(kept: KeptRow) -> tuple[int, int]:
    *stage, seq = kept.name[1:] or ("0",)
    return _TURNS.get(stage[0], len(_TURNS)) if stage else 0, int(seq)


def live_names(book: Book, table: str, until: int) -> set[Name]:
    """The rows of live orders that run `until` or an earlier one added."""
    own, sort = _table(table), SORTS[table]
    asked = select(own).join(orders, orders.c.number == own.c.number).where(*LIVE, own.c.run <= until)
    rows = (row._mapping for row in book.connection.execute(asked))
    return {tuple(str(row[part]) for part in ("number", *sort.key)) for row in rows if says(sort, dict(row))}


def next_seq(book: Book, table: str, number: str, stage: str | None = None) -> int:
    """What tells the next row of an order (and stage) apart; a number once given is not given again."""
    own = _table(table)
    stated = own.c.number == number
    if stage is not None:
        stated &= own.c.stage == stage
    last: int | None = book.connection.execute(select(func.max(own.c.seq)).where(stated)).scalar_one()
    return (last or 0) + 1


def as_of(book: Book, table: str, name: Name, revision: int) -> dict[str, Any]:
    """The values that a row had at a revision, by field; none at revision 0."""
    values: dict[str, Any] = {}
    before = f"{title(table, name)}."
    for _, change in history.changes_of(book, name[0]):
        told = {field[len(before) :]: value for field, value in change.after.items() if field.startswith(before)}
        if told.get("revision", 0) > revision:
            break
        values.update(told)
    return values


def title(table: str, name: Name) -> str:
    """What stands before the dot of a row's fields in the history: `stage/production/1`."""
    return "/".join((table, *name[1:]))


def change(run: Run, table: str, edits: Iterable[Edit]) -> int:
    """Changes rows, or adds them, and records what really changed; an edit that changes nothing leaves no trace.

    How many changed anything. Raises `KeyError` for an unknown field.
    """
    return attached.change(run, [_as_attached(table, edit) for edit in edits])


def _as_attached(table: str, edit: Edit) -> attached.Edit:
    forms = KEPT_FORMS[table]
    values = {field: None if value is None else forms[field].store(value) for field, value in edit.values.items()}
    if edit.kind == ADDED and not values.get("extra"):
        values["extra"] = "{}"  # a row may say no more than that it is there
    row = attached.RowEdit(SORTS[table], values, tuple(_key(table, edit.name).values())[1:])
    return attached.Edit(edit.name[0], edit.kind, edit.at, [row], source=edit.source, sheet_row=edit.sheet_row)


def _key(table: str, name: Name) -> dict[str, Any]:
    number, *rest = name
    parts = zip(REST[table], rest, strict=True)
    return {"number": number} | {part: int(value) if part == "seq" else value for part, value in parts}


def _table(table: str) -> Table:
    return SORTS[table].table


def _number(table: str) -> Any:
    return _table(table).c.number


class _Places(NamedTuple):
    """Where in a stored row, behind its number, its parts stand: the rest of its name, its fields, all it may say.

    `apart` gives what was typed and not read, what people added, and the revision.
    """

    rest: Sequence[int]
    fields: Sequence[tuple[str, int, Callable[[Any], Any] | None]]
    said: Sequence[int]
    apart: Callable[[Any], tuple[Any, ...]]


@cache
def _places(table: str, row: Any) -> _Places:
    number, *beside = _table(table).c.keys()
    assert number == "number"
    at = {name: nth for nth, name in enumerate(beside)}
    fields = [name for name, column in columns(row).items() if name != "number" and not column.computed]
    reads = [(name, KEPT_FORMS[table].get(name, AS_IS).read) for name in fields]
    return _Places(
        [at[part] for part in REST[table]],
        [(name, at[name], None if read is as_is else read) for name, read in reads],
        [at[name] for name in SORTS[table].fields],
        itemgetter(at["unread"], at["extra"], at["revision"]),
    )


@lru_cache(maxsize=1_000)
def _said(table: str, row: Any, stored: tuple[Any, ...]) -> tuple[Name, dict[str, Any], bool]:
    """What a stored row says beside its number: the rest of its name, its fields, whether it says nothing.

    Remembered, as the stages of many orders say the same.
    """
    rest, fields, said, _ = _places(table, row)
    values = {
        name: value if read is None else read(value) for name, at, read in fields if (value := stored[at]) is not None
    }
    return tuple(str(stored[at]) for at in rest), values, all(stored[at] is None for at in said)


def kept_row(table: str, row: Any, stored: Row[Any]) -> KeptRow:
    """A row of the type `row` from what SQL holds: the columns of its table, what follows them does not matter."""
    number: str = stored[0]
    beside = stored[1:]
    rest, values, undone = _said(table, row, beside)
    unread, extra, revision = _places(table, row).apart(beside)
    return KeptRow(
        (number, *rest),
        row(number=number, **values),
        MAPPING.read(unread) if unread else {},
        MAPPING.read(extra) if extra else {},
        revision,
        undone,
        values,
    )
