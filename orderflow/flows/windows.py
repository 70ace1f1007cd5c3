"""The desk's own workbooks: windows onto the ledger, described from what it holds.

What a row says comes from its kind (`window_kinds`); everything around the rows is the same for every kind: the
hidden key, the hidden sheet that says whose workbook it is, the sheets of conflicts and of words of explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path

from orderflow.flows.annotating import annotated, own_comment
from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER, computed_digest, key_text
from orderflow.flows.window_kind import Alike, WindowRow
from orderflow.flows.window_sheets import conflicts_sheet, legend_sheet, meta_sheet
from orderflow.ledger.book import in_chunks
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.jottings import Jotting
from orderflow.ledger.kept import ALIKE
from orderflow.records.order import Anomaly
from orderflow.records.rows import Workbook, columns
from orderflow.sheets.layout import (
    Cell,
    CellValue,
    ColumnLayout,
    Limits,
    Row,
    Shared,
    SharedRow,
    SheetLayout,
    Value,
    Visibility,
    WorkbookLayout,
)
from orderflow.sheets.palette import Look, Pattern
from orderflow.sheets.templates import BLANK_ROWS, column_layouts, font_of

_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Window:
    """One workbook as it is to be written: whose, of what kind, its rows read afresh whenever they are asked for.

    `added` are the headers of columns that people put beside the desk's, `jottings` what they put on cells, `beside`
    sheets that are only looked at. `parts` are sheets of their own for the rows of some stages, by name: people may
    write on them as on the sheet of all.
    """

    desk: Desk
    desk_id: str
    workbook: Workbook
    rows: Callable[[], Iterable[WindowRow]]
    run: int = 0
    added: Sequence[str] = ()
    conflicts: Sequence[Conflict] = ()
    twins: Sequence[Anomaly] = ()
    beside: Sequence[SheetLayout] = ()
    jottings: Mapping[str, Mapping[str, Jotting]] = field(default_factory=dict)
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the workbook lies."""
        return self.desk.path / f"{self.workbook.name}.xlsx"

    def layout(self) -> WorkbookLayout:
        """The workbook, ready to be written."""
        desk, lang = self.desk, self.desk.lang
        title = self.workbook.title.of(lang)
        rows = self._sheet(title, _Again(self._cells))
        parts = [self._sheet(name, list(self._cells(stages))) for name, stages in self.parts.items()]
        asks = self.conflicts or self.twins
        asked = [conflicts_sheet(desk, self.desk_id, self.conflicts, self.twins)] if asks else []
        return WorkbookLayout(
            sheets=[
                rows,
                *(part for part in parts if part.rows),
                *asked,
                *self.beside,
                legend_sheet(desk),
                meta_sheet(desk, self.desk_id, self.workbook, self.run),
            ],
            created=desk.now.replace(tzinfo=None),
            title=title,
            author="orderflow",
            choice_warning=desk.say("messages.workbook.choice"),
            font=font_of(lang),
            limits=Limits(comments=desk.settings.intake.comments),
        )

    def _sheet(self, name: str, rows: Iterable[Row | SharedRow]) -> SheetLayout:
        return SheetLayout(
            name=name,
            columns=[ColumnLayout(KEY_HEADER, hidden=True, width=4), *self._columns()],
            rows=rows,
            frozen_columns=2,
            spare_rows=BLANK_ROWS,
        )

    def _columns(self) -> list[ColumnLayout]:
        theirs = [ColumnLayout(header, pattern=Pattern.GENERAL) for header in self.added]
        return [*column_layouts(self.workbook, self.desk.lang), *theirs]

    def _cells(self, stages: frozenset[str] | None = None) -> Iterator[Row | SharedRow]:
        """The rows as cells, all of them or those of some stages."""
        declared = columns(self.workbook.row)
        names = [name for name, column in declared.items() if column.template]
        computed = [name for name in names if declared[name].computed]
        alike = lru_cache(ALIKE)(partial(self._shared, names, computed))
        for row in self.rows():
            if stages is not None and not stages.intersection(row.name):
                continue
            noted = self.jottings.get("/".join(row.name)) if self.jottings else None
            if row.alike is not None and not row.extra and noted is None:
                shared, digest = alike(row.alike)
                yield SharedRow((self._key(row, digest), row.name[0]), shared)
            else:
                yield self._row(row, names, computed, noted or {})

    def _shared(self, names: Sequence[str], computed: Sequence[str], alike: Alike) -> tuple[Shared, str]:
        """The cells after the number of rows that say the same, and what the desk wrote there in short."""
        cells = [*map(alike.cells.get, names[1:]), *[None] * len(self.added)]
        return Shared([asking(cell) if type(cell) is Cell else cell for cell in cells]), _digest(alike.cells, computed)

    def _row(self, row: WindowRow, names: Sequence[str], computed: Sequence[str], noted: Mapping[str, Jotting]) -> Row:
        said = row.cells if row.alike is None else {"number": row.name[0], **row.alike.cells}
        key = self._key(row, _digest(said, computed)) if row.name else None
        cells = [*map(said.get, names), *map(row.extra.get, self.added)]
        if noted:
            places = enumerate((*names, *self.added))
            cells = [annotated(cells[at], noted[place]) if place in noted else cells[at] for at, place in places]
        return [key, *[asking(cell) if type(cell) is Cell else cell for cell in cells]]

    def _key(self, row: WindowRow, digest: str) -> str:
        number, *rest = row.name
        return key_text(self.desk_id, number, row.revision, rest, digest)


def _digest(cells: Mapping[str, CellValue], computed: Sequence[str]) -> str:
    """What the desk wrote into the columns that people do not fill in, in short."""
    return computed_digest(_text(cells.get(name)) for name in computed) if computed else ""


def _text(cell: CellValue) -> str:
    value = cell.value if isinstance(cell, Cell) else cell
    return "" if value is None else str(value)


class _Again(Iterable[Row | SharedRow]):
    """Rows that can be gone through more than once, read each time; `digest` is that of the last time."""

    def __init__(self, read: Callable[[], Iterator[Row | SharedRow]]) -> None:
        self._read = read
        self.digest = ""

    def __iter__(self) -> Iterator[Row | SharedRow]:
        hashed, digest_of = blake2b(digest_size=16), lru_cache(ALIKE)(_digest_of)
        for rows in in_chunks(self._read(), _TOGETHER):
            said = [f"{row.own}{digest_of(row.shared)}" if type(row) is SharedRow else repr(row) for row in rows]
            hashed.update("\n".join(said).encode("utf-8", "surrogatepass"))
            yield from rows
        self.digest = hashed.hexdigest()


def _digest_of(shared: Shared) -> str:
    return blake2b(repr(shared.cells).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def content_of(layout: WorkbookLayout, *, written: bool = False) -> str:
    """A digest of what a window's workbook says; where it was just `written`, its rows are not read again."""
    rows, *others = layout.sheets
    assert isinstance(rows.rows, _Again)
    if not written:
        for _ in rows.rows:
            pass
    beside = [
        [[(c.header, c.choices, c.note) for c in sheet.columns], list(sheet.rows), sheet.above]
        for sheet in others
        if sheet.visibility is Visibility.VISIBLE
    ]
    headers = [(c.header, c.choices, c.note) for c in rows.columns]
    said = repr((headers, beside)).encode("utf-8", "surrogatepass")
    return f"{rows.rows.digest}{blake2b(said, digest_size=16).hexdigest()}"


def asking(cell: Cell) -> Cell:
    """The cell, its comment set apart as the desk's own, so that what people add to it is told from it."""
    if not cell.comment or cell.lasting:
        return cell
    return replace(cell, comment=own_comment(cell.comment))


def marked(value: Value, comments: Sequence[str], look: Look = Look.ERROR) -> CellValue:
    """A cell about which something is asked."""
    return Cell(value, look, "\n\n".join(comments)) if comments else value
