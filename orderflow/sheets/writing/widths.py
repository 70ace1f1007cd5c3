"""How wide columns and how high rows have to be, counting full-width characters twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from orderflow.sheets.layout import Cell, CellValue, ColumnLayout, Row, SheetLayout
from orderflow.sheets.writing.texts import display_width, lines_in

LINE_HEIGHT = 16.5  # points, for the palette's font size
ROW_HEIGHT = 19.5
TITLE_HEIGHT = 30.0
MEASURED_ROWS = 200
_MOST_LINES = 20
_NARROWEST, _WIDEST, _WRAPPED = 8, 44, 40
_PADDING = 3
_FILTER_BUTTON = 4
_DATE, _MOMENT = 12, 18


class Widths:
    """Column widths in half-width characters: as described, else measured over the header and the first rows."""

    def __init__(self, columns: Sequence[ColumnLayout]) -> None:
        self._columns = columns
        self._widest = [_widest_line(column.header) + _FILTER_BUTTON for column in columns]
        self._unset = [i for i, column in enumerate(columns) if not column.width and not column.wrap]
        self._left = MEASURED_ROWS

    def measure(self, row: Row) -> None:
        """Takes a row into account, while it is one of the first."""
        if self._left <= 0:
            return
        self._left -= 1
        for index in self._unset:
            self._widest[index] = max(self._widest[index], _width_of(row[index]))

    def settled(self) -> list[int]:
        """The width of every column."""
        return [
            set_width(column) or max(_NARROWEST, min(widest, _WIDEST))
            for column, widest in zip(self._columns, self._widest, strict=True)
        ]


def set_width(column: ColumnLayout) -> int:
    """The width that the description gives, or 0 where it is to be measured."""
    return column.width or (_WRAPPED if column.wrap else 0)


def header_height(layout: SheetLayout) -> float:
    """Points for the header row, whose words are wrapped."""
    button = _FILTER_BUTTON if layout.autofilter else 1
    lines = (lines_in(c.header, (set_width(c) or _WIDEST) - button) for c in layout.columns if not c.hidden)
    return 10 + LINE_HEIGHT * min(max(lines, default=1), _MOST_LINES)


def wrapped_height(row: Row, wrapped: Sequence[tuple[int, int]]) -> float:
    """Points for a row whose cells at the given (index, width) are wrapped; 0 where one line is enough."""
    lines = max(_lines_of(row[index], width) for index, width in wrapped)
    return 3 + LINE_HEIGHT * min(lines, _MOST_LINES) if lines > 1 else 0


def _lines_of(cell: CellValue, width: int) -> int:
    value = cell.value if type(cell) is Cell else cell
    return lines_in(value[: width * _MOST_LINES], width) if isinstance(value, str) else 1


def _width_of(cell: CellValue) -> int:
    value = cell.value if type(cell) is Cell else cell
    if isinstance(value, str):
        return _widest_line(value[: 2 * _WIDEST]) + _PADDING
    if isinstance(value, datetime):
        return _MOMENT
    if isinstance(value, date):
        return _DATE
    return 0 if value is None else len(str(value)) + _PADDING


def _widest_line(text: str) -> int:
    return max(map(display_width, text.split("\n")))
