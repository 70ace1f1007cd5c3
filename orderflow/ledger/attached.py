"""Rows beside an order (its judgement, its plan, its feedback): changed, recorded and put back by one call.

The history names a field by its row: `priority.level`, `plan.promise`, `stage/production/1.due`. Values are given and
kept as SQL holds them. A row of nothing but empty fields is gone; its place is kept, so that no row comes to bear its
name again by chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, select, update

from orderflow.ledger import bulk, history
from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.schema import cases, changes, deliveries, feedbacks, plans, priorities, replacements, stages
from orderflow.ledger.values import PERSONAL
from orderflow.records.order import Change

REVERTED = "reverted"
"""The kind of a change that puts rows back; an undo puts an order's own row back under the same name."""
_OWN = ("revision", "run")
_CHUNK = 5_000


@dataclass(frozen=True)
class Sort:
    """One kind of row: its name in the history, its table, and what of its key follows the order's number."""

    name: str
    table: Table
    key: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> list[str]:
        """The columns that hold what the row says."""
        return [name for name in self.table.c.keys() if name not in ("number", *self.key, *_OWN)]  # noqa: SIM118


PRIORITY = Sort("priority", priorities)
PLAN = Sort("plan", plans)
STAGE = Sort("stage", stages, ("stage", "seq"))
FEEDBACK = Sort("feedback", feedbacks, ("seq",))
DELIVERY = Sort("delivery", deliveries)
CASE = Sort("case", cases)
REPLACEMENT = Sort("replacement", replacements)
SORTS = {sort.name: sort for sort in (PRIORITY, PLAN, STAGE, FEEDBACK, DELIVERY, CASE, REPLACEMENT)}

Key = tuple[Any, ...]
_Where = tuple[str, str, Key]  # the sort's name, the order's number, the rest of the key


class RowEdit(NamedTuple):
    """New values of one row; a field that is not among them stays."""

    sort: Sort
    values: Mapping[str, Any]
    key: Key = ()


@dataclass(slots=True)
class Edit:
    """What happened to the rows of one order: one change of its history, called `kind`; a file's row may say so."""

    number: str
    kind: str
    at: datetime
    rows: Sequence[RowEdit]
    note: str | None = None
    source: int | None = None
    sheet_row: int | None = None


def change(run: Run, edits: Iterable[Edit]) -> int:
    """Changes rows beside orders, and records what really changed; each row's revision goes up by one.

    How many of the edits changed anything.
    """
    recorded = 0
    for chunk in in_chunks(edits, _CHUNK):
        rows = _Rows(run, chunk)
        done = [made for edit in chunk if (made := rows.apply(edit)) is not None]
        rows.store()
        history.record(run, done, as_stored=True)
        recorded += len(done)
    return recorded


class _Rows:
    """The rows that some edits are about: as they stand, and as they become."""

    def __init__(self, run: Run, edits: Sequence[Edit]) -> None:
        self.run = run
        self.stored: dict[_Where, dict[str, Any]] = {}
        numbers: dict[str, set[str]] = defaultdict(set)
        for edit in edits:
            for row in edit.rows:
                numbers[row.sort.name].add(edit.number)
        for name, wanted in numbers.items():
            sort = SORTS[name]
            for found in of_orders(run, sort, wanted, gone=True):
                self.stored[name, found["number"], tuple(found[part] for part in sort.key)] = found
        self.known = set(self.stored)
        self.touched: dict[_Where, set[str]] = defaultdict(set)

    def apply(self, edit: Edit) -> Change | None:
        """Brings the rows up to date with an edit; the change that this is, if it is one, with values as SQL's."""
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for sort, values, key in edit.rows:
            where = (sort.name, edit.number, key)
            row = self.stored.setdefault(where, {"revision": 0})
            changed = {name: value for name, value in values.items() if row.get(name) != value}
            if not changed:
                continue
            told = _told_as(sort, key)
            for name, value in changed.items():
                if (had := row.get(name)) is not None:
                    before[told + name] = had
                after[told + name] = value
            row.update(changed, revision=row["revision"] + 1)
            after[f"{told}revision"] = row["revision"]
            self.touched[where].update(changed)
        if not after:
            return None
        return Change(edit.kind, edit.at, edit.number, edit.source, edit.sheet_row, before, after, edit.note)

    def store(self) -> None:
        """Writes what was touched: new rows together, changed ones with those of which the same changed."""
        new: dict[str, list[_Where]] = defaultdict(list)
        alike: dict[tuple[str, frozenset[str]], list[_Where]] = defaultdict(list)
        for where, fields in self.touched.items():
            if where in self.known:
                alike[where[0], frozenset(fields)].append(where)
            elif says(SORTS[where[0]], self.stored[where]):
                new[where[0]].append(where)
        for (name, changed), places in alike.items():
            self._update(SORTS[name], sorted(changed), places)
        for name, places in new.items():
            self._insert(SORTS[name], places)

    def _update(self, sort: Sort, fields: Sequence[str], places: Sequence[_Where]) -> None:
        names, key = (*fields, "revision"), ("number", *sort.key)
        stated = [sort.table.c[part] == bindparam(f"of_{part}") for part in key]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names} | {"run": self.run.id}
        rows = [
            {f"new_{name}": self.stored[where][name] for name in names}
            | {f"of_{part}": value for part, value in zip(key, (where[1], *where[2]), strict=True)}
            for where in places
        ]
        self.run.connection.execute(update(sort.table).where(*stated).values(values), rows)

    def _insert(self, sort: Sort, places: Sequence[_Where]) -> None:
        rows = [self.stored[where] for where in places]
        columns: dict[str, Sequence[Any]] = {"number": [number for _, number, _ in places]}
        columns |= {part: [key[at] for _, _, key in places] for at, part in enumerate(sort.key)}
        columns |= {name: [row.get(name) for row in rows] for name in sort.fields}
        columns |= {"revision": [row["revision"] for row in rows], "run": [self.run.id] * len(rows)}
        bulk.insert(self.run, sort.table, columns)


def says(sort: Sort, row: Mapping[str, Any]) -> bool:
    """Whether a row says anything; else it is gone."""
    return any(row.get(name) is not None for name in sort.fields)


@cache
def _told_as(sort: Sort, key: Key) -> str:
    return f"{title(sort, key)}."


def title(sort: Sort, key: Key) -> str:
    """What stands before the dot of a row's fields in the history: `stage/production/1`."""
    return "/".join(map(str, (sort.name, *key)))


def of_orders(book: Book, sort: Sort, numbers: Iterable[str], *, gone: bool = False) -> list[dict[str, Any]]:
    """The rows of one kind of these orders, as SQL holds them, by number and key; those that are `gone` if asked."""
    found = []
    order = [sort.table.c[name] for name in ("number", *sort.key)]
    for chunk in in_chunks(numbers, _CHUNK):
        asked = select(sort.table).where(among(book, sort.table.c.number, chunk)).order_by(*order)
        rows = (dict(row._mapping) for row in book.connection.execute(asked))
        found += [row for row in rows if gone or says(sort, row)]
    return found


class Difference(NamedTuple):
    """A field of a row that is not what the history says, named as the history names it."""

    number: str
    field: str


def differences(book: Book) -> Iterator[Difference]:
    """Where rows beside orders are not what their history makes of them."""
    for sort in SORTS.values():
        stored = dict.fromkeys(row.number for row in book.stream(select(sort.table.c.number)))
        for chunk in in_chunks(stored):
            told = _told(book, chunk, sort)
            for row in of_orders(book, sort, chunk):
                prefix = title(sort, tuple(row[part] for part in sort.key))
                for name in sort.fields:
                    if name not in PERSONAL and row[name] != told.get((row["number"], f"{prefix}.{name}")):
                        yield Difference(row["number"], f"{prefix}.{name}")


def _told(book: Book, numbers: Sequence[str], sort: Sort) -> dict[tuple[str, str], Any]:
    """The last value that the history gives each field of these orders' rows."""
    asked = select(changes).where(among(book, changes.c.number, numbers), changes.c.kind != history.REGISTERED)
    told: dict[tuple[str, str], Any] = {}
    for entry in book.connection.execute(asked.order_by(changes.c.seq)):
        after = history.sides(entry)[1]
        told |= {
            (entry.number, field): value
            for field, value in after.items()
            if field.startswith((f"{sort.name}.", f"{sort.name}/"))
        }
    return told


def take_back(run: Run, target: int) -> None:
    """Puts the rows beside orders back to what they were before a run: the first `before` of each field."""
    before: dict[str, dict[str, Any]] = defaultdict(dict)
    for entry in history.entries_of_run(run, target):
        if entry.number is not None and entry.kind != history.REGISTERED:
            had, has = history.sides(entry)
            fields = {field: had.get(field) for field in has if _row_of(field) is not None}
            before[entry.number] = {**fields, **before[entry.number]}
    change(run, [Edit(number, REVERTED, run.at, _edits(fields)) for number, fields in before.items()])


def _row_of(field: str) -> tuple[Sort, Key] | None:
    """The row that a field of the history belongs to; `None` for one of the order's own."""
    owner, _, name = field.rpartition(".")
    sort, *key = owner.split("/")
    if sort not in SORTS or name in _OWN:
        return None
    return SORTS[sort], tuple(int(part) if part.isdigit() else part for part in key)


def _edits(fields: Mapping[str, Any]) -> list[RowEdit]:
    rows: dict[tuple[str, Key], dict[str, Any]] = defaultdict(dict)
    for field, value in fields.items():
        row = _row_of(field)
        assert row is not None
        rows[row[0].name, row[1]][field.rpartition(".")[2]] = value
    return [RowEdit(SORTS[name], values, key) for (name, key), values in rows.items()]
