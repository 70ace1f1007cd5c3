"""What the desk knows of customers and products: the two reference workbooks, read when they have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.ledger import references
from orderflow.ledger.book import Book, Run
from orderflow.ledger.intake import Source
from orderflow.records.folding import bare, model_key
from orderflow.records.references import References
from orderflow.records.rows import REFERENCES, Customer, Product, Workbook
from orderflow.sheets.blanks import shipped
from orderflow.sheets.book import Sheet, open_book
from orderflow.sheets.reader import TableReader
from orderflow.sheets.table import open_table

_KEYS: dict[type[Any], Callable[[Any], str]] = {
    Customer: lambda row: bare(row.customer or ""),
    Product: lambda row: model_key(row.product or ""),
}


def known_references(desk: Desk, run: Run) -> References:
    """The references as the ledger has them, once what people changed in the two workbooks is taken over."""
    for workbook in REFERENCES:
        _take_over(desk, run, workbook)
    return stored_references(run)


def stored_references(book: Book) -> References:
    """The references as the ledger has them."""
    return References(dict(references.all_of(book, Customer)), dict(references.all_of(book, Product)))


def _take_over(desk: Desk, run: Run, workbook: Workbook) -> None:
    path = desk.path / f"{workbook.name}.xlsx"
    if not path.is_file():
        return
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    before = references.taken(run, workbook.name)
    if before == digest or (before is None and _is_blank(desk, workbook, content)):
        return
    key = _KEYS[workbook.row]
    with open_book(path) as book:
        rows = {key(row): row for sheet in book.sheets() for row in _rows(desk, sheet, workbook)}
    rows.pop("", None)
    source = Source(str(path), path.name, digest, None, workbook.name, {}, {"read": len(rows)})
    references.replace(run, source, rows, workbook.row)


def _is_blank(desk: Desk, workbook: Workbook, content: bytes) -> bool:
    """Whether the workbook is the blank one that the desk was set up with."""
    blank = shipped(workbook, desk.settings.desk.language or desk.lang)
    return blank is not None and blank.read_bytes() == content


def _rows(desk: Desk, sheet: Sheet, workbook: Workbook) -> Iterator[Any]:
    table = open_table(sheet, [workbook.row], desk.settings.pins)
    if table is None:
        return
    reader = TableReader(table.layout, desk.now.date(), sheet.date1904, desk.zone)
    for chunk in table.chunks():
        for typed in reader.rows(chunk):
            yield typed.row
