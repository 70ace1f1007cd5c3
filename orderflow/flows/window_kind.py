"""What a workbook of the desk has to say of itself to be a window onto the ledger.

The mechanism around it, writing, reading back, merging, deciding, is the same for every workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from orderflow.flows.deciding import Seen
from orderflow.flows.desk import Desk
from orderflow.flows.request import Intake
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import Name
from orderflow.records.account import Outcome
from orderflow.records.finding import Finding
from orderflow.records.rows import Workbook
from orderflow.sheets.layout import CellValue, Value
from orderflow.sheets.table import Table
from orderflow.sheets.typed import TypedRow
from orderflow.sheets.values import Line, Sheet


class Stored(Protocol):
    """A row as the ledger has it."""

    row: Any
    unread: dict[str, str]
    extra: dict[str, str]
    revision: int
    undone: bool

    @property
    def channel(self) -> str | None:
        """The word under 订单来源, of an order."""


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """What all rows that say the same show beside their number, by field; known by itself, so that it is drawn once."""

    cells: Mapping[str, CellValue]


@dataclass(slots=True)
class WindowRow:
    """One row as the ledger has it: its cells by field, and the columns people added by header.

    A row that could not be taken has no name. One that shows what others show has that as `alike`, and no cells.
    """

    name: Name
    revision: int
    cells: Mapping[str, CellValue] = field(default_factory=dict)
    extra: Mapping[str, Value] = field(default_factory=dict)
    alike: Alike | None = None


class Part(NamedTuple):
    """One sheet that was read back, and the source that its changes are said to come from."""

    sheet: Sheet
    table: Table
    path: Path
    sha256: str
    source: int
    seen: Seen


class Sifted(NamedTuple):
    """A line to be taken: the row that it is, if it is one the ledger has, or the one it is a copy of."""

    line: Line
    typed: TypedRow
    row: Stored | None
    name: Name | None
    copied: Name | None


@dataclass(slots=True)
class Took:
    """What taking the lines of one sheet came to; `names` are the rows that lines turned out to be, by line."""

    findings: list[Finding] = field(default_factory=list)
    flagged: list[tuple[str, list[str]]] = field(default_factory=list)
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    names: dict[int, Name] = field(default_factory=dict)


class WindowKind(Protocol):
    """One workbook: what it shows, where its rows come from, which columns name a row, how an edit is applied."""

    @property
    def workbook(self) -> Workbook:
        """Which workbook it is."""

    @property
    def identity(self) -> Sequence[str]:
        """The columns that say which row a row is; in a row with a key they are not edited."""

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """Every row of the workbook as the ledger has it, what is to be decided marked at its cell."""

    def parts(self, desk: Desk) -> Mapping[str, frozenset[str]]:
        """Sheets of their own that some rows have too, by name, each with the stages on it."""

    def field_of(self, field: str) -> str | None:
        """The column of this workbook that a field of the history stands in, if it does."""

    def load(self, book: Book, numbers: Iterable[str]) -> Mapping[Name, Stored]:
        """The rows of these orders, by name."""

    def as_of(self, book: Book, name: Name, revision: int) -> Mapping[str, Any]:
        """What a row said at an earlier revision, by field."""

    def alike(self, typed: TypedRow, known: Mapping[Name, Stored]) -> list[Name]:
        """The rows that a row without a key may be."""

    def live(self, book: Book, until: int) -> set[Name]:
        """The rows that stood in a workbook written after the run `until`."""

    def take(self, context: Intake, part: Part, lines: Sequence[Sifted]) -> Took:
        """Bring what people changed into the run."""

    def saw(self, part: Part, name: Name, row: int) -> None:
        """Learn of a row that was left alone."""
