"""The orders behind a month's report: all of them, or those behind one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from orderflow.records.month import SHAPES, Metric
from orderflow.records.report import Heading, Shape, Table, Value
from orderflow.report.month_words import Words
from orderflow.rules.figures import CONTRIBUTION, rounded

if TYPE_CHECKING:
    from pandas import DataFrame

LATE, BROKEN, COMPLAINTS = "late", "broken", "complaints"
LISTED = (*(metric.value for metric in Metric), LATE, BROKEN, COMPLAINTS)
"""What orders can be listed for (`--orders`)."""
_EPOCH = date(1970, 1, 1).toordinal()
_COLUMNS: Mapping[str, Shape] = {
    "number": Shape.NUMBER,
    "received": Shape.DAY,
    "product": Shape.TEXT,
    "level": Shape.TEXT,
    "channel": Shape.TEXT,
    "weekday": Shape.TEXT,
    "flagged": Shape.COUNT,
    "response": Shape.HOURS,
    "worked": Shape.HOURS,
    "cycle": Shape.DAYS,
    "score": Shape.COUNT,
    "late_stages": Shape.TEXT,
    "broken_clocks": Shape.TEXT,
    "complaints": Shape.COUNT,
    "left_out": Shape.TEXT,
}


def orders_table(orders: DataFrame, words: Words, most: int) -> Table:
    """The month's orders, each with what it contributes.

    Of more than `most` those that something was wrong with come first, and the table says that others are missing.
    """
    hint, shown = "", orders
    if len(orders) > most:
        hint = words.say("tables.orders_hint", shown=most, of=len(orders))
        wrong = orders[["late", "broken", "complained", "flagged"]].fillna(0).sum(axis=1) > 0
        shown = orders.loc[wrong.sort_values(ascending=False, kind="stable").index[:most]]
    return Table(words.say("tables.orders"), _headings(_COLUMNS, words), _rows(shown, _COLUMNS, words), hint)


def behind(listed: str, orders: DataFrame, words: Words) -> Table:
    """The orders behind one figure (`LISTED`), each with what it contributes or why it is left out."""
    title = words.say("tables.behind", figure=words.listed(listed))
    if listed in (LATE, BROKEN, COMPLAINTS):
        last = {LATE: "late_stages", BROKEN: "broken_clocks", COMPLAINTS: "score"}[listed]
        names = ["number", "received", "product", "level", "channel", last]
        chosen = orders[orders["complained" if listed == COMPLAINTS else listed].astype(bool)]
        return Table(title, _headings(names, words), _rows(chosen, names, words))
    metric = Metric(listed)
    return _behind_figure(metric, title, orders, words)


def _behind_figure(metric: Metric, title: str, orders: DataFrame, words: Words) -> Table:
    from orderflow.rules.figures import left_out

    names = ["number", "received", "product", "level", "channel"]
    headings = [
        *_headings(names, words),
        Heading(words.say("headings.value"), _shape_of(metric)),
        Heading(words.say("headings.left_out")),
    ]
    values = [_contribution(value, metric) for value in orders[CONTRIBUTION[metric]].tolist()]
    reasons = [words.reason(None if reason != reason else reason) for reason in left_out(metric, orders).tolist()]
    rows = [
        (*row, value, reason) for row, value, reason in zip(_rows(orders, names, words), values, reasons, strict=True)
    ]
    return Table(title, headings, rows, words.say("tables.behind_hint"))


def _shape_of(metric: Metric) -> Shape:
    """One order's contribution to a share or a mean score is a whole number."""
    return Shape.COUNT if metric in (Metric.ANOMALIES, Metric.SATISFACTION) else SHAPES[metric]


def _contribution(value: float, metric: Metric) -> Value:
    if value != value:
        return None
    return _hours(value) if SHAPES[metric] is Shape.HOURS else int(value)


def _hours(seconds: float) -> Decimal | None:
    return None if seconds != seconds else rounded(Fraction(int(seconds), 3_600), Shape.HOURS)


def _headings(names: Sequence[str] | Mapping[str, Shape], words: Words) -> list[Heading]:
    return [Heading(words.say(f"headings.{name}"), _COLUMNS[name]) for name in names]


def _rows(orders: DataFrame, names: Sequence[str] | Mapping[str, Shape], words: Words) -> list[Sequence[Value]]:
    return list(zip(*(_column(name, orders, words) for name in names), strict=True))


def _column(name: str, orders: DataFrame, words: Words) -> list[Value]:
    """One column of orders, in words."""
    source = {"received": "received_on", "weekday": "received_on", "complaints": "complained"}.get(name, name)
    values: list[Any] = [None if value != value else value for value in orders.get(source, orders["number"]).tolist()]
    match name:
        case "received":
            return [None if day is None else date.fromordinal(int(day) + _EPOCH) for day in values]
        case "weekday":
            return [None if day is None else words.group("weekday", str((int(day) + 3) % 7 + 1)) for day in values]
        case "level" | "channel":
            return [None if value is None else words.group(name, value) for value in values]
        case "response" | "worked":
            return [None if value is None else _hours(value) for value in values]
        case "late_stages":
            return [words.stages(value) for value in values]
        case "broken_clocks":
            return [words.clocks(value) for value in values]
        case "left_out":
            return _left_out(orders, words)
        case "number" | "product":
            return values
    return [None if value is None else int(value) for value in values]


def _left_out(orders: DataFrame, words: Words) -> list[Value]:
    """Why an order counts in no figure at all, or in none but the number of orders."""
    kinds = ("undone", "merged", "cancelled")
    told = zip(*(orders[kind].tolist() for kind in kinds), strict=True)
    return [next((words.reason(kind) for kind, is_so in zip(kinds, each, strict=True) if is_so), None) for each in told]
