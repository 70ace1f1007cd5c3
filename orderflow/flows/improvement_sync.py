"""The workbook of improvements, or copies of it, brought together with the ledger as part of `sync`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.files import finding_of_refusal
from orderflow.flows.improvement_book import (
    TakenBook,
    is_of_improvements,
    is_taken,
    note,
    path_of,
    take_book,
    write_book,
)
from orderflow.flows.workbook_taking import SyncedWorkbook, SyncOutcome
from orderflow.ledger.book import Book, Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.errors import Unreadable
from orderflow.records.rows import IMPROVEMENTS


def of_improvements(desk: Desk, files: Sequence[Path]) -> list[Path]:
    """Which of these files hold improvements; what cannot be read is no matter here."""

    def holds(path: Path) -> bool:
        try:
            return is_of_improvements(desk, path)
        except Unreadable:
            return False

    return [path for path in files if holds(path)]


def sync_improvements(desk: Desk, ledger: Ledger, copies: Sequence[Path], outcome: SyncOutcome) -> int | None:
    """Take in what people changed in the desk's workbook and in copies, in one run, and write it afresh.

    The run, where anything was to be recorded.
    """
    own = SyncedWorkbook(path_of(desk), IMPROVEMENTS.name, own=True)
    books = [own, *(SyncedWorkbook(path, IMPROVEMENTS.name, own=False) for path in copies)]
    outcome.workbooks += books
    with ledger.read() as book:
        changed = [one for one in books if not one.own or not is_taken(book, desk)]
    run = _one_run(desk, ledger, changed, outcome) if changed else None
    write_book(desk, ledger)
    with ledger.read() as book:
        own.written = is_taken(book, desk)
    return run


def _one_run(desk: Desk, ledger: Ledger, books: Sequence[SyncedWorkbook], outcome: SyncOutcome) -> int | None:
    with desk.begin(ledger, "sync", {"paths": [book.path.name for book in books]}) as run:
        first = run.seq
        taken = [found for book in books if (found := _take(desk, run, book, outcome)) is not None]
        changed = run.seq != first
        if changed:
            _note(run, desk, taken)
        else:
            run.discard()
    if not changed:
        with ledger.amend() as amended:
            _note(amended, desk, taken)
    return run.id if changed else None


def _take(desk: Desk, run: Run, book: SyncedWorkbook, outcome: SyncOutcome) -> TakenBook | None:
    """Read one of them; one that cannot be read waits, and that is said."""
    first = run.seq
    try:
        taken = take_book(desk, run, None if book.own else book.path)
    except Unreadable as refusal:
        book.found = "unreadable"
        outcome.findings.append(finding_of_refusal(refusal, book.path))
        return None
    book.found = "changed" if run.seq != first or taken.findings else "unchanged"
    outcome.findings += taken.findings
    return taken


def _note(book: Book, desk: Desk, taken: Sequence[TakenBook]) -> None:
    for one in taken:
        note(book, desk, one)
