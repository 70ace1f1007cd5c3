"""Exports of platforms as they come: what their words mean, and lines that continue an order."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Office, a_row

SHOPIFY = (
    "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Shipping Name,Shipping Phone,Notes,Source\n"
    "#1001,a@example.com,paid,2024-06-09 10:00:00 +0800,2,Kettle K1,*女士,139****5678,gift wrap,web\n"
    "#1001,a@example.com,,,1,Filter F2,,,,\n"
    "#1002,b@example.com,pending,2024-06-09 11:00:00 +0800,1,Kettle K1,*先生,138****1111,,web\n"
    "#1002,b@example.com,,,4,Cup C3,,,,\n"
    "#1002,b@example.com,,,1,Filter F2,,,,\n"
    "#1003,c@example.com,refunded,2024-06-09 12:00:00 +0800,1,Cup C3,*先生,137****2222,,web\n"
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def shopify(office: Office, name: str = "orders_export.csv", text: str = SHOPIFY) -> Path:
    path = office.files / name
    path.write_text(text, encoding="utf-8")
    return path


def test_further_lines_of_a_shopify_order_are_orders_of_the_same_customer(office: Office) -> None:
    taken = office.intake(shopify(office))
    orders = [office.show(number) for number in taken.numbers]
    told = [(order["external_number"], order["customer"], order["contact"], order["payment"]) for order in orders]
    assert told[:2] == [("#1001", "*女士", "139****5678", "paid")] * 2
    assert told[2:5] == [("#1002", "*先生", "138****1111", "unpaid")] * 3
    assert [order["product"] for order in orders[:5]] == ["Kettle K1", "Filter F2", "Kettle K1", "Cup C3", "Filter F2"]
    assert {order["received_at"] for order in orders[:2]} == {"2024-06-09T10:00:00+08:00"}
    assert [order["reasons"] for order in orders[:5]] == [["missing-delivery-date"]] * 5
    assert orders[5]["reasons"] == ["closed-at-source", "missing-delivery-date"]
    assert len(taken.found("line-of-one-purchase")) == 2


def test_the_same_export_a_day_later_changes_nothing_but_what_changed(office: Office) -> None:
    office.intake(shopify(office))
    later = office.intake(shopify(office, "later.csv", SHOPIFY.replace("pending", "paid")))
    assert later.outcomes == ["unchanged", "unchanged", "updated", "updated", "updated", "unchanged"]


def test_name_is_a_customer_s_word_where_there_are_no_line_items(office: Office) -> None:
    row = {"Name": "x", "Product": "K1", "Quantity": "1", "Payment": "paid", "Contact": "139****5678"}
    taken = office.take("a.xlsx", row | {"Customer": "A", "Delivery date": "2024-06-30"})
    assert office.show(taken.numbers[0])["external_number"] is None


@pytest.mark.parametrize(
    ("typed", "payment"),
    [
        ("已发货", "paid"),
        ("已完成", "paid"),
        ("交易成功", "paid"),
        ("待发货", "paid"),
        ("待收货", "paid"),
        ("等待确认收货", "paid"),
        ("已发货，待签收", "paid"),
        ("待付款", "unpaid"),
        ("等待买家付款", "unpaid"),
    ],
)
def test_a_platform_s_word_for_the_state_of_an_order_says_whether_it_is_paid(
    typed: str, payment: str, office: Office
) -> None:
    row = a_row(1, 付款状态=None, 订单状态=typed)
    taken = office.take("a.csv", row)
    assert (taken.outcomes, office.show(taken.numbers[0])["payment"]) == (["new"], payment)


@pytest.mark.parametrize("typed", ["交易关闭", "退款成功", "已取消", "未发货，退款成功", "退款中", "refunded"])
def test_an_order_that_is_off_at_the_platform_is_flagged_until_a_person_says_what_holds(
    typed: str, office: Office
) -> None:
    taken = office.take("a.csv", a_row(1, 付款状态=None, 订单状态=typed))
    (number,) = taken.numbers
    assert (taken.outcomes, taken.grave) == (["flagged"], ["closed-at-source"])
    assert office.show(number)["payment"] is None
    assert typed in taken.found("closed-at-source")[0]["message"]
    assert office.mark(number, "cancelled")["orders"][0]["state"] == "cancelled"


def test_an_order_closed_in_a_later_export_becomes_flagged(office: Office) -> None:
    row = a_row(1, 来源单号="T1", 付款状态=None)
    (number,) = office.take("a.csv", row | {"订单状态": "待发货"}).numbers
    later = office.take("b.csv", row | {"订单状态": "交易关闭"})
    assert (later.outcomes, office.show(number)["reasons"]) == (["updated"], ["closed-at-source"])
