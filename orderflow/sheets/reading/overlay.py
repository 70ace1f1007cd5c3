"""Laying the slow pass's marks over the fast parser's rows: each at its cell, in rows of their own if need be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from orderflow.sheets.values import Cell, Line

Mark = tuple[int, int, Cell]  # row and column from 0


def overlaid(chunks: Iterable[Sequence[Line]], marks: Iterable[Mark]) -> Iterator[Sequence[Line]]:
    """The same chunks with the marks in place; both come in the order of rows."""
    waiting = groupby(marks, key=itemgetter(0))
    row, here = next(waiting, (None, ()))
    for chunk in chunks:
        lines: list[Line] = []
        for line in chunk:
            while row is not None and row + 1 < line.row:
                lines.append(_marked(row, [], here))
                row, here = next(waiting, (None, ()))
            if row is not None and row + 1 == line.row:
                line = _marked(row, line.cells, here)
                row, here = next(waiting, (None, ()))
            lines.append(line)
        yield lines
    while row is not None:
        yield [_marked(row, [], here)]
        row, here = next(waiting, (None, ()))


def _marked(row: int, cells: list[Cell], marks: Iterable[Mark]) -> Line:
    for _, column, value in marks:
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value
    return Line(row + 1, cells)
