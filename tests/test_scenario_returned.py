"""The workbook that goes back: the clerk's own rows, numbered, what is doubtful coloured, each finding linked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from desks import EXAMPLES, Mended, Office, a_row
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.worksheet.worksheet import Worksheet

from orderflow.flows.queries import whole_order
from orderflow.records.errors import OrderflowError


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_clerks_own_file_is_never_written(office: Office) -> None:
    path = office.file("a.xlsx", [a_row(1), a_row(2, 付款状态="")])
    before = path.read_bytes(), path.stat().st_mtime_ns
    taken = office.intake(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert taken.checked == office.files / "a.checked.xlsx"


def test_columns_and_rows_stand_in_their_order_with_numbers_filled_in(office: Office) -> None:
    rows = [a_row(1, 业务组="一组"), a_row(2, 付款状态="", 业务组="=1+1"), a_row(3, 业务组="二组")]
    path = office.file("a.csv", [{"订单编号": "", **row} for row in rows])
    back = Mended(office.intake(path).checked)
    theirs = ["订单编号", *rows[0]]
    shown = [header for header in back.headers if header in theirs]
    assert shown == theirs
    assert [back[nth, "订单编号"].value for nth in (1, 2, 3)] == ["202406-001", "202406-002", "202406-003"]
    assert [back[nth, "客户名称"].value for nth in (1, 2, 3)] == [row["客户名称"] for row in rows]
    assert [back[nth, "业务组"].value for nth in (1, 2, 3)] == ["一组", "=1+1", "二组"]
    assert back[2, "业务组"].data_type == "s"
    assert back.page.column_dimensions["A"].hidden
    assert back.page.freeze_panes
    assert back.page.auto_filter.ref or back.page.tables


def test_a_doubtful_cell_is_coloured_and_says_what_to_write(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2, 交付日期="05/06/2024"))
    back = Mended(taken.checked)
    doubtful, fine = back[2, "交付日期"], back[1, "交付日期"]
    assert doubtful.fill.fgColor.rgb != fine.fill.fgColor.rgb
    assert "05/06/2024" in doubtful.comment.text
    assert taken.found("ambiguous-date")[0]["fix"] in doubtful.comment.text
    assert fine.comment is None
    assert back[2, "状态"].value == "异常"
    assert back[2, "异常说明"].value == "日期有几种读法"


def test_the_first_sheet_closes_and_links_every_finding_to_its_cell(office: Office) -> None:
    day = office.files / "day.xlsx"
    day.write_bytes((EXAMPLES / "messy-day.xlsx").read_bytes())
    taken = office.at("2024-06-10T18:00").intake(day)
    book = openpyxl.load_workbook(taken.checked)
    summary, page = book.worksheets[0], book.worksheets[1]
    words = [str(cell.value) for row in summary.iter_rows() for cell in row if cell.value is not None]
    assert any("读入 15 = " in line and "异常 11" in line and "拒收 1" in line for line in words)
    links = {cell.value: cell.hyperlink.location for row in summary.iter_rows() for cell in row if cell.hyperlink}
    assert links["6月10日!F7"] == "'6月10日'!H4"
    headers = [cell.value for cell in page[1]]
    for found in taken.json["findings"]:
        if found["severity"] == "anomaly" and found["cell"].isalnum() and not found["cell"].isdigit():
            place = str(links[f"{found['sheet']}!{found['cell']}"]).split("!")[1]
            column, row = coordinate_from_string(place)
            assert page.cell(row, 2).value == found["number"]
            assert headers[column_index_from_string(column) - 1]
            assert page[place].comment is not None


def test_none_is_written_where_none_is_wanted_and_elsewhere_where_a_path_is_given(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1, 付款状态=""), checked="none")
    assert taken.json["files"][0]["checked"] is None
    assert [path.name for path in office.files.iterdir()] == ["a.xlsx"]
    wanted = office.files / "给小周.xlsx"
    taken = office.take("b.xlsx", a_row(2), checked=str(wanted))
    assert (taken.checked, wanted.is_file()) == (wanted, True)
    with pytest.raises(OrderflowError) as refused:
        office.take("c.xlsx", a_row(3), checked="some")
    assert refused.value.code == "checked-choice"


def test_an_existing_one_is_never_replaced(office: Office) -> None:
    held = office.files / "a.checked.xlsx"
    held.write_bytes(b"mine")
    taken = office.take("a.xlsx", a_row(1))
    assert (taken.checked.name, held.read_bytes()) == ("a.checked-2.xlsx", b"mine")
    back = Mended(taken.checked)
    back[1, "订单数量"] = "8台"
    assert office.intake(back.save()).checked.name == "a.checked-3.xlsx"


def test_beyond_the_limit_only_rows_that_need_a_person_go_back_unless_all_are_asked_for(tmp_path: Path) -> None:
    office = Office(tmp_path, settings="[desk]\n[intake]\nchecked_rows = 3\n")
    rows = [a_row(nth, **({"付款状态": ""} if nth in (2, 5) else {})) for nth in range(1, 7)]
    few = Mended(office.take("a.xlsx", *rows).checked)
    assert [few[nth, "订单编号"].value for nth in (1, 2)] == ["202406-002", "202406-005"]
    assert few.page.max_row == 3
    few[1, "付款状态"] = "已付"
    mended = office.intake(few.save())
    assert (mended.outcomes, mended.numbers) == (["updated", "unchanged"], ["202406-002", "202406-005"])
    every = Mended(office.take("b.xlsx", *(a_row(nth) for nth in range(11, 17)), checked="full").checked)
    assert every.page.max_row == 7


def test_a_dirty_workbook_goes_back_as_it_was_typed(office: Office) -> None:
    day = office.files / "day.xlsx"
    day.write_bytes((EXAMPLES / "messy-day.xlsx").read_bytes())
    back = Mended(office.at("2024-06-10T18:00").intake(day).checked)
    assert [back[nth, "数量"].value for nth in (1, 2, 5)] == ["２台", "五百件", "12支*40"]
    assert [back[nth, "金额（元）"].value for nth in (1, 2)] == ["60,000.00", "¥40,000"]
    assert back[2, "交期"].value == "6月18日"


def test_two_sheets_go_back_as_two_sheets(office: Office) -> None:
    path = office.file("a.xlsx", [a_row(1)], sheet="线上")
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("门店")
    row = a_row(2, 付款状态="")
    second.append(list(row))
    second.append(list(row.values()))
    book.create_sheet("说明").append(["这里没有订单"])
    book.save(path)
    taken = office.intake(path)
    assert [file["sheet"] for file in taken.json["files"]] == ["线上", "门店"]
    assert taken.outcomes == ["new", "flagged"]
    returned = openpyxl.load_workbook(taken.checked)
    assert returned.sheetnames[1:] == ["线上", "门店"]
    place = next(c.hyperlink.location for row in returned.worksheets[0].iter_rows() for c in row if c.hyperlink)
    sheet, cell = str(place).split("!")
    page = returned[sheet.strip("'")]
    assert isinstance(page, Worksheet)
    assert page[cell].comment is not None
    again = Mended(taken.checked)
    again.page = returned.worksheets[2]
    again.book = returned
    again[1, "付款状态"] = "已付"
    mended = office.intake(again.save())
    assert (mended.outcomes, mended.exit_code) == (["unchanged", "updated"], 0)


def test_a_cell_of_the_clerks_own_column_that_was_emptied_is_empty(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1, 跟单人="小李", 仓位="A3"), a_row(2, 跟单人="小赵", 仓位="B1"))
    back = Mended(taken.checked)
    back[1, "跟单人"] = None
    again = office.intake(back.save())
    assert again.outcomes == ["updated", "unchanged"]
    first, second = (whole_order(office.desk, number).order.extra for number in taken.numbers)
    assert (first, second) == ({"仓位": "A3"}, {"跟单人": "小赵", "仓位": "B1"})
    assert office.log(taken.numbers[0])[-1].change.after["extra"] == {"仓位": "A3"}


def test_a_column_of_the_clerks_own_that_was_taken_out_changes_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1, 跟单人="小李"))
    back = Mended(taken.checked)
    back.page.delete_cols(back.column("跟单人"))
    back[1, "订单数量"] = "9台"
    assert office.intake(back.save()).outcomes == ["updated"]
    assert whole_order(office.desk, taken.numbers[0]).order.extra == {"跟单人": "小李"}
