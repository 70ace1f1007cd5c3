"""Days of a time zone worked out in SQL, across its changes of clocks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, case, cast, func, type_coerce

from orderflow.ledger.book import Book
from orderflow.ledger.values import seconds

DAY = 86_400
_EPOCH = date(1970, 1, 1)
_A_DAY = timedelta(days=1)


def day_of(moment: ColumnElement[Any], zone: tzinfo, since: date, until: date) -> ColumnElement[int]:
    """The day, counted from 1970, on which a moment falls in `zone`; exact for moments from `since` to `until`."""
    *changes, (_, last) = _offsets(zone, since, until)
    offset = case(*((moment < end, before) for end, before in changes), else_=last) if changes else last
    return (moment + offset) // DAY


def _offsets(zone: tzinfo, since: date, until: date) -> Iterator[tuple[int, int]]:
    """Each offset from UTC, in seconds, with the moment until which it holds."""
    at = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=2)
    end = datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=2)
    offset = _offset(at, zone)
    while at < end:
        at += _A_DAY
        if (now := _offset(at, zone)) != offset:
            yield _exactly(at, offset, zone), offset
            offset = now
    yield seconds(end), offset


def _exactly(after: datetime, before: int, zone: tzinfo) -> int:
    """The second at which the offset changed, within the day up to `after`."""
    last = seconds(after)
    return bisect_left(range(last - DAY, last), True, key=lambda second: _offset(_moment(second), zone) != before) + (
        last - DAY
    )


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _offset(moment: datetime, zone: tzinfo) -> int:
    return int((moment.astimezone(zone).utcoffset() or timedelta()).total_seconds())


def day_of_text(book: Book, day: ColumnElement[Any]) -> ColumnElement[int]:
    """The day, counted from 1970, that an ISO text says."""
    if book.postgresql:
        return type_coerce(cast(day, Date) - _EPOCH, BigInteger)
    return cast(func.julianday(day) - func.julianday(_EPOCH.isoformat()), BigInteger)
