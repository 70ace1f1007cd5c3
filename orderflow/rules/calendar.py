"""Which days are worked: China's published holidays and make-up days (调休), and those that the desk differs in.

A year for which nothing is published yet falls back to weekdays, and says so (PROCESS.md, step 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar:
    """Working days; `off` and `worked` are the desk's own, and go before what is published."""

    def __init__(self, off: Iterable[date] = (), worked: Iterable[date] = ()) -> None:
        self._own = dict.fromkeys(worked, True) | dict.fromkeys(off, False)
        self._known: dict[date, bool] = {}

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        if day not in self._known:
            self._known[day] = self._own[day] if day in self._own else _is_worked(day)
        return self._known[day]

    def first_working(self, day: date) -> date:
        """`day`, or the next working day after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        return self.first_working(day + _DAY)


@cache
def is_published(year: int) -> bool:
    """Whether the holidays of a year are known."""
    from chinese_calendar.constants import holidays

    return bool(min(holidays).year <= year <= max(holidays).year)


def _is_worked(day: date) -> bool:
    if not is_published(day.year):
        return day.weekday() < _SATURDAY
    from chinese_calendar import is_workday

    return bool(is_workday(day))
