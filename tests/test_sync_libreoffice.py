"""LibreOffice opens, recalculates and saves every workbook of the desk: nothing has changed, or just what was edited.

Collected where LibreOffice and its Python are installed (see `conftest.py`).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import python_of_libreoffice
from desks import Office, a_row
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from windows import Page, edited, page, put, synced

NUMBERS = ("202406-001", "202406-002", "202406-003", "202406-004")
KINDS = ("registration", "priority", "plan", "progress", "feedback")
FILLED = {
    "priority": {"订单编号": NUMBERS[0], "客户等级": "VIP", "订单金额(万元)": "12", "判定时间": "2024-06-10 10:30"},
    "plan": {"订单编号": NUMBERS[0], "执行阶段": "生产", "负责人": "李工", "计划开始时间": "2024-06-11"},
    "feedback": {"订单编号": NUMBERS[0], "验收结果": "合格", "满意度评分": "4", "客户意见": "=好\n第二行"},
}
EDITS = {
    "registration": ("订单数量", "=4+4", "quantity", "8"),
    "priority": ("调整原因", "老客户急用", "priority.override_reason", "老客户急用"),
    "plan": ("计划结束时间", "2024-06-14", "stage/production/1.due", "2024-06-14"),
    "progress": ("物流单号", "SF1001", "stage/production/1.tracking_number", "SF1001"),
    "feedback": ("改进建议", "早点送", "feedback/1.suggestion", "早点送"),
}


def through_calc(office: Office, edits: Mapping[str, tuple[str, str]]) -> None:
    """Open and save all five in LibreOffice, with these cells of the first row edited."""
    asked = []
    for name in KINDS:
        opened = page(office, f"{name}.xlsx")
        header, typed = edits.get(name, ("", ""))
        cell = f"{get_column_letter(opened.headers.index(header) + 1)}2" if header else ""
        asked.append({"path": str(opened.path), "edits": [[cell, typed]] if header else []})
    script, profile = Path(__file__).with_name("calc.py"), office.files / "calc"
    python = python_of_libreoffice()
    assert python is not None
    subprocess.run([python, script, profile], input=json.dumps(asked).encode(), check=True, timeout=300)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A desk with something in every workbook: doubts, comments, a colour, a column that people added, odd texts."""
    made = Office(tmp_path_factory.mktemp("calc"), window=True)
    odd = {"备注(特殊需求)": "'0012\n两行 _x0041_ <&>", "联系方式": "0571-88****12 转 3"}
    made.take(
        "a.xlsx", a_row(1), a_row(2, 交付日期="05/06/2024"), a_row(3, **odd), a_row(4, 订单来源="天猫", 付款状态="")
    )
    synced(made)
    for name, row in FILLED.items():

        def fill(opened: Page, row: Mapping[str, str] = row) -> None:
            at = 1 if NUMBERS[0] in opened.column("订单编号") else opened.add({"订单编号": NUMBERS[0]})
            for header, value in row.items():
                opened[at, header] = value

        edited(made, fill, name=f"{name}.xlsx")

    def extend(opened: Page) -> None:
        opened.sheet.cell(1, len(opened.headers) + 1).value = "毛利"
        opened[1, "毛利"] = 12.5
        opened.at(2, "联系人").comment = Comment("出差到周五", "小李")
        opened.at(2, "联系人").fill = PatternFill("solid", fgColor="FFFFFF00")

    edited(made, extend)
    synced(made)
    return made


def test_opened_recalculated_and_saved_nothing_has_changed(office: Office) -> None:
    through_calc(office, {})
    said = synced(office)
    assert (said.edits, said.codes, said.nothing) == ({}, [], True)
    assert page(office)[1, "毛利"] == 12.5


def test_one_cell_edited_in_each_is_just_that_edit(office: Office) -> None:
    through_calc(office, {name: (header, typed) for name, (header, typed, *_) in EDITS.items()})
    said = synced(office)
    assert said.edits == {(NUMBERS[0], field): after for _, _, field, after in EDITS.values()}
    assert said.codes == []
    opened = page(office)
    assert (opened[1, "毛利"], opened.at(2, "联系人").comment.text) == (12.5, "出差到周五")
    assert opened.at(2, "联系人").fill.fgColor.rgb == "FFFFFF00"
    edited(office, put(1, "备注(特殊需求)", "送到后门"))
    assert synced(office).edits == {(NUMBERS[0], "remark"): "送到后门"}
