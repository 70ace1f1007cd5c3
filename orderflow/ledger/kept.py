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
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table, func, or_, select

from orderflow.ledger import attached, history
from orderflow.ledger.attached import SORTS, says
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import orders
from orderflow.ledger.states import LIVE
from orderflow.ledger.values import KEPT_FORMS, MAPPING, number_of
from orderflow.records.choices import STAGE
from orderflow.records.rows import RowType, columns

ADDED = "added"
"""The kind of the change that brings a new row."""
REST = {name: sort.key for name, sort in SORTS.items()}
"""What beside the order's number tells apart the rows of each table."""
_TURNS = {choice.code: nth for nth, choice in enumerate(STAGE)}
_turn = attrgetter("said.turn")
_APART = ("unread", "extra", "revision")
ALIKE = 10_000
"""How many rows that differ are remembered, where most say what another one says."""

Name = tuple[str, ...]
"""A row's name: the number of its order, then what tells it apart from the order's other rows."""


@dataclass(slots=True)
class KeptRow:
    """One row as the ledger has it; `unread` and `extra` as an order has them. Revision 0: nothing is stored yet."""

    name: Name
    row: Any
    unread: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    revision: int = 0
    undone: bool = False
    channel: None = None


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What a row says beside its order's number: `rest` of its name, its `values` by field.

    One object for all rows that say the same, known by itself. `turn` is the row's place among those of its order.
    """

    rest: Name
    values: Mapping[str, Any]
    turn: tuple[int, int]


class Live(NamedTuple):
    """A row of a live order; `unread` and `extra` as SQL holds them."""

    number: str
    said: Said
    unread: str | None
    extra: str | None
    revision: int

    def kept(self, row: Any, *, undone: bool = False) -> KeptRow:
        """The same as a row of the type `row`."""
        typed = row(number=self.number, **_of_type(self.said.values, row))
        unread, extra = (MAPPING.read(told) if told else {} for told in (self.unread, self.extra))
        return KeptRow((self.number, *self.said.rest), typed, unread, extra, self.revision, undone)


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
            is_gone = not says(SORTS[table], dict(stored._mapping))
            kept = live_row(table, stored[0], tuple(stored[1:])).kept(row, undone=is_gone)
            found[kept.name] = kept
    return found


def live(book: Book, table: str, fields: Iterable[str]) -> Iterator[list[Live]]:
    """The rows of every order that is live, by order; those of one together, stages as they follow each other.

    Of what they say only these fields are told.
    """
    own, sort = _table(table), SORTS[table]
    names = tuple(dict.fromkeys((*sort.key, *(name for name in fields if name in KEPT_FORMS[table]))))
    asked = (
        select(*(own.c[name] for name in ("number", *_APART, *names)))
        .join(orders, orders.c.number == own.c.number)
        .where(*LIVE, or_(*(own.c[name].is_not(None) for name in sort.fields)))
        .order_by(orders.c.number)
    )
    for serial, stored in groupby(book.tuples(asked), key=itemgetter(0)):
        number = number_of(serial)
        rows = [Live(number, _said(table, names, one[4:]), *one[1:4]) for one in stored]
        rows.sort(key=_turn)
        yield rows


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


@lru_cache(maxsize=ALIKE)
def _said(table: str, names: Sequence[str], stored: tuple[Any, ...]) -> Said:
    """What these columns of a row say; remembered, as the stages of many orders say the same."""
    told, forms = dict(zip(names, stored, strict=True)), KEPT_FORMS[table]
    values = {
        name: forms[name].read(value)
        for name, value in told.items()
        if value is not None and name in forms and name not in _APART
    }
    rest = tuple(str(told[part]) for part in REST[table])
    *stage, seq = rest or ("0",)
    return Said(rest, values, (_TURNS.get(stage[0], len(_TURNS)) if stage else 0, int(seq)))


def live_row(table: str, number: str, stored: tuple[Any, ...]) -> Live:
    """A row from all that SQL holds of it behind its number."""
    names, apart = _behind(table)
    return Live(number, _said(table, names, stored), *apart(stored))


@cache
def _behind(table: str) -> tuple[Sequence[str], Callable[[Any], tuple[Any, ...]]]:
    """The columns behind the number, and what gives those that stand apart from what a row says."""
    number, *names = _table(table).c.keys()
    assert number == "number"
    return tuple(names), itemgetter(*map(names.index, _APART))


def _of_type(values: Mapping[str, Any], row: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in columns(row)}
