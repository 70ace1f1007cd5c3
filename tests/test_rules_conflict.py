"""需求冲突: what contradicts itself, the stock or the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.finding import Severity
from orderflow.records.registration import Registration
from orderflow.records.rows import Product
from orderflow.rules.conflict import (
    amount_implausible,
    delivery_before_receipt,
    over_stock_unpaid,
    quantity_not_positive,
    unit_mismatch,
)
from orderflow.rules.facts import Check, Facts, Yardstick
from orderflow.settings import Intake, Settings

YARDSTICK = Yardstick(Settings())
RECEIVED = date(2024, 5, 10)
figures = st.decimals(min_value=-10_000, max_value=10_000, places=4)


def codes(check: Check, facts: Facts, yardstick: Yardstick = YARDSTICK) -> list[str]:
    return [finding.code for finding in check(facts, yardstick)]


def ordered(
    quantity: str, payment: str | None = "unpaid", remark: str | None = None, stock: str | None = "20"
) -> Facts:
    product = Product(product="B型耗材", unit="件", stock=None if stock is None else Decimal(stock))
    row = Registration(product="B型耗材", quantity=Decimal(quantity), payment=payment, remark=remark)
    return Facts(row, product=product)


def test_the_whole_stock_may_be_ordered_unpaid_and_not_a_bit_more() -> None:
    assert codes(over_stock_unpaid, ordered("20")) == []
    assert codes(over_stock_unpaid, ordered("20.0001")) == ["over-stock-unpaid"]


def test_what_is_over_the_stock_is_told_with_both_figures_and_the_unit() -> None:
    (finding,) = over_stock_unpaid(ordered("30"), YARDSTICK)
    assert finding.params == {"quantity": Decimal(30), "stock": Decimal(20), "unit": "件"}
    assert (finding.field, finding.severity) == ("quantity", Severity.ANOMALY)


@pytest.mark.parametrize("payment", ["paid", "prepaid"])
def test_paid_and_prepaid_orders_may_exceed_the_stock(payment: str) -> None:
    assert codes(over_stock_unpaid, ordered("30", payment)) == []


def test_an_order_of_unknown_payment_over_the_stock_conflicts() -> None:
    assert codes(over_stock_unpaid, ordered("30", payment=None)) == ["over-stock-unpaid"]


@pytest.mark.parametrize("remark", ["已付定金", "預付30%", "订金已收", "不急，已预付", "50% deposit paid"])
def test_a_prepayment_noted_in_the_remark_will_do(remark: str) -> None:
    assert codes(over_stock_unpaid, ordered("30", remark=remark)) == []


@pytest.mark.parametrize("remark", ["无需预付", "未付定金", "没有定金", "定金未付", "预付款待收", "no deposit"])
def test_a_prepayment_that_the_remark_denies_will_not(remark: str) -> None:
    assert codes(over_stock_unpaid, ordered("30", remark=remark)) == ["over-stock-unpaid"]


def test_without_a_stock_figure_it_is_said_that_nothing_was_checked() -> None:
    (finding,) = over_stock_unpaid(ordered("1", stock=None), YARDSTICK)
    assert (finding.code, finding.severity) == ("stock-unknown", Severity.NOTE)
    assert codes(over_stock_unpaid, Facts(Registration(product="新品", quantity=Decimal(1)))) == ["stock-unknown"]


@given(st.integers(-400, 400))
@settings(max_examples=50, deadline=None)
def test_delivery_conflicts_exactly_when_it_is_before_the_day_of_receipt(days: int) -> None:
    row = Registration(delivery_date=RECEIVED + timedelta(days))
    assert codes(delivery_before_receipt, Facts(row, received=RECEIVED)) == ["delivery-before-receipt"] * (days < 0)


def test_without_a_day_of_receipt_or_delivery_no_order_of_the_two_is_claimed() -> None:
    assert codes(delivery_before_receipt, Facts(Registration(delivery_date=RECEIVED))) == []
    assert codes(delivery_before_receipt, Facts(Registration(), received=RECEIVED)) == []


@given(figures)
@settings(max_examples=50, deadline=None)
def test_a_quantity_conflicts_exactly_when_it_is_not_above_zero(quantity: Decimal) -> None:
    row = Registration(quantity=quantity)
    assert codes(quantity_not_positive, Facts(row)) == ["quantity-not-positive"] * (quantity <= 0)


@pytest.mark.parametrize(
    ("unit", "wrong"), [("台", False), ("臺", False), (" 台 ", False), ("箱", True), (None, False)]
)
def test_a_unit_conflicts_when_it_is_not_the_products(unit: str | None, wrong: bool) -> None:
    facts = Facts(Registration(unit=unit), product=Product(unit="台"))
    assert codes(unit_mismatch, facts) == ["unit-mismatch"] * wrong


def test_a_unit_cannot_conflict_with_a_product_that_has_none() -> None:
    assert codes(unit_mismatch, Facts(Registration(unit="箱"), product=Product())) == []
    assert codes(unit_mismatch, Facts(Registration(unit="箱"))) == []


@pytest.mark.parametrize(
    ("amount", "doubtful"), [("999.9999", False), ("1000", True), ("1000.0000", True), ("1E+3", True), ("0", False)]
)
def test_an_amount_of_a_thousand_ten_thousands_is_doubted_to_the_last_digit(amount: str, doubtful: bool) -> None:
    facts = Facts(Registration(amount=Decimal(amount)))
    assert codes(amount_implausible, facts) == ["amount-implausible"] * doubtful


def test_the_desk_sets_the_amount_that_is_doubted() -> None:
    strict = Yardstick(Settings(intake=Intake(implausible_amount=Decimal("0.3"))))
    assert codes(amount_implausible, Facts(Registration(amount=Decimal("0.3"))), strict) == ["amount-implausible"]
    assert codes(amount_implausible, Facts(Registration(amount=Decimal("0.2999"))), strict) == []


def test_an_order_that_says_nothing_contradicts_nothing() -> None:
    checks = (over_stock_unpaid, delivery_before_receipt, quantity_not_positive, unit_mismatch, amount_implausible)
    assert [finding for check in checks for finding in check(Facts(Registration()), YARDSTICK)] == []
