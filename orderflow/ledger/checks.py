"""Is the ledger sound? What `doctor` asks; each check gives what is wrong, nothing where all is well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select, text

from orderflow.ledger import history, runs
from orderflow.ledger.book import Book, among, in_chunks
from orderflow.ledger.schema import (
    anomalies,
    changes,
    counters,
    findings,
    gaps,
    lines,
    orders,
    plans,
    priorities,
    sources,
    stages,
)
from orderflow.ledger.schema import runs as runs_table
from orderflow.ledger.seals import CLOSED, NOTICES, RESEALED, seals_of
from orderflow.ledger.undo import UNDO
from orderflow.ledger.values import ORDER_FORMS, PERSONAL, json_value, month_and_count

_FIRST = {"received_time_known": True, "cancelled": False, "undone": False}  # what goes without saying


def file(book: Book) -> list[str]:
    """What SQLite finds wrong with its own file; PostgreSQL looks after its own."""
    if book.postgresql:
        return []
    found = [row[0] for row in book.connection.execute(text("PRAGMA quick_check"))]
    broken = book.connection.execute(text("PRAGMA foreign_key_check")).all()
    return [line for line in found if line != "ok"] + [f"{row[0]}: {row[2]}" for row in broken]


def references(book: Book) -> list[str]:
    """Rows of the big tables, which bear no foreign keys, that refer to nothing: `table.column: how many`."""
    found = []
    for column, target in (
        (lines.c.source, sources.c.id),
        (lines.c.number, orders.c.number),
        (changes.c.run, runs_table.c.id),
        (changes.c.number, orders.c.number),
        (orders.c.run, runs_table.c.id),
        (orders.c.merged_into, orders.c.number),
        (findings.c.run, runs_table.c.id),
        (anomalies.c.number, orders.c.number),
        (priorities.c.number, orders.c.number),
        (plans.c.number, orders.c.number),
        (stages.c.number, orders.c.number),
        (anomalies.c.opened_run, runs_table.c.id),
        (anomalies.c.closed_run, runs_table.c.id),
    ):
        aim = target.table.alias()
        lost = column.is_not(None) & ~select(aim).where(aim.c[target.name] == column).exists()
        count = book.connection.execute(select(func.count()).where(lost)).scalar_one()
        if count:
            found.append(f"{column}: {count}")
    return found


class Missing(NamedTuple):
    """Numbers of a month, first and last included, that no order has and no gap explains."""

    month: str
    first: int
    last: int


def numbers(book: Book) -> list[Missing]:
    """Numbers that were counted and are neither an order's nor a recorded gap's."""
    upcoming = {row.month: row.next for row in book.connection.execute(select(counters))}
    explained: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in book.connection.execute(select(gaps)):
        explained[row.month].append((row.first, row.last))
    for month, first, last in _spans(book):
        explained[month].append((first, last))
    return [
        Missing(month, first, last)
        for month in sorted(upcoming.keys() | explained.keys())
        for first, last in _holes(sorted(explained[month]), upcoming.get(month, 1))
    ]


def _spans(book: Book) -> Iterator[tuple[str, int, int]]:
    """Runs of orders that bear one number after the other."""
    asked = select(orders.c.number).order_by(orders.c.number)
    counted = enumerate(month_and_count(row.number) for row in book.stream(asked))
    for (month, _), group in groupby(counted, key=lambda item: (item[1][0], item[1][1] - item[0])):
        serials = [serial for _, (_, serial) in group]
        yield month, serials[0], serials[-1]


def _holes(spans: list[tuple[int, int]], upcoming: int) -> Iterator[tuple[int, int]]:
    """What is left out from 1 to the number before `upcoming`; a span that goes beyond is a hole of its own."""
    expected = 1
    for first, last in spans:
        if first > expected:
            yield expected, first - 1
        if last >= upcoming:
            yield max(first, upcoming), last
        expected = max(expected, last + 1)
    if expected < upcoming:
        yield expected, upcoming - 1


def told(book: Book) -> list[str]:
    """Runs and files whose rows are not what the chain of changes tells of them: `run 7`, `source 3`."""
    kinds = (runs.RUN, runs.SOURCE, UNDO, RESEALED)
    asked = select(changes).where(changes.c.kind.in_(kinds)).order_by(changes.c.seq)
    chained: dict[tuple[str, int], str] = {}
    undone_by: dict[int, int] = {}
    resealed: dict[int, dict[str, str]] = defaultdict(dict)
    for row in book.connection.execute(asked):
        if row.kind == UNDO:
            undone_by[json_value(row.body)["after"]["undone_run"]] = row.run
        elif row.kind == RESEALED:
            body = json_value(row.body)
            resealed[body["after"]["of_run"]][body["before"][NOTICES]] = body["after"][NOTICES]
        else:
            chained[row.kind, row.source or row.run] = row.body
    found = []
    for row in book.connection.execute(select(runs_table).order_by(runs_table.c.id)).all():
        body = chained.pop((runs.RUN, row.id), None)
        sealed: dict[str, str] = json_value(body).get("seals", {}) if body is not None else {}
        if body != runs.run_body(row, sealed) or row.undone_by != undone_by.get(row.id):
            found.append(f"run {row.id}")
        while (was := sealed.get(NOTICES, "")) in resealed[row.id]:
            sealed |= {NOTICES: resealed[row.id].pop(was)}
        found += [f"run {row.id} {kind}" for kind in _unsealed(book, row, sealed)]
    found += [
        f"source {row.id}"
        for row in book.connection.execute(select(sources).order_by(sources.c.id))
        if chained.pop((runs.SOURCE, row.id), None) != runs.source_body(row)
    ]
    return found + [f"{kind} {number}" for kind, number in chained]


def _unsealed(book: Book, run: Row[Any], sealed: dict[str, str]) -> list[str]:
    """The kinds of rows that are not as a run wrote them; what it had closed is open again where it was undone."""
    stands = seals_of(book, run.id)
    kinds = sorted(kind for kind in sealed.keys() | stands.keys() if sealed.get(kind) != stands.get(kind))
    return [kind for kind in kinds if kind != CLOSED or run.undone_by is None]


class Difference(NamedTuple):
    """A field of an order that is not what its history says."""

    number: str
    field: str
    stands: Any
    told: Any


def orders_told(book: Book, only: str | None = None) -> Iterator[Difference]:
    """Where orders, one or all, are not what their history makes of them; erased values are not compared."""
    asked = select(orders).order_by(orders.c.number)
    if only is not None:
        asked = asked.where(orders.c.number == only)
    for chunk in in_chunks(book.stream(asked)):
        past = _replay(book, [row.number for row in chunk])
        for row in chunk:
            yield from _differences(row, past.get(row.number, {}))


def _replay(book: Book, wanted: list[str]) -> dict[str, dict[str, Any]]:
    """The values that the history gives these orders, as they are stored; an erased field is not among them."""
    past: dict[str, dict[str, Any]] = defaultdict(lambda: {"revision": 0})
    asked = select(changes).where(among(book, changes.c.number, wanted)).order_by(changes.c.seq)
    for row in book.connection.execute(asked):
        values = past[row.number]
        if row.kind == history.REGISTERED:
            values.update(dict.fromkeys(history.TOLD), **_FIRST, revision=1)
        values.update(history.sides(row)[1])
        if row.digest is not None and row.personal is None:
            values["erased"] = True
    return past


def _differences(row: Row[Any], told_: dict[str, Any]) -> Iterator[Difference]:
    stands = dict(row._mapping)
    for field in (*ORDER_FORMS, "revision"):
        if field in PERSONAL and told_.get("erased"):
            continue
        if field in told_ and stands[field] != told_[field]:
            yield Difference(row.number, field, stands[field], told_[field])
    if not told_:
        yield Difference(row.number, "number", row.number, None)
