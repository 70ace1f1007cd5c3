"""Text as typed: its normal form (CLI.md, "Normal forms"), how other values show as text, what counts as blank."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from orderflow.records.folding import fold
from orderflow.records.storable import storable
from orderflow.sheets.cells.read import BLANK, Read
from orderflow.sheets.values import Cell, Trouble

LONGEST = 32_767  # Excel's limit for a cell, in UTF-16 units
LOSSY = 10**15  # spreadsheets keep 15 digits of a number
_INVISIBLE = dict.fromkeys(
    (
        *(code for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc" and not chr(code).isspace()),
        *range(0xD800, 0xE000),  # halves of characters, from damaged files
        *(0xAD, 0x61C, 0x180E, 0xFEFF),
        *(code for block in (range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070)) for code in block),
    )
)
_QUOTED = re.compile(r'="([^"]*)"')  # how a CSV keeps Excel from reading a number
_APOSTROPHE = re.compile(r"['‘’`](?=[+*\d-]+$)")
_DASHES = re.compile(r"[-‐-―−－﹣_]{1,8}|[/\\／]")
_NOTHING = frozenset(("无", "暂无", "没有", "n/a", "na", "none", "null", "nil", "nan", "#n/a"))
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+\d{1,3}")
_ODD_STARTS = frozenset("=-'‘’`_/\\／－﹣−‐‑‒–—― ")
_HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE63), 0x2D),
    0x3000: 0x20,
    0xFFE5: 0xA5,
}


def normal(text: str) -> str:
    """The text trimmed, without invisible characters, inner white space as one space; otherwise as typed.

    The wrapping by which CSV files protect digits (`="0123"`, a leading apostrophe) is not part of the text.
    """
    text = " ".join(text.translate(_INVISIBLE).split())
    if text[:1] not in _ODD_STARTS:
        return text
    quoted = _QUOTED.fullmatch(text)
    return _APOSTROPHE.sub("", quoted[1].strip() if quoted else text, count=1)


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs as half-width ones, and every dash as `-`; same length."""
    return text.translate(_HALF_WIDTH)


def is_blank(text: str) -> bool:
    """Whether a normal text stands for nothing: empty, or only a dash or a slash, as forms are filled in."""
    return not text or (text[0] in _ODD_STARTS and _DASHES.fullmatch(text) is not None)


def says_nothing(text: str) -> bool:
    """Whether a normal text stands for nothing where a figure, a date or a choice belongs: also 无 and N/A."""
    return is_blank(text) or (len(text) < 5 and fold(text) in _NOTHING)


def shown(value: Cell) -> str:
    """The value as a spreadsheet shows it, for findings and text columns; days and times in ISO form."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Trouble):
        return value.text
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date | time):
        return (
            value.isoformat() if isinstance(value, date) else value.isoformat("seconds" if value.second else "minutes")
        )
    return _duration(value) if isinstance(value, timedelta) else str(value)


def read_text(value: Cell) -> Read[str]:
    """A text column's cell. Digits that a spreadsheet has already dropped are said, the rest is kept as typed."""
    if isinstance(value, str):
        if is_plain(value):
            return Read(value)
        text = normal(value)
        if is_blank(text):
            return BLANK
        if _SCIENTIFIC.fullmatch(text):
            return Read(text, "digits-lost")
        if len(text) * 2 > LONGEST and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST:
            return Read(text, "text-too-long", {"limit": LONGEST})
        return Read(text)
    if value is None:
        return BLANK
    if isinstance(value, Trouble):
        return Read(None, value.kind)
    lossy = isinstance(value, int | float) and abs(value) >= LOSSY
    return Read(shown(value), "digits-lost" if lossy else None)


def is_plain(text: str) -> bool:
    """Whether a text column takes the text just as it is: a cheap test that nearly every text passes."""
    return (
        bool(text)
        and text[0] not in _ODD_STARTS
        and text.isprintable()
        and "  " not in text
        and text[-1] != " "
        and "+" not in text
        and len(text) * 2 <= LONGEST
    )


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
