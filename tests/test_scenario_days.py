"""Whole days at a desk: the seed's rows, a clean day, a messy one, a platform's export."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import EXAMPLES, Office, examples_in


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path).at("2024-06-10T18:00")


def test_the_seed_rows_are_stored_with_their_own_numbers_and_explained(office: Office) -> None:
    taken = office.intake(EXAMPLES / "registration.xlsx", checked="none")
    assert list(zip(taken.numbers, taken.outcomes, strict=True)) == [("202405-001", "flagged"), ("202405-002", "new")]
    assert taken.grave == ["custom-without-parameter"]
    assert taken.found("custom-without-parameter")[0]["cell"] == "J2"
    assert taken.exit_code == 1
    first, second = office.show("202405-001"), office.show("202405-002")
    assert (first["state"], first["customer"], first["contact_person"]) == ("flagged", "*科技公司", "*经理")
    assert (first["product"], first["quantity"], first["unit"]) == ("A型设备-2024款", "5", "台")
    assert (first["delivery_date"], first["source"], first["payment"]) == ("2024-05-20", "platform", "paid")
    assert (first["remark"], first["reasons"]) == ("需定制LOGO", ["custom-without-parameter"])
    assert (second["contact"], second["source"], second["payment"]) == ("1395678", "direct", "unpaid")
    assert (second["state"], second["remark"]) == ("registered", "加急订单")
    assert {order["number"] for order in office.find(words="A型设备")} == {"202405-001"}
    registered = office.log("202405-001")[0]
    assert (registered.file, registered.sheet) == ("registration.xlsx", "订单信息登记表")
    assert (registered.change.sheet_row, registered.change.kind) == (2, "registered")
    assert registered.actor == "小周"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("priority", "订单优先级判定表"), ("progress", "订单执行进度跟踪表"), ("feedback", "客户反馈记录表")],
)
def test_another_of_the_desks_workbooks_is_named_as_what_it_is(name: str, kind: str, tmp_path: Path) -> None:
    from orderflow.records.errors import OrderflowError

    office = Office(tmp_path)
    with pytest.raises(OrderflowError) as refused:
        office.intake(EXAMPLES / f"{name}.xlsx")
    assert (refused.value.code, refused.value.params["kind"]) == ("other-workbook", kind)
    assert office.find() == []


def test_a_folder_of_examples_closes_and_tells_what_it_left_out(office: Office, tmp_path: Path) -> None:
    taken = office.intake(examples_in(tmp_path), checked="none")
    assert {Path(file["path"]).name: file["read"] for file in taken.json["files"]} == {
        "clean-day.xlsx": 8,
        "messy-day.xlsx": 15,
        "platform-gb18030.csv": 4,
        "registration.xlsx": 2,
    }
    assert {Path(found["file"]).name for found in taken.found("other-workbook")} == {
        "priority.xlsx",
        "progress.xlsx",
        "feedback.xlsx",
        "feedback-june.xlsx",
        "survey-wenjuanxing.xlsx",
        "survey-tencent.csv",
        "survey-form.csv",
    }
    assert office.troubles() == {}


def test_a_clean_day_has_nothing_to_object_to(office: Office) -> None:
    taken = office.intake(EXAMPLES / "clean-day.xlsx", checked="none")
    assert (taken.exit_code, taken.outcomes, taken.grave) == (0, ["new"] * 8, [])
    assert taken.numbers == [f"202406-{nth:03d}" for nth in range(1, 9)]


def test_a_messy_day_is_told_row_by_row(office: Office) -> None:
    taken = office.intake(EXAMPLES / "messy-day.xlsx", checked="none")
    told = {row["row"]: (row["outcome"], row["reasons"]) for row in taken.json["orders"]}
    assert told == {
        5: ("new", []),
        6: ("new", []),
        7: ("flagged", ["missing-delivery-date"]),
        8: ("flagged", ["ambiguous-date"]),
        9: ("flagged", ["several-quantities"]),
        10: ("flagged", ["missing-contact"]),
        11: ("flagged", ["custom-without-parameter"]),
        12: ("flagged", ["custom-without-parameter", "custom-vague"]),
        14: ("flagged", ["delivery-before-receipt"]),
        15: ("flagged", ["quantity-not-positive"]),
        16: ("flagged", ["rush-date-not-urgent"]),
        17: ("flagged", ["unknown-choice", "amount-implausible"]),
        18: ("flagged", ["possible-duplicate"]),
        19: ("duplicate", []),
        20: ("rejected", []),
    }
    assert taken.json["files"][0]["skipped"] == [
        {"row": 13, "kind": "header"},
        {"row": 21, "kind": "total"},
        {"row": 22, "kind": "note"},
    ]
    first, second = office.show(taken.numbers[0]), office.show(taken.numbers[1])
    assert (first["quantity"], first["unit"], first["delivery_date"], first["amount"]) == ("2", "台", "2024-06-24", "6")
    assert (second["quantity"], second["delivery_date"], second["payment"]) == ("500", "2024-06-18", "prepaid")


def test_a_platforms_export_keeps_its_own_long_numbers(office: Office) -> None:
    taken = office.intake(EXAMPLES / "platform-gb18030.csv", checked="none")
    assert taken.outcomes == ["new", "new", "new", "flagged"]
    assert [office.show(number)["external_number"] for number in taken.numbers] == [
        f"38622011755400123{nth:02d}" for nth in range(1, 5)
    ]
    assert taken.json["orders"][3]["reasons"] == ["missing-delivery-date"]
    assert taken.found("number-read-as-external")
