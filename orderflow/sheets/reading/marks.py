"""The slow pass: what the fast parser loses of a workbook, found cell by cell in a child of its own.

For each sheet a summary (hidden rows and columns, merged ranges where the parser gives none, the farthest
cell), then marks: (row from 0, column from 0, what stands there) in the order of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, Protocol

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.serving import Source, serve
from orderflow.sheets.reading.wire import encode

CHUNK = 1000
MOST = 3_000_000
TOP = 60
MODULES = {"xlsx": "marks_xlsx", "xlsm": "marks_xlsx", "xlsb": "marks_xlsb", "xls": "marks_xls", "ods": "marks_ods"}


class Notes:
    """What one sheet's pass has found so far. Rows and columns count from 0."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.marks: list[tuple[int, int, object]] = []
        self.hidden_rows: list[tuple[int, int]] = []
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.date1904 = False
        self.cells, self.rows, self.columns = 0, 0, 0
        self.farthest, self._distance = (0, 0), -1

    def mark(self, row: int, column: int, value: object) -> None:
        """This is what the cell holds, whatever the parser says: a value, or (kind of trouble, text)."""
        if len(self.marks) >= MOST:
            raise Unreadable("file-too-large")
        self.marks.append((row, column, encode(value)))

    def hide_rows(self, first: int, last: int) -> None:
        """These rows are hidden; neighbours become one run."""
        if self.hidden_rows and self.hidden_rows[-1][0] <= first <= self.hidden_rows[-1][1] + 1:
            start, end = self.hidden_rows.pop()
            first, last = start, max(end, last)
        self.hidden_rows.append((first, last))

    def hide_columns(self, first: int, last: int) -> None:
        """These columns are hidden, as far as a sheet goes."""
        self.hidden_columns.update(range(first, min(last, 16_383) + 1))

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """A merged range; only those near the top matter, for headers."""
        if row < TOP:
            self.merged.append((row + 1, column, last_row + 1, last_column))

    def saw(self, row: int, column: int) -> None:
        """A cell that is not empty, for finding one that lies far from all others."""
        self.cells += 1
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if (distance := row + 64 * column) > self._distance:
            self.farthest, self._distance = (row, column), distance

    def messages(self) -> Iterator[object]:
        """The summary, then the marks in chunks, rows in order."""
        yield {
            "name": self.name,
            "hidden_rows": [(first + 1, last + 1) for first, last in self.hidden_rows],
            "hidden_columns": sorted(self.hidden_columns),
            "merged": self.merged,
            "date1904": self.date1904,
            "extent": (self.cells, self.rows, self.columns),
            "farthest": self.farthest,
        }
        self.marks.sort(key=lambda mark: mark[:2])
        for at in range(0, len(self.marks), CHUNK):
            yield self.marks[at : at + CHUNK]


class Pass(Protocol):
    """A format's module: `sheets` gives, for each sheet of the file, what reads it when it is asked for."""

    def sheets(self, settings: dict[str, Any], content: bytes) -> Sequence[Callable[[], Notes]]:
        """The sheets of a workbook in the file's order."""
        ...


class Marked(Source):
    """One sheet's marks, found when asked for."""

    def __init__(self, read: Callable[[], Notes]) -> None:
        self.facts = {}
        self._read = read

    def messages(self) -> Iterator[object]:
        """See `Notes.messages`."""
        return self._read().messages()


def open_workbook(settings: Any, content: bytes) -> Sequence[Source]:
    """The sheets of a workbook in the file's order; `settings` holds its kind and what its pass needs."""
    module: Any = import_module(f"orderflow.sheets.reading.{MODULES[settings['kind']]}")
    reader: Pass = module
    return [Marked(read) for read in reader.sheets(settings, content)]


def main(memory: int) -> None:
    """Serve one workbook's marks; `memory` in bytes, 0 for no limit."""
    serve(memory, open_workbook)
