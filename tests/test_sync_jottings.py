"""Comments, colours and columns that people add to a workbook of the desk outlive its rewriting, with their rows."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from desks import Office, a_row
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from windows import Page, edited, page, put, synced

REMARK = "备注(特殊需求)"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, window=True)
    made.take("a.xlsx", a_row(1), a_row(2, 交付日期="05/06/2024"), a_row(3))
    return made


def note(row: int, header: str, text: str) -> Any:
    def change(opened: Page) -> None:
        opened.at(row, header).comment = Comment(text, "小李")

    return change


def colour(row: int, header: str, fill: PatternFill) -> Any:
    def change(opened: Page) -> None:
        opened.at(row, header).fill = fill

    return change


ADDED: list[tuple[str, Any]] = [("毛利", 12.5), ("回访", datetime(2024, 6, 20)), ("编码", "007"), ("件数", 3)]
YELLOW = PatternFill("solid", fgColor="FFFFFF00")


def seen(opened: Page, row: int, header: str) -> tuple[str | None, str | None]:
    """The comment, without the marks that nobody sees, and the colour."""
    cell = opened.at(row, header)
    text = cell.comment.text.replace("\u200b", "").replace("\u200c", "") if cell.comment else None
    return text, cell.fill.fgColor.rgb if cell.fill.patternType == "solid" else None


def test_a_comment_and_a_colour_stay_with_their_row_when_the_workbook_is_written_again(office: Office) -> None:
    def change(opened: Page) -> None:
        note(3, "客户名称", "老客户，先电话")(opened)
        colour(3, REMARK, YELLOW)(opened)

    edited(office, change)
    assert synced(office).nothing
    office.take("b.xlsx", a_row(4))
    opened = page(office)
    assert opened.column("订单编号")[3] == "202406-004"
    assert seen(opened, 3, "客户名称") == ("老客户，先电话", None)
    assert seen(opened, 3, REMARK) == (None, "FFFFFF00")
    assert seen(opened, 4, REMARK) == (None, None)


def test_they_go_with_a_row_that_was_moved(office: Office) -> None:
    edited(office, lambda opened: (note(1, "联系人", "出差到周五")(opened), colour(1, "联系人", YELLOW)(opened)))
    synced(office)

    def sort(opened: Page) -> None:
        rows = [[(cell.value, cell.comment, copy(cell.fill)) for cell in row] for row in opened.sheet["A2:AA4"]]
        for target, cells in zip((4, 3, 2), rows, strict=True):
            for column, (value, comment, fill) in enumerate(cells, 1):
                cell = opened.sheet.cell(target, column)
                cell.value, cell.fill = value, fill
                cell.comment = Comment(comment.text, "小李") if comment else None

    edited(office, sort)
    assert synced(office).nothing
    assert seen(page(office), 3, "联系人") == ("出差到周五", "FFFFFF00")
    edited(office, put(3, "联系人", "*主任"))
    synced(office)
    assert seen(page(office), 1, "联系人") == ("出差到周五", "FFFFFF00")


def test_what_people_take_off_is_gone(office: Office) -> None:
    edited(office, lambda opened: (note(1, REMARK, "待定")(opened), colour(2, REMARK, YELLOW)(opened)))
    synced(office)

    def clean(opened: Page) -> None:
        opened.at(1, REMARK).comment = None
        opened.at(2, REMARK).fill = PatternFill()

    edited(office, clean)
    synced(office)
    office.take("b.xlsx", a_row(5))
    assert (seen(page(office), 1, REMARK), seen(page(office), 2, REMARK)) == ((None, None), (None, None))


def test_what_a_person_adds_to_a_comment_of_the_desk_stays_when_the_desk_has_nothing_to_ask_any_more(
    office: Office,
) -> None:
    asked = page(office).at(2, "交付日期").comment.text
    edited(office, lambda opened: (note(2, "交付日期", f"{asked}\n小李：已问客户")(opened),))
    synced(office)
    both, _ = seen(page(office), 2, "交付日期")
    assert both is not None
    assert "小李：已问客户" in both
    assert "2024-05-06" in both
    edited(office, put(2, "交付日期", "2024-06-20"))
    synced(office)
    assert seen(page(office), 2, "交付日期") == ("小李：已问客户", None)


def test_a_colour_under_one_of_the_desk_s_comes_back_when_the_cell_is_mended(office: Office) -> None:
    edited(office, colour(1, "交付日期", YELLOW))
    synced(office)
    edited(office, put(1, "交付日期", "07/08/2024"))
    synced(office)
    assert seen(page(office), 1, "交付日期")[1] != "FFFFFF00"
    edited(office, put(1, "交付日期", "2024-07-08"))
    synced(office)
    assert seen(page(office), 1, "交付日期") == (None, "FFFFFF00")


@pytest.mark.parametrize(
    ("fill", "rgb"),
    [
        (PatternFill("solid", fgColor=Color(indexed=13)), "FFFFFF00"),
        (PatternFill("solid", fgColor=Color(theme=4)), "FF4F81BD"),
        (PatternFill("solid", fgColor=Color(theme=4, tint=0.6)), "FFB8CCE4"),
        (PatternFill("solid", fgColor=Color(theme=0, tint=-0.25)), "FFBFBFBF"),
    ],
)
def test_colours_of_the_theme_and_old_numbers_keep_their_shade(office: Office, fill: PatternFill, rgb: str) -> None:
    edited(office, colour(1, REMARK, fill))
    synced(office)
    office.take("b.xlsx", a_row(5))
    found = seen(page(office), 1, REMARK)[1]
    assert found is not None
    apart = [abs(int(found[at : at + 2], 16) - int(rgb[at : at + 2], 16)) for at in (2, 4, 6)]
    assert max(apart) <= 2, found


def test_numbers_and_days_in_a_column_of_theirs_stay_numbers_and_days(office: Office) -> None:
    def extend(opened: Page) -> None:
        at = len(opened.headers) + 1
        for column, (header, value) in enumerate(ADDED, at):
            opened.sheet.cell(1, column).value = header
            opened.sheet.cell(2, column).value = value

    edited(office, extend)
    synced(office)
    for _ in range(2):
        opened = page(office)
        assert [opened[1, header] for header in ("毛利", "编码", "件数")] == [12.5, "007", 3]
        assert opened[1, "回访"] in (datetime(2024, 6, 20), date(2024, 6, 20))
        edited(office, put(2, REMARK, f"改{_}"))
        assert {field for _, field in synced(office).edits} == {"remark"}


def test_a_formula_in_a_column_of_theirs_becomes_the_value_it_came_to_and_that_is_said(office: Office) -> None:
    def extend(opened: Page) -> None:
        opened.sheet.cell(1, len(opened.headers) + 1).value = "折扣价"
        opened[1, "折扣价"] = "=2+3"

    edited(office, extend)
    said = synced(office)
    assert "formula-as-value" in said.codes
    assert "折扣价" in next(f for f in said.json["findings"] if f["code"] == "formula-as-value")["message"]


def test_a_comment_on_a_row_that_was_added_stays_with_the_order_it_becomes(office: Office) -> None:
    def add(opened: Page) -> None:
        row = opened.add(a_row(6))
        note(row, "客户名称", "朋友介绍")(opened)

    edited(office, add)
    synced(office)
    assert page(office).column("订单编号")[3] == "202406-004"
    assert seen(page(office), 4, "客户名称") == ("朋友介绍", None)


def test_a_copy_of_the_workbook_brings_its_edits_and_leaves_the_comments_of_the_desk_s_own(office: Office) -> None:
    edited(office, note(1, REMARK, "我的"))
    synced(office)
    copy = edited(
        office, lambda opened: (note(1, REMARK, "部门的")(opened), put(1, REMARK, "加固")(opened)), copy="销售.xlsx"
    )
    assert synced(office, copy).edits == {("202406-001", "remark"): "加固"}
    assert seen(page(office), 1, REMARK) == ("我的", None)
