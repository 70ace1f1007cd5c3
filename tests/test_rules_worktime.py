"""Which time counts: the desk's hours on its working days, worked out by hand around every edge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.rules.worktime import Elapsed, WorkingHours, Worktime

CHINA = ZoneInfo("Asia/Shanghai")
HOURS = [(time(9), time(12)), (time(13, 30), time(18))]
NATIONAL_DAY = {date(2024, 10, day) for day in (1, 2, 3, 4, 5, 6, 7)}
MADE_UP = {date(2024, 9, 29), date(2024, 10, 12)}
DOUBLE_ELEVEN = {date(2024, 11, 10), date(2024, 11, 11)}


def is_working_day(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in NATIONAL_DAY)


DESK = WorkingHours(HOURS, CHINA, is_working_day, DOUBLE_ELEVEN)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(f"2024-{text}").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("05-10T09:00", 1, "05-10T10:00"),
        ("05-10T11:30", 1, "05-10T14:00"),  # over lunch
        ("05-10T12:30", 1, "05-10T14:30"),  # taken at lunch
        ("05-10T11:00", 1, "05-10T12:00"),  # ends with the morning, not after lunch
        ("05-10T17:59", 1, "05-13T09:59"),  # Friday evening, one minute left
        ("05-10T17:00", 1, "05-10T18:00"),
        ("05-10T20:00", 2, "05-13T11:00"),  # after hours on a Friday
        ("05-11T10:00", 2, "05-13T11:00"),  # a Saturday off
        ("09-29T17:00", 2, "09-30T10:00"),  # a Sunday worked in for 国庆
        ("09-30T17:30", 1, "10-08T09:30"),  # the holiday's eve
        ("10-12T09:00", 7.5, "10-12T18:00"),  # a Saturday worked in
        ("11-09T20:00", 5, "11-10T05:00"),  # a Saturday off before the days around the clock
        ("11-11T20:00", 8, "11-12T14:30"),  # four hours of the night, then three of the morning and one after lunch
    ],
)
def test_working_hours_are_counted_as_by_hand(start: str, hours: float, due: str) -> None:
    assert DESK.after(at(start), timedelta(hours=hours)) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("05-10T12:00", "05-10T13:30", 0),
        ("05-10T08:00", "05-10T19:00", 7.5),
        ("05-10T18:00", "05-13T09:00", 0),
        ("09-30T00:00", "10-09T00:00", 15),
        ("11-10T00:00", "11-12T00:00", 48),
    ],
)
def test_time_between_two_moments_is_counted_as_by_hand(start: str, end: str, hours: float) -> None:
    assert DESK.between(at(start), at(end)) == timedelta(hours=hours)


def test_an_hour_is_an_hour_when_a_zone_s_clocks_are_put_forward() -> None:
    before = at("03-31T01:30", "Europe/Berlin")
    assert Elapsed().after(before, timedelta(hours=1)) == at("03-31T03:30", "Europe/Berlin")
    night = WorkingHours([(time(), time())], ZoneInfo("Europe/Berlin"), lambda _: True)
    assert night.between(at("03-31T00:00", "Europe/Berlin"), at("04-01T00:00", "Europe/Berlin")) == timedelta(hours=23)
    assert night.between(at("10-27T00:00", "Europe/Berlin"), at("10-28T00:00", "Europe/Berlin")) == timedelta(hours=25)


def test_hours_that_do_not_exist_on_one_day_count_nowhere_twice() -> None:
    early = WorkingHours([(time(2), time(2, 30)), (time(3), time(3, 30))], ZoneInfo("Europe/Berlin"), lambda _: True)
    assert early.between(at("03-31T00:00", "Europe/Berlin"), at("04-01T00:00", "Europe/Berlin")) == timedelta(
        minutes=30
    )


moments = st.datetimes(datetime(2023, 12, 1), datetime(2025, 2, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
desks: st.SearchStrategy[Worktime] = st.one_of(
    st.just(Elapsed()),
    zones.map(lambda name: WorkingHours(HOURS, ZoneInfo(name), is_working_day, DOUBLE_ELEVEN)),
)
lengths = st.timedeltas(timedelta(0), timedelta(days=4)).map(
    lambda length: timedelta(seconds=int(length.total_seconds()))
)


@given(desks, st.lists(moments, min_size=3, max_size=3).map(sorted))
@settings(max_examples=60, deadline=None)
def test_time_adds_up_over_days_and_is_never_negative(desk: Worktime, three: list[datetime]) -> None:
    first, second, third = three
    parts = desk.between(first, second), desk.between(second, third)
    assert min(parts) >= timedelta(0)
    assert sum(parts, timedelta(0)) == desk.between(first, third) <= third - first


@given(desks, moments, lengths, lengths)
@settings(max_examples=60, deadline=None)
def test_a_longer_limit_is_never_due_earlier_and_due_is_the_first_such_moment(
    desk: Worktime, start: datetime, length: timedelta, more: timedelta
) -> None:
    due = desk.after(start, length)
    assert start <= due <= desk.after(start, length + more)
    assert desk.between(start, due) == length
    if length:
        assert desk.between(start, due - timedelta(seconds=1)) < length
