"""New rows beside many orders at once: most of what is said of them is said of many others too.

What `attached.change` makes of one order is made once for all of which the same is said: the values for SQL, and the
history's words, into which only each order's own digest has to be put.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select

from orderflow.ledger import bulk, history
from orderflow.ledger.attached import SORTS, Edit, RowEdit, change, title
from orderflow.ledger.book import Run, among, in_chunks
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
    """
    known: set[str] = set()
    for chunk in in_chunks(sorted(additions, key=lambda one: serial_of(one.number)), _CHUNK):
        found = _known(run, chunk)
        for table, columns in _columns([one for one in chunk if one.number not in found]).items():
            rows = len(columns["number"])
            columns |= {"revision": [_FIRST] * rows, "run": [run.id] * rows}
            bulk.insert(run, SORTS[table].table, columns)
        known |= found
    change(run, [Edit(one.number, kind, at, one.alike.of(one.own)) for one in additions if one.number in known])
    for chunk in in_chunks((one for one in additions if one.number not in known), _CHUNK):
        _record(run, kind, at, chunk)


def _known(run: Run, chunk: Sequence[Addition]) -> set[str]:
    """The orders of which a row is stored, be it one that says nothing any more."""
    numbers = [one.number for one in chunk]
    tables = {row.sort.name: row.sort.table for alike in _grouped(chunk) for row in alike.rows}
    asked = (select(table.c.number).where(among(run, table.c.number, numbers)) for table in tables.values())
    return {number for one in asked for number in run.connection.execute(one).scalars()}


def _grouped(chunk: Iterable[Addition]) -> dict[Alike, list[Addition]]:
    grouped: dict[Alike, list[Addition]] = defaultdict(list)
    for one in chunk:
        grouped[one.alike].append(one)
    return grouped


def _columns(new: Sequence[Addition]) -> dict[str, dict[str, list[Any]]]:
    """The columns of each table that rows go into."""
    tables: dict[str, dict[str, list[Any]]] = {}
    for alike, several in _grouped(new).items():
        numbers, owns = [one.number for one in several], [one.own for one in several]
        for row in alike.rows:
            columns = tables.setdefault(row.sort.name, defaultdict(list))
            columns["number"] += numbers
            for name, value in _said(row):
                columns[name] += owns if value is OWN else [value] * len(several)
    return tables


def _said(row: RowEdit) -> Iterator[tuple[str, Any]]:
    yield from zip(row.sort.key, row.key, strict=True)
    yield from ((name, row.values.get(name)) for name in row.sort.fields)


def _record(run: Run, kind: str, at: datetime, new: Sequence[Addition]) -> None:
    public = [one.alike.bodies[0].replace(OWN, one.own) for one in new]
    personal = [one.alike.bodies[1] for one in new]
    history.append(run, kind, [at] * len(new), [one.number for one in new], public, personal)
