"""One of the desk's workbooks, or a copy of one, read back: what people changed goes into the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from orderflow.flows.annotating import OWN_COLOURS, jottings_in
from orderflow.flows.asking import settled
from orderflow.flows.deciding import Seen
from orderflow.flows.deciding_conflicts import Picked, decide
from orderflow.flows.gantt import SHOWN_ONLY
from orderflow.flows.keys import KEY_HEADER, read_key
from orderflow.flows.refreshing import added_to, said_of
from orderflow.flows.request import Intake
from orderflow.flows.sifting import Sifting
from orderflow.flows.window_kind import Part, Took, WindowKind
from orderflow.flows.window_kinds import KINDS
from orderflow.flows.window_sheets import CONFLICTS, TWIN, choice_in
from orderflow.flows.workbooks import KINDS as ROW_TYPES
from orderflow.flows.workbooks import OtherWorkbook
from orderflow.ledger import drafts, intake, jottings, layouts
from orderflow.ledger.jottings import Jotting
from orderflow.ledger.kept import Name
from orderflow.ledger.origin import first_link
from orderflow.records.account import Outcome
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Finding, Place, Severity
from orderflow.sheets.book import Book, Line, Sheet
from orderflow.sheets.cells import shown
from orderflow.sheets.headers import Layout
from orderflow.sheets.reader import TableReader
from orderflow.sheets.table import Table, open_table

_NOT_TAKEN = ("row-says-nothing", "duplicate-row-differs", "row-without-order", "row-without-stage")
_NAMED = 10  # order numbers named in a sentence


@dataclass(slots=True)
class TakenWindow:
    """What reading one workbook back came to.

    `kind` is what it turned out to be, `expected` what it has to be, where that is known. `names` are the rows of the
    ledger that have a line in it; `jottings` is what people put on its cells.
    """

    path: Path
    sha256: str
    own: bool
    expected: WindowKind | None = None
    kind: WindowKind | None = None
    findings: list[Finding] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    flagged: list[tuple[str, list[str]]] = field(default_factory=list)
    drafts: list[drafts.Draft] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    names: set[Name] = field(default_factory=set)
    meta: Mapping[str, str] = field(default_factory=dict)
    picked: list[Picked] = field(default_factory=list)
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    jottings: list[Jotting] = field(default_factory=list)


def take_window(
    context: Intake, book: Book, expected: WindowKind | None, saved_by: str | None, *, own: bool
) -> TakenWindow:
    """Take what people changed in an open workbook.

    Raises Unreadable: `other-desk`, `other-workbook` where it is not `expected`, `no-orders` where it is none.
    """
    taken = TakenWindow(book.path, book.sha256, own, expected)
    seen = Seen()
    desk_id = first_link(context.run)
    for opened in book.sheets():
        first = next(opened.chunks, [])
        sheet = opened._replace(chunks=chain([first], opened.chunks))
        if _is_meta(first):
            taken.meta = _meta(sheet, desk_id, book.path)
        elif (at := _conflicts_begin(first)) is not None:
            taken.picked += _picked(sheet, at, desk_id)
        elif not any(SHOWN_ONLY in line.cells for line in first):
            _take_table(context, taken, sheet, seen, saved_by)
    if taken.kind is None:
        raise Unreadable("no-orders", path=str(book.path))
    taken.findings += decide(context, taken.picked, book.path)
    taken.findings += _removed(context, taken, taken.kind)
    if own:
        _keep_beside(context, taken, taken.kind)
    return taken


def _take_table(context: Intake, taken: TakenWindow, sheet: Sheet, seen: Seen, saved_by: str | None) -> None:
    """Take a sheet that holds rows of a workbook of the desk; others are people's own."""
    pins = context.desk.settings.pins
    table = open_table(sheet, ROW_TYPES, pins)
    kind = next((kind for kind in KINDS if table is not None and kind.workbook.row is table.layout.row), None)
    if table is None or kind is None:
        return
    if taken.expected is not None and kind is not taken.expected:
        if taken.kind is not None:
            return
        raise OtherWorkbook(kind.workbook, taken.path, context.desk.lang)
    taken.kind = taken.expected = kind
    _take_sheet(
        context, taken, kind, sheet, settled(table, context.run, str(taken.path), sheet.name, pins), seen, saved_by
    )


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
            about = None if key.rest == (TWIN,) else key.revision
            yield Picked(key.number, about, chosen[0], Place("", sheet.name, line.row))


def _take_sheet(
    context: Intake,
    taken: TakenWindow,
    kind: WindowKind,
    sheet: Sheet,
    table: Table,
    seen: Seen,
    saved_by: str | None,
) -> None:
    desk, layout = context.desk, table.layout
    sifting = Sifting(desk, context.run, first_link(context.run), layout, kind)
    reader = TableReader(layout, desk.now.date(), sheet.date1904, desk.zone)
    lines: dict[int, Line] = {}
    for chunk in table.chunks():
        lines.update((line.row, line) for line in chunk)
        sifting.sift(list(zip(chunk, reader.rows(chunk), strict=True)))
    rows = sifting.settle()
    taken.others += [header for header in layout.extra.values() if header != KEY_HEADER]
    taken.findings += _written_over(taken, sheet, layout, sifting)
    names = sifting.names()
    if sheet.name not in kind.parts(desk):
        taken.names |= set(names.values())
    if rows:
        part = Part(sheet, table, taken.path, taken.sha256, 0, seen)
        part = part._replace(source=intake.add_source(context.run, _source(taken, sheet, layout, saved_by)))
        for row, name in names.items():
            kind.saw(part, name, row) if name in sifting.clean else None
        took = kind.take(context, part, rows)
        _account(context, taken, part, took, lines)
        names |= took.names
    if taken.own:
        _annotate(context, taken, kind, sheet, layout, lines, names)


def _written_over(taken: TakenWindow, sheet: Sheet, layout: Layout, sifting: Sifting) -> Iterator[Finding]:
    """What people wrote into columns that the desk fills in."""
    for typed, name, said in sifting.written_over:
        place = Place(str(taken.path), sheet.name, typed.line, layout.column_of(name))
        field = name if sifting.kind.workbook.name == "registration" else f"{sifting.kind.workbook.name}.{name}"
        severity = CATALOGUE["computed-cell-changed"].severity_in(False)
        yield Finding("computed-cell-changed", severity, field, said, {}, place, typed.row.number)


def _account(context: Intake, taken: TakenWindow, part: Part, took: Took, lines: Mapping[int, Line]) -> None:
    """Note what taking a sheet came to; rows that could not be taken are kept as they were typed."""
    taken.sources.append(part.source)
    intake.add_findings(context.run, took.findings, part.source)
    intake.count_source(context.run, part.source, {o.value: n for o, n in took.outcomes.items()})
    taken.findings += took.findings
    taken.flagged += took.flagged
    for outcome, count in took.outcomes.items():
        taken.outcomes[outcome] = taken.outcomes.get(outcome, 0) + count
    for finding in took.findings:
        row = finding.place.row if finding.place else None
        if finding.code in _NOT_TAKEN and row is not None and row in lines:
            taken.drafts.append(drafts.Draft(_cells(lines[row], part.table.layout), finding.code))


def _annotate(
    context: Intake,
    taken: TakenWindow,
    kind: WindowKind,
    sheet: Sheet,
    layout: Layout,
    lines: Mapping[int, Line],
    names: Mapping[int, Name],
) -> None:
    """Note what people put on the cells of the rows, and say of which columns the formulas become values."""
    found = sheet.annotations(OWN_COLOURS)
    before = jottings.of_kind(context.run, kind.workbook.name)
    taken.jottings += jottings_in(found, lines, names, layout, before)
    columns = {layout.extra[one.column] for one in found if one.formula and one.column in layout.extra}
    if columns:
        params = {"columns": sorted(columns)}
        place = Place(str(taken.path), sheet.name)
        taken.findings.append(Finding("formula-as-value", Severity.NOTE, None, None, params, place))


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


def _removed(context: Intake, taken: TakenWindow, kind: WindowKind) -> Iterator[Finding]:
    """The rows that were in the workbook once and are not any more."""
    written_at = taken.meta.get("run", "")
    if not written_at.isdecimal():
        return
    gone = sorted(kind.live(context.run, int(written_at)) - taken.names)
    if gone:
        numbers = list(dict.fromkeys(name[0] for name in gone))
        named = [*numbers[:_NAMED], *(["…"] if len(numbers) > _NAMED else [])]
        found = said_of(taken.path, "row-removed", count=len(gone), numbers=named)
        if not taken.own:
            found.severity = Severity.NOTE
        yield found


def _keep_beside(context: Intake, taken: TakenWindow, kind: WindowKind) -> None:
    """Remember the columns that people added, and the rows that are none yet."""
    others = dict.fromkeys(taken.others, "")
    if others != layouts.answers(context.run, added_to(kind)):
        layouts.keep(context.run, added_to(kind), others)
    if taken.drafts or drafts.of_kind(context.run, kind.workbook.name):
        drafts.keep(context.run, kind.workbook.name, taken.drafts)
