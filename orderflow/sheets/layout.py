"""A workbook to be written, described without a word of how: sheets, columns, rows, what stands around them.

The writer turns a description into a file; flows and reports only describe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from orderflow.sheets.palette import YAHEI, Look, Pattern

Value = str | int | float | Decimal | bool | date | datetime | time | None


class Visibility(StrEnum):
    """Who sees a sheet: everyone, who unhides it, or only a program."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "very-hidden"


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the same workbook: a data row (from 0) and column (from 0) of the sheet described as `sheet`.

    The writer finds the true cell, also where titles stand above or the sheet goes on in numbered ones.
    """

    sheet: str
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with what sets it apart from its column: another look, a comment, a link.

    `fill` is a colour (`RRGGBB`) that a person gave the cell; a `lasting` comment is written also past the limit.
    """

    value: Value = None
    look: Look | None = None
    comment: str = ""
    link: Link | None = None
    fill: str = ""
    lasting: bool = False


CellValue = Value | Cell
Row = Sequence[CellValue]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The cells that many rows end with; known by itself, so that they are drawn once."""

    cells: Row


class SharedRow(NamedTuple):
    """A row that begins with `own` words, and ends as others do.

    Its own words are numbers of orders, keys and the like: nothing in them that XML or Excel would read as anything
    else, and no wrapped column.
    """

    own: tuple[str, ...]
    shared: Shared

    @property
    def cells(self) -> Row:
        """The whole row."""
        return (*self.own, *self.shared.cells)


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """A column: its header, and how its cells look and are filled in.

    `width` counts half-width characters; None measures the first rows. `choices` become a dropdown that
    warns (where other values are `questioned`) but lets them stand; `note` becomes the header's comment.
    """

    header: str
    pattern: Pattern = Pattern.TEXT
    width: int | None = None
    choices: tuple[str, ...] = ()
    questioned: bool = True
    note: str = ""
    look: Look = Look.PLAIN
    header_look: Look = Look.HEADER
    hidden: bool = False
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: rows for which `formula` is true take the look's fill and font.

    In `formula`, `{0}`, `{1}`… stand for the row's cell in that column: `'{2}<TODAY()'`. `columns` limits
    what is coloured; empty means the whole row.
    """

    formula: str
    look: Look
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Print set-up: A4, as wide as the page, the header on every page, `footer` beside the page number."""

    landscape: bool = True
    footer: str = ""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A table with what stands around it.

    `rows` may be any iterable and is read once, row by row. `above` and `below` are free rows before the
    header and after the last row. Dropdowns and highlights reach `spare_rows` further than the data.
    `draw` gets XlsxWriter's workbook and worksheet for what is not a cell: charts, pictures, sparklines.
    """

    name: str
    columns: Sequence[ColumnLayout]
    rows: Iterable[Row | SharedRow] = ()
    above: Sequence[Row] = ()
    below: Sequence[Row] = ()
    visibility: Visibility = Visibility.VISIBLE
    has_header: bool = True
    frozen_header: bool = True
    frozen_columns: int = 0
    autofilter: bool = True
    gridlines: bool = True
    spare_rows: int = 0
    highlights: Sequence[Highlight] = ()
    tab_colour: str = ""
    page: Page = field(default_factory=Page)
    draw: Callable[[Any, Any], None] | None = None

    @property
    def first_row(self) -> int:
        """The row, counted from 1 as the sheet does, in which the first row of `rows` is written."""
        return len(self.above) + self.has_header + 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a sheet ends and goes on in a numbered one, and how many comments and links it bears.

    Excel takes 1,048,576 rows and 65,530 links. LibreOffice needs minutes to open 48,000 comments.
    """

    rows: int = 1_000_000
    comments: int = 5_000
    links: int = 65_530


@dataclass(frozen=True, slots=True)
class WorkbookLayout:
    """A whole workbook. The same description gives the same bytes: `created` is the only time in it.

    `properties` are custom document properties; `names` are defined names and their formulas.
    `choice_warning` is said when a person types a value that is not in the dropdown.
    """

    sheets: Sequence[SheetLayout]
    created: datetime
    title: str = ""
    author: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    choice_warning: str = ""
    font: str = YAHEI
    limits: Limits = field(default_factory=Limits)
