"""Days and moments as people write them (PROCESS.md, step 1): read where there is exactly one reading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from orderflow.sheets.cells.dateforms import Named, Spoken, days_in, spoken
from orderflow.sheets.cells.read import BLANK, Moment, Read
from orderflow.sheets.cells.text import normal, says_nothing
from orderflow.sheets.values import Cell, Trouble

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)  # what an order's dates can plausibly be
CHINA = timezone(timedelta(hours=8))
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_LAST_SERIALS = {False: 2_958_466, True: 2_957_004}  # the end of the year 9999
_NEVER = 9999  # the year that systems write for an open date
_NEAR = 3 * 366
_UNREADABLE: Read[Moment] = Read(None, "unreadable-date")

Yearless = Callable[[int, int, date], date | None]


def next_such_day(month: int, day: int, on: date) -> date | None:
    """That day of the year on or after `on`; `None` where neither this nor the next year has it."""
    days = (_day(year, month, day) for year in (on.year, on.year + 1))
    return min((one for one in days if one and one >= on), default=None)


def nearest_such_day(month: int, day: int, on: date) -> date | None:
    """That day of the year that lies nearest to `on`: for what has happened, or has no receipt to count from."""
    days = (_day(year, month, day) for year in (on.year - 1, on.year, on.year + 1))
    return min((one for one in days if one), key=lambda one: abs(one - on), default=None)


def read_date(
    value: Cell, on: date, date1904: bool = False, zone: tzinfo = CHINA, yearless: Yearless = next_such_day
) -> Read[date]:
    """A calendar day; a time of day beside it is ignored. `on` is the day of receipt, which settles missing years.

    Numbers are serial days (`date1904` says of which system) or `20240520`. A written offset moves the moment
    into `zone` first.
    """
    if value.__class__ is date and EARLIEST <= value <= LATEST:
        return Read(value)
    moment = _read(value, on, date1904, zone, yearless)
    return Read(moment.value.at.date() if moment.value else None, moment.code, moment.params)


def read_moment(
    value: Cell, on: date, date1904: bool = False, zone: tzinfo = CHINA, yearless: Yearless = nearest_such_day
) -> Read[Moment]:
    """A day with its time of day, to the second, in the desk's `zone`. Midnight counts as no time of day given:
    spreadsheets and exports write it behind every bare date.
    """
    read = _read(value, on, date1904, zone, yearless)
    if isinstance(value, str) and read.value and spoken_only_of_hours(value):
        return _UNREADABLE
    return read


def spoken_only_of_hours(text: str) -> bool:
    """Whether the time beside the day is a span of hours (`09:00-12:00`), which tells a day but no moment."""
    said = spoken(normal(text))
    return said is not None and said.span


def needs_day(text: str) -> bool:
    """Whether the day that the text names depends on the day of receipt: a year is missing or short."""
    said = spoken(normal(text))
    return said is not None and any(one.year is None or one.short for one in said.readings)


def _read(value: Cell, on: date, date1904: bool, zone: tzinfo, yearless: Yearless) -> Read[Moment]:
    if isinstance(value, str):
        text = normal(value)
        return BLANK if says_nothing(text) else _written(text, on, date1904, zone, yearless)
    if isinstance(value, datetime):
        return _at(value)
    if isinstance(value, date):
        return _at(datetime.combine(value, time()))
    if value is None:
        return BLANK
    if isinstance(value, Trouble):
        return Read(None, value.kind)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _numbered(value, on, date1904, zone, yearless)
    return _UNREADABLE


def _numbered(value: float, on: date, date1904: bool, zone: tzinfo, yearless: Yearless) -> Read[Moment]:
    """A number in a date column: a serial day, or the eight (or more) digits of a day."""
    if isinstance(value, int) and len(str(abs(value))) in (8, 12, 14):
        return _written(str(value), on, date1904, zone, yearless)
    if not 0 <= value < _LAST_SERIALS[date1904]:
        return _UNREADABLE
    moment = _EPOCHS[date1904] + timedelta(days=value)
    plausible = EARLIEST <= moment.date() <= LATEST or moment.year == _NEVER
    return _at(moment) if plausible else _UNREADABLE


def _at(moment: datetime) -> Read[Moment]:
    """The moment to the second, where its day is plausible."""
    if not EARLIEST <= moment.date() <= LATEST:
        return Read(None, "date-out-of-range", {"date": moment.date().isoformat()})
    moment = (moment.replace(tzinfo=None) + timedelta(microseconds=500_000)).replace(microsecond=0)
    return Read(Moment(moment, moment.time() != time()))


def _written(text: str, on: date, date1904: bool, zone: tzinfo, yearless: Yearless) -> Read[Moment]:
    said = spoken(text)
    if said is None:
        several = days_in(text)
        return Read(None, "several-dates", {"dates": several}) if len(several) > 1 else _UNREADABLE
    if said.serial is not None:
        return _numbered(said.serial, on, date1904, zone, yearless)
    days = _settled(said, on, yearless)
    if len(days) > 1 or (days and said.weekday not in (None, days[0].weekday())):
        return Read(None, "ambiguous-date", {"readings": tuple(day.isoformat() for day in days)})
    return _at(_in_zone(datetime.combine(days[0], said.time or time()), said, zone)) if days else _UNREADABLE


def _in_zone(moment: datetime, said: Spoken, zone: tzinfo) -> datetime:
    if said.offset is None or abs(said.offset) >= timedelta(days=1) or not EARLIEST <= moment.date() <= LATEST:
        return moment
    return moment.replace(tzinfo=timezone(said.offset)).astimezone(zone).replace(tzinfo=None)


def _settled(said: Spoken, on: date, yearless: Yearless) -> list[date]:
    """The days that the readings can mean, each once.

    `24-5-20` is year first, unless that lies years away and another reading is closer: `05/06/24`.
    """
    days = [day for one in said.readings if (day := _settle(one, on, yearless))]
    if days and said.readings[0].short and (first := _settle(said.readings[0], on, yearless)):
        closer = any(abs(day - on) < abs(first - on) for day in days)
        if not closer or abs(first - on).days <= _NEAR:
            return [first]
    return list(dict.fromkeys(days))


def _settle(named: Named, on: date, yearless: Yearless) -> date | None:
    if named.year is None:
        return yearless(named.month, named.day, on)
    return _day(named.year, named.month, named.day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
