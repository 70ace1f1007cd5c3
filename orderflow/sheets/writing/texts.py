"""Texts and values as a workbook's XML can carry them, and how wide they show."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from unicodedata import east_asian_width

LONGEST_TEXT = 32_767  # Excel's limit for a cell, counted in UTF-16 units
EXACT_DIGITS = 15  # what Excel keeps of a number

_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_SERIAL = 61  # 1900-03-01: Excel counts a 29 February 1900, so earlier days have two readings
_NEWLINES = re.compile(r"\r\n?")
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f]")
_ESCAPE_ALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WIDE = frozenset("WFA")


def clean(text: str) -> str:
    """The text with line ends as Excel has them (LF), and U+FFFD for what is no character (lone surrogates)."""
    return _NO_CHARACTERS.sub("\ufffd", _NEWLINES.sub("\n", text))


def printable(text: str) -> str:
    """The text on one line and without control characters: for names and prompts, which cannot escape them."""
    return _CONTROLS.sub("", " ".join(clean(text).split()))


def cut(text: str) -> tuple[str, int]:
    """The text as a cell can hold it, and its full length in UTF-16 units if it had to be cut (else 0).

    A cut text ends with `…[+n]`, n being the UTF-16 units that are missing.
    """
    if len(text) * 2 <= LONGEST_TEXT:
        return text, 0
    encoded = text.encode("utf-16-le")
    length = len(encoded) // 2
    if length <= LONGEST_TEXT:
        return text, 0
    kept = LONGEST_TEXT - len(f"…[+{length}]")
    head = encoded[: kept * 2].decode("utf-16-le", "ignore")
    missing = length - len(head.encode("utf-16-le")) // 2
    return f"{head}…[+{missing}]", length


def escaped(text: str) -> str:
    """A cleaned text as XML; control characters as `_xHHHH_`, a literal `_xHHHH_` protected as Excel does it."""
    text = _ESCAPE_ALIKE.sub("_x005F_", text)
    text = _CONTROLS.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def digits_of(value: int | float | Decimal) -> str | None:
    """The number as Excel keeps it to the last digit; None where it cannot (15 digits), and text must do."""
    if isinstance(value, float):
        return _float_digits(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**EXACT_DIGITS else None
    return _decimal_digits(value)


def _float_digits(value: float) -> str | None:
    if not isfinite(value):
        return None
    whole = value.is_integer() and abs(value) < 10**EXACT_DIGITS
    return str(int(value)) if whole else repr(value)


def _decimal_digits(value: Decimal) -> str | None:
    short = str(value)
    if len(short) <= EXACT_DIGITS and value.is_finite() and "E" not in short:
        return _without_zeros(short)
    if not value.is_finite() or value.adjusted() >= EXACT_DIGITS:
        return None
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    if len(digits) > EXACT_DIGITS:
        return None
    if value.adjusted() < -EXACT_DIGITS:
        return str(value) if value else "0"
    return _without_zeros(format(value, "f"))


def _without_zeros(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def serial_of(value: date | datetime | time) -> str | None:
    """Excel's day number, to the millisecond; None before 1900-03-01, where text must do.

    A moment is written as its own wall clock shows it; the offset is the caller's to convert.
    """
    if isinstance(value, time):
        return repr(_day_part(value))
    days = value.toordinal() - _EPOCH
    if days < _FIRST_SERIAL:
        return None
    return repr(days + _day_part(value.time())) if isinstance(value, datetime) else str(days)


def _day_part(clock: time) -> float:
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return (seconds * 1000 + clock.microsecond // 1000) / 86_400_000


def display_width(text: str) -> int:
    """How many half-width columns the text takes; a full-width character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in _WIDE else 1 for letter in text)


@lru_cache(maxsize=4_096)
def lines_in(text: str, width: int) -> int:
    """How many lines the text takes, wrapped at `width` half-width columns."""
    return sum(max(1, -(-display_width(line) // max(width, 1))) for line in text.split("\n"))
