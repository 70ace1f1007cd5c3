"""How a typed value stands in a written workbook: choices in words, quantities with their unit, the rest as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any

from orderflow.records.column import Choice, Column, Kind
from orderflow.rules.remedies import JOINT
from orderflow.sheets.layout import Value
from orderflow.sheets.palette import Pattern

PATTERNS: dict[Kind, Pattern] = {
    Kind.DATE: Pattern.DATE,
    Kind.MOMENT: Pattern.MOMENT,
    Kind.AMOUNT: Pattern.MONEY,
    Kind.PRICE: Pattern.MONEY,
    Kind.SCORE: Pattern.INTEGER,
}


@cache
def _words(choices: tuple[Choice, ...], lang: str) -> dict[str, str]:
    return {choice.code: choice.words.of(lang) for choice in choices}


def shown(value: Any, column: Column, lang: str, unit: str | None = None) -> Value:
    """The cell for `value` of `column`; a quantity stands with its `unit`, a moment without its time zone."""
    if value is None:
        return None
    if column.choices:
        words = _words(column.choices, lang)
        return words.get(value) or _several(str(value), words, lang)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if column.kind is Kind.QUANTITY and isinstance(value, Decimal):
        return f"{value:f}{unit}" if unit else value
    cell: Value = value
    return cell


def _several(code: str, words: dict[str, str], lang: str) -> str:
    """Choices with amounts (`exchange 10件, refund 2件`) in words; what is no choice stands as it is."""
    parts = [part.partition(" ") for part in code.split(JOINT)]
    if any(choice not in words for choice, _, _ in parts):
        return code
    space, joint = (" ", ", ") if lang == "en" else ("", "，")
    return joint.join(f"{words[choice]}{space if amount else ''}{amount}" for choice, _, amount in parts)


def shower(column: Column, lang: str, zone: tzinfo) -> Callable[[Any], Value] | None:
    """How the values of a column without units are shown, moments in `zone`; `None` where they are as they are."""
    if column.choices:
        words = _words(column.choices, lang)
        return lambda value: words.get(value) or _several(str(value), words, lang)
    if column.kind is Kind.MOMENT:
        return lambda value: value.astimezone(zone).replace(tzinfo=None)
    return None


def in_line(value: Any, column: Column, lang: str, unit: str | None = None) -> str:
    """`value` as a person would type it into the cell."""
    cell = shown(value, column, lang, unit)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
