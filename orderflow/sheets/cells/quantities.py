"""Quantities: a number with its unit (PROCESS.md, step 1)."""

from __future__ import annotations

import re
from decimal import Decimal

from orderflow.sheets.cells.figures import (
    CHINESE,
    NUMBER,
    chinese_decimal,
    decimal_of,
    is_range,
    number_count,
    plain,
    written_decimal,
)  # fmt: skip
from orderflow.sheets.cells.read import BLANK, Quantity, Read
from orderflow.sheets.cells.text import half_width, normal, says_nothing
from orderflow.sheets.cells.units import unit_of
from orderflow.sheets.values import Cell, Trouble

_WRITTEN = re.compile(rf"({NUMBER})\s*(.*)")
_CHINESE = re.compile(f"([{CHINESE}]+)(.*)")
_MULTIPLIED = re.compile("([百千万亿萬億])(.*)")
_FACTORS = {"百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def read_quantity(value: Cell) -> Read[Quantity]:
    """A number and, where one is written, its unit: `5台`, `1,000`, `十二箱`, `1.5吨`, `3打` (not multiplied).

    Bounds and estimates (`10-20`, `约100`, `100左右`) are not read; zero and less are, for a check to judge.
    """
    if isinstance(value, str):
        text = normal(value)
        return BLANK if says_nothing(text) else _read_written(text)
    if value is None:
        return BLANK
    if isinstance(value, Trouble):
        return Read(None, value.kind)
    number = decimal_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return Read(None, "unreadable-quantity") if number is None else Read(Quantity(number))


def _read_written(text: str) -> Read[Quantity]:
    narrow = half_width(text)
    quantity = _in_digits(narrow) or _in_chinese(narrow)
    if quantity is not None:
        return Read(quantity)
    several = number_count(narrow) > 1 and not is_range(narrow)
    return Read(None, "several-quantities" if several else "unreadable-quantity")


def _in_digits(text: str) -> Quantity | None:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    number, rest, factor = written_decimal(match[1]), match[2], 1
    unit = unit_of(rest)
    if unit is None and (multiplied := _MULTIPLIED.fullmatch(rest)):
        factor, unit = _FACTORS[multiplied[1]], unit_of(multiplied[2])
    if number is None or unit is None:
        return None
    return Quantity(plain(number * factor), unit or None)


def _in_chinese(text: str) -> Quantity | None:
    """A Chinese numeral before a unit: the longest unit that leaves a complete numeral (`一千克` is one 千克)."""
    match = _CHINESE.match(text)
    for end in range(1, match.end(1) + 1 if match else 0):
        unit = unit_of(text[end:])
        number: Decimal | None = chinese_decimal(text[:end].strip()) if unit is not None else None
        if number is not None:
            return Quantity(number, unit or None)
    return None
