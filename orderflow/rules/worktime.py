"""Time as clocks count it: all that passes, or the hours in which the desk works (PROCESS.md, "Response clocks")."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from numpy import ndarray

Hours = tuple[time, time]
"""From, until; midnight as the end is the end of the day."""
NO_TIME = timedelta(0)
_DAY = timedelta(days=1)


class Worktime(Protocol):
    """A way to count time. Both directions agree: `between(start, after(start, length))` is `length`."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much time counts from `start` until `end`, which is not before it."""

    def after(self, start: datetime, length: timedelta) -> datetime:
        """The first moment at which so much time has counted since `start`."""


class Elapsed:
    """All time counts, also at night and where a zone's clocks are put forward."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The time that passes."""
        return end.astimezone(UTC) - start.astimezone(UTC)

    def after(self, start: datetime, length: timedelta) -> datetime:
        """So much later."""
        return start.astimezone(UTC) + length


class WorkingHours:
    """Only the desk's hours on its working days count, and the whole day on days `around_the_clock`."""

    def __init__(
        self,
        hours: Sequence[Hours],
        zone: tzinfo,
        is_working_day: Callable[[date], bool],
        around_the_clock: Container[date] = (),
    ) -> None:
        self._hours, self._zone = sorted(hours), zone
        self._is_working_day, self._around_the_clock = is_working_day, around_the_clock
        self._first, self._last = 0, -1  # the years that the lists below cover
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        self._totals: list[timedelta] = []  # all working time up to the end of each interval

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between the two moments."""
        self._cover(start, end)
        return self._worked(end) - self._worked(start)

    def after(self, start: datetime, length: timedelta) -> datetime:
        """When so much working time has passed; the evening rather than the next morning."""
        if not length:
            return start.astimezone(UTC)
        self._cover(start, start)
        while not self._totals or self._totals[-1] < self._worked(start) + length:
            self._list(self._first, self._last + 1)
        target = self._worked(start) + length
        at = bisect_left(self._totals, target)
        return self._ends[at] - (self._totals[at] - target)

    def intervals(self, start: datetime, end: datetime) -> tuple[ndarray, ndarray]:
        """When work begins and when it ends, in seconds since 1970, for at least the time between the two moments."""
        import numpy

        self._cover(start, end)
        begins, ends = ([int(one.timestamp()) for one in side] for side in (self._starts, self._ends))
        return numpy.array(begins, dtype="int64"), numpy.array(ends, dtype="int64")

    def _worked(self, moment: datetime) -> timedelta:
        at = bisect_right(self._starts, moment) - 1
        return NO_TIME if at < 0 else self._totals[at] - max(self._ends[at] - moment, NO_TIME)

    def _cover(self, start: datetime, end: datetime) -> None:
        first, last = start.year - 1, end.year + 1  # a zone may be a day away from UTC
        if self._last < self._first:
            self._list(first, last)
        elif first < self._first or last > self._last:
            self._list(min(first, self._first), max(last, self._last))

    def _list(self, first: int, last: int) -> None:
        """Lay out every interval of these years, in UTC."""
        self._first, self._last = first, last
        self._starts, self._ends, self._totals = [], [], []
        total = NO_TIME
        for start, end in self._intervals(date(first, 1, 1), date(last, 12, 31)):
            if self._ends:
                start = max(start, self._ends[-1])
            if start < end:
                total += end - start
                self._starts.append(start)
                self._ends.append(end)
                self._totals.append(total)

    def _intervals(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        day = first
        while day <= last:
            if day in self._around_the_clock:
                yield self._utc(day, time()), self._utc(day + _DAY, time())
            elif self._is_working_day(day):
                for begins, ends in self._hours:
                    yield self._utc(day, begins), self._utc(day + _DAY if ends == time() else day, ends)
            day += _DAY

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._zone).astimezone(UTC)
