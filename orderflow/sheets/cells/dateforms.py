"""The forms in which days and times of day are written, without deciding which year or reading is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import time, timedelta
from functools import lru_cache
from typing import NamedTuple

from orderflow.sheets.cells.figures import chinese_decimal


class Named(NamedTuple):
    """A day as named; `year` is `None` where none was written, `short` where its two digits stand first."""

    year: int | None
    month: int
    day: int
    short: bool = False


class Spoken(NamedTuple):
    """What a text says: the readings of its day, its time of day, offset and weekday (0 is Monday).

    `span`: the time beside the day is a span of hours. `serial`: the text is a spreadsheet's day number.
    """

    readings: tuple[Named, ...]
    time: time | None = None
    offset: timedelta | None = None
    weekday: int | None = None
    span: bool = False
    serial: float | None = None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = re.compile(
    r"[(\[]?\s*(?:(?:星期|周|礼拜)(?P<han>[一二三四五六日天])|\b(?P<en>mon|tue|wed|thu|fri|sat|sun)"
    r"(?:day|s|sday|nesday|rs|rsday|urday)?\b\.?,?)\s*[)\]]?"
)
_WEEKDAYS = {name: index % 7 for index, name in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {name: index for index, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}

_VARIANTS = str.maketrans("號點時週國．‐‑‒–—―−", "号点时周国.-------")
_HAN_YEAR = re.compile("[〇零一二三四五六七八九]{4}(?=年)")
_HAN_DIGITS = {ord(han): str(digit) for digit, han in enumerate("零一二三四五六七八九")} | {ord("〇"): "0"}
_HAN_NUMBER = re.compile("[一二三四五六七八九十廿卅]{1,3}(?=[月日号时点分]|$)")
_REPUBLIC = re.compile(r"^(?:中华|中華)?(?:民国)\s*(\d{2,3})\s*年")

_HOUR = r"(?P<h{0}>\d{{1,2}})(?::(?P<m{0}>\d{{2}})(?::(?P<s{0}>\d{{2}})(?:[.,]\d+)?)?|[时点](?:(?P<half{0}>半)|整|" \
        r"(?P<hm{0}>\d{{1,2}})分?)?)"  # fmt: skip
_PART = r"(?P<part{0}>上午|下午|早上|晚上|中午|凌晨|傍晚|早|晚|am|pm)"
_CLOCK = rf"{_PART.format('')}?\s*{_HOUR.format('')}\s*(?P<apm>am|pm)?"
_ZONE = r"(?P<zone>z|utc|gmt|(?:utc|gmt)\s*[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2})"
_REST = re.compile(rf"(?:{_CLOCK}\s*{_ZONE}?|(?P<only>上午|下午|早上|晚上|中午|凌晨|傍晚|am|pm))")
_SPAN = re.compile(
    rf"{_PART.format('1')}?\s*{_HOUR.format('1')}\s*(?:[-~]|至|到)\s*{_PART.format('2')}?\s*{_HOUR.format('2')}"
)
_GLUED = re.compile(r"\d{2}:\d{2}")
_DIGITAL = re.compile(r"(\d{2})(\d{2})(\d{2})?")

_YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s*[-/.年、_ ]\s*(?P<m>\d{1,2})\s*[-/.月、_ ]\s*(?P<d>\d{1,2})\s*[日号]?")
_SHORT_YEAR = re.compile(r"(?P<y>\d{2})\s*年\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?=\d{2}:|\D|$|\d{4}$|\d{6}$)")
_TRIPLE = re.compile(r"(?P<a>\d{1,2})\s*(?P<sep>[-/.])\s*(?P<b>\d{1,2})\s*(?P=sep)\s*(?P<c>\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?(?!\d)")
_BARE_PAIR = re.compile(r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[日号]?(?![\d:])")
_DAY_MONTH = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]*{_MONTH}(?:[\s\-/,]*(?P<y>\d{{4}}|\d{{2}}(?![\d:])))?"
)
_MONTH_DAY_EN = re.compile(rf"{_MONTH}[\s\-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:[\s,\-]+(?P<y>\d{{4}}))?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DAY_TOKEN = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}月\d{1,2}|(?<![\d.:])20\d{6}(?!\d)|"
    r"(?<![\d.:/-])\d{1,2}[-/.]\d{1,2}(?![\d:])|(?<=[-/])\d{1,2}[-/.]\d{1,2}(?![\d:/.-])"
)


@lru_cache(maxsize=8192)
def spoken(text: str) -> Spoken | None:
    """What a normal text says of a day; `None` where it says none, several, or more than a day and a time."""
    tidy, weekday = _tidied(text)
    if _SERIAL.fullmatch(tidy):
        return Spoken((), serial=float(tidy))
    for form, readings in _FORMS:
        match = form.match(tidy)
        named = readings(match) if match else ()
        if match and named:
            said = _with_time(named, tidy[: match.end()], tidy[match.end() :])
            if said is not None:
                return said._replace(weekday=weekday)
    return None


def days_in(text: str) -> tuple[str, ...]:
    """The days that are named in the text, as written."""
    return tuple(match[0] for match in _DAY_TOKEN.finditer(_tidied(text)[0]))


def _tidied(text: str) -> tuple[str, int | None]:
    """Widths, dashes, scripts and numerals made one, and the weekday taken out."""
    tidy = unicodedata.normalize("NFKC", text).translate(_VARIANTS).casefold()
    weekdays = list(_WEEKDAY.finditer(tidy))
    if len(weekdays) == 1:
        tidy = (tidy[: weekdays[0].start()] + " " + tidy[weekdays[0].end() :]).strip(" ,")
    tidy = _HAN_YEAR.sub(lambda han: han[0].translate(_HAN_DIGITS), tidy)
    tidy = _HAN_NUMBER.sub(lambda han: _small(han[0]), tidy)
    tidy = _REPUBLIC.sub(lambda year: f"{int(year[1]) + 1911}年", tidy)
    return tidy, _WEEKDAYS[weekdays[0]["han"] or weekdays[0]["en"]] if len(weekdays) == 1 else None


def _small(han: str) -> str:
    number = chinese_decimal(han)
    return han if number is None else str(number)


def _year_first(match: re.Match[str]) -> tuple[Named, ...]:
    year = int(match["y"])
    return (Named(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"])),)


def _triple(match: re.Match[str]) -> tuple[Named, ...]:
    """Three short numbers: with two-digit years the year first, then both orders of month and day with it last."""
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    last = c + 2000 if c < 100 else c
    year_last = [Named(last, month, day) for month, day in ((a, b), (b, a)) if month <= 12 and 1 <= day <= 31]
    year_first = [Named(2000 + a, b, c, short=True)] if len(match["a"]) == 2 and c < 100 and b <= 12 and c <= 31 else []
    return (*year_first, *year_last)


def _without_year(match: re.Match[str]) -> tuple[Named, ...]:
    return (Named(None, int(match["m"]), int(match["d"])),) if int(match["m"]) <= 12 else ()


def _english(match: re.Match[str]) -> tuple[Named, ...]:
    year = int(match["y"]) if match["y"] else None
    month = _MONTHS.index(match["mon"][:3]) + 1
    return (Named(year + 2000 if year is not None and year < 100 else year, month, int(match["d"])),)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[Named, ...]]], ...] = (
    (_YEAR_FIRST, _year_first),
    (_COMPACT, _year_first),
    (_SHORT_YEAR, _year_first),
    (_TRIPLE, _triple),
    (_MONTH_DAY, _without_year),
    (_BARE_PAIR, _without_year),
    (_DAY_MONTH, _english),
    (_MONTH_DAY_EN, _english),
)


def _with_time(readings: tuple[Named, ...], head: str, rest: str) -> Spoken | None:
    """The day with what follows it read as a time of day; `None` where it is something else."""
    glued = head[-1:].isdigit() and rest[:1].isdigit()
    iso, rest = rest.startswith("t"), rest.strip(" ,t")
    if glued:
        if digital := _DIGITAL.fullmatch(rest):
            clock = _clock(*(int(part or 0) for part in digital.groups()))
            return Spoken(readings, clock) if clock else None
        if not (_GLUED.match(rest) and head[-2:].isdigit()):
            return None
    if not rest:
        return Spoken(readings)
    if not iso and _SPAN.fullmatch(rest):
        return Spoken(readings, span=True)
    match = _REST.fullmatch(rest)
    if match is None:
        return None
    clock = None if match["only"] else _time_of_day(match)
    if clock is None and not match["only"]:
        return None
    return Spoken(readings, clock, _offset(match["zone"]))


def _time_of_day(match: re.Match[str]) -> time | None:
    hour, part = int(match["h"]), match["part"] or match["apm"]
    minute = 30 if match["half"] else int(match["m"] or match["hm"] or 0)
    if (part in ("下午", "晚上", "晚", "傍晚", "pm") and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in ("am", "凌晨", "上午") and hour == 12:
        hour = 0
    elif part in ("晚上", "晚") and hour == 12:
        return None  # midnight, but of which day?
    return _clock(hour, minute, int(match["s"] or 0))


def _clock(hour: int, minute: int, second: int) -> time | None:
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    digits = re.sub(r"\D", "", zone)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes))
    return -ahead if "-" in zone else ahead
