"""New rows beside many orders at once: most of what is said of them is said of many others too.

What `attached.change` makes of one order is made once for all of which the same is said: the values for SQL, and the
history's words, into which only each order's own digest has to be put.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Table,
    Text,
    case,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql.dml import Insert

from orderflow.ledger import bulk, history
from orderflow.ledger.attached import SORTS, Edit, RowEdit, Sort, change, title
from orderflow.ledger.book import Run, in_chunks
from orderflow.ledger.schema import orders
from orderflow.ledger.values import serial_of
from orderflow.records.order import Change

OWN = "\ufdd0own"
"""Stands among the values of `Alike` where each order has its own digest; it begins with what is no character."""
_CHUNK = 10_000
_FIRST = 1  # the revision of a new row


@dataclass(frozen=True, eq=False)
class Alike:
    """What is said beside many orders, known by itself: new values of rows, one of them `OWN`."""

    rows: Sequence[RowEdit]

    def of(self, own: str) -> list[RowEdit]:
        """The rows of one order."""
        return [
            row._replace(values={name: own if value is OWN else value for name, value in row.values.items()})
            for row in self.rows
        ]

    @cached_property
    def bodies(self) -> tuple[str, str | None]:
        """What the history says of them where they are new, for all to read and of persons."""
        after: dict[str, Any] = {}
        for sort, values, key in self.rows:
            if said := {f"{title(sort, key)}.{name}": value for name, value in values.items() if value is not None}:
                after |= said | {f"{title(sort, key)}.revision": _FIRST}
        return history.bodies(Change("", datetime.min, after=after), as_stored=True)  # noqa: DTZ901  of no moment


class Addition(NamedTuple):
    """What is said of one order, and its own digest."""

    number: str
    alike: Alike
    own: str


def add(run: Run, kind: str, at: datetime, additions: Sequence[Addition]) -> None:
    """Stores the rows of orders and records them as changes called `kind`; rows that are there already are changed.

    Rows are stored by number, whatever order they are recorded in: so they are found, and later read, side by side.
    They lie beside in the end, to go where the caller has no use for the connection for a while.
    """
    if not additions:
        return
    staged = _Staged(run, additions)
    known = staged.take_known()
    change(run, [Edit(one.number, kind, at, one.alike.of(one.own)) for one in additions if one.number in known])
    for chunk in in_chunks((one for one in additions if one.number not in known), _CHUNK):
        public = [one.alike.bodies[0].replace(OWN, one.own) for one in chunk]
        personal = [one.alike.bodies[1] for one in chunk]
        history.append(run, kind, [at] * len(chunk), [one.number for one in chunk], public, personal)
    run.beside.put(staged.move)


class _Staged:
    """New rows on their way, in temporary tables: each order, and what is said of many alike once for all of them.

    Bound row by row they took three times as long as the database takes to multiply them.
    """

    def __init__(self, run: Run, additions: Sequence[Addition]) -> None:
        self._run = run
        places: dict[Alike, int] = {}
        for one in additions:
            places.setdefault(one.alike, len(places))
        ordered = sorted(additions, key=lambda one: serial_of(one.number))
        kinds = [
            Column("number", orders.c.number.type, primary_key=True),
            Column("place", Integer),
            Column("own", Text),
        ]
        rows = ((one.number, places[one.alike], one.own) for one in ordered)
        self._orders = self._stage("orders", kinds, rows)
        sorts = {row.sort.name: row.sort for alike in places for row in alike.rows}
        self._rows = {name: self._stage_rows(sort, places) for name, sort in sorts.items()}
        said = (row.values.items() for alike in places for row in alike.rows)
        self._owns = {name for values in said for name, value in values if value is OWN}

    def _stage_rows(self, sort: Sort, places: Mapping[Alike, int]) -> Table:
        """The rows of one table, each once for all orders of a place."""
        names = [*sort.key, *sort.fields]
        rows = [
            (place, *row.key, *map(row.values.get, sort.fields))
            for alike, place in places.items()
            for row in alike.rows
            if row.sort is sort
        ]
        kinds = [Column("place", Integer), *(Column(name, sort.table.c[name].type) for name in names)]
        return self._stage(sort.name, kinds, rows)

    def _stage(self, name: str, kinds: Sequence[Column[Any]], rows: Iterable[tuple[Any, ...]]) -> Table:
        table = Table(f"staged_{name}", MetaData(), *kinds, prefixes=["TEMPORARY"])
        self._run.connection.execute(CreateTable(table))
        bulk.insert(self._run, table, dict(zip(table.c.keys(), zip(*rows, strict=True), strict=True)))
        return table

    def take_known(self) -> set[str]:
        """Takes out the orders of which a row is stored, be it one that says nothing any more."""
        own = self._orders.c.number
        stored = (exists().where(SORTS[name].table.c.number == own) for name in self._rows)
        taken = delete(self._orders).where(or_(*stored)).returning(own)
        return set(self._run.connection.execute(taken).scalars())

    def move(self) -> None:
        """Stores the rows, and leaves nothing behind."""
        driver: Any = self._run.bare_connection.connection.driver_connection
        moves = [self._multiplied(SORTS[name].table, rows) for name, rows in self._rows.items()]
        for statement in (*moves, *map(DropTable, (self._orders, *self._rows.values()))):
            told = statement.compile(dialect=self._run.bare_connection.dialect, compile_kwargs={"literal_binds": True})
            driver.execute(str(told))

    def _multiplied(self, table: Table, rows: Table) -> Insert:
        """What is said alike, beside the number of each order of which it is said."""
        number, place, own = self._orders.c
        said: dict[str, ColumnElement[Any]] = {
            name: case((column == OWN, own), else_=column) if name in self._owns else column
            for name, column in rows.c.items()
            if name != "place"
        }
        said |= {"number": number, "revision": literal(_FIRST), "run": literal(self._run.id)}
        found = select(*said.values()).join_from(self._orders, rows, rows.c.place == place).order_by(number)
        return insert(table).from_select(list(said), found)
