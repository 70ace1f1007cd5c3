"""Files that come again: the same, renamed, overlapping, changed, or older than what a person has corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from desks import Mended, Office, a_row
from openpyxl import load_workbook


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url)


def exported(nth: int, **changed: Any) -> dict[str, Any]:
    """A row as the shop's system exports it, with its own number."""
    return a_row(nth, 来源单号=f"DD{nth:04d}", **changed)


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    first = office.take("a.xlsx", a_row(1), a_row(2))
    before = len(office.log())
    again = office.at("2024-06-10T10:00").intake(office.files / "a.xlsx")
    assert (again.exit_code, again.json["run"], again.outcomes) == (0, None, ["duplicate"] * 2)
    assert (again.numbers, again.codes) == (first.numbers, ["duplicate-file"])
    assert len(office.log()) == before


def on_two_sheets(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The workbook with a second sheet of these rows: those of the first are in the ledger when their turn comes."""
    book = load_workbook(path)
    page = book.create_sheet("下旬")
    for line in (list(rows[0]), *(list(row.values()) for row in rows)):
        page.append(line)
    book.save(path)
    return path


def test_a_desks_first_file_is_told_apart_as_any_other_though_the_ledger_knows_nothing_of_it(tmp_path: Path) -> None:
    first = [a_row(nth, 订单编号="202406-900" if nth == 7 else "") for nth in range(10)]
    again = [first[1], {**first[2], "订单数量": "77台"}, {**first[3], "订单编号": "202406-003"}, first[7]]
    again += [{**a_row(8), "订单编号": "202406-900"}, {**a_row(901), "订单编号": "202406-901"}]
    said = []
    for name in ("new", "old"):
        office = Office(tmp_path / name, f"sqlite:///{tmp_path / name}.db")
        if name == "old":
            office.take("before.csv", a_row(902, 接单时间="2024-05-06 08:30"))
        taken = office.intake(on_two_sheets(office.file("orders.xlsx", first), again))
        said.append((taken.outcomes, taken.numbers, taken.codes))
    assert said[0] == said[1]
    assert said[0][0][-6:] == ["duplicate", "flagged", "duplicate", "duplicate", "duplicate", "flagged"]


def test_the_same_file_under_another_name_changes_nothing(office: Office) -> None:
    first = office.take("a.xlsx", a_row(1))
    renamed = office.files / "副本.xlsx"
    renamed.write_bytes((office.files / "a.xlsx").read_bytes())
    again = office.intake(renamed)
    assert (again.exit_code, again.outcomes, again.numbers) == (0, ["duplicate"], first.numbers)


def test_the_same_rows_saved_again_are_left(office: Office) -> None:
    first = office.take("a.xlsx", a_row(1), a_row(2))
    again = office.take("a2.csv", a_row(2), a_row(1))
    assert (again.outcomes, again.numbers) == (["unchanged"] * 2, first.numbers[::-1])
    assert (again.exit_code, office.troubles()) == (0, {})


def test_an_overlapping_export_brings_only_its_new_rows(office: Office) -> None:
    first = office.take("a.xlsx", exported(1), exported(2))
    second = office.take("b.xlsx", exported(2), exported(3))
    assert (second.outcomes, second.numbers) == (["unchanged", "new"], [first.numbers[1], "202406-003"])


def test_a_changed_payment_updates_the_order_and_its_history_has_both(office: Office) -> None:
    first = office.take("a.xlsx", exported(1, 付款状态="未付"), exported(2))
    second = office.take("b.xlsx", exported(1, 付款状态="已付"), exported(2))
    assert (second.exit_code, second.outcomes) == (0, ["updated", "unchanged"])
    assert office.show(first.numbers[0])["payment"] == "paid"
    change = office.log(first.numbers[0])[-1]
    assert (change.change.before["payment"], change.change.after["payment"]) == ("unpaid", "paid")
    assert (change.file, change.change.sheet_row, change.columns["payment"]) == ("b.xlsx", 2, 7)


def corrected(office: Office, **mend: Any) -> str:
    """An order from an export that a clerk has corrected in the workbook handed back."""
    taken = office.take("a.xlsx", exported(1))
    back = Mended(taken.checked)
    for header, value in mend.items():
        back[1, header] = value
    assert office.intake(back.save()).outcomes == ["updated"]
    return taken.numbers[0]


def test_a_stale_export_does_not_revert_a_clerks_correction_and_asks_once(office: Office) -> None:
    number = corrected(office, 订单数量="9台")
    stale = office.take("b.xlsx", exported(1), exported(2))
    assert (stale.exit_code, stale.outcomes, stale.codes) == (1, ["unchanged", "new"], ["changed-by-person"])
    assert stale.found("changed-by-person")[0]["number"] == number
    assert stale.found("changed-by-person")[0]["value"] == "2"
    assert office.show(number)["quantity"] == "9"
    again = office.take("c.xlsx", exported(1), exported(3))
    assert (again.exit_code, again.outcomes, again.codes) == (0, ["unchanged", "new"], [])
    assert office.show(number)["quantity"] == "9"


def test_an_export_that_moves_on_beside_a_correction_asks_about_its_new_value(office: Office) -> None:
    number = corrected(office, 订单数量="9台")
    moved = office.take("b.xlsx", exported(1, 订单数量="12台", 付款状态="未付"))
    assert (moved.exit_code, moved.outcomes) == (1, ["updated"])
    assert moved.codes == ["changed-on-both-sides", "stock-unknown"]
    assert (office.show(number)["quantity"], office.show(number)["payment"]) == ("9", "unpaid")


def test_confirming_an_order_decides_what_a_stale_export_asked(office: Office) -> None:
    from orderflow.ledger import conflicts

    number = corrected(office, 订单数量="9台")
    office.take("b.xlsx", exported(1), exported(2))
    office.mark(number, "confirmed")
    with office.desk.ledger() as ledger, ledger.read() as book:
        assert conflicts.undecided(book, [number]) == []
    assert office.show(number)["quantity"] == "9"
    assert office.take("c.xlsx", exported(1), exported(3)).exit_code == 0


def test_a_blank_in_a_later_export_is_no_objection_to_what_a_person_supplied(office: Office) -> None:
    taken = office.take("a.xlsx", exported(1, 交付日期=""))
    assert taken.outcomes == ["flagged"]
    back = Mended(taken.checked)
    back[1, "交付日期"] = "2024-06-30"
    assert office.intake(back.save()).outcomes == ["updated"]
    later = office.take("b.xlsx", exported(1, 交付日期="", 付款状态="预付"))
    assert (later.exit_code, later.outcomes, later.codes) == (0, ["updated"], [])
    order = office.show(taken.numbers[0])
    assert (order["delivery_date"], order["payment"], order["state"]) == ("2024-06-30", "prepaid", "registered")


def test_a_blank_in_a_later_export_over_what_an_export_said_makes_it_missing(office: Office) -> None:
    taken = office.take("a.xlsx", exported(1))
    later = office.take("b.xlsx", exported(1, 交付日期=""))
    assert (later.exit_code, later.outcomes) == (1, ["updated"])
    assert office.show(taken.numbers[0])["reasons"] == ["missing-delivery-date"]


def test_a_second_occurrence_within_one_file_is_left_and_a_differing_one_asked(office: Office) -> None:
    taken = office.take("a.xlsx", exported(1), exported(1), exported(1, 付款状态="未付"))
    assert (taken.exit_code, taken.outcomes) == (1, ["new", "duplicate", "duplicate"])
    assert set(taken.numbers) == {"202406-001"}
    assert taken.found("duplicate-row-differs")[0]["sheet"] == "订单"
    assert "付款状态" in taken.found("duplicate-row-differs")[0]["message"]


def test_lines_of_one_purchase_are_separate_orders(office: Office) -> None:
    rows = [exported(1), exported(1, **{"产品名称/型号": "C型传感器"})]
    taken = office.take("a.xlsx", *rows)
    assert (taken.exit_code, taken.outcomes, len(set(taken.numbers))) == (0, ["new", "new"], 2)


def test_one_order_in_two_sheets_of_a_file_is_taken_once(office: Office) -> None:
    import openpyxl

    path = office.file("a.xlsx", [exported(1)])
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book.worksheets[0])
    copy.title = "第二张"
    book.save(path)
    taken = office.intake(path)
    assert (taken.outcomes, len(taken.json["files"])) == (["new", "duplicate"], 2)
    assert taken.numbers == ["202406-001"] * 2


def test_without_a_time_of_receipt_the_same_row_is_the_same_order_on_another_day(office: Office) -> None:
    first = office.take("a.xlsx", a_row(1, 接单时间=None), exported(2, 接单时间=""))
    tomorrow = office.at("2024-06-11T09:00")
    paid = exported(2, 接单时间="", 付款状态="预付")
    again = tomorrow.take("b.xlsx", a_row(1, 接单时间=None), paid, a_row(3, 接单时间=""))
    assert again.outcomes == ["unchanged", "updated", "new"]
    assert again.numbers[:2] == first.numbers
    assert [office.show(number)["received_at"][:10] for number in again.numbers] == [
        "2024-06-10",
        "2024-06-10",
        "2024-06-11",
    ]


def test_a_day_of_receipt_does_not_wipe_out_the_time_that_is_known(office: Office) -> None:
    first = office.take("a.xlsx", exported(1, 接单时间="2024-06-10"))
    later = office.at("2024-06-11T09:00").take("b.xlsx", exported(1, 接单时间="2024-06-10", 付款状态="预付"))
    assert later.outcomes == ["updated"]
    assert office.show(first.numbers[0])["received_at"] == "2024-06-10T09:00:00+08:00"


def test_columns_that_people_add_are_kept_as_they_change(office: Office) -> None:
    from orderflow.flows.queries import whole_order

    taken = office.take("a.xlsx", exported(1, 业务组="一组", 批次="7"))
    back = Mended(taken.checked)
    back[1, "业务组"] = "二组"
    assert office.intake(back.save()).outcomes == ["updated"]
    later = office.take("b.xlsx", exported(1, 业务组="一组", 批次="8"))
    assert later.outcomes == ["updated"]
    assert whole_order(office.desk, taken.numbers[0]).order.extra == {"业务组": "二组", "批次": "8"}
