"""Order numbers: of the month of receipt, adopted, never twice, never without an explanation."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Office, a_row


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url)


def test_a_free_number_is_adopted_and_the_counter_moves_past_it(office: Office) -> None:
    first = office.take("a.xlsx", a_row(1, 订单编号="202406-005"), a_row(2))
    assert first.numbers == ["202406-005", "202406-006"]
    assert office.take("b.xlsx", a_row(3)).numbers == ["202406-007"]
    assert office.take("c.xlsx", a_row(4, 订单编号="202406-002")).numbers == ["202406-002"]
    assert office.troubles() == {}


def test_a_number_further_down_the_file_is_given_to_nobody_else(office: Office) -> None:
    rows = [a_row(1, 订单编号=""), a_row(2, 订单编号=""), a_row(3, 订单编号="202406-002"), a_row(4, 订单编号="")]
    taken = office.take("a.xlsx", *rows)
    assert (taken.exit_code, taken.outcomes) == (0, ["new"] * 4)
    assert taken.numbers[2] == "202406-002"
    assert len(set(taken.numbers)) == 4
    assert office.troubles() == {}


def test_a_known_number_updates_its_order(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1)).numbers[0]
    again = office.take("b.xlsx", a_row(1, 订单编号=number, 付款状态="预付"))
    assert (again.outcomes, again.numbers) == (["updated"], [number])
    assert office.show(number)["payment"] == "prepaid"


def test_a_number_that_another_order_has_does_not_change_that_order(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1)).numbers[0]
    strange = office.take("b.xlsx", a_row(5, 订单编号=number, **{"产品名称/型号": "D型控制柜"}))
    assert (strange.outcomes, strange.numbers) == (["flagged"], ["202406-002"])
    assert strange.grave == ["number-of-another-order"]
    assert office.show(number)["customer"] == a_row(1)["客户名称"]
    office.mark("202406-002", "confirmed")
    assert office.show("202406-002")["state"] == "registered"


def test_a_number_once_given_is_never_given_again(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2))
    office.undo()
    again = office.intake(office.files / "a.xlsx")
    assert (again.outcomes, again.numbers) == (["new", "new"], ["202406-003", "202406-004"])
    bearing = office.take("b.xlsx", a_row(3, 订单编号=taken.numbers[0]))
    assert (bearing.outcomes, bearing.numbers) == (["new"], ["202406-005"])
    assert bearing.found("number-retired")
    assert office.troubles() == {}


@pytest.mark.parametrize(
    ("received", "month"),
    [
        ("2024-05-31 23:59", "202405"),
        ("2024-06-01 00:00", "202406"),
        ("2024-06-01 07:59", "202406"),
        ("2024-05-31T16:30:00+00:00", "202406"),
        ("2024-05-31", "202405"),
    ],
)
def test_the_month_is_that_of_receipt_in_the_desks_zone(tmp_path: Path, received: str, month: str) -> None:
    office = Office(tmp_path)
    taken = office.take("a.csv", a_row(1, 接单时间=received))
    assert taken.numbers == [f"{month}-001"]


def test_another_zone_has_other_months(tmp_path: Path) -> None:
    office = Office(tmp_path, settings='[desk]\ntimezone = "America/New_York"\n').at("2024-05-31T23:30")
    taken = office.take("a.csv", a_row(1, 接单时间=""), a_row(2, 接单时间="2024-06-01T02:00:00+00:00"))
    assert taken.numbers == ["202405-001", "202405-002"]
    assert office.show("202405-001")["received_at"] == "2024-05-31T23:30:00-04:00"


def test_numbers_grow_past_999(office: Office) -> None:
    office.take("a.xlsx", a_row(1, 订单编号="202406-998"))
    taken = office.take("b.xlsx", a_row(2), a_row(3), a_row(4))
    assert taken.numbers == ["202406-999", "202406-1000", "202406-1001"]
    newest = [order["number"] for order in office.find(month="2024-06")]
    assert newest == ["202406-1001", "202406-1000", "202406-999", "202406-998"]
    assert office.troubles() == {}


def test_a_number_of_another_system_is_its_own_and_not_the_desks(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1, 订单编号="3862201175540012301"), a_row(2, 订单编号="202406-0007"))
    assert taken.numbers == ["202406-001", "202406-002"]
    assert [office.show(number)["external_number"] for number in taken.numbers] == [
        "3862201175540012301",
        "202406-0007",
    ]


def test_two_orders_of_one_content_keep_the_numbers_they_bear(office: Office) -> None:
    twice = [a_row(1, 订单编号="202406-001"), a_row(1, 订单编号="202406-002")]
    assert office.take("a.xlsx", *twice).numbers == ["202406-001", "202406-002"]
    again = office.take("b.xlsx", *twice, a_row(3, 订单编号=""))
    assert again.numbers == ["202406-001", "202406-002", "202406-003"]
    assert again.outcomes == ["unchanged", "unchanged", "new"]
    assert again.found("number-swapped") == []


def test_one_number_on_two_different_orders_of_a_file_goes_to_the_first(office: Office) -> None:
    number = "202406-005"
    rows = (
        a_row(1, 订单编号=number),
        a_row(2, 订单编号=number),
        a_row(1, 订单编号=number, **{"产品名称/型号": "A型设备-2025款"}),
        a_row(1, 订单编号=number),
    )
    taken = office.take("a.xlsx", *rows)
    assert taken.outcomes == ["new", "flagged", "flagged", "duplicate"]
    assert taken.numbers == [number, "202406-006", "202406-007", number]
    assert [found["number"] for found in taken.found("number-of-another-order")] == ["202406-006", "202406-007"]
    assert [office.show(one)["customer"] for one in taken.numbers[:2]] == [a_row(1)["客户名称"], a_row(2)["客户名称"]]


def test_a_slip_in_a_name_does_not_make_two_orders_of_one_number(office: Office) -> None:
    row = a_row(1, 订单编号="202406-005", 客户名称="杭州潮汐贸易有限公司")
    taken = office.take("a.xlsx", row, row | {"客户名称": "杭州潮汐贸易公司"})
    assert (taken.outcomes, "duplicate-row-differs" in taken.codes) == (["new", "duplicate"], True)


@pytest.mark.parametrize("written", [("202406-005", ""), ("", "202406-005")], ids=["first with", "first without"])
@pytest.mark.parametrize("external", ["", "T1"])
def test_the_same_order_with_and_without_its_number_is_one(
    written: tuple[str, str], external: str, office: Office
) -> None:
    taken = office.take("a.xlsx", *(a_row(1, 订单编号=number, 来源单号=external) for number in written))
    assert taken.outcomes == ["new", "duplicate"]
    assert len(office.find()) == 1


def test_two_numbers_on_rows_alike_are_two_orders(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1, 订单编号="202406-005"), a_row(1, 订单编号="202406-006"))
    assert taken.numbers == ["202406-005", "202406-006"]
