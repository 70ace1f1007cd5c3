"""The workbook handed back comes in again: mended, sorted, copied from, its numbers edited, deleted or swapped."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import EXAMPLES, Answered, Mended, Office, a_row


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def taken(office: Office) -> Answered:
    """Three orders: one complete, one without a date, one without date and payment."""
    rows = [a_row(1), a_row(2, 交付日期=""), a_row(3, 交付日期="", 付款状态="")]
    taken = office.take("a.xlsx", *rows)
    assert taken.outcomes == ["new", "flagged", "flagged"]
    return taken


def unharmed(office: Office, taken: Answered) -> None:
    """The three orders still say what they said."""
    customers = [office.show(number)["customer"] for number in taken.numbers]
    assert customers == [a_row(nth)["客户名称"] for nth in (1, 2, 3)]
    assert office.troubles() == {}


def test_what_was_mended_is_updated_and_the_rest_left(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back[2, "交付日期"] = "2024-06-30"
    back[3, "交付日期"] = "2024-07-01"
    again = office.at("2024-06-10T09:40").intake(back.save())
    assert (again.exit_code, again.outcomes, again.numbers) == (
        1,
        ["unchanged", "updated", "updated"],
        taken.numbers,
    )
    whole, partly = office.show(taken.numbers[1]), office.show(taken.numbers[2])
    assert (whole["state"], whole["reasons"], whole["delivery_date"]) == ("registered", [], "2024-06-30")
    assert (partly["state"], partly["reasons"]) == ("flagged", ["missing-payment"])
    change = office.log(taken.numbers[1])[-1]
    assert (change.change.kind, change.file, change.actor) == ("edited", "a.checked.xlsx", "小周")
    back = Mended(again.checked)
    back[3, "付款状态"] = "未付"
    last = office.intake(back.save())
    assert (last.exit_code, last.outcomes) == (0, ["unchanged", "unchanged", "updated"])
    assert office.show(taken.numbers[2])["state"] == "registered"
    unharmed(office, taken)


def test_mended_reasons_are_closed_as_mended(office: Office, taken: Answered) -> None:
    from orderflow.ledger import anomalies

    back = Mended(taken.checked)
    back[2, "交付日期"] = "2024-06-30"
    office.intake(back.save())
    with office.desk.ledger() as ledger, ledger.read() as book:
        closed = anomalies.of_orders(book, [taken.numbers[1]])[taken.numbers[1]]
    assert [(reason.code, reason.how) for reason in closed] == [("missing-delivery-date", "mended")]


def test_a_messy_days_workbook_mended_leaves_what_was_not(office: Office) -> None:
    office = office.at("2024-06-10T18:00")
    day = office.files / "day.xlsx"
    day.write_bytes((EXAMPLES / "messy-day.xlsx").read_bytes())
    taken = office.intake(day)
    back = Mended(taken.checked)
    row_of = {row["row"]: nth for nth, row in enumerate(taken.json["orders"], 1)}
    back[row_of[7], "交期"] = "2024-06-25"
    back[row_of[8], "交期"] = "2024-07-05"
    back[row_of[9], "数量"] = "480支"
    back[row_of[11], "备注"] = "定制LOGO，正面丝印，白色，3cm"
    back[row_of[17], "付款状态"] = "预付"
    again = office.intake(back.save())
    rows = [row for row in again.json["orders"] if row["outcome"] != "duplicate"]
    outcome = {row["number"]: (row["outcome"], row["reasons"]) for row in rows}
    assert again.codes.count("duplicate-row-differs") == 0
    number = {row["row"]: row["number"] for row in taken.json["orders"]}
    assert outcome[number[5]] == ("unchanged", [])
    assert [outcome[number[row]] for row in (7, 8, 9, 11)] == [("updated", [])] * 4
    assert outcome[number[17]] == ("updated", ["amount-implausible"])
    assert outcome[number[14]] == ("unchanged", ["delivery-before-receipt"])
    assert office.show(number[9])["quantity"] == "480"
    assert office.troubles() == {}


def test_a_row_that_the_clerk_adds_is_a_new_order(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back.add(a_row(4))
    again = office.intake(back.save())
    assert again.outcomes == ["unchanged"] * 3 + ["new"]
    assert again.numbers[3] == "202406-004"


def test_rows_deleted_or_sorted_change_nothing(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back.page.delete_rows(3)
    gone = office.intake(back.save("less.xlsx"))
    assert gone.outcomes == ["unchanged"] * 2
    back = Mended(taken.checked)
    back.sort(lambda row: str(row[2]))
    assert office.intake(back.save("sorted.xlsx")).outcomes == ["unchanged"] * 3
    assert [order["state"] for order in office.find()] == ["flagged", "flagged", "registered"]
    unharmed(office, taken)


@pytest.mark.parametrize("mended", [False, True])
def test_swapped_numbers_are_noticed_by_what_the_rows_say(office: Office, taken: Answered, mended: bool) -> None:
    back = Mended(taken.checked)
    back[1, "订单编号"], back[2, "订单编号"] = taken.numbers[1], taken.numbers[0]
    if mended:
        back[2, "交付日期"] = "2024-06-30"
    again = office.intake(back.save())
    assert again.numbers == taken.numbers
    assert again.outcomes == ["unchanged", "updated" if mended else "unchanged", "unchanged"]
    assert len(again.found("number-swapped")) == 2
    unharmed(office, taken)


def test_an_edited_or_deleted_number_is_noticed(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back[1, "订单编号"] = "202406-123"
    back[2, "订单编号"] = None
    back[2, "交付日期"] = "2024-06-30"
    again = office.intake(back.save())
    assert (again.outcomes, again.numbers) == (["unchanged", "updated", "unchanged"], taken.numbers)
    assert again.found("number-changed")[0]["number"] == taken.numbers[0]
    assert again.found("number-removed")[0]["number"] == taken.numbers[1]
    unharmed(office, taken)
    assert office.take("next.xlsx", a_row(7)).outcomes == ["new"]
    assert office.troubles() == {}


def test_without_the_hidden_column_rows_are_known_by_number_and_content(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back.page.delete_cols(back.column("_orderflow"))
    back[2, "交付日期"] = "2024-06-30"
    again = office.intake(back.save())
    assert (again.outcomes, again.numbers) == (["unchanged", "updated", "unchanged"], taken.numbers)
    unharmed(office, taken)


def test_without_the_hidden_column_swapped_numbers_update_no_other_order(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back.page.delete_cols(back.column("_orderflow"))
    back[1, "订单编号"], back[2, "订单编号"] = taken.numbers[1], taken.numbers[0]
    back[2, "交付日期"] = "2024-06-30"
    again = office.intake(back.save())
    assert (again.numbers, again.outcomes) == (taken.numbers, ["unchanged", "updated", "unchanged"])
    assert len(again.found("number-swapped")) == 2
    unharmed(office, taken)


def test_a_row_copied_with_its_hidden_key_and_written_over_is_another_order(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    copied = {header: back[1, header].value for header in back.headers}
    back.add(copied | a_row(5, **{"产品名称/型号": "C型传感器"}))
    again = office.intake(back.save())
    assert again.outcomes == ["unchanged"] * 3 + ["flagged"]
    assert again.numbers[3] == "202406-004"
    assert again.grave == ["missing-delivery-date", "missing-payment", "number-of-another-order"]
    assert office.show("202406-004")["customer"] == a_row(5)["客户名称"]
    unharmed(office, taken)
    office.mark("202406-004", "confirmed")
    assert office.show("202406-004")["state"] == "registered"


def test_a_copied_row_above_its_original_does_not_take_its_place(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    copied = {header: back[1, header].value for header in back.headers}
    back.page.insert_rows(2)
    for header, value in (copied | {"订单数量": "77台", "产品名称/型号": "A型设备-2024款"}).items():
        back[1, header] = value
    again = office.intake(back.save())
    assert again.outcomes == ["duplicate", "unchanged", "unchanged", "unchanged"]
    assert (again.exit_code, len(again.found("duplicate-row-differs"))) == (1, 1)
    assert office.show(taken.numbers[0])["quantity"] == "2"
    unharmed(office, taken)


def test_saved_as_csv_it_still_updates_what_it_should(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back[2, "交付日期"] = "2024-06-30"
    again = office.intake(back.as_csv("a.checked.csv"))
    assert (again.outcomes, again.numbers) == (["unchanged", "updated", "unchanged"], taken.numbers)
    unharmed(office, taken)


def test_a_copy_handed_in_twice_is_left_the_second_time(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back[2, "交付日期"] = "2024-06-30"
    assert office.intake(back.save("x.xlsx")).outcomes[1] == "updated"
    back.book.properties.title = "another save"
    again = office.intake(back.save("y.xlsx"))
    assert (again.outcomes, again.codes.count("changed-by-person")) == (["unchanged"] * 3, 0)


def test_an_old_copy_keeps_what_changed_since_and_asks_where_both_moved(office: Office, taken: Answered) -> None:
    old = Mended(taken.checked)
    newer = Mended(taken.checked)
    newer[1, "订单数量"] = "7台"
    newer[2, "交付日期"] = "2024-06-30"
    assert office.intake(newer.save("newer.xlsx")).outcomes == ["updated", "updated", "unchanged"]
    old[1, "付款状态"] = "预付"
    old[2, "交付日期"] = "2024-07-15"
    again = office.intake(old.save("old.xlsx"))
    assert (again.outcomes, again.exit_code) == (["updated", "unchanged", "unchanged"], 1)
    first, second = office.show(taken.numbers[0]), office.show(taken.numbers[1])
    assert (first["quantity"], first["payment"]) == ("7", "prepaid")
    assert second["delivery_date"] == "2024-06-30"
    assert [found["number"] for found in again.found("changed-on-both-sides")] == [taken.numbers[1]]


def test_a_cell_made_blank_is_missing_again(office: Office, taken: Answered) -> None:
    back = Mended(taken.checked)
    back[1, "订单数量"] = None
    again = office.intake(back.save())
    assert (again.outcomes[0], again.json["orders"][0]["reasons"]) == ("updated", ["missing-quantity"])
    assert office.show(taken.numbers[0])["state"] == "flagged"


def test_another_desks_copy_is_not_taken_for_ours(office: Office, taken: Answered, tmp_path: Path) -> None:
    other = Office(tmp_path / "other")
    strange = other.take("b.xlsx", a_row(11), a_row(12, 付款状态=""))
    back = Mended(strange.checked)
    back[2, "付款状态"] = "已付"
    again = office.intake(back.save())
    assert again.grave
    unharmed(office, taken)
