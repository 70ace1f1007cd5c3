"""Writing the desk's workbooks afresh: never over what people have changed, and not where nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.in_use import lock_of
from orderflow.flows.registration_window import registration_window
from orderflow.flows.windows import Window, content_of
from orderflow.ledger import outputs
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place
from orderflow.records.rows import Workbook
from orderflow.sheets.blanks import shipped
from orderflow.sheets.layout import WorkbookLayout
from orderflow.sheets.writer import write_new_workbook, write_workbook
from orderflow.text import LANGUAGES

WINDOWS = {"registration": registration_window}
"""The workbooks that are written from the ledger, by kind."""


def refresh(desk: Desk, ledger: Ledger, kind: str, *, compare: bool = False) -> tuple[bool, list[Finding]]:
    """Write one workbook of the desk afresh; whether it says what the ledger says now, and what is to be said of it.

    `compare` looks first whether it does already. Raises OrderflowError where the disk refuses.
    """
    with ledger.read() as book:
        window = WINDOWS[kind](desk, book)
        path = window.path
        digest = digest_of(path)
        if digest is not None and (said := _taken_by_others(book, window, digest)) is not None:
            return False, [said]
        layout = window.layout()
        before = outputs.content_of(book, str(path), digest) if digest is not None and compare else None
        if before is not None and before == content_of(layout):
            return True, []
        written, found = _put(layout, path)
    with ledger.amend() as amended:
        content = content_of(layout, written=True)
        outputs.note(amended, str(written), digest_of(written) or "", kind, desk.now, content)
    return True, found


def _taken_by_others(book: Book, window: Window, digest: str) -> Finding | None:
    """Why a workbook is not to be replaced: it is open somewhere, or people have changed it."""
    lock = lock_of(window.path)
    if lock is not None:
        return said_of(window.path, "workbook-open", lock=lock.name)
    if is_untouched(book, window.workbook, digest):
        return None
    return said_of(window.path, "workbook-edited")


def is_untouched(book: Book, workbook: Workbook, digest: str) -> bool:
    """Whether a file of these bytes is the desk's own, as written or still blank."""
    return outputs.is_ours(book, digest) or digest in set(_blanks(workbook))


def _blanks(workbook: Workbook) -> Iterator[str | None]:
    return (digest_of(path) for lang in LANGUAGES if (path := shipped(workbook, lang)) is not None)


def _put(layout: WorkbookLayout, path: Path) -> tuple[Path, list[Finding]]:
    """Replace the workbook; where the folder lets no file be replaced, write it under a new name and say so."""
    try:
        return write_workbook(layout, path).path, []
    except OrderflowError as refusal:
        if refusal.code != "cannot-write" or not path.exists():
            raise
        written = write_new_workbook(layout, path).path
        return written, [said_of(path, "written-elsewhere", target=written.name)]


def said_of(path: Path, code: str, **params: object) -> Finding:
    """A finding about a workbook as a whole."""
    severity = CATALOGUE[code].severity_in(False)
    return Finding(code, severity, None, None, {"path": path.name, **params}, Place(str(path)))
