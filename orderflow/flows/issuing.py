"""Issued reports: kept as they were, with what later corrections make of them (PROCESS.md, step 6)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from orderflow import text
from orderflow.flows.desk import Desk
from orderflow.ledger import issued as ledger_issued
from orderflow.ledger.book import Book, Run
from orderflow.ledger.issued import Issued
from orderflow.records.month import Correction, Difference, Metric, Month, Restated
from orderflow.report.month_orders import BROKEN, COMPLAINTS, LATE
from orderflow.rules.figures import CONTRIBUTION

if TYPE_CHECKING:
    from pandas import DataFrame
    from pydantic import TypeAdapter

Reported = tuple[Month, "DataFrame"]
"""A month and its orders."""
_PARTS = (*CONTRIBUTION.values(), "late_stages", "broken_clocks", "complained")
"""What an order has to do with the report."""
_TALLIES = {LATE: "late", BROKEN: "broken", COMPLAINTS: "complained"}


@cache
def _adapter() -> TypeAdapter[Month]:
    from pydantic import TypeAdapter

    return TypeAdapter(Month)


def keep(run: Run, month: Month, orders: DataFrame) -> None:
    """Keep a report as it is, with the definitions of its figures in every language."""
    defined = {lang: dict(text.domain(lang, "report")["definitions"]) for lang in text.LANGUAGES}
    frozen = replace(month, definitions=defined)
    told = orders.to_json(orient="split", index=False, double_precision=15)
    ledger_issued.keep(run, month.month, _adapter().dump_json(frozen).decode(), told)


def digest_of(month: Month) -> str:
    """What a report says, in short: the same while its figures are, whenever it is made."""
    figures = _adapter().dump_python(month, mode="json", exclude={"made_at", "improvements", "definitions"})
    return sha256(json.dumps(figures).encode()).hexdigest()[:16]


def read(issued: Issued, like: DataFrame) -> Reported:
    """A report and its orders as they were issued; the columns are those of `like`."""
    from pandas import DataFrame

    stored = json.loads(issued.orders)
    orders = DataFrame(stored["data"], columns=stored["columns"])
    return _adapter().validate_json(issued.report), orders.astype(dict(like.dtypes[stored["columns"]]))


def as_kept(issued: Issued) -> Reported:
    """A report and its orders as they were issued, without anything of today to go by."""
    from pandas import DataFrame

    stored = json.loads(issued.orders)
    return _adapter().validate_json(issued.report), DataFrame(stored["data"], columns=stored["columns"])


def restated(desk: Desk, book: Book, issued: Issued, then: Reported, today: Reported) -> Restated:
    """What has changed since a report was issued, and the changes that caused it."""
    from orderflow.flows.queries import entries_since

    (before, had), (now, has) = then, today
    differences = [*_figures(before, now), *_tallies(had, has)]
    numbers = _differing(had, has) if differences else []
    found = [
        Correction(entry.change.number or "", entry.change.kind, entry.change.at, entry.actor, entry.run)
        for entry in entries_since(book, issued.seq, numbers)
    ]
    return Restated(desk.local(issued.at) or issued.at, issued.by, issued.run, differences, found)


def _figures(before: Month, now: Month) -> Iterable[Difference]:
    for metric in Metric:
        had, has = before.figure(metric), now.figure(metric)
        if (had.value, had.n, had.of, had.median, had.p90) != (has.value, has.n, has.of, has.median, has.p90):
            yield Difference(metric.value, had.value, has.value, had.n, has.n)


def _tallies(had: DataFrame, has: DataFrame) -> Iterable[Difference]:
    for name, column in _TALLIES.items():
        before, now = (int(orders[column].sum()) for orders in (had, has))
        if before != now:
            yield Difference(name, Decimal(before), Decimal(now), before, now)


def _differing(had: DataFrame, has: DataFrame) -> list[str]:
    """The orders whose part in the report is another now, or that came or went."""
    columns = [name for name in _PARTS if name in had]
    before, now = (orders.set_index("number")[columns] for orders in (had, has))
    both = before.index.intersection(now.index)
    one, other = before.loc[both], now.loc[both]
    changed = ((one != other) & ~(one.isna() & other.isna())).any(axis=1)
    return sorted({*both[changed], *before.index.symmetric_difference(now.index)})
