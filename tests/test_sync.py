"""`sync`: what people change in registration.xlsx, or in copies of it, goes into the ledger, and nothing gets lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desks import Office, a_row
from windows import NAME, Page, edited, page, put, synced


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, window=True)
    made.take("a.xlsx", a_row(1), a_row(2, 交付日期="05/06/2024"), a_row(3, 订单来源="天猫", 付款状态=""))
    return made


def test_the_workbook_bears_hidden_keys_a_hidden_sheet_and_what_is_asked_at_its_cell(office: Office) -> None:
    opened = page(office)
    assert opened.sheet.column_dimensions["A"].hidden
    assert [sheet.sheet_state for sheet in opened.book.worksheets] == ["visible", "visible", "veryHidden"]
    assert "2024-05-06" in opened.at(2, "交付日期").comment.text
    assert opened[2, "交付日期"] == "05/06/2024"
    assert "付款状态" in opened.at(3, "付款状态").comment.text
    shaded, plain = opened.at(1, "状态").fill.fgColor.rgb, opened.at(1, "备注(特殊需求)").fill.fgColor.rgb
    assert shaded != plain
    assert opened[3, "订单来源"] == "天猫"


def test_saving_it_unchanged_changes_nothing_and_it_is_not_written_again(office: Office) -> None:
    saved = page(office).save()
    before = saved.read_bytes()
    assert synced(office).nothing
    assert saved.read_bytes() == before
    assert synced(office).nothing


def test_mended_cells_checks_and_new_rows_do_what_intake_and_mark_would_have_done(office: Office) -> None:
    def mend(opened: Page) -> None:
        opened[1, "核对人"] = "老王"
        opened[2, "交付日期"] = "2024-06-20"
        opened[3, "付款状态"] = "已付"
        opened.add(a_row(4))

    edited(office, mend)
    said = synced(office.by("老王"))
    assert said.exit_code == 0
    assert said.edits["202406-002", "delivery_date"] == "2024-06-20"
    assert [office.show(f"202406-00{n}")["state"] for n in (1, 2, 3, 4)] == [
        "checked",
        "registered",
        "registered",
        "registered",
    ]
    assert office.log("202406-002")[-1].actor == "老王"
    opened = page(office)
    assert opened.column("订单编号") == [f"202406-00{n}" for n in (1, 2, 3, 4)]
    assert opened.at(2, "交付日期").comment is None
    assert synced(office).nothing
    assert office.troubles() == {}


def test_who_saved_the_workbook_last_stands_in_the_log(office: Office) -> None:
    opened = page(office)
    opened.book.properties.lastModifiedBy = "前台电脑"
    opened[1, "备注(特殊需求)"] = "送到后门"
    opened.save()
    (change,) = synced(office.by("小李")).json["changes"]
    assert (change["owner"], change["saved_by"], change["file"]) == ("小李", "前台电脑", NAME)
    assert change["values"][0]["cell"] == "K2"


def test_rows_may_be_sorted_hidden_and_columns_moved_added_and_removed(office: Office) -> None:
    def shuffle(opened: Page) -> None:
        rows = [[cell.value for cell in row] for row in opened.sheet.iter_rows(min_row=2)]
        opened.sheet.delete_rows(2, 3)
        for row in reversed(rows):
            opened.sheet.append(row)
        opened.sheet.row_dimensions[2].hidden = True
        opened.sheet.insert_cols(3)
        opened.sheet.delete_cols(opened.headers.index("客户等级") + 1)
        opened.sheet.title = "六月"

    edited(office, shuffle)
    assert synced(office).nothing


def test_a_header_in_another_language_is_the_same_column(office: Office) -> None:
    def translate(opened: Page) -> None:
        opened.at(0, "备注(特殊需求)").value = "Remark (special request)"
        opened[1, "Remark (special request)"] = "fragile"

    edited(office, translate)
    assert synced(office).edits["202406-001", "remark"] == "fragile"


def test_rows_sorted_without_their_keys_stay_who_they_are(office: Office) -> None:
    def part(opened: Page) -> None:
        one, two = ([cell.value for cell in opened.sheet[row]][1:] for row in (2, 3))
        for column, (first, second) in enumerate(zip(one, two, strict=True), 2):
            opened.sheet.cell(2, column).value, opened.sheet.cell(3, column).value = second, first
        opened[1, "备注(特殊需求)"] = "这是第二单"

    edited(office, part)
    said = synced(office)
    assert said.edits == {("202406-002", "remark"): "这是第二单"}
    assert "computed-cell-changed" not in said.codes
    assert page(office).column("客户名称") == ["潮汐贸易", "麦田学校", "太岭机械厂"]


def test_a_copied_row_without_its_number_is_a_new_order(office: Office) -> None:
    def copy(opened: Page) -> None:
        opened.sheet.append([cell.value for cell in opened.sheet[2]])
        opened[4, "订单编号"], opened[4, "交付日期"], opened[4, "订单数量"] = None, "2024-07-09", "1台"

    edited(office, copy)
    synced(office)
    assert office.show("202406-004")["delivery_date"] == "2024-07-09"
    assert office.show("202406-001")["delivery_date"] == "2024-06-28"


def test_a_copied_row_that_keeps_its_number_is_asked_about_and_kept_as_typed(office: Office) -> None:
    def copy(opened: Page) -> None:
        opened.sheet.append([cell.value for cell in opened.sheet[2]])
        opened[4, "订单数量"] = "77台"

    edited(office, copy)
    said = synced(office)
    assert (said.exit_code, said.codes) == (1, ["duplicate-row-differs"])
    assert office.show("202406-001")["quantity"] == "2"
    assert page(office)[4, "订单数量"] == "77台"
    assert page(office).at(4, "订单编号").comment is not None
    opened = page(office)
    opened.sheet.delete_rows(5)
    opened.save()
    synced(office)
    assert page(office).sheet.max_row == 4


def test_a_row_that_says_nothing_of_an_order_stays_where_it_was_typed(office: Office) -> None:
    edited(office, lambda opened: opened.add({"备注(特殊需求)": "周五前给答复"}))
    assert synced(office).codes == ["row-says-nothing"]
    assert page(office)[4, "备注(特殊需求)"] == "周五前给答复"
    office.take("b.xlsx", a_row(5))
    assert page(office).column("备注(特殊需求)")[-1] == "周五前给答复"


def test_a_removed_row_is_reported_and_comes_back(office: Office) -> None:
    edited(office, lambda opened: opened.sheet.delete_rows(3))
    said = synced(office)
    assert said.codes == ["row-removed"]
    assert "202406-002" in said.json["findings"][0]["message"]
    assert page(office).column("订单编号") == [f"202406-00{n}" for n in (1, 2, 3)]


def test_a_bad_cell_keeps_its_text_marked_and_the_good_ones_beside_it_go_in(office: Office) -> None:
    def change(opened: Page) -> None:
        opened[1, "交付日期"], opened[1, "联系人"] = "07/08/2024", "*主任"

    edited(office, change)
    said = synced(office)
    assert (said.exit_code, said.codes) == (1, ["ambiguous-date"])
    assert office.show("202406-001")["contact_person"] == "*主任"
    assert page(office)[1, "交付日期"] == "07/08/2024"
    assert page(office).at(1, "交付日期").comment is not None


def test_an_edit_of_a_computed_cell_is_said_and_put_back(office: Office) -> None:
    edited(office, put(1, "状态", "已核对"))
    said = synced(office)
    assert (said.codes, said.json["run"]) == (["computed-cell-changed"], None)
    assert page(office)[1, "状态"] == "已登记"


def test_what_both_sides_changed_is_put_before_a_person_who_picks_one(office: Office) -> None:
    mine = edited(office, put(1, "订单数量", "8台"), copy="甲.xlsx")
    yours = edited(office, put(1, "订单数量", "9台"), copy="乙.xlsx")
    bytes_before = yours.read_bytes()
    assert synced(office, mine).exit_code == 0
    said = synced(office.by("老王"), yours)
    assert said.exit_code == 1
    (conflict,) = said.json["conflicts"]
    assert (conflict["number"], conflict["field"], conflict["base"]) == ("202406-001", "quantity", "2")
    assert (conflict["ours"], conflict["theirs"]) == ("8", "9")
    assert yours.read_bytes() == bytes_before
    assert "9" in page(office).at(1, "订单数量").comment.text
    assert synced(office, yours).edits == {}
    opened = page(office)
    opened.book["待定"].cell(3, 7).value = "采用表里的"
    opened.save()
    assert synced(office.by("小李")).json["conflicts"] == []
    assert office.show("202406-001")["quantity"] == "9"
    assert "待定" not in page(office).book.sheetnames


def test_a_conflict_may_be_decided_for_the_ledger(office: Office) -> None:
    copies = [edited(office, put(1, "订单数量", f"{n}台"), copy=f"{n}.xlsx") for n in (8, 9)]
    for copy in copies:
        synced(office, copy)
    opened = page(office)
    opened.book["待定"].cell(3, 7).value = "保留台账"
    opened.save()
    said = synced(office)
    assert (said.exit_code, office.show("202406-001")["quantity"]) == (0, "8")


def test_a_copy_weeks_old_changes_only_what_was_changed_in_it(office: Office) -> None:
    old = edited(office, put(1, "联系人", "*主任"), copy="旧的登记表.xlsx")
    edited(office, put(1, "订单数量", "6台"))
    synced(office)
    later = office.at("2024-07-05T10:00")
    later.take("b.xlsx", a_row(7))
    said = synced(later, old)
    assert said.edits == {("202406-001", "contact_person"): "*主任"}
    assert office.show("202406-001")["quantity"] == "6"


def test_copies_of_several_departments_are_taken_together(office: Office) -> None:
    sales = edited(office, put(1, "联系人", "*主任"), copy="销售.xlsx")
    logistics = edited(office, put(1, "收货地址", "湖滨路*号"), copy="物流.xlsx")
    production = edited(office, put(2, "交付日期", "2024-06-20"), copy="生产.xlsx")
    said = synced(office, sales, logistics, production)
    assert said.exit_code == 0
    assert said.edits["202406-001", "contact_person"] == "*主任"
    assert said.edits["202406-001", "address"] == "湖滨路*号"
    assert said.edits["202406-002", "delivery_date"] == "2024-06-20"
    assert {(c["file"], c["number"]) for c in said.json["changes"]} == {
        ("销售.xlsx", "202406-001"),
        ("物流.xlsx", "202406-001"),
        ("生产.xlsx", "202406-002"),
    }
    assert page(office).column("联系人")[0] == "*主任"


def test_a_header_that_was_renamed_takes_nothing_from_the_desk_s_column(office: Office) -> None:
    edited(office, put(1, "备注(特殊需求)", "送到后门"))
    synced(office)

    def rename(opened: Page) -> None:
        opened.at(0, "备注(特殊需求)").value = "给小李看的"

    edited(office, rename)
    synced(office)
    opened = page(office)
    assert (opened[1, "备注(特殊需求)"], opened[1, "给小李看的"]) == ("送到后门", "送到后门")
    assert office.show("202406-001")["remark"] == "送到后门"


def test_a_formula_that_nobody_calculated_is_asked_about_and_kept_as_it_was_typed(office: Office) -> None:
    edited(office, put(1, "订单数量", "=2*4"))
    said = synced(office)
    assert (said.exit_code, said.codes) == (1, ["formula-not-calculated"])
    assert page(office)[1, "订单数量"] == "=2*4"


def test_columns_that_people_add_stay_with_their_rows(office: Office) -> None:
    def extend(opened: Page) -> None:
        opened.sheet.cell(1, len(opened.headers) + 1).value = "业务组"
        opened[1, "业务组"], opened[3, "业务组"] = "一组", "二组"

    edited(office, extend)
    synced(office)
    office.take("b.xlsx", a_row(5))
    assert page(office).column("业务组") == ["一组", None, "二组", None]
    edited(office, put(1, "业务组", None))
    synced(office)
    assert page(office).column("业务组") == [None, None, "二组", None]
    assert synced(office).nothing


def test_undo_takes_a_sync_back_and_the_workbook_with_it(office: Office) -> None:
    def change(opened: Page) -> None:
        opened[1, "联系人"] = "*主任"
        opened.add(a_row(4))

    edited(office, change)
    run = synced(office).json["run"]
    office.undo(run)
    assert office.show("202406-001")["contact_person"] == "*经理"
    assert page(office).column("联系人")[0] == "*经理"
    assert page(office).column("订单编号") == [f"202406-00{n}" for n in (1, 2, 3)]
    assert office.troubles() == {}


@pytest.mark.parametrize("lock", ["~${}", ".~{}", ".~lock.{}#"])
def test_a_workbook_that_is_open_is_left_and_the_next_run_takes_and_writes_it(office: Office, lock: str) -> None:
    edited(office, put(1, "联系人", "*主任"))
    before = (office.desk.path / NAME).read_bytes()
    held = office.desk.path / lock.format(NAME)
    held.write_bytes(b"")
    assert synced(office).codes == ["workbook-open"]
    taken = office.take("b.xlsx", a_row(5))
    assert "workbook-open" in taken.codes
    assert (office.desk.path / NAME).read_bytes() == before
    held.unlink()
    assert synced(office).edits == {("202406-001", "contact_person"): "*主任"}
    assert len(page(office).column("订单编号")) == 4


def test_intake_does_not_write_over_edits_that_are_not_taken_in_yet(office: Office) -> None:
    edited(office, put(1, "联系人", "*主任"))
    assert "workbook-edited" in office.take("b.xlsx", a_row(5)).codes
    assert page(office)[1, "联系人"] == "*主任"
    assert synced(office).edits == {("202406-001", "contact_person"): "*主任"}
    assert len(page(office).column("订单编号")) == 4


def test_a_half_saved_file_waits(office: Office) -> None:
    whole = edited(office, put(1, "联系人", "*主任")).read_bytes()
    path = office.desk.path / NAME
    path.write_bytes(whole[: len(whole) // 2])
    said = synced(office)
    assert (said.exit_code, said.codes, said.json["run"]) == (1, ["file-damaged"], None)
    assert path.read_bytes() == whole[: len(whole) // 2]
    path.write_bytes(whole)
    assert synced(office).edits == {("202406-001", "contact_person"): "*主任"}


def test_the_workbook_of_another_desk_is_refused(office: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "other", window=True)
    other.take("a.xlsx", a_row(1), a_row(2), a_row(3))
    copy = shutil.copy(other.desk.path / NAME, office.files / "别处.xlsx")
    said = synced(office, copy)
    assert (said.codes, said.json["run"]) == (["other-desk"], None)


def test_orders_typed_into_the_blank_workbook_are_registered(tmp_path: Path) -> None:
    office = Office(tmp_path, window=True)
    office.file("empty.xlsx", [a_row(1), a_row(2)]).rename(office.desk.path / NAME)
    assert len(synced(office).json["changes"]) == 2
    assert page(office).column("订单编号") == ["202406-001", "202406-002"]


def test_it_works_alike_on_both_databases(ledger_url: str, tmp_path: Path) -> None:
    office = Office(tmp_path / "office", ledger=ledger_url, window=True)
    office.take("a.xlsx", a_row(1), a_row(2))
    copies = [edited(office, put(1, "订单数量", f"{n}台"), copy=f"{n}.xlsx") for n in (8, 9)]
    edited(office, put(2, "联系人", "*主任"))
    assert synced(office).edits == {("202406-002", "contact_person"): "*主任"}
    assert [len(synced(office, copy).json["conflicts"]) for copy in copies] == [0, 1]
    office.undo()
    assert office.troubles() == {}
