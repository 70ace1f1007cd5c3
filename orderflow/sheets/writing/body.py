"""The rows of one written sheet as XML, row by row into a spooled file, so that memory stays flat.

Comments and links are kept aside for the shell (see `shell.py`), which is made when all rows are known.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from orderflow.sheets.atomic import disk_trouble
from orderflow.sheets.layout import Cell, ColumnLayout, Limits, Link, Row, Shared, SharedRow, SheetLayout
from orderflow.sheets.palette import Look
from orderflow.sheets.writing.ink import ByType, Ink
from orderflow.sheets.writing.styles import StyleNumbers
from orderflow.sheets.writing.widths import (
    MEASURED_ROWS,
    TITLE_HEIGHT,
    Widths,
    header_height,
    set_width,
    wrapped_height,
)

_IN_MEMORY = 8 * 2**20
_FLUSHED_ROWS = 500
_KEPT_HEIGHTS = 20_000
_STENCILS = 10_000
_ROW = "\0"  # where the row's number belongs
_WORD = "word"
_FREE = ColumnLayout("", look=Look.FREE)


@dataclass(slots=True)
class Aside:
    """What cells bear besides their value, by row and column from 0, and what had to be left out."""

    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    links: dict[tuple[int, int], Link] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)  # points; the box of a comment depends on them
    cuts: list[tuple[str, int]] = field(default_factory=list)  # cells whose text was cut, with its full length
    comments_left_out: int = 0
    links_left_out: int = 0


class _Stencil(NamedTuple):
    """Rows that end alike: their `own` cells with a place for each word, the `rest` where it is cut by row numbers."""

    own: str
    rest: Sequence[str]
    height: float


class Body:
    """One sheet of the file while its rows are written; `name`, the sheet's in the file, is given once all are known.

    `offset` counts the data rows of the same description that stand in the sheets before it.
    """

    def __init__(self, layout: SheetLayout, styles: StyleNumbers, limits: Limits, offset: int = 0) -> None:
        self.layout = layout
        self.name = ""
        self.offset = offset
        self.rows = 0
        self.aside = Aside()
        self.styles = styles
        self.widths = Widths(layout.columns)
        self.xml = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed on exit
        self._limits = limits
        self._height = 0  # rows of any sort
        self._pending: list[str] = []
        self._draws: dict[tuple[int, bool, Look, str], ByType] = {}
        self._inks = [self._draw_in(index, column, column.look) for index, column in enumerate(layout.columns)]
        self._cells = "".join(f'<c r="{xl_col_to_name(index)}{_ROW}%s' for index in range(len(layout.columns)))
        self._wrapped = [(i, set_width(column)) for i, column in enumerate(layout.columns) if column.wrap]
        self._stencils = lru_cache(_STENCILS)(self._stencil)
        self._open()

    @property
    def full(self) -> bool:
        """Whether the next row belongs on the next numbered sheet."""
        return self.rows >= self._limits.rows

    @property
    def first_row(self) -> int:
        """The first data row, from 0."""
        return self.layout.first_row - 1

    @property
    def last_row(self) -> int:
        """The last data row, from 0; one above the first where there are no data."""
        return self.first_row + self.rows - 1

    @property
    def extent(self) -> str:
        """The range that the sheet uses."""
        broadest = max([1, len(self._inks), *map(len, (*self.layout.above, *self.layout.below))])
        return f"A1:{xl_rowcol_to_cell(max(self._height, 1) - 1, broadest - 1)}"

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *_: object) -> None:
        self.xml.close()

    def add(self, row: Row | SharedRow) -> None:
        """Writes one data row; cells that are missing at its end are left blank."""
        if not isinstance(row, SharedRow):
            self._add(row)
        elif self.rows >= MEASURED_ROWS and (stencil := self._stencils(row.shared, len(row.own))) is not None:
            self._add_shared(row.own, stencil)
        else:
            self._add(row.cells)

    def _add(self, row: Row) -> None:
        if len(row) < len(self._inks):
            row = (*row, *[None] * (len(self._inks) - len(row)))
        self.widths.measure(row)
        self.rows += 1
        self._height += 1
        height = wrapped_height(row, self._wrapped) if self._wrapped else 0
        drawn = [draw[type(value)](value) for draw, value in zip(self._inks, row, strict=True)]
        self._append(self._cells.replace(_ROW, str(self._height)) % tuple(drawn), height)

    def _add_shared(self, own: tuple[str, ...], stencil: _Stencil) -> None:
        self.rows += 1
        self._height += 1
        number = str(self._height)
        self._append((stencil.own % own).replace(_ROW, number) + number.join(stencil.rest), stencil.height)

    def _stencil(self, shared: Shared, own: int) -> _Stencil | None:
        """What all rows that end so look like; `None` where a cell bears something beside its value, or was cut."""
        cells = (*shared.cells, *[None] * (len(self._inks) - own - len(shared.cells)))
        if any(type(cell) is Cell and (cell.comment or cell.link) for cell in cells):
            return None
        cuts = len(self.aside.cuts)
        words = [draw[str](_WORD).replace(_WORD, "%s") for draw in self._inks[:own]]
        drawn = [draw[type(value)](value) for draw, value in zip(self._inks[own:], cells, strict=True)]
        if len(self.aside.cuts) > cuts:
            del self.aside.cuts[cuts:]
            return None
        starts = [f'<c r="{xl_col_to_name(index)}{_ROW}' for index in range(len(self._inks))]
        rest = "".join(start + cell for start, cell in zip(starts[own:], drawn, strict=True))
        height = wrapped_height((*[None] * own, *cells), self._wrapped) if self._wrapped else 0
        return _Stencil("".join(map(str.__add__, starts, words)), rest.split(_ROW), height)

    def finish(self) -> None:
        """Writes what stands below the rows."""
        if self.layout.below:
            self._height += 1
            self._free_rows(self.layout.below)
        self._flush()

    def _open(self) -> None:
        self._free_rows(self.layout.above)
        if not self.layout.has_header:
            return
        self._height += 1
        cells = []
        for index, column in enumerate(self.layout.columns):
            draw = self._draw_in(index, column, column.header_look)
            cells.append(f'<c r="{xl_rowcol_to_cell(self._height - 1, index)}{draw[str](column.header)}')
            if column.note:
                self.aside.comments[self._height - 1, index] = column.note
        self._append("".join(cells), header_height(self.layout))

    def _free_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._height += 1
            cells = [
                f'<c r="{xl_rowcol_to_cell(self._height - 1, index)}'
                f"{self._draw_in(index, _FREE, Look.FREE)[type(value)](value)}"
                for index, value in enumerate(row)
                if value is not None
            ]
            titled = any(isinstance(value, Cell) and value.look is Look.TITLE for value in row)
            self._append("".join(cells), TITLE_HEIGHT if titled else 0)

    def _draw_in(self, index: int, column: ColumnLayout, look: Look, fill: str = "") -> ByType:
        """How values are drawn in the column at `index`, in a look other than its own if need be."""
        key = (index, column is _FREE, look, fill)
        if key not in self._draws:
            ink = Ink(column, look, self.styles, partial(self._note_cut, index), fill)
            ink.draw[Cell] = partial(self._special, index, column)
            self._draws[key] = ink.draw
        return self._draws[key]

    def _special(self, index: int, column: ColumnLayout, cell: Cell) -> str:
        """A cell that differs from its column."""
        place = (self._height - 1, index)
        if cell.comment and (cell.lasting or len(self.aside.comments) < self._limits.comments):
            self.aside.comments[place] = cell.comment
        elif cell.comment:
            self.aside.comments_left_out += 1
        if cell.link and len(self.aside.links) < self._limits.links:
            self.aside.links[place] = cell.link
        elif cell.link:
            self.aside.links_left_out += 1
        look = cell.look or (Look.LINK if cell.link else column.look)
        if cell.fill:
            return self._draw_in(index, column, Look.PLAIN, cell.fill)[type(cell.value)](cell.value)
        return self._draw_in(index, column, look)[type(cell.value)](cell.value)

    def _note_cut(self, index: int, length: int) -> None:
        cell = xl_rowcol_to_cell(self._height - 1, index)
        self.aside.cuts.append((cell, length))

    def _append(self, cells: str, height: float) -> None:
        size = f' ht="{height:g}" customHeight="1"' if height else ""
        if height and len(self.aside.heights) < _KEPT_HEIGHTS:
            self.aside.heights[self._height - 1] = height
        self._pending.append(f'<row r="{self._height}"{size}>{cells}</row>')
        if len(self._pending) >= _FLUSHED_ROWS:
            self._flush()

    def _flush(self) -> None:
        with disk_trouble(Path(tempfile.gettempdir())):
            self.xml.write("".join(self._pending).encode())
        self._pending.clear()
