"""What a number format says of the number beneath it: a date, padding zeros, or nothing."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

# Excel's own formats in Chinese, Japanese and Korean, by number: 57 is yyyy"年"m"月". Their codes are not
# in the file, and the parser takes them for plain numbers.
EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
BUILT_IN_DATES = frozenset({*range(14, 23), 45, 47})
LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')
DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
ZEROS = re.compile(r"0{2,}")
EPOCH = datetime(1899, 12, 30)
EPOCH_1904_DAYS = 1462
LAST_SERIAL = 2_958_466  # the day after 9999-12-31


def meaning(number: int, codes: dict[int, str]) -> str | None:
    """What the parser does not see in a cell format: `date`, or `pad5` for `00000`; None for nothing.

    `number` is the format's number, `codes` the workbook's own format codes by number.
    """
    code = codes.get(number)
    if code is None:
        return "date" if number in EAST_ASIAN_DATES else None
    return f"pad{len(code)}" if ZEROS.fullmatch(code) else None


def is_date(number: int, codes: dict[int, str]) -> bool:
    """Whether the format shows a date or a time of day, by its first section."""
    code = codes.get(number)
    if code is None:
        return number in BUILT_IN_DATES or number in EAST_ASIAN_DATES
    return bool(DATE_LETTERS.search(LITERAL.sub("", code).split(";")[0]))


def shown(number: float, meaning: str, date1904: bool) -> date | datetime | time | str | float:
    """The number as its format shows it; itself where the format cannot show it."""
    if meaning == "date":
        return moment(number, date1904)
    if number >= 0 and number.is_integer():
        return str(int(number)).zfill(int(meaning.removeprefix("pad")))
    return number


def moment(serial: float, date1904: bool) -> date | datetime | time | float:
    """A serial number as the date it counts: whole ones are dates, those below 1 times of day."""
    if not 0 <= serial < LAST_SERIAL - (EPOCH_1904_DAYS if date1904 else 0):
        return serial
    days = serial + EPOCH_1904_DAYS if date1904 else serial
    if days < 60:  # Excel counts a 29 February 1900
        days += 1
    when = EPOCH + timedelta(milliseconds=round(days * 86_400_000))
    if serial < 1:
        return when.time()
    return when.date() if serial.is_integer() else when
