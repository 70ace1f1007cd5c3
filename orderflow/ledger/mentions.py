"""Where the ledger still says something: a person's name, number or address, in whatever table."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, Text, false, func, or_, select

from orderflow.ledger.book import Book, Run, among, in_chunks
from orderflow.ledger.excerpt import OF_ORDERS
from orderflow.ledger.schema import (
    customers,
    drafts,
    findings,
    improvements,
    issued_reports,
    jottings,
    notices,
    orders,
    runs,
    sources,
)

_TABLES = (*OF_ORDERS, runs, sources, customers, drafts, notices, jottings, issued_reports, improvements)
_TOLD = ("customer", "contact", "address")
_SHORTEST = 2
_MASKED = "*"


def of_persons(book: Book, numbers: Sequence[str], name: str) -> list[str]:
    """What orders say that tells who somebody is: the name, telephones and addresses; masked ones tell nobody."""
    found = {name}
    for chunk in in_chunks(numbers):
        asked = select(*(orders.c[told] for told in _TOLD)).where(among(book, orders.c.number, chunk))
        found.update(said for row in book.connection.execute(asked) for said in row if said is not None)
    return sorted(said for said in found if len(said) >= _SHORTEST and _MASKED not in said)


def counted(book: Book, said: Sequence[str]) -> dict[str, int]:
    """In how many rows of which table one of these texts stands. Every row is looked at, which takes its time."""
    found = {table.name: _count(book, table, said) for table in _TABLES}
    return {name: count for name, count in sorted(found.items()) if count}


def _count(book: Book, table: Table, said: Sequence[str]) -> int:
    texts = [column for column in table.c if isinstance(column.type, Text)]
    stated = or_(false(), *(column.contains(one, autoescape=True) for column in texts for one in said))
    found: int = book.connection.execute(select(func.count()).select_from(table).where(stated)).scalar_one()
    return found


def erase_findings(run: Run, said: Sequence[str]) -> None:
    """Lets findings quote none of these texts any more, those too that belong to no order."""
    quoting = or_(*(c.contains(one, autoescape=True) for c in (findings.c.value, findings.c.params) for one in said))
    run.connection.execute(findings.update().where(quoting).values(value=None, params="{}"))
