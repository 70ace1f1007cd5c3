"""The desk's own workbooks: windows onto the ledger, described from what it holds.

What a row says comes from its kind (`window_kinds`); everything around the rows is the same for every kind: the
hidden key, the hidden sheet that says whose workbook it is, the sheets of conflicts and of words of explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from orderflow.flows.annotating import annotated, own_comment
from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER, computed_digest, key_text
from orderflow.flows.window_kind import WindowRow
from orderflow.flows.window_sheets import conflicts_sheet, legend_sheet, meta_sheet
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.jottings import Jotting
from orderflow.records.order import Anomaly
from orderflow.records.rows import Workbook, columns
from orderflow.sheets.layout import (
    Cell,
    CellValue,
    ColumnLayout,
    Limits,
    Row,
    SheetLayout,
    Value,
    Visibility,
    WorkbookLayout,
)
from orderflow.sheets.palette import Look, Pattern
from orderflow.sheets.templates import BLANK_ROWS, column_layouts, font_of


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

    def _sheet(self, name: str, rows: Iterable[Row]) -> SheetLayout:
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

    def _cells(self, stages: frozenset[str] | None = None) -> Iterator[Row]:
        """The rows as cells, all of them or those of some stages."""
        declared = columns(self.workbook.row)
        names = [name for name, column in declared.items() if column.template]
        computed = [name for name in names if declared[name].computed]
        for row in self.rows():
            if stages is not None and not stages.intersection(row.name):
                continue
            words = (_text(row.cells.get(name)) for name in computed)
            digest = computed_digest(words) if computed else ""
            number, *rest = row.name or ("",)
            key = key_text(self.desk_id, number, row.revision, rest, digest) if number else None
            cells = [*map(row.cells.get, names), *map(row.extra.get, self.added)]
            noted = self.jottings.get("/".join(row.name)) if self.jottings else None
            if noted is not None:
                places = enumerate((*names, *self.added))
                cells = [annotated(cells[at], noted[place]) if place in noted else cells[at] for at, place in places]
            yield [key, *[asking(cell) if type(cell) is Cell else cell for cell in cells]]


def _text(cell: CellValue) -> str:
    value = cell.value if isinstance(cell, Cell) else cell
    return "" if value is None else str(value)


class _Again(Iterable[Row]):
    """Rows that can be gone through more than once, read each time; `digest` is that of the last time."""

    def __init__(self, read: Callable[[], Iterator[Row]]) -> None:
        self._read = read
        self.digest = ""

    def __iter__(self) -> Iterator[Row]:
        hashed = blake2b(digest_size=16)
        for row in self._read():
            hashed.update(repr(row).encode("utf-8", "surrogatepass"))
            yield row
        self.digest = hashed.hexdigest()


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
