"""The rows that the ledger keeps beside the orders: judgements, stages, feedback. Each is known by its order and more.

What is done to a row here stands in the history of its order by the same call, its fields with the row's name before
them (`stage/production/1.owner`). Every change raises the row's revision by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, and_, func, insert, select, update

from orderflow.ledger import history
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import feedbacks, orders, priorities, stages
from orderflow.ledger.values import KEPT_FORMS, MAPPING, as_is
from orderflow.records.choices import STAGE
from orderflow.records.order import Change
from orderflow.records.rows import RowType, columns

ADDED = "added"
"""The kind of the change that brings a new row."""
REST: dict[str, tuple[str, ...]] = {"priority": (), "stage": ("stage", "seq"), "feedback": ("seq",)}
"""What beside the order's number tells apart the rows of each table."""
_TABLES: dict[str, Table] = {"priority": priorities, "stage": stages, "feedback": feedbacks}
_STAGES = [choice.code for choice in STAGE]
_READ: dict[tuple[str, RowType], list[tuple[str, Callable[[Any], Any]]]] = {}

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
        for stored in book.connection.execute(select(_TABLES[table]).where(among(book, _number(table), chunk))):
            kept = _kept(table, row, stored)
            found[kept.name] = kept
    return found


def live(book: Book, table: str, row: RowType) -> Iterator[KeptRow]:
    """The rows of every order that is neither undone nor merged, by order, stages as they follow each other."""
    alive = orders.c.undone.is_(False) & orders.c.merged_into.is_(None)
    asked = select(_TABLES[table]).join(orders, orders.c.number == _number(table)).where(alive)
    stored = book.stream(asked.where(_TABLES[table].c.gone.is_(False)).order_by(_number(table)))
    for _, group in groupby((_kept(table, row, one) for one in stored), key=lambda kept: kept.name[0]):
        yield from sorted(group, key=_place)


def _place(kept: KeptRow) -> tuple[int, int]:
    *stage, seq = kept.name[1:] or ("0",)
    return (_STAGES.index(stage[0]) if stage and stage[0] in _STAGES else len(_STAGES), int(seq))


def live_names(book: Book, table: str, until: int) -> set[Name]:
    """The rows of live orders that run `until` or an earlier one added."""
    own = _TABLES[table]
    key = [own.c[name] for name in ("number", *REST[table])]
    alive = orders.c.undone.is_(False) & orders.c.merged_into.is_(None) & own.c.gone.is_(False)
    asked = select(*key).join(orders, orders.c.number == own.c.number).where(alive, own.c.run <= until)
    return {tuple(map(str, row)) for row in book.connection.execute(asked)}


def next_seq(book: Book, table: str, number: str, stage: str | None = None) -> int:
    """What tells the next row of an order (and stage) apart; a number once given is not given again."""
    own = _TABLES[table]
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


def change(run: Run, table: str, edits: Iterable[Edit]) -> list[Change]:
    """Changes rows, or adds them, and records what really changed; an edit that changes nothing leaves no trace.

    Raises `KeyError` for an unknown field.
    """
    recorded = [made for edit in edits if (made := _apply(run, table, edit)) is not None]
    history.record(run, recorded)
    return recorded


def _apply(run: Run, table: str, edit: Edit) -> Change | None:
    own, forms = _TABLES[table], KEPT_FORMS[table]
    is_it = and_(*(own.c[part] == value for part, value in _key(table, edit.name).items()))
    stored = run.connection.execute(select(own).where(is_it)).one_or_none()
    current: dict[str, Any] = dict(stored._mapping) if stored is not None else {"revision": 0, "gone": False}
    new = {field: None if value is None else forms[field].store(value) for field, value in edit.values.items()}
    changed = {field: value for field, value in new.items() if current.get(field) != value}
    if not changed and stored is not None:
        return None
    revision = current["revision"] + 1
    if stored is None:
        base = {"gone": False, "run": run.id, **_key(table, edit.name)}
        run.connection.execute(insert(own).values(**base, **changed | {"revision": revision}))
    else:
        run.connection.execute(update(own).where(is_it).values(**changed, revision=revision))
    told = f"{title(table, edit.name)}."
    before = {told + f: history.read_value(told + f, current.get(f)) for f in changed if stored is not None}
    after = {told + f: history.read_value(told + f, value) for f, value in changed.items()}
    place = edit.source, edit.sheet_row
    return Change(edit.kind, edit.at, edit.name[0], *place, before, after | {f"{told}revision": revision})


def take_back(run: Run, target: int, kind: str) -> None:
    """Brings rows back to what they were before a run; what it added is gone."""
    before: dict[tuple[str, Name], dict[str, Any]] = defaultdict(dict)
    for made in history.changes_of_run(run, target):
        for told, value in made.after.items():
            owner, _, name = told.rpartition(".")
            table, *rest = owner.split("/")
            if table not in _TABLES:
                continue
            was = before[table, (made.number or "", *rest)]
            if name == "revision":
                was.setdefault("gone", value == 1)
            else:
                was.setdefault(name, made.before.get(told))
    for (table, key), values in before.items():
        change(run, table, [Edit(key, kind, {"gone": True} if values["gone"] else values, run.at)])


def differences(book: Book) -> Iterator[tuple[str, str]]:
    """Rows that are not what the history of their order makes of them: the order's number, the field."""
    for table, own in _TABLES.items():
        for stored in book.connection.execute(select(own).order_by(own.c.number)).all():
            name = (stored.number, *(str(stored._mapping[part]) for part in REST[table]))
            said = as_of(book, table, name, stored.revision)
            for column in KEPT_FORMS[table].keys() - {*REST[table]}:
                value = said.get(column, False if column == "gone" else None)
                if history.stored(f"{table}.{column}", value) != stored._mapping[column]:
                    yield stored.number, f"{title(table, name)}.{column}"


def _key(table: str, name: Name) -> dict[str, Any]:
    number, *rest = name
    parts = zip(REST[table], rest, strict=True)
    return {"number": number} | {part: int(value) if part == "seq" else value for part, value in parts}


def _number(table: str) -> Any:
    return _TABLES[table].c.number


def _read_forms(table: str, row: RowType) -> list[tuple[str, Callable[[Any], Any]]]:
    """The stored fields of a row type and how each is read."""
    if (table, row) not in _READ:
        forms = {name: KEPT_FORMS[table].get(name) for name, column in columns(row).items() if not column.computed}
        _READ[table, row] = [(name, form.read if form is not None else as_is) for name, form in forms.items()]
    return _READ[table, row]


def _kept(table: str, row: RowType, stored: Row[Any]) -> KeptRow:
    values = dict(stored._mapping)
    fields = ((name, read, values[name]) for name, read in _read_forms(table, row))
    return KeptRow(
        name=(stored.number, *(str(values[part]) for part in REST[table])),
        row=row(**{name: None if value is None else read(value) for name, read, value in fields}),
        unread=MAPPING.read(stored.unread) if stored.unread else {},
        extra=MAPPING.read(stored.extra) if stored.extra else {},
        revision=stored.revision,
        undone=stored.gone,
    )
