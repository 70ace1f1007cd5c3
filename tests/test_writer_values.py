"""What is written into a cell is what people and programs find there, and text never becomes anything else."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from orderflow.sheets.layout import Cell, ColumnLayout, SheetLayout, Value, WorkbookLayout
from orderflow.sheets.palette import Look, Pattern
from orderflow.sheets.writer import Written, write_workbook
from orderflow.sheets.writing.texts import LONGEST_TEXT, clean

WHEN = datetime(2024, 5, 10, 9, 0)


def opened(path: Path) -> Any:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(path)


def written(path: Path, values: Sequence[Value | Cell], pattern: Pattern = Pattern.TEXT) -> Written:
    column = ColumnLayout("值", pattern)
    sheet = SheetLayout("表", [column, ColumnLayout("尾")], [[value, "."] for value in values])
    return write_workbook(WorkbookLayout([sheet], WHEN), path)


def through_openpyxl(path: Path) -> list[Any]:
    rows = opened(path).active.iter_rows(min_row=2, max_col=1)
    return [cell.value for (cell,) in rows]


def unescaped(text: str) -> str:
    """What Excel shows: openpyxl hands `_xHHHH_` on as it stands in the file."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def through_calamine(path: Path) -> list[Any]:
    return [row[0] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]]


VALUES: list[tuple[Value, Any]] = [
    ("张三", "张三"),
    ("202405-001", "202405-001"),
    ("00712", "00712"),
    ("1234567890123456789", "1234567890123456789"),
    ("第一行\r\n第二行", "第一行\n第二行"),
    (" 两边有空格 ", " 两边有空格 "),
    (100, 100),
    (-3, -3),
    (999_999_999_999_999, 999_999_999_999_999),
    (1_000_000_000_000_000, "1000000000000000"),
    (0.1, 0.1),
    (Decimal("0.80"), 0.8),
    (Decimal("60899.99"), 60899.99),
    (Decimal("1E+3"), 1000),
    (Decimal("12345678.901234567"), "12345678.901234567"),
    (float("nan"), "nan"),
    (True, True),
    (False, False),
    (datetime(2024, 5, 10, 9, 30, 15), datetime(2024, 5, 10, 9, 30, 15)),
    (
        datetime(2024, 5, 10, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        datetime(2024, 5, 10, 9, 30),
    ),
    (time(17, 0), time(17, 0)),
    (date(1900, 2, 28), "1900-02-28"),
    (date(1821, 5, 5), "1821-05-05"),
    (datetime(1899, 12, 31, 8, 0), "1899-12-31 08:00:00"),
]


def test_every_kind_of_value_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [value for value, _ in VALUES])
    assert through_openpyxl(path) == [expected for _, expected in VALUES]
    assert through_calamine(path) == [expected for _, expected in VALUES]


@pytest.mark.parametrize("day", [date(1900, 3, 1), date(2024, 2, 29), date(9999, 12, 31)])
def test_a_day_is_a_true_date_from_march_1900_to_the_end_of_9999(tmp_path: Path, day: date) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [day])
    assert through_openpyxl(path) == [datetime.combine(day, time())]
    assert through_calamine(path) == [day]


def test_a_missing_value_and_an_empty_text_are_blank_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [None, ""])
    assert through_openpyxl(path) == [None, None]
    assert through_calamine(path) == ["", ""]


anything = st.lists(st.text(st.characters(exclude_categories=[]), max_size=40), min_size=1, max_size=60)
xml_alike = st.lists(st.text("_x0041Bb<&>'\"=+-@\x00\x0b\r\n\t ￾😀", max_size=12), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(anything | xml_alike)
def test_any_text_comes_back_but_for_line_ends_and_half_characters(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [*texts])
    expected = [clean(text) for text in texts]
    assert [unescaped(value or "") for value in through_openpyxl(path)] == expected
    assert through_calamine(path) == expected


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False) | st.integers(), min_size=1, max_size=60))
def test_a_number_keeps_every_digit(tmp_path: Path, numbers: list[Decimal | int]) -> None:
    path = tmp_path / "a.xlsx"
    written(path, numbers)
    for number, found in zip(numbers, through_openpyxl(path), strict=True):
        assert Decimal(found) == number if isinstance(found, str) else float(number) == found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.lists(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)), min_size=1, max_size=60))
def test_a_moment_is_right_to_the_millisecond(tmp_path: Path, moments: list[datetime]) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [*moments], Pattern.MOMENT)
    for moment, found in zip(moments, through_openpyxl(path), strict=True):
        assert abs(found - moment) <= timedelta(milliseconds=2)


DANGEROUS = ["=1+1", '=HYPERLINK("http://example.com","x")', "+86 139", "-2+3", "@SUM(A1)", "＝1+1", "\t=1+1"]


@pytest.mark.parametrize("pattern", [Pattern.TEXT, Pattern.DATE, Pattern.MONEY])
def test_text_that_looks_like_a_formula_is_text_and_stays_text_when_edited(tmp_path: Path, pattern: Pattern) -> None:
    path = tmp_path / "a.xlsx"
    written(path, DANGEROUS, pattern)
    sheet = opened(path).active
    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(DANGEROUS))]
    assert [cell.value for cell in cells] == DANGEROUS
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.number_format == "@" for cell in cells)
    assert all(cell.quotePrefix for cell in cells)


def test_no_formula_is_live_wherever_the_text_stands(tmp_path: Path) -> None:
    path = tmp_path / "=a.xlsx"
    evil = "=1+1"
    column = ColumnLayout(evil, choices=(evil, "+1"), note=evil)
    sheet = SheetLayout(evil, [column], [[Cell(evil, Look.ERROR, evil)]], above=[[evil]], below=[[evil]])
    write_workbook(WorkbookLayout([sheet], WHEN, title=evil, author=evil, choice_warning=evil), path)
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in content or b"<f " in content for content in sheets)
    assert opened(path).active["A3"].comment.text == evil


@pytest.mark.parametrize("pattern", [Pattern.DATE, Pattern.INTEGER, Pattern.MONEY])
def test_digits_given_as_text_keep_their_zeros_in_a_column_of_numbers(tmp_path: Path, pattern: Pattern) -> None:
    path = tmp_path / "a.xlsx"
    written(path, ["0001234567890123456"], pattern)
    cell = opened(path).active["A2"]
    assert (cell.value, cell.number_format) == ("0001234567890123456", "@")


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [
        (5, Pattern.DECIMAL, "0"),
        (Decimal("2.5"), Pattern.INTEGER, "0.###############"),
        (Decimal("0.8"), Pattern.MONEY, "#,##0.00####"),
        (Decimal("0.1234567"), Pattern.MONEY, "0.###############"),
        (123456789012345, Pattern.TEXT, "0"),
        (0.5, Pattern.PERCENT, "0.0%"),
        (date(2024, 5, 10), Pattern.TEXT, "yyyy-mm-dd"),
        (WHEN, Pattern.DATE, "yyyy-mm-dd hh:mm"),
    ],
)
def test_a_cell_shows_its_value_whole_whatever_its_column_expects(
    tmp_path: Path, value: Value, pattern: Pattern, shown: str
) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [value], pattern)
    assert opened(path).active["A2"].number_format == shown


@pytest.mark.parametrize("letter", ["字", "a", "😀"])
def test_a_text_that_is_too_long_is_cut_visibly_and_reported(tmp_path: Path, letter: str) -> None:
    path = tmp_path / "a.xlsx"
    units = len(letter.encode("utf-16-le")) // 2
    account = written(path, ["好", letter * 40_000])
    assert [(cut.sheet, cut.cell, cut.length) for cut in account.cut] == [("表", "A3", 40_000 * units)]
    found = through_calamine(path)[1]
    assert len(found.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    head, _, missing = found.rpartition("…[+")
    assert head == letter * len(head)
    assert len(head) * units + int(missing.rstrip("]")) == 40_000 * units


def test_a_text_of_just_the_limit_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert written(path, ["字" * LONGEST_TEXT]).cut == ()
    assert through_calamine(path) == ["字" * LONGEST_TEXT]


def test_long_text_is_not_formatted_as_text_which_older_excel_shows_as_hashes(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, ["字" * 255, "字" * 256])
    sheet = opened(path).active
    assert [sheet["A2"].number_format, sheet["A3"].number_format] == ["@", "General"]
    assert sheet["A3"].quotePrefix
