"""Lines of a sheet held by column, as they come from the reading child: what is done with a column is done once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, overload

from orderflow.sheets.reading.wire import cells_of, encode_all
from orderflow.sheets.values import Cell, Line


class Stretch(Sequence[Line]):
    """Some lines of a sheet, read-only, with their `numbers`; a column is made ready once it is asked for.

    `raw` are the columns as they crossed the pipe, all as long as `numbers`.
    """

    __slots__ = ("_ready", "numbers", "raw")

    def __init__(self, numbers: Sequence[int], raw: Sequence[Sequence[Any]]) -> None:
        self.numbers, self.raw = numbers, raw
        self._ready: dict[int, Sequence[Cell]] = {}

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Stretch:
        """The same lines by column, shorter ones filled up with blanks."""
        if isinstance(lines, Stretch):
            return lines
        width = max((len(line.cells) for line in lines), default=0)
        filled = (line.cells + [None] * (width - len(line.cells)) for line in lines)
        return cls([line.row for line in lines], list(map(encode_all, zip(*filled, strict=True))))

    @classmethod
    def joined(cls, parts: Sequence[Sequence[Line]]) -> Stretch:
        """The lines of several parts that follow each other."""
        several = list(map(cls.of, parts))
        if len(several) == 1:
            return several[0]
        width = max(part.width for part in several)
        numbers = list(chain.from_iterable(part.numbers for part in several))
        return cls(numbers, [list(chain.from_iterable(part._raw(at) for part in several)) for at in range(width)])

    @property
    def width(self) -> int:
        """How many columns there are, from column A on."""
        return len(self.raw)

    def column(self, at: int) -> Sequence[Cell]:
        """The cells of one column, counted from 0; blanks where the sheet does not reach so far."""
        ready = self._ready.get(at)
        if ready is None:
            ready = self._ready[at] = cells_of(self._raw(at))
        return ready

    def cells(self, at: int) -> list[Cell]:
        """The cells of one line, by its place among these."""
        return list(cells_of([column[at] for column in self.raw]))

    def _raw(self, at: int) -> Sequence[Any]:
        return self.raw[at] if at < len(self.raw) else [None] * len(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Line]:
        if not self.raw:
            return iter([Line(number, []) for number in self.numbers])
        rows = zip(*map(self.column, range(self.width)), strict=True)
        return map(Line, self.numbers, map(list, rows))

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Stretch: ...
    def __getitem__(self, at: int | slice) -> Line | Stretch:
        if isinstance(at, slice):
            return Stretch(self.numbers[at], [column[at] for column in self.raw])
        return Line(self.numbers[at], self.cells(at))


def without(lines: Sequence[Line], places: Sequence[int]) -> Sequence[Line]:
    """The lines without those at these places."""
    left = sorted({*range(len(lines))}.difference(places))
    if not isinstance(lines, Stretch):
        return [lines[at] for at in left]
    return Stretch([lines.numbers[at] for at in left], [[column[at] for at in left] for column in lines.raw])


def stretch_of(message: tuple[int, int, list[Sequence[Any]]]) -> Stretch:
    """A child's message of (first row from 1, first column from 0, columns) as lines, blank rows left out."""
    first, indent, columns = message
    count = len(columns[0]) if columns else 0
    numbers: Sequence[int] = range(first, first + count)
    if all("" in column or None in column for column in columns):
        filled = [at for at, row in enumerate(zip(*columns, strict=True)) if not _is_blank(row)]
        if len(filled) < count:
            numbers = [first + at for at in filled]
            columns = [[column[at] for at in filled] for column in columns]
    return Stretch(numbers, [[None] * len(numbers)] * indent + columns)


def _is_blank(row: Sequence[Any]) -> bool:
    return all(value is None or value == "" for value in row)
