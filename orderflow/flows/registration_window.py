"""The rows of the registration workbook: every live order as the ledger has it, what is open about it at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orderflow import text
from orderflow.flows.desk import Desk
from orderflow.flows.registering import finding_of
from orderflow.flows.sides import shown_side
from orderflow.flows.windows import Window, WindowRow, marked
from orderflow.ledger import anomalies, conflicts, drafts, layouts, orders, runs
from orderflow.ledger.book import Book, in_chunks
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.origin import first_link
from orderflow.records.column import Kind
from orderflow.records.finding import Finding
from orderflow.records.order import Order
from orderflow.records.registration import Registration
from orderflow.records.rows import WORKBOOKS, columns
from orderflow.report.sentences import words
from orderflow.rules.state import state_of
from orderflow.sheets.layout import Cell, CellValue
from orderflow.sheets.palette import Look
from orderflow.sheets.shown import shown

WORKBOOK = WORKBOOKS[0]
ADDED = f"columns of {WORKBOOK.name}.xlsx"
"""Under which the ledger remembers the columns that people added."""


def registration_window(desk: Desk, book: Book) -> Window:
    """The registration workbook as it is to be written now."""
    last = runs.past_runs(book, limit=1)
    asked = conflicts_of_cells(book)
    return Window(
        desk=desk,
        desk_id=first_link(book),
        workbook=WORKBOOK,
        rows=lambda: _rows(desk, book, asked),
        run=last[0].id if last else 0,
        added=list(layouts.answers(book, ADDED)),
        conflicts=asked,
    )


def conflicts_of_cells(book: Book) -> list[Conflict]:
    """The conflicts that a person can decide by picking one of two values."""
    return [conflict for conflict in conflicts.undecided(book) if conflict.field in columns(Registration)]


def _rows(desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
    disputed: dict[str, list[Conflict]] = {}
    for conflict in asked:
        disputed.setdefault(conflict.number, []).append(conflict)
    for chunk in in_chunks(orders.live(book)):
        flagged = [order.row.number or "" for order in chunk if order.open_anomalies]
        reasons = anomalies.of_orders(book, flagged, only_open=True) if flagged else {}
        for order in chunk:
            number = order.row.number or ""
            found = [finding_of(anomaly) for anomaly in reasons.get(number, ())]
            yield window_row(desk, order, found, disputed.get(number, ()))
    for draft in drafts.of_kind(book, WORKBOOK.name):
        yield _draft_row(desk, draft)


def _draft_row(desk: Desk, draft: drafts.Draft) -> WindowRow:
    """A row that could not be taken, as it was typed, with the reason at its first cell."""
    title = text.say(desk.lang, f"findings.{draft.code}.title")
    cells: dict[str, CellValue] = {"number": marked(draft.cells.get("number"), [title])}
    cells |= {name: said for name, said in draft.cells.items() if name in columns(Registration) and name != "number"}
    return WindowRow("", 0, cells, extra=draft.cells)


def window_row(desk: Desk, order: Order, found: Sequence[Finding], disputed: Iterable[Conflict]) -> WindowRow:
    """One order as it stands in the workbook."""
    cells: dict[str, CellValue] = {}
    asked = _comments(desk, found, disputed)
    row, state = order.row, state_of(order)
    mended = {finding.field for finding in found}
    for name, column in columns(Registration).items():
        if not column.template:
            continue
        value = getattr(row, name, None)
        local = desk.local(value) if column.kind is Kind.MOMENT else value
        typed = order.unread.get(name)
        if name == "source":
            local = order.channel or value
        shows = typed if typed and value is None else shown(local, column, desk.lang, row.unit)
        comments = asked.get(name, ())
        look = Look.ERROR if typed or name in mended else Look.NOTE
        cells[name] = Cell(shows, look, "\n\n".join(comments)) if typed or comments else shows
    cells |= _computed(desk, order, state, found)
    return WindowRow(row.number or "", order.revision, cells, extra=dict(order.extra))


def _computed(desk: Desk, order: Order, state: str, found: Sequence[Finding]) -> dict[str, CellValue]:
    """The columns that the desk fills in."""
    said = desk.say(f"messages.states.{state}")
    reasons = "；".join(dict.fromkeys(words(finding, desk.lang, "title") for finding in found))
    return {
        "state": Cell(said, Look.ERROR) if state == "flagged" else said,
        "anomaly": marked(reasons or None, [_sentences(desk, f) for f in found if not _has_cell(f)]),
    }


def _comments(desk: Desk, found: Sequence[Finding], disputed: Iterable[Conflict]) -> Mapping[str, list[str]]:
    """What is asked at which cell: what is to be mended, what two people say differently."""
    asked: dict[str, list[str]] = {}
    for finding in found:
        if _has_cell(finding):
            asked.setdefault(finding.field or "", []).append(_sentences(desk, finding))
    for conflict in disputed:
        theirs = shown_side(conflict.field, conflict.theirs, desk.lang)
        asked.setdefault(conflict.field, []).append(desk.say("messages.window.disputed", theirs=theirs))
    return asked


def _has_cell(finding: Finding) -> bool:
    column = columns(Registration).get(finding.field or "")
    return column is not None and column.template and not column.computed


def _sentences(desk: Desk, finding: Finding) -> str:
    return f"{words(finding, desk.lang, 'message')}\n{words(finding, desk.lang, 'fix')}"
