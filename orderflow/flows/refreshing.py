"""Writing the desk's workbooks afresh: never over what people have changed, and not where nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

import orderflow
from orderflow import text
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.in_use import lock_of
from orderflow.flows.progress_window import MOST_ORDERS
from orderflow.flows.window_kind import WindowKind, WindowRow
from orderflow.flows.window_kinds import BY_NAME
from orderflow.flows.windows import Window, content_of, marked
from orderflow.ledger import anomalies, conflicts, drafts, jottings, layouts, outputs, plans, runs
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.origin import first_link
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place
from orderflow.records.registration import Registration
from orderflow.records.rows import Feedback, Plan, Workbook, columns
from orderflow.sheets.blanks import shipped
from orderflow.sheets.layout import CellValue, SheetLayout, WorkbookLayout
from orderflow.text import LANGUAGES

TWINS = "possible-duplicate"


def window_of(desk: Desk, book: Book, kind: WindowKind) -> Window:
    """A workbook of the desk as it is to be written now."""
    asked = conflicts_of(book, kind)
    return Window(
        desk=desk,
        desk_id=first_link(book),
        workbook=kind.workbook,
        rows=lambda: _rows(desk, book, kind, asked),
        run=runs.last(book),
        added=list(layouts.answers(book, added_to(kind))),
        conflicts=asked,
        twins=anomalies.open_of(book, TWINS) if kind.workbook.row is Registration else (),
        beside=_beside(desk, book, kind.workbook),
        jottings=jottings.of_kind(book, kind.workbook.name),
        parts=_parts(desk, book, kind),
    )


def _parts(desk: Desk, book: Book, kind: WindowKind) -> Mapping[str, frozenset[str]]:
    """The departments' own sheets of the progress workbook, while it is small enough for them."""
    parts = kind.parts(desk)
    return parts if parts and len(plans.under_way(book, MOST_ORDERS + 1)) <= MOST_ORDERS else {}


def _beside(desk: Desk, book: Book, workbook: Workbook) -> list[SheetLayout]:
    """The sheets that are only looked at."""
    if workbook.row is Plan:
        from orderflow.flows.gantt import gantt_sheet

        gantt = gantt_sheet(desk, book)
        return [gantt] if gantt is not None else []
    if workbook.row is Feedback:
        from orderflow.flows.feedback_sheets import feedback_sheets

        return feedback_sheets(desk, book)
    return []


def added_to(kind: WindowKind) -> str:
    """Under which the ledger remembers the columns that people added to a workbook."""
    return f"columns of {kind.workbook.name}.xlsx"


def conflicts_of(book: Book, kind: WindowKind) -> list[Conflict]:
    """The conflicts that a person can decide by picking one of two values in a workbook of this kind."""
    return [conflict for conflict in conflicts.undecided(book) if kind.field_of(conflict.field) is not None]


def _rows(desk: Desk, book: Book, kind: WindowKind, asked: list[Conflict]) -> Iterator[WindowRow]:
    yield from kind.rows(desk, book, asked)
    known = columns(kind.workbook.row)
    for draft in drafts.of_kind(book, kind.workbook.name):
        title = text.say(desk.lang, f"findings.{draft.code}.title")
        cells: dict[str, CellValue] = {"number": marked(draft.cells.get("number"), [title])}
        cells |= {name: said for name, said in draft.cells.items() if name in known and name != "number"}
        yield WindowRow((), 0, cells, draft.cells)


def refresh(desk: Desk, ledger: Ledger, name: str) -> tuple[bool, list[Finding]]:
    """Write one workbook of the desk afresh; whether it says what the ledger says now, and what is to be said of it.

    One that says it already is left as it is. Raises OrderflowError where the disk refuses.
    """
    with ledger.read() as book:
        kind = BY_NAME[name]
        path = desk.path / f"{name}.xlsx"
        digest = digest_of(path)
        if digest is not None and (said := _taken_by_others(book, kind.workbook, path, digest)) is not None:
            return False, [said]
        noted = outputs.noted(book, desk.place_of(path), digest) if digest is not None else outputs.Noted(None, None)
        now = _as_of(desk, book)
        if noted.seen == now:
            return True, []
        layout = window_of(desk, book, kind).layout()
        stands = noted.content is not None and noted.content == content_of(layout)
        written, found = (path, []) if stands else _put(layout, path)
    with ledger.amend() as amended:
        content = content_of(layout, written=True)
        outputs.note(amended, desk.place_of(written), digest_of(written) or "", name, desk.now, content, now)
    return True, found


def is_current(desk: Desk, book: Book, name: str) -> bool:
    """Whether a workbook of the desk is known to say what the ledger says now; it is not read."""
    path = desk.path / f"{name}.xlsx"
    digest = digest_of(path)
    return digest is not None and outputs.noted(book, desk.place_of(path), digest).seen == _as_of(desk, book)


def _as_of(desk: Desk, book: Book) -> str:
    """What a workbook's words depend on: the last change of the ledger, settings, day, language, this program."""
    told = f"{desk.settings!r}|{desk.now.date()}|{desk.lang}|{orderflow.__version__}"
    return f"{runs.end_of_chain(book)}:{blake2b(told.encode(), digest_size=8).hexdigest()}"


def _taken_by_others(book: Book, workbook: Workbook, path: Path, digest: str) -> Finding | None:
    """Why a workbook is not to be replaced: it is open somewhere, or people have changed it."""
    lock = lock_of(path)
    if lock is not None:
        return said_of(path, "workbook-open", lock=lock.name)
    if is_untouched(book, workbook, digest):
        return None
    return said_of(path, "workbook-edited")


def is_untouched(book: Book, workbook: Workbook, digest: str) -> bool:
    """Whether a file of these bytes is the desk's own, as written or still blank."""
    return outputs.is_ours(book, digest) or digest in set(_blanks(workbook))


def _blanks(workbook: Workbook) -> Iterator[str | None]:
    return (digest_of(path) for lang in LANGUAGES if (path := shipped(workbook, lang)) is not None)


def _put(layout: WorkbookLayout, path: Path) -> tuple[Path, list[Finding]]:
    """Replace the workbook; where the folder lets no file be replaced, write it under a new name and say so."""
    from orderflow.sheets.writer import write_new_workbook, write_workbook

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
