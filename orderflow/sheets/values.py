"""What a cell, a line and a sheet are once a file is read, and how much reading may cost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

Value = str | int | float | bool | date | datetime | time | timedelta | None

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


class Trouble(NamedTuple):
    """A cell that holds no trustworthy value: an error such as `#N/A`, or a formula nobody calculated."""

    kind: Literal["error-value", "formula-not-calculated"]
    text: str


Cell = Value | Trouble


class Annotation(NamedTuple):
    """What stands on a cell beside its value: the row (from 1), the column (from 0), and what a person put there.

    `fill` is the cell's colour as `RRGGBB`; `formula` tells that the value is calculated.
    """

    row: int
    column: int
    comment: str | None
    fill: str | None
    formula: bool


def _nothing(own: Mapping[str, str | None]) -> list[Annotation]:
    return []


class Line(NamedTuple):
    """One row: its number as the sheet counts (from 1) and its cells from column A on.

    Blank cells are `None`; rows may differ in length.
    """

    row: int
    cells: list[Cell]


class Runs(Container[int]):
    """A set of row numbers kept as runs `(first, last)`, so that a million hidden rows cost nothing."""

    def __init__(self, runs: Iterable[tuple[int, int]] = ()) -> None:
        self._runs = sorted((first, last) for first, last in runs)
        self._firsts = [first for first, _ in self._runs]

    def __contains__(self, row: object) -> bool:
        if not isinstance(row, int):
            return False
        before = bisect_right(self._firsts, row) - 1
        return before >= 0 and row <= self._runs[before][1]

    def __bool__(self) -> bool:
        return bool(self._runs)


class Sheet(NamedTuple):
    """One sheet of a book. Its `chunks` stream from the file; moving on to the next sheet skips what is left.

    `hidden_columns` count from 0, `hidden_rows` from 1 as `Line.row` does. `merged` holds the ranges that
    begin in the first 60 rows, as (first row, first column, last row, last column), rows from 1, columns
    from 0; their value stands in the first cell, the others are blank. `date1904` tells how a serial number
    that stands as a bare number is to be counted; cells formatted as dates arrive as dates already.
    `annotations` are looked for when asked; for the colours given, what is given stands, or they are passed over.
    """

    name: str
    hidden: bool
    date1904: bool
    hidden_columns: frozenset[int]
    hidden_rows: Runs
    merged: Sequence[tuple[int, int, int, int]]
    chunks: Iterator[Sequence[Line]]
    annotations: Callable[[Mapping[str, str | None]], list[Annotation]] = _nothing


class Limits(NamedTuple):
    """What reading one file may cost, in bytes and seconds; beyond, the file is refused and nothing hangs.

    `seconds` is what any file gets, `seconds_per_mib` what it gets besides for each MiB of content, counted
    while the parent waits for the child. `ratio` is how many times a part may inflate once it is past
    64 MiB: real sheets stay below 60, bombs begin at some hundreds. `watch` polls the child's memory, for
    systems whose kernel cannot be told the limit; None decides by the system.
    """

    memory: int = 2 * GIB
    seconds: float = 8.0
    seconds_per_mib: float = 0.25
    file: int = 512 * MIB
    inflated: int = 3 * GIB
    ratio: int = 200
    watch: bool | None = None

    def time_for(self, size: int) -> float:
        """Seconds that reading `size` bytes of content may take."""
        return self.seconds + self.seconds_per_mib * size / MIB
