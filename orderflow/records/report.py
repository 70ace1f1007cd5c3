"""A report, neutral to where it is shown: figures, tables and charts in words, for a terminal, a workbook or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | int | float | Decimal | date | None


class Shape(StrEnum):
    """What a value of a report is, which decides how it is written and aligned."""

    TEXT = "text"
    NUMBER = "number"  # an order's
    DAY = "day"
    COUNT = "count"
    SHARE = "share"  # from 0 to 1, shown in percent
    HOURS = "hours"
    DAYS = "days"
    SCORE = "score"  # from 1 to 5
    AMOUNT = "amount"  # 万元

    @property
    def is_figure(self) -> bool:
        """Whether values stand to the right, so that they can be compared."""
        return self not in (Shape.TEXT, Shape.NUMBER, Shape.DAY)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table."""

    title: str
    shape: Shape = Shape.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `hint` says what to make of it, `empty` what is shown where there are no rows."""

    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Value]]
    hint: str = ""
    empty: str = ""


class Form(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    LINE = "line"
    PARETO = "pareto"  # bars from the largest on, with the share that they make up so far


@dataclass(frozen=True, slots=True)
class Chart:
    """A table drawn: the column `label` names the points, the column `value` measures them."""

    form: Form
    table: Table
    label: int
    value: int

    @property
    def shape(self) -> Shape:
        """What is measured."""
        return self.table.headings[self.value].shape

    @property
    def points(self) -> list[tuple[str, float | None]]:
        """Each point with its measure; `None` where there is none."""
        return [(str(row[self.label]), _measure(row[self.value])) for row in self.table.rows]


def _measure(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) else None


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the month's figures, with what it rests on: `n` of `of` orders, the others left out for these reasons.

    `trend` are the months up to this one, each with its value.
    """

    key: str
    title: str
    shape: Shape
    value: Value
    n: int
    of: int
    definition: str
    left_out: Sequence[tuple[str, int]] = ()
    median: Value = None
    p90: Value = None
    previous: Value = None
    year_ago: Value = None
    trend: Sequence[tuple[str, float | None]] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: sentences first, then what they rest on; `to_decide` are lines with room to write."""

    title: str
    sentences: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    to_decide: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language; `orders` are the orders behind it."""

    lang: str
    title: str
    subtitle: str
    sections: Sequence[Section]
    orders: Table
    remarks: Sequence[str] = ()
