"""What the ledger knows of customers and products: the rows of the two reference workbooks as last taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, delete, insert, select

from orderflow.ledger.book import Book, Run
from orderflow.ledger.intake import Source, add_source
from orderflow.ledger.schema import customers, products, runs, sources
from orderflow.ledger.values import form_of
from orderflow.records.rows import Customer, Product, columns

_TABLES: Mapping[type[Any], Table] = {Customer: customers, Product: products}


def taken(book: Book, kind: str) -> str | None:
    """The hash of the reference workbook `kind` (`customers`, `products`) as it was last taken over."""
    asked = select(sources.c.sha256).join(runs).where(sources.c.kind == kind, runs.c.undone_by.is_(None))
    return book.connection.execute(asked.order_by(sources.c.id.desc()).limit(1)).scalar_one_or_none()


def replace(run: Run, source: Source, rows: Mapping[str, Any], row_type: type[Any]) -> None:
    """Takes a reference workbook over: its `rows`, by what they are looked up by, stand for those before."""
    add_source(run, source)
    table, forms = _TABLES[row_type], {name: form_of(column.kind) for name, column in columns(row_type).items()}
    run.connection.execute(delete(table))
    stored = [
        {"key": key, "run": run.id}
        | {name: None if (value := getattr(row, name)) is None else form.store(value) for name, form in forms.items()}
        for key, row in rows.items()
    ]
    if stored:
        run.connection.execute(insert(table), stored)


def all_of(book: Book, row_type: type[Any]) -> Iterable[tuple[str, Any]]:
    """Every row of a reference workbook with what it is looked up by."""
    forms = {name: form_of(column.kind) for name, column in columns(row_type).items()}
    for found in book.connection.execute(select(_TABLES[row_type])):
        values = found._mapping
        read = {name: None if values[name] is None else form.read(values[name]) for name, form in forms.items()}
        yield found.key, row_type(**read)
