"""The printable checklist of deliveries, and the open cases under their owners, as a person opens them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from desks import Office, a_row

from orderflow.flows.agenda import agenda
from orderflow.flows.feedback_sheets import cases_sheet, checklist_sheet
from orderflow.flows.queries import whole_orders
from orderflow.ledger import feedback
from orderflow.sheets.layout import WorkbookLayout
from orderflow.sheets.writer import write_workbook


def written(office: Office) -> openpyxl.Workbook:
    """Both sheets as they would stand in the desk's feedback workbook."""
    desk = office.desk
    with desk.ledger() as ledger, ledger.read() as book:
        complaining = whole_orders(desk, book, [case.number for case in feedback.open_cases(book)])
        sheets = [checklist_sheet(desk, agenda(desk, book, complaining)), cases_sheet(desk, complaining)]
    path = office.files / "sheets.xlsx"
    write_workbook(WorkbookLayout(sheets, desk.now.replace(tzinfo=None)), path)
    return openpyxl.load_workbook(path)


def lines(book: openpyxl.Workbook, sheet: str) -> list[list[object]]:
    return [[*row[1:]] for row in book[sheet].iter_rows(values_only=True)]  # the first column is hidden


def test_deliveries_are_listed_with_what_to_ask(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.take("a.xlsx", a_row(1, 交付日期="2024-06-12", 交付方式="送货"), a_row(2))
    hint, headers, row = lines(written(office.at("2024-06-11T09:00")), "交付前核对")
    assert "24 小时" in str(hint[0])
    told = dict(zip(headers, row, strict=True))
    assert (told["订单编号"], told["订单数量"], told["收货地址"]) == ("202406-001", "2台", "请问客户")
    assert (told["联系人员"], told["已核对"], told["约定时间"]) == ("订单处理专员", "□", None)


def test_open_cases_stand_under_their_owner_the_oldest_first(tmp_path: Path) -> None:
    office = Office(tmp_path)
    numbers = office.take("a.xlsx", *(a_row(nth) for nth in range(1, 4))).numbers
    office.at("2024-06-11T10:00").mark(*numbers, "delivered")
    for number, day, owner in zip(numbers, ("14", "12", "13"), ("小吴", "小吴", "小郑"), strict=True):
        office.at(f"2024-06-{day}T10:00").by(owner).mark(number, "complained", note="1台坏了")
    _, *page = lines(written(office.at("2024-06-20T12:00")), "未结售后")
    assert [row[0] for row in page[1:]] == ["小吴（2 件）", numbers[1], numbers[0], "小郑（1 件）", numbers[2]]
    days = page[0].index("天数")
    assert [row[days] for row in page[1:]] == [None, 8, 6, None, 7]
    assert "1台" in str(page[2][page[0].index("处理")])
