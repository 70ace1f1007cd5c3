"""One of the desk's workbooks, or a copy of one, read back: what people changed goes into the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from orderflow.flows.asking import settled
from orderflow.flows.deciding import Seen
from orderflow.flows.deciding_conflicts import Picked, decide
from orderflow.flows.keys import KEY_HEADER, read_key
from orderflow.flows.refreshing import said_of
from orderflow.flows.registration_window import ADDED
from orderflow.flows.request import Intake
from orderflow.flows.sifting import Sifting
from orderflow.flows.window_sheets import CONFLICTS, choice_in
from orderflow.flows.workbooks import KINDS, TakenFile, taking_of
from orderflow.ledger import drafts, intake, layouts, orders
from orderflow.ledger.origin import first_link
from orderflow.records.account import Outcome
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.registration import Registration
from orderflow.sheets.book import Book, Line, Sheet
from orderflow.sheets.cells import shown
from orderflow.sheets.headers import Layout
from orderflow.sheets.table import Table, open_table
from orderflow.sheets.typed import compile_reader

KIND = "registration"
_NOT_TAKEN = ("row-says-nothing", "duplicate-row-differs")
_NAMED = 10  # order numbers named in a sentence


@dataclass(slots=True)
class TakenWindow:
    """What reading one workbook back came to; `touched` says whether it brought anything."""

    path: Path
    sha256: str
    own: bool
    findings: list[Finding] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    flagged: list[tuple[str, list[str]]] = field(default_factory=list)
    drafts: list[drafts.Draft] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    rows: int = 0
    meta: Mapping[str, str] = field(default_factory=dict)
    picked: list[Picked] = field(default_factory=list)
    outcomes: dict[Outcome, int] = field(default_factory=dict)


def take_window(context: Intake, book: Book, own: bool, saved_by: str | None) -> TakenWindow:
    """Take what people changed in an open workbook. Raises Unreadable, `other-desk` among them."""
    taken = TakenWindow(book.path, book.sha256, own)
    seen, tables = Seen(), 0
    desk_id = first_link(context.run)
    for sheet in book.sheets():
        first = next(sheet.chunks, [])
        sheet.chunks = chain([first], sheet.chunks)
        if _is_meta(first):
            taken.meta = _meta(sheet, desk_id, book.path)
        elif (at := _conflicts_begin(first)) is not None:
            taken.picked += _picked(sheet, at, desk_id)
        else:
            tables += _take_table(context, taken, sheet, seen, desk_id, saved_by)
    if not tables:
        raise Unreadable("no-orders", path=str(book.path))
    taken.findings += decide(context, taken.picked, book.path)
    taken.findings += _removed(context, taken)
    if own:
        _keep_beside(context, taken)
    return taken


def _take_table(
    context: Intake, taken: TakenWindow, sheet: Sheet, seen: Seen, desk_id: str, saved_by: str | None
) -> bool:
    """Take a sheet whose rows are of this kind; whether it is one."""
    pins = context.desk.settings.pins
    table = open_table(sheet, KINDS, pins)
    if table is None or table.layout.row is not Registration:
        return False
    _take_sheet(context, taken, sheet, settled(table, context.run, str(taken.path), pins), seen, desk_id, saved_by)
    return True


def _is_meta(first: Sequence[Line]) -> bool:
    """The hidden sheet is known by what it says, whatever people call it."""
    return bool(first) and list(first[0].cells[:2]) == [KEY_HEADER, "-"]


def _meta(sheet: Sheet, desk_id: str, path: Path) -> Mapping[str, str]:
    pairs = (line.cells[:2] for chunk in sheet.chunks for line in chunk if len(line.cells) >= 2)
    told = {str(name): str(said) for name, said in pairs}
    if not desk_id.startswith(told.get("desk", "")):
        raise Unreadable("other-desk", path=path.name)
    return told


def _conflicts_begin(first: Sequence[Line]) -> int | None:
    """The row of the header, if this is the sheet of conflicts."""
    return next((line.row for line in first if CONFLICTS in line.cells), None)


def _picked(sheet: Sheet, header: int, desk_id: str) -> Iterator[Picked]:
    """The conflicts that a person decided; the columns may have been moved."""
    at = 0
    for line in (line for chunk in sheet.chunks for line in chunk if line.row >= header):
        if line.row == header:
            at = line.cells.index(CONFLICTS)
            continue
        key = read_key(desk_id, str(line.cells[at])) if at < len(line.cells) else None
        chosen = [choice for cell in line.cells if isinstance(cell, str) and (choice := choice_in(cell))]
        if key is not None and chosen:
            yield Picked(key.number, key.revision, chosen[0], Place("", sheet.name, line.row))


def _take_sheet(
    context: Intake, taken: TakenWindow, sheet: Sheet, table: Table, seen: Seen, desk_id: str, saved_by: str | None
) -> None:
    desk, layout = context.desk, table.layout
    sifting = Sifting(desk, context.run, desk_id, layout)
    read = compile_reader(layout, desk.now.date(), sheet.date1904, desk.zone)
    for chunk in table.chunks():
        taken.rows += len(chunk)
        sifting.sift([(line, read(line)) for line in chunk])
    rows = sifting.settle(seen)
    taken.numbers |= sifting.numbers()
    taken.others += [header for header in layout.extra.values() if header != KEY_HEADER]
    for typed, name, said in sifting.written_over:
        place = Place(str(taken.path), sheet.name, typed.line, layout.column_of(name))
        severity = CATALOGUE["computed-cell-changed"].severity_in(False)
        taken.findings.append(Finding("computed-cell-changed", severity, name, said, {}, place, typed.row.number))
    if not rows:
        return
    source = intake.add_source(context.run, _source(taken, sheet, layout, saved_by))
    taken.sources.append(source)
    taking = taking_of(context, TakenFile(taken.path, taken.sha256), sheet, table, seen, source)
    taking.take(rows)
    findings = [*taking.findings, *taking.concluding_findings()]
    intake.add_findings(context.run, findings, source)
    intake.count_source(context.run, source, {o.value: n for o, n in taking.account.outcomes.items()})
    taken.findings += findings
    taken.flagged += taking.flagged
    for outcome, count in taking.account.outcomes.items():
        taken.outcomes[outcome] = taken.outcomes.get(outcome, 0) + count
    lines = {line.row: line for line, _ in rows}
    for finding in findings:
        if finding.code in _NOT_TAKEN and finding.place and finding.place.row in lines:
            taken.drafts.append(drafts.Draft(_cells(lines[finding.place.row], layout), finding.code))


def _source(taken: TakenWindow, sheet: Sheet, layout: Layout, saved_by: str | None) -> intake.Source:
    told: dict[str, Any] = {
        "fields": {str(column): name for column, name in layout.fields.items()},
        "headers": {str(column): text for column, text in layout.headers.items()},
    }
    if saved_by:
        told["saved_by"] = saved_by
    return intake.Source(
        path=str(taken.path),
        name=taken.path.name,
        sha256=taken.sha256,
        sheet=sheet.name,
        kind="window",
        layout=told,
    )


def _cells(line: Line, layout: Layout) -> dict[str, str]:
    """The cells of a row as typed, by field or header."""
    names = {**layout.extra, **layout.fields}
    return {
        names[column]: shown(cell)
        for column, cell in enumerate(line.cells)
        if cell is not None and column in names and names[column] != KEY_HEADER
    }


def _removed(context: Intake, taken: TakenWindow) -> Iterator[Finding]:
    """The orders whose rows were in the workbook once and are not any more."""
    written_at = taken.meta.get("run", "")
    if not written_at.isdecimal():
        return
    gone = sorted(orders.live_numbers(context.run, int(written_at)) - taken.numbers)
    if gone:
        named = [*gone[:_NAMED], *(["…"] if len(gone) > _NAMED else [])]
        found = said_of(taken.path, "row-removed", count=len(gone), numbers=named)
        if not taken.own:
            found.severity = Severity.NOTE
        yield found


def _keep_beside(context: Intake, taken: TakenWindow) -> None:
    """Remember the columns that people added, and the rows that are none yet."""
    others = dict.fromkeys(taken.others, "")
    if others != layouts.answers(context.run, ADDED):
        layouts.keep(context.run, ADDED, others)
    if taken.drafts or drafts.of_kind(context.run, KIND):
        drafts.keep(context.run, KIND, taken.drafts)
