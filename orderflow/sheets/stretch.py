"""Lines of a sheet held by column, as they come from the reading child: what is done with a column is done once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, overload

from orderflow.sheets.reading.wire import cells_of, encode_all, packed, unpacked
from orderflow.sheets.values import Cell, Line


class Stretch(Sequence[Line]):
    """Some lines of a sheet, read-only, with their `numbers`; a column is unpacked and made ready once it is asked for.

    `columns` are as they crossed the pipe, all as long as `numbers`, each packed or not.
    """

    __slots__ = ("_columns", "_ready", "_unpacked", "numbers")

    def __init__(self, numbers: Sequence[int], columns: Sequence[bytes | Sequence[Any]]) -> None:
        self.numbers, self._columns = numbers, columns
        self._unpacked: dict[int, Sequence[Any]] = {}
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
        return len(self._columns)

    def packed(self) -> list[bytes]:
        """The columns, ready to cross to another process: just as they came, where they came packed."""
        return [column if isinstance(column, bytes) else packed(column) for column in self._columns]

    def without(self, places: Sequence[int]) -> Stretch:
        """The lines without those at these places, counted from 0."""
        left = sorted({*range(len(self))}.difference(places))
        columns = map(self._raw, range(self.width))
        return Stretch([self.numbers[at] for at in left], [[column[at] for at in left] for column in columns])

    def column(self, at: int) -> Sequence[Cell]:
        """The cells of one column, counted from 0; blanks where the sheet does not reach so far."""
        ready = self._ready.get(at)
        if ready is None:
            ready = self._ready[at] = cells_of(self._raw(at))
        return ready

    def cells(self, at: int) -> list[Cell]:
        """The cells of one line, by its place among these."""
        return list(cells_of([self._raw(column)[at] for column in range(self.width)]))

    def forget(self) -> None:
        """Let go of what was unpacked; where it is asked for, it is unpacked once more."""
        self._unpacked.clear()
        self._ready.clear()

    def _raw(self, at: int) -> Sequence[Any]:
        if at >= self.width:
            return [None] * len(self.numbers)
        column = self._columns[at]
        if not isinstance(column, bytes):
            return column
        if at not in self._unpacked:
            self._unpacked[at] = unpacked(column)
        return self._unpacked[at]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Line]:
        if not self._columns:
            return iter([Line(number, []) for number in self.numbers])
        rows = zip(*map(self.column, range(self.width)), strict=True)
        return map(Line, self.numbers, map(list, rows))

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Stretch: ...
    def __getitem__(self, at: int | slice) -> Line | Stretch:
        if isinstance(at, slice):
            return Stretch(self.numbers[at], [self._raw(column)[at] for column in range(self.width)])
        return Line(self.numbers[at], self.cells(at))


def stretch_of(message: tuple[list[int], int, list[bytes]]) -> Stretch:
    """A child's message of (the rows' numbers, the first column from 0, packed columns) as lines."""
    numbers, indent, columns = message
    return Stretch(numbers, [*[[None] * len(numbers)] * indent, *columns])
