"""Digests of what a run wrote beside the chain, held by the chain: its lines, notices, and reasons opened and closed.

What changes later is left out, or belongs to the run that changed it: a reason is closed by a run of its own. So is a
person's data (a quoted cell of a personal column), which can be erased, and the state of a notice. Where the facts of
notices are erased, the erasing run says in the chain what their seal was and what it is from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from orderflow.ledger.book import Book
from orderflow.ledger.values import PERSONAL

CLOSED, NOTICES = "closed reasons", "notices"
RESEALED = "resealed"
"""The kind of the change that says how the seal of a run's notices went on when facts in them were erased."""
_TOGETHER = 10_000
_QUOTING = ", ".join(f"'{field}'" for field in sorted(PERSONAL))
_WRITTEN: Mapping[str, str] = {
    "lines": "SELECT source, sheet_row, outcome, number, reason FROM lines"
    " WHERE source IN (SELECT id FROM sources WHERE run = {run}) ORDER BY source, sheet_row",
    "reasons": "SELECT id, number, code, field, opened_at, CASE WHEN field IN ({quoting}) THEN NULL ELSE params END"
    " FROM anomalies WHERE opened_run = {run} ORDER BY id",
    CLOSED: "SELECT id, closed_at, how FROM anomalies WHERE closed_run = {run} ORDER BY id",
    "notices": "SELECT id, event, severity, numbers, recipient, facts, created_at, key FROM notices"
    " WHERE run = {run} ORDER BY id",
}


def seals_of(book: Book, run: int) -> dict[str, str]:
    """A digest of each kind of rows that a run wrote; kinds without rows are left out."""
    digests = ((kind, _digest(book, query.format(run=int(run), quoting=_QUOTING))) for kind, query in _WRITTEN.items())
    return {kind: digest for kind, digest in digests if digest is not None}


def _digest(book: Book, query: str) -> str | None:
    """Rows as plain whole numbers and texts, which both databases give alike; without SQLAlchemy, for they are many."""
    driver: Any = book.connection.connection.driver_connection
    cursor = driver.cursor()
    try:
        cursor.execute(query)
        digest, some = sha256(), False
        while rows := cursor.fetchmany(_TOGETHER):
            digest.update(repr([tuple(row) for row in rows]).encode("utf-8", "backslashreplace"))
            some = True
        return digest.hexdigest() if some else None
    finally:
        cursor.close()
