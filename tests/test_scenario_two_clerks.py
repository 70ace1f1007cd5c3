"""Two clerks mend the messy day of the examples at the same time, in the desk's workbook and in a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office
from windows import Page, edited, page, synced

REMARK, DAY = "备注(特殊需求)", "交付日期"
HERS: Mapping[str, Mapping[str, Any]] = {
    "003": {DAY: "2024-06-20"},
    "004": {DAY: "2024-07-05"},
    "005": {"订单数量": "480支"},
    "006": {"联系人": "*主管", "联系方式": "136****2006"},
    "007": {REMARK: "定制LOGO，5cm，烫银"},
    "010": {"订单数量": "10件"},
    "001": {"核对人": "小周"},
}
HIS: Mapping[str, Mapping[str, Any]] = {
    "008": {REMARK: "刻字“白鹭”，20mm，黑色"},
    "009": {DAY: "2024-06-18"},
    "010": {"订单数量": "20件"},
    "011": {DAY: "2024-06-12"},
    "012": {"付款状态": "已付", "订单金额(万元)": "120"},
    "002": {"核对人": "小李"},
}
ANOTHER = {
    "客户名称": "蓝湾幼儿园",
    "联系人": "*园长",
    "联系方式": "135****2014",
    "产品名称/型号": "C型传感器",
    "订单数量": "6个",
    DAY: "2024-06-25",
    "付款状态": "已付",
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, window=True).by("前台")
    made.intake(Path(shutil.copy(EXAMPLES / "messy-day.xlsx", made.files)), checked="none")
    return made


def mend(opened: Page, cells: Mapping[str, Mapping[str, Any]]) -> None:
    numbers = opened.column("订单编号")
    for serial, values in cells.items():
        for header, value in values.items():
            opened[numbers.index(f"202406-{serial}") + 1, header] = value


def states(office: Office) -> dict[str, str]:
    return {order["number"][-3:]: order["state"] for order in office.find(limit=100)}


def test_ledger_log_and_both_workbooks_agree_in_the_end(office: Office) -> None:
    copy = edited(office, lambda opened: mend(opened, HIS), copy="小李的.xlsx")

    def hers(opened: Page) -> None:
        mend(opened, HERS)
        opened.add(ANOTHER)

    edited(office, hers)
    first = synced(office.by("小周"))
    second = synced(office.by("小李"), copy)

    (conflict,) = second.json["conflicts"]
    assert (conflict["number"], conflict["ours"], conflict["theirs"]) == ("202406-010", "10", "20")
    assert first.exit_code == 0
    after = states(office)
    assert {serial for serial, state in after.items() if state == "flagged"} == {"013"}  # it looks like another's twin
    assert {serial for serial, state in after.items() if state == "checked"} == {"001", "002"}
    assert office.show("202406-014")["customer"] == "蓝湾幼儿园"

    for who, cells in (("小周", HERS), ("小李", HIS)):
        for serial in cells:
            said = [entry.actor for entry in office.log(f"202406-{serial}") if entry.command == "sync"]
            assert who in said or serial == "010"

    opened = page(office)
    questions = {row[1].value: row for row in opened.book["待定"].iter_rows(min_row=3)}
    assert questions["202406-013"][2].value == "疑似重复"
    questions["202406-010"][6].value = "采用表里的"
    questions["202406-013"][6].value = "不是重复，是两张"
    opened.save()
    assert synced(office.by("小周")).json["conflicts"] == []
    assert office.show("202406-010")["quantity"] == "20"
    assert "flagged" not in states(office).values()
    assert [entry.actor for entry in office.log("202406-013") if entry.change.kind == "distinct"] == ["小周"]
    assert "待定" not in page(office).book.sheetnames

    opened, his = page(office), Page(copy)
    numbers = opened.column("订单编号")
    for serial, values in {**HERS, **HIS}.items():
        row = numbers.index(f"202406-{serial}") + 1
        for header in values:
            shown = opened[row, header]
            assert str(shown).startswith(str(values[header]))
            if serial in HIS:
                assert str(his[row, header]).startswith(str(values[header]))
    assert synced(office.by("小李"), copy).edits == {}
    assert synced(office).nothing
    assert office.troubles() == {}
