"""Monthly reports as they were issued, with every order's part in them; kept until their run is taken back."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from zlib import compress, decompress

from sqlalchemy import delete, exists, select

from orderflow.ledger import history
from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import issued_reports, runs
from orderflow.ledger.values import moment
from orderflow.records.order import Change

ISSUED = "report-issued"
"""The kind of change that issuing is; it bears the report's digest."""


class Issued(NamedTuple):
    """A report as it was issued: `report` and `orders` are JSON; `seq` is the last change that it knew of."""

    month: str
    run: int
    at: datetime
    by: str
    seq: int
    report: str
    orders: str


def keep(run: Run, month: str, report: str, orders: str) -> None:
    """Keeps the report of a month, and notes that it was issued."""
    seq, packed = run.seq, compress(orders.encode())
    digest = sha256(report.encode() + orders.encode()).hexdigest()
    history.record(run, [Change(ISSUED, run.at, after={"month": month, "sha256": digest})])
    values = {"month": month, "run": run.id, "seq": seq, "report": report, "orders": packed}
    run.connection.execute(issued_reports.insert().values(values))


def of_month(book: Book, month: str) -> Issued | None:
    """The report of a month as it was issued, if it was."""
    asked = select(issued_reports, runs.c.at, runs.c.actor).join(runs, runs.c.id == issued_reports.c.run)
    row = book.connection.execute(asked.where(issued_reports.c.month == month)).one_or_none()
    if row is None:
        return None
    orders = decompress(row.orders).decode()
    return Issued(row.month, row.run, moment(row.at), row.actor, row.seq, row.report, orders)


def is_issued(book: Book, month: str) -> bool:
    """Whether the report of a month was issued."""
    return bool(book.connection.execute(select(exists().where(issued_reports.c.month == month))).scalar())


def take_back(run: Run, target: int) -> None:
    """Forgets what a run issued."""
    run.connection.execute(delete(issued_reports).where(issued_reports.c.run == target))
