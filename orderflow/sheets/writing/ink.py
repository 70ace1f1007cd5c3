"""One value as a cell's XML: which style shows it to the last digit, and keeps text from becoming anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any

from orderflow.sheets.layout import ColumnLayout
from orderflow.sheets.palette import Look, Pattern, Style, text_style
from orderflow.sheets.writing.styles import StyleNumbers
from orderflow.sheets.writing.texts import clean, cut, digits_of, escaped, serial_of

_REMEMBERED, _LONGEST = 2_000, 4_000  # what is drawn again and again is kept
_SHORT = 255  # longer text under the number format "@" shows as ##### in older Excel
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_awkward = re.compile(
    rf"\A\Z|\A[\s{re.escape(''.join(_FORMULA_STARTS))}]|\s\Z|[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x"
).search
_MONEY_PLACES = 6
_CLOSE_TEXT = "</t></is></c>"

Draw = Callable[[Any], str]


class ByType(dict[type, Draw]):
    """How values of a type are drawn; a subclass is drawn as its nearest base."""

    def __missing__(self, kind: type) -> Draw:
        base = next((base for base in kind.__mro__ if base in self), None)
        if base is None:
            raise TypeError(f"{kind.__name__} is not a value of a cell")
        self[kind] = self[base]
        return self[kind]


class _Drawn(dict[Any, str]):
    """Short values of one type as they were drawn before: most columns say the same over and over."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, value: Any) -> str:
        drawn = self._draw(value)
        if len(self) < _REMEMBERED and len(drawn) <= _LONGEST:
            self[value] = drawn
        return drawn


class Ink:
    """How one column's cells are written in one look; `draw[type(value)](value)` is the XML after `<c r="B7`.

    The style is chosen by the value, so that it shows as what it is, also in a column of another pattern:
    what is text stays text when a person edits the cell, and a number never shows fewer digits than it has.
    `report_cut` is told the full length of every text that a cell cannot hold.
    """

    def __init__(
        self, column: ColumnLayout, look: Look, styles: StyleNumbers, report_cut: Callable[[int], None], fill: str = ""
    ) -> None:
        def opening(pattern: Pattern, quoted: bool = False) -> str:
            return f'" s="{styles[text_style(Style(look, pattern, column.wrap, quoted, fill))]}"'

        own = Pattern.GENERAL if column.pattern is Pattern.DECIMAL else column.pattern
        self._report_cut = report_cut
        self._column_pattern = column.pattern
        self._figures = cache(lambda pattern: f"{opening(pattern)}><v>")
        self._texts = cache(lambda pattern, quoted: f'{opening(pattern, quoted)} t="inlineStr"><is><t')
        self._truths = cache(lambda truth: f'{opening(Pattern.GENERAL)} t="b"><v>{truth:d}</v></c>')
        self._text = self._texts(own, False)
        self._takes_digits = own is Pattern.TEXT
        self._blank = f"{opening(own)}/>"
        self.draw = ByType(
            {
                NoneType: lambda _: self._blank,
                str: _Drawn(self._words).__getitem__,
                bool: self._truths,
                int: _Drawn(self._figure).__getitem__,
                float: _Drawn(self._figure).__getitem__,
                Decimal: self._figure,
                date: _Drawn(lambda value: self._day(value, Pattern.DATE)).__getitem__,
                datetime: _Drawn(lambda value: self._day(value, Pattern.MOMENT)).__getitem__,
                time: lambda value: self._day(value, Pattern.TIME),
            }
        )

    def _words(self, text: str) -> str:
        if len(text) <= _SHORT and (text.isalnum() or not _awkward(text)):
            start = self._text if self._takes_digits or not text.isdigit() else self._texts(Pattern.TEXT, False)
            return f"{start}>{text}{_CLOSE_TEXT}"
        return self._awkward_words(text) if text else self._blank

    def _awkward_words(self, text: str) -> str:
        text, length = cut(clean(text))
        if length:
            self._report_cut(length)
        start = self._text
        if len(text) > _SHORT:
            start = self._texts(Pattern.GENERAL, True)
        elif text.lstrip().startswith(_FORMULA_STARTS):
            start = self._texts(Pattern.TEXT, True)
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f"{start}{space}>{escaped(text)}{_CLOSE_TEXT}"

    def _figure(self, value: int | float | Decimal) -> str:
        digits = digits_of(value)
        if digits is None:
            return self._words(str(value))
        return f"{self._figures(self._pattern_for(digits))}{digits}</v></c>"

    def _pattern_for(self, digits: str) -> Pattern:
        if "e" in digits or "E" in digits:
            return Pattern.GENERAL
        if self._column_pattern is Pattern.PERCENT:
            return Pattern.PERCENT
        places = digits.partition(".")[2]
        if self._column_pattern is Pattern.MONEY and len(places) <= _MONEY_PLACES:
            return Pattern.MONEY
        return Pattern.DECIMAL if places else Pattern.INTEGER

    def _day(self, value: date | time, pattern: Pattern) -> str:
        serial = serial_of(value)
        if serial is None:
            return self._words(str(value))
        return f"{self._figures(pattern)}{serial}</v></c>"
