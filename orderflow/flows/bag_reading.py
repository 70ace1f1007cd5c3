"""Bags as they lie in a folder: which there are, and their tables read back into an excerpt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderflow.archive import bagit, parquet
from orderflow.flows.desk import Desk
from orderflow.ledger import excerpt
from orderflow.ledger.book import Book
from orderflow.ledger.schema import orders
from orderflow.ledger.values import serial_of
from orderflow.records.bag import Columns, Form

if TYPE_CHECKING:
    from sqlalchemy import Table

ARCHIVE, HIDDEN = "archive", ".~"
TABLES, LINKS = "tables", "links"
"""The folder of the tables, and the table that holds for each change the link of the one before."""
LINK_COLUMNS: Columns = {"seq": Form.WHOLE, "before": Form.BYTES}
SERIAL = "serial"
"""An order's number as the whole number that the ledger has it as: the newest are found without reading every text."""
ROWS, PREDECESSOR = "Orderflow-Rows-", "Orderflow-Predecessor"
"""What stands in `bag-info.txt` before a table's name, and before the bag that a supplement follows."""


def archive_of(desk: Desk) -> Path:
    """The folder of the desk's bags."""
    return desk.path / ARCHIVE


def bags_in(folder: Path) -> list[Path]:
    """The bags in a folder, by name; half-written ones are hidden and are none."""
    if not folder.is_dir():
        return []
    inside = sorted(folder.iterdir())
    return [path for path in inside if not path.name.startswith(HIDDEN) and (path / bagit.DECLARATION).is_file()]


def table_of(bag: Path, name: str) -> Path:
    """The file of one of a bag's tables."""
    return bag / bagit.PAYLOAD / TABLES / f"{name}.parquet"


def read_bags(folders: Sequence[Path], into: Book, numbers: Sequence[str] | None = None) -> dict[str, int]:
    """Puts what bags say of their orders, all or these, into a new excerpt; the rows of each table.

    Runs, files and notices come whole. Raises OrderflowError `bag-unreadable`.
    """
    counts = {}
    for table in excerpt.TABLES:
        only = _only(table, numbers) if numbers is not None and table in excerpt.OF_ORDERS else "true"
        paths = _files(folders, table.name)
        rows = _rows(paths, table.name in ("runs", "sources", "notices"), excerpt.columns_of(table), only)
        counts[table.name] = excerpt.put(into, table, rows)
    return counts


def _files(folders: Sequence[Path], table: str) -> list[Path]:
    """The files of a table; a bag that was sealed before there was such a table has none."""
    return [path for folder in folders if (path := table_of(folder, table)).is_file()]


def columns_of(folder: Path) -> dict[str, set[str]]:
    """The columns of each table of a bag: older versions of the tool knew of fewer."""
    files = {table.name: _files([folder], table.name) for table in excerpt.TABLES}
    return {name: parquet.columns_in(paths) for name, paths in files.items() if paths}


def _only(table: Table, numbers: Sequence[str]) -> str:
    """Which rows are of these orders, in SQL; the orders themselves are found by the column that is sorted."""
    if table is orders:
        return f"{SERIAL} IN ({', '.join(str(serial_of(number)) for number in numbers)})"
    return f"number IN ({', '.join(map(repr, numbers))})"


def _rows(paths: Sequence[Path], shared: bool, columns: Any, only: str) -> Iterator[Sequence[Any]]:
    """The rows of one table; those that several bags share come once."""
    seen: set[Any] = set()
    for rows in parquet.read(paths, columns, only):
        for row in rows:
            if not shared:
                yield row
            elif row[0] not in seen:
                seen.add(row[0])
                yield row


def links_before(bag: Path) -> dict[int, bytes]:
    """For each change of a bag, the link of the ledger's change before it."""
    return {seq: before for rows in parquet.read([table_of(bag, LINKS)], LINK_COLUMNS) for seq, before in rows}
