"""Desk numbers: given out once, in the transaction that stores the order; what is passed over is on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update

from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import counters, gaps
from orderflow.ledger.values import month_and_count

ADOPTED = "adopted"
"""Why a number was passed over: a row brought its own, further on."""


def give(run: Run, month: str, count: int) -> list[str]:
    """The next `count` numbers of a month (`202405`)."""
    if not count:
        return []
    first = _next(run, month)
    _move(run, month, first + count)
    return [f"{month}-{serial:03d}" for serial in range(first, first + count)]


def adopt(run: Run, numbers: Iterable[str]) -> None:
    """Takes free numbers that rows brought with them; the counters move past them, what they leave out is a gap.

    Raises `ValueError` for a number that an order has, or had.
    """
    by_month: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        month, serial = month_and_count(number)
        by_month[month].append(serial)
    for month, serials in by_month.items():
        _adopt(run, month, sorted(serials))


def _adopt(run: Run, month: str, serials: list[int]) -> None:
    upcoming = _next(run, month)
    passed: list[dict[str, Any]] = []
    for serial in serials:
        if serial < upcoming:
            _fill(run, month, serial)
            continue
        if serial > upcoming:
            passed.append({"month": month, "first": upcoming, "last": serial - 1, "run": run.id, "why": ADOPTED})
        upcoming = serial + 1
    if passed:
        run.connection.execute(insert(gaps), passed)
    _move(run, month, upcoming)


def leave(run: Run, numbers: Iterable[str], why: str) -> None:
    """Notes that numbers which were taken are no order's after all; they are never given again."""
    for number in numbers:
        month, serial = month_and_count(number)
        run.connection.execute(insert(gaps).values(month=month, first=serial, last=serial, run=run.id, why=why))


def _fill(run: Run, month: str, serial: int) -> None:
    """Takes one number out of the gap that it lies in."""
    here = (gaps.c.month == month) & (gaps.c.first <= serial) & (gaps.c.last >= serial)
    gap = run.connection.execute(select(gaps).where(here)).one_or_none()
    if gap is None:
        raise ValueError(f"not a free number: {month}-{serial:03d}")
    run.connection.execute(delete(gaps).where(here))
    for first, last in ((gap.first, serial - 1), (serial + 1, gap.last)):
        if first <= last:
            run.connection.execute(insert(gaps).values(month=month, first=first, last=last, run=gap.run, why=gap.why))


def _next(book: Book, month: str) -> int:
    stated = select(counters.c.next).where(counters.c.month == month)
    return book.connection.execute(stated).scalar_one_or_none() or 1


def _move(run: Run, month: str, upcoming: int) -> None:
    moved = run.connection.execute(update(counters).where(counters.c.month == month).values(next=upcoming))
    if not moved.rowcount:
        run.connection.execute(insert(counters).values(month=month, next=upcoming))
