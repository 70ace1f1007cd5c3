"""`improvements.xlsx` read back and written afresh: people's edits are merged, and what they put beside them stays.

It is no window like the five, as no order stands behind its rows: a hidden sheet says what each row said when it was
written. Columns, colours and comments that people add are kept as jottings; the row "" holds the headers they added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from orderflow.flows.annotating import OWN_COLOURS, annotated, jottings_in, own_comment, theirs_in, typed_of
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.in_use import lock_of
from orderflow.ledger import improvements, jottings, outputs
from orderflow.ledger.book import Book, Run
from orderflow.ledger.jottings import Jotting
from orderflow.ledger.ledger import Ledger
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place
from orderflow.records.improvement import OPEN, Improvement
from orderflow.records.rows import IMPROVEMENTS, columns
from orderflow.rules.following_up import in_order
from orderflow.sheets.shown import in_line

if TYPE_CHECKING:
    from orderflow.sheets.headers import Layout
    from orderflow.sheets.layout import CellValue, WorkbookLayout
    from orderflow.sheets.typed import TypedRow
    from orderflow.sheets.values import Annotation, Line

_WRITTEN = "_improvements"
_HEADERS, _TEXT = "", "t:"
_DECLARED = columns(Improvement)
_FIELDS = tuple(name for name in _DECLARED if name != "number")


@dataclass(slots=True)
class TakenBook:
    """What reading the workbook, or a copy of it, came to; `noted` is what stands beside its cells then."""

    path: Path
    sha256: str | None = None
    findings: list[Finding] = field(default_factory=list)
    noted: list[Jotting] = field(default_factory=list)


class _Read(NamedTuple):
    """A sheet with rows of improvements."""

    name: str
    layout: Layout
    rows: Sequence[TypedRow]
    lines: Mapping[int, Line]
    annotations: Sequence[Annotation]


def path_of(desk: Desk) -> Path:
    """Where the desk's workbook of improvements lies."""
    return desk.path / f"{IMPROVEMENTS.name}.xlsx"


def is_of_improvements(desk: Desk, path: Path) -> bool:
    """Whether a file holds improvements. Raises Unreadable."""
    return bool(_read(desk, path)[0])


def is_taken(book: Book, desk: Desk) -> bool:
    """Whether nothing is left to be taken from the desk's workbook: nobody has saved it since, or there is none."""
    digest = digest_of(path_of(desk))
    return digest is None or outputs.last(book, desk.place_of(path_of(desk))).sha256 == digest


def take_book(desk: Desk, run: Run, copy: Path | None = None) -> TakenBook:
    """Take in what people changed in the desk's workbook, or in a copy, however old.

    A cell that the desk changed meanwhile keeps its value, and one that cannot be read is said. Raises Unreadable.
    """
    taken = TakenBook(copy or path_of(desk))
    if copy is None and is_taken(run, desk):
        return taken
    if copy is None and (lock := lock_of(taken.path)) is not None:
        taken.findings.append(_of_the_file(taken.path, "workbook-open", lock=lock.name))
        return taken
    taken.sha256 = digest_of(taken.path)
    sheets, base = _read(desk, taken.path)
    before = jottings.of_kind(run, IMPROVEMENTS.name)
    noted = {} if copy is None else {(one.row, one.place): one for row in before.values() for one in row.values()}
    taking = _Taking(desk, run, taken, base, noted)
    for sheet in sheets:
        taking.take(sheet, before)
    taken.noted = list(noted.values())
    if copy is None and (gone := sorted(base.keys() & improvements.all_of(run).keys() - taking.seen, key=int)):
        taken.findings.append(_of_the_file(taken.path, "row-removed", count=len(gone), numbers=gone))
    return taken


def note(book: Book, desk: Desk, taken: TakenBook) -> None:
    """Note that nothing is left to be taken from the workbook, and what people put beside its cells."""
    if taken.sha256 is None:
        return
    jottings.keep(book, IMPROVEMENTS.name, taken.noted)
    if taken.path == path_of(desk):
        outputs.note(book, desk.place_of(taken.path), taken.sha256, IMPROVEMENTS.name, desk.now)


@dataclass(slots=True)
class _Taking:
    """Takes the rows of a workbook one by one; `noted` are the jottings, by row and place."""

    desk: Desk
    run: Run
    taken: TakenBook
    base: Mapping[str, Mapping[str, Any]]
    noted: dict[tuple[str, str], Jotting]
    seen: set[str] = field(default_factory=set)

    def take(self, sheet: _Read, before: Mapping[str, Mapping[str, Jotting]]) -> None:
        names = {row.line: (number,) for row in sheet.rows if (number := self._row(sheet, row)) is not None}
        if self.taken.path == path_of(self.desk):
            annotations, lines, layout = [*sheet.annotations], sheet.lines, sheet.layout
            for one in jottings_in(annotations, lines, names, layout, before):
                self._note(one.row, one.place, comment=one.comment, fill=one.fill, form=one.form)
        for at, header in enumerate(sheet.layout.extra.values()):
            self._note(_HEADERS, header, form=f"n:{at}")
        for row in sheet.rows:
            if (name := names.get(row.line)) is not None:
                self._texts(name[0], row)

    def _texts(self, number: str, row: TypedRow) -> None:
        """What stands in columns of theirs, and in cells that cannot be read."""
        known = self.noted
        for place, said in {**row.extra, **row.unread}.items():
            if (number, place) not in known or known[number, place].form is None:
                self._note(number, place, form=f"{_TEXT}{said}")

    def _note(self, row: str, place: str, **what: str | None) -> None:
        said = {name: value for name, value in what.items() if value is not None}
        self.noted[row, place] = self.noted.get((row, place), Jotting(row, place))._replace(**said)

    def _row(self, sheet: _Read, typed: TypedRow) -> str | None:
        """Take one row; its number, or nothing where it says nothing."""
        row: Improvement = typed.row
        said = improvements.stored(row)
        known = improvements.all_of(self.run)
        number = row.number or ""
        if number not in known:
            if not typed.unread and not any(said.values()):
                return None
            number = improvements.add(
                self.run, replace(row, status=row.status or OPEN, raised=row.raised or self.run.at.date())
            )
        else:
            self._update(sheet, typed, said, known[number])
        self.seen.add(number)
        for doubt in typed.doubts:
            self._find(sheet, typed, doubt.code, doubt.field, doubt.text, dict(doubt.params), number)
        return number

    def _update(self, sheet: _Read, typed: TypedRow, said: Mapping[str, Any], known: Improvement) -> None:
        number, has = typed.row.number, improvements.stored(known)
        was = self.base.get(number, {})
        changed = [name for name in _FIELDS if name not in typed.unread and said[name] != was.get(name)]
        taken = {name: getattr(typed.row, name) for name in changed if has[name] == was.get(name)}
        improvements.change(self.run, number, taken)
        for name in changed:
            if name not in taken and said[name] != has[name]:
                ours, theirs = (
                    in_line(getattr(row, name), _DECLARED[name], self.desk.lang) for row in (known, typed.row)
                )
                sides = {"ours": ours, "theirs": theirs}
                self._find(sheet, typed, "changed-on-both-sides", name, theirs, sides, number)
                self._note(number, name, comment=self.desk.say("messages.improvements.theirs", theirs=theirs))

    def _find(
        self,
        sheet: _Read,
        typed: TypedRow,
        code: str,
        name: str,
        value: str | None,
        params: dict[str, Any],
        number: str,
    ) -> None:
        severity = CATALOGUE[code].severity_in(False)
        place = Place(str(self.taken.path), sheet.name, typed.line, sheet.layout.column_of(name))
        self.taken.findings.append(Finding(code, severity, f"{IMPROVEMENTS.name}.{name}", value, params, place, number))


def _of_the_file(path: Path, code: str, **params: Any) -> Finding:
    return Finding(
        code, CATALOGUE[code].severity_in(False), None, None, {"path": path.name, **params}, Place(str(path))
    )


def _read(desk: Desk, path: Path) -> tuple[list[_Read], dict[str, Any]]:
    """The sheets with improvements, and what each row said when it was written, by number."""
    from orderflow.sheets.book import open_book
    from orderflow.sheets.reader import TableReader
    from orderflow.sheets.table import open_table

    found: list[_Read] = []
    base: dict[str, Any] = {}
    with open_book(path) as book:
        for sheet in book.sheets():
            if sheet.name == _WRITTEN:
                written = [line.cells for chunk in sheet.chunks for line in chunk]
                base = {str(cells[0]): json.loads(str(cells[1])) for cells in written[1:]}
            elif (table := open_table(sheet, [Improvement], desk.settings.pins)) is not None:
                reader = TableReader(table.layout, desk.now.date(), sheet.date1904, desk.zone)
                lines = {line.row: line for chunk in table.chunks() for line in chunk}
                rows = reader.rows(list(lines.values()))
                found.append(_Read(sheet.name, table.layout, rows, lines, sheet.annotations(OWN_COLOURS)))
    return found, base


def write_book(desk: Desk, ledger: Ledger) -> Path | None:
    """Write the workbook afresh where it no longer says what the ledger says; not while it is open somewhere."""
    path = path_of(desk)
    with ledger.read() as book:
        rows, noted = improvements.all_of(book), jottings.of_kind(book, IMPROVEMENTS.name)
        last = outputs.last(book, desk.place_of(path))
    content = sha256(repr((desk.lang, [*map(_json, rows.values())], noted)).encode()).hexdigest()
    stands = last.sha256 == digest_of(path) and last.content == content
    if stands or (path.exists() and (lock_of(path) is not None or last.sha256 != digest_of(path))):
        return path if path.exists() else None
    from orderflow.sheets.writer import write_workbook

    try:
        write_workbook(_layout(desk, rows, noted), path)
    except OrderflowError as refused:
        if refused.code != "workbook-in-use":
            raise
        return path  # the next command writes it
    with ledger.amend() as amended:
        outputs.note(amended, desk.place_of(path), digest_of(path) or "", IMPROVEMENTS.name, desk.now, content)
    return path


def _layout(desk: Desk, rows: Mapping[str, Improvement], noted: Mapping[str, Mapping[str, Jotting]]) -> WorkbookLayout:
    from orderflow.sheets.layout import ColumnLayout, SheetLayout, Visibility
    from orderflow.sheets.palette import Pattern
    from orderflow.sheets.templates import blank

    layout = blank(IMPROVEMENTS, desk.lang)
    headers = sorted(noted.get(_HEADERS, {}).values(), key=lambda one: int((one.form or "n:0")[2:]))
    added = [one.place for one in headers]
    front = layout.sheets[0]
    theirs = [ColumnLayout(header, pattern=Pattern.GENERAL) for header in added]
    cells = [[*_cells(desk, row, noted, added)] for row in in_order(rows.values(), desk.now.date())]
    said = [(number, _json(row)) for number, row in rows.items()]
    written = [ColumnLayout("number"), ColumnLayout("row")]
    hidden = SheetLayout(_WRITTEN, written, said, visibility=Visibility.VERY_HIDDEN, autofilter=False)
    return replace(layout, sheets=[replace(front, rows=cells, columns=[*front.columns, *theirs]), hidden])


def _cells(
    desk: Desk, row: Improvement, noted: Mapping[str, Mapping[str, Jotting]], added: Sequence[str]
) -> Iterator[CellValue]:
    """The cells of a row, with what people put on them."""
    from orderflow.sheets.layout import Cell
    from orderflow.sheets.palette import Look
    from orderflow.sheets.shown import shown

    own = noted.get(row.number or "", {})
    for name in (*_DECLARED, *added):
        value = shown(getattr(row, name), _DECLARED[name], desk.lang) if name in _DECLARED else None
        jotting = own.get(name)
        if jotting is None:
            yield value
        elif name in _DECLARED and value is None and jotting.form is not None:  # what nobody could read
            asks = own_comment(desk.say("messages.improvements.unread"))
            comment = "\n\n".join(filter(None, (theirs_in(jotting.comment), asks)))
            yield Cell(_said(jotting.form), Look.ERROR, comment, lasting=True)
        else:
            yield annotated(value if name in _DECLARED else _said(jotting.form), jotting._replace(form=None))


def _said(form: str | None) -> Any:
    """What stands in a cell of theirs."""
    return form.removeprefix(_TEXT) if form is not None and form.startswith(_TEXT) else typed_of(form)


def _json(row: Improvement) -> str:
    return json.dumps(improvements.stored(row), ensure_ascii=False)
