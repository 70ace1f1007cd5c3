"""Dates as people write them are read where they have one reading; where they have none or two, that is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.sheets.cells import nearest_such_day, read_date, read_moment
from orderflow.sheets.values import Trouble

ON = date(2024, 5, 10)
DUE = date(2024, 5, 20)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2024-5-20", "2024/5/20", "2024.5.20", "20240520", "2024年5月20日", "24-5-20", "5月20日", "5-20", "5/20",
        "5.20", "5月20号", "２０２４－０５－２０", "2024年05月20", "2024 05 20", "2024、5、20",
        "24年5月20日", " 2024-05-20\u200b ",
        "2024-05-20 09:30", "2024-05-20  09:30:32", "2024/5/20 0:00", "2024-05-2009:00", "2024/5/20 上午",
        "2024-05-20 下午3:30", "2024-05-20T09:00:00", "2024-05-20T09:00:00.123+08:00", "5月20日 9点半",
        "2024-05-20 09:00-12:00", "2024年5月20日（星期一）", "2024-05-20 周一", "二〇二四年五月二十日",
        "二零二四年五月二十日",
        "五月二十日", "2024年5月廿日", "民國113年5月20日", '="20240520"', "'20240520", "2024-05‑20", "5/20/2024",
        "20.05.2024", "5/20/24", "May 20, 2024", "20 May 2024", "20-May-24", "May 20", "Mon 20 May 2024", "45432",
        "45432.375", "20240520093000", 20240520, 45432, 45432.375, DUE, datetime(2024, 5, 20, 9),
    ],
)  # fmt: skip
def test_a_day_with_one_reading_is_read(typed: Any) -> None:
    assert read_date(typed, ON) == (DUE, None, {})


@pytest.mark.parametrize(
    "typed",
    ["明天", "下周一", "月底前", "5月底", "尽快", "待定", "TBD", "5月20日前", "7:00-9:00", "09:00", "2024-05", "5月",
     "2024年", "2024-02-30", "2024-13-01", "20241332", "20/5", "0000-00-00", "2月30日", "2024-05-20 25:00",
     "农历五月初五", "2024-05-20 左右", "2月29日", "2024-05-109:00", 0, 5, 60, -1, 1e300, float("nan"), 240520,
     240520.5, True, time(9),
     timedelta(1)],
)  # fmt: skip
def test_what_names_no_day_is_not_guessed(typed: Any) -> None:
    assert read_date(typed, ON) == (None, "unreadable-date", {})


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("05/06/2024", ("2024-05-06", "2024-06-05")),
        ("5-6-2024", ("2024-05-06", "2024-06-05")),
        ("05/06/24", ("2005-06-24", "2024-05-06", "2024-06-05")),
        ("2024-05-20 周五", ("2024-05-20",)),
    ],
)
def test_a_day_with_two_readings_is_a_finding_that_names_both(typed: str, readings: tuple[str, ...]) -> None:
    assert read_date(typed, ON) == (None, "ambiguous-date", {"readings": readings})


def test_a_date_with_the_year_last_is_read_where_only_one_order_is_possible() -> None:
    assert read_date("13/06/2024", ON).value == date(2024, 6, 13)
    assert read_date("06/13/2024", ON).value == date(2024, 6, 13)
    assert read_date("05/05/2024", ON).value == date(2024, 5, 5)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("11/22,12/25", ("11/22", "12/25")),
        ("2024-05-20/2024-05-25", ("2024-05-20", "2024-05-25")),
        ("5月20日、5月25日", ("5月20", "5月25")),
        ("5月20日-5月25日", ("5月20", "5月25")),
        ("20240520 20240525", ("20240520", "20240525")),
    ],
)
def test_several_days_in_one_cell_are_a_finding(typed: str, days: tuple[str, ...]) -> None:
    assert read_date(typed, ON) == (None, "several-dates", {"dates": days})


@pytest.mark.parametrize(
    "typed", ["9999-12-31", date(9999, 12, 31), date(1900, 1, 1), "1999-12-31", "2100/1/1", 2958465, datetime(1, 1, 1)]
)
def test_a_day_that_no_order_has_is_out_of_range(typed: Any) -> None:
    assert read_date(typed, ON).code == "date-out-of-range"


@pytest.mark.parametrize("typed", [None, "", " \u3000", "-", "——", "/", "无", "N/A"])
def test_a_blank_cell_and_a_dash_are_no_date_and_no_finding(typed: Any) -> None:
    assert read_date(typed, ON) == (None, None, {})


def test_trouble_is_named_as_it_is() -> None:
    assert read_date(Trouble("error-value", "#N/A"), ON).code == "error-value"
    assert read_moment(Trouble("formula-not-calculated", "=A1"), ON).code == "formula-not-calculated"


@pytest.mark.parametrize(
    ("typed", "on", "day"),
    [
        ("5月9日", ON, date(2025, 5, 9)),
        ("5月10日", ON, ON),
        ("1-3", date(2024, 12, 30), date(2025, 1, 3)),
        ("2月29日", date(2024, 1, 5), date(2024, 2, 29)),
        ("2月29日", date(2023, 6, 1), date(2024, 2, 29)),
    ],
)
def test_without_a_year_it_is_the_next_such_day_on_or_after_receipt(typed: str, on: date, day: date) -> None:
    assert read_date(typed, on).value == day


def test_what_has_happened_lies_near_the_day_it_is_read() -> None:
    assert read_moment("12月30日 09:00", date(2025, 1, 2), zone=UTC).value is not None
    assert read_date("12月30日", date(2025, 1, 2), yearless=nearest_such_day).value == date(2024, 12, 30)


def test_serials_count_from_the_workbooks_own_epoch() -> None:
    assert read_date(43970, ON, date1904=True).value == DUE
    assert read_date("43970", ON, date1904=True).value == DUE
    assert read_date(61, ON).code == read_date(1, ON, date1904=True).code == "unreadable-date"


@pytest.mark.parametrize(
    ("typed", "at", "timed"),
    [
        ("2024-05-1009:00", datetime(2024, 5, 10, 9), True),
        ("2024-05-10 09:30:32", datetime(2024, 5, 10, 9, 30, 32), True),
        ("2024年5月10日 下午3点半", datetime(2024, 5, 10, 15, 30), True),
        ("2024-05-10 3:30 PM", datetime(2024, 5, 10, 15, 30), True),
        ("2024-05-10 中午12:10", datetime(2024, 5, 10, 12, 10), True),
        ("2024-05-10T01:00:00Z", datetime(2024, 5, 10, 9), True),
        ("2024-05-09 21:00:00 -0400", datetime(2024, 5, 10, 9), True),
        ("20240510090000", datetime(2024, 5, 10, 9), True),
        (45422.375, datetime(2024, 5, 10, 9), True),
        (datetime(2024, 5, 10, 8, 59, 59, 999_990), datetime(2024, 5, 10, 9), True),
        ("2024-05-10", datetime(2024, 5, 10), False),
        ("2024-05-10 0:00", datetime(2024, 5, 10), False),
        ("2024-05-10 上午", datetime(2024, 5, 10), False),
        (date(2024, 5, 10), datetime(2024, 5, 10), False),
    ],
)
def test_a_moment_has_a_time_of_day_only_where_one_was_given(typed: Any, at: datetime, timed: bool) -> None:
    assert read_moment(typed, ON).value == (at, timed)


def test_an_offset_moves_the_moment_into_the_desks_zone() -> None:
    assert read_date("2024-05-19T16:00:00Z", ON).value == DUE
    assert read_date("2024-05-19T16:00:00Z", ON, zone=UTC).value == date(2024, 5, 19)


def test_a_span_of_hours_is_a_day_but_no_moment() -> None:
    assert read_moment("2024-05-20 09:00-12:00", ON).code == "unreadable-date"


@settings(max_examples=150, deadline=None)
@given(DAYS, st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}.{0.month}.{0.day}", "{0:%Y%m%d}",
                              "{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d} 09:00"]))  # fmt: skip
def test_a_written_day_reads_back_and_full_width_is_half_width(day: date, form: str) -> None:
    typed = form.format(day)
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in typed)
    assert read_date(typed, ON).value == day
    assert read_date(wide, ON).value == day


@settings(max_examples=100, deadline=None)
@given(DAYS, st.dates(date(2010, 1, 1), date(2080, 1, 1)))
def test_a_day_without_a_year_is_never_before_receipt_nor_a_year_away(day: date, on: date) -> None:
    found = read_date(f"{day.month}月{day.day}日", on).value
    if found is None:
        assert (day.month, day.day) == (2, 29)
    else:
        assert (found.month, found.day) == (day.month, day.day)
        assert on <= found <= on + timedelta(days=731)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text(alphabet="0123456789-/.年月日:： 上午T+Z周一十,~", max_size=24)))
def test_no_text_raises_and_no_day_is_invented_from_text_without_figures(typed: str) -> None:
    found, moment = read_date(typed, ON), read_moment(typed, ON)
    assert found.value is None or found.code is None
    assert moment.value is None or moment.code is None
    if not any(one.isnumeric() for one in typed):
        assert found.value is None


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas()))
def test_no_value_raises(typed: Any) -> None:
    for date1904 in (False, True):
        read = read_date(typed, ON, date1904)
        assert read.value is None or 2000 <= read.value.year <= 2099
