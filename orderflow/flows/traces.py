"""What tells that a desk had orders although its ledger is gone: then none is made anew, and no number given twice."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from orderflow.flows.files import NO_WORKBOOK
from orderflow.ledger.backup import holds_orders
from orderflow.records.rows import WORKBOOKS
from orderflow.rules.identity import is_desk_number

_NUMBER = re.compile(rb">\s*(\d{6}-\d{3,8})\s*<")
_TEXTS = re.compile(r"xl/(?:worksheets/sheet\d+|sharedStrings)\.xml")
_MOST = 64 << 20  # bytes of one sheet: beyond, what was found by then is enough


def traces(desk: Path) -> list[str]:
    """What of earlier orders still lies in a desk's folder, by its name there; nothing in a really new desk."""
    return [*_workbooks(desk), *_kept(desk), *_ledgers(desk)]


def _workbooks(desk: Path) -> Iterator[str]:
    """The desk's registration workbook and copies handed back, where order numbers stand in them."""
    copies = (path for folder in (desk, desk / "inbox") for path in sorted(folder.glob("*.checked*.xlsx")))
    for path in (desk / f"{WORKBOOKS[0].name}.xlsx", *copies):
        if numbers := _numbers_in(path):
            yield f"{path.relative_to(desk).as_posix()} ({min(numbers)} … {max(numbers)})"


def _numbers_in(path: Path) -> set[str]:
    """The order numbers that stand in cells of a workbook; none where it is no workbook."""
    found: set[bytes] = set()
    with suppress(OSError, *NO_WORKBOOK), zipfile.ZipFile(path) as book:
        for name in filter(_TEXTS.fullmatch, book.namelist()):
            with book.open(name) as sheet:
                found.update(_NUMBER.findall(sheet.read(_MOST)))
    return {number for one in found if is_desk_number(number := one.decode())}


def _kept(desk: Path) -> Iterator[str]:
    """Evidence and sealed months."""
    for name in ("evidence", "archive"):
        with suppress(OSError):
            if any((desk / name).iterdir()):
                yield f"{name}/"


def _ledgers(desk: Path) -> Iterator[str]:
    """Other ledgers with orders, such as a copy, and the journal that SQLite leaves of a file that was taken away."""
    for path in sorted(desk.glob("*.db")):
        if holds_orders(path):
            yield path.name
    for journal in sorted(desk.glob("*.db-wal")):
        with suppress(OSError):
            kept = journal.with_name(journal.name.removesuffix("-wal"))
            if journal.stat().st_size and not (kept.is_file() and kept.stat().st_size):
                yield journal.name
