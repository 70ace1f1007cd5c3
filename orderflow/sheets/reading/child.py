"""The reading child: calamine parses a workbook here, where its aborts take nobody else down."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from orderflow.sheets.reading.serving import Source, serve
from orderflow.sheets.reading.wire import pack

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata

FIRST, ROWS = 500, 4_000
"""How many rows the first chunk has, in which the parent looks for the header, and each other one."""
CELLS = 1_000_000  # at most in a chunk, so that very wide rows come fewer at a time
TOP = 60
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,](\d+))?S")


class CalamineSource(Source):
    """One sheet of a workbook that calamine has opened; parsed when asked for."""

    def __init__(self, book: CalamineWorkbook, index: int, about: SheetMetadata, kind: str) -> None:
        self.facts = {
            "name": about.name,
            "hidden": str(about.visible) != "SheetVisibleEnum.Visible",
            "rows": str(about.typ) == "SheetTypeEnum.WorkSheet",
        }
        self._book, self._index, self._kind = book, index, kind
        self._ready: CalamineSheet | None = None

    def prepare(self) -> None:
        """Parse the sheet."""
        if self.facts["rows"]:
            self._ready = self._book.get_sheet_by_index(self._index)

    def messages(self) -> Iterator[object]:
        """The merged ranges near the top, then chunks of rows as (their numbers, first column, packed columns)."""
        sheet, self._ready = self._ready or self._book.get_sheet_by_index(self._index), None
        ranges = sheet.merged_cell_ranges or ()
        yield {"merged": [(r0 + 1, c0, r1 + 1, c1) for (r0, c0), (r1, c1) in ranges if r0 < TOP]}
        if sheet.start is not None:  # asking an empty sheet for its rows panics
            yield from self._chunks(sheet)

    def _chunks(self, sheet: CalamineSheet) -> Iterator[object]:
        assert sheet.start is not None
        first, column = sheet.start
        lines = islice(sheet.iter_rows(), first, None)  # iter_rows invents the blank rows above
        blank, most = [""] * sheet.width, max(1, min(ROWS, CELLS // sheet.width))
        count = min(FIRST, most)
        while rows := list[Sequence[object]](islice(lines, count)):
            numbers = list(range(first + 1, first + 1 + len(rows)))
            first, count = first + len(rows), most
            if blank in rows:
                numbers = [number for number, row in zip(numbers, rows, strict=True) if row != blank]
                rows = [row for row in rows if row != blank]
            if self._kind == "ods":
                rows = [list(map(_duration, row)) for row in rows]
            if rows:
                yield numbers, column, pack(rows)


def open_workbook(settings: Any, content: bytes) -> Sequence[Source]:
    """The sheets of a workbook in the file's order; `settings` is its kind."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [CalamineSource(book, index, about, settings) for index, about in enumerate(book.sheets_metadata)]


def _duration(value: object) -> object:
    """OpenDocument's times of 24 hours and more, which calamine leaves as text."""
    if isinstance(value, str) and (parts := DURATION.fullmatch(value)):
        hours, minutes, seconds = map(int, parts.groups()[:3])
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return value


def main(memory: int) -> None:
    """Serve one workbook; `memory` in bytes, 0 for no limit."""
    serve(memory, open_workbook)
