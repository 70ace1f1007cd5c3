"""信息不全: what an order has to say, and what is said of one that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orderflow.records.finding import Severity
from orderflow.records.registration import Registration
from orderflow.records.rows import Product
from orderflow.rules.completeness import level_and_amount, missing
from orderflow.rules.facts import Facts, Yardstick
from orderflow.settings import Settings

YARDSTICK = Yardstick(Settings())
WHOLE = Registration(
    customer="*科技公司",
    contact_person="*经理",
    contact="139****5678",
    product="A型设备-2024款",
    quantity=Decimal(5),
    delivery_date=date(2024, 5, 20),
    payment="paid",
    level="vip",
    amount=Decimal(15),
)
REQUIRED = ("customer", "product", "quantity", "delivery_date", "payment")


def missed(row: Registration, unread: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.field) for finding in missing(Facts(row, unread), YARDSTICK)]


def asked(facts: Facts) -> list[str]:
    return [finding.code for finding in level_and_amount(facts, YARDSTICK)]


def test_a_whole_order_misses_nothing() -> None:
    assert missed(WHOLE) == []


@pytest.mark.parametrize("field", REQUIRED)
def test_each_required_field_is_missed_where_it_belongs(field: str) -> None:
    assert missed(replace(WHOLE, **{field: None})) == [(f"missing-{field.replace('_', '-')}", field)]


def test_everything_missing_is_said_at_once_and_is_an_anomaly() -> None:
    findings = list(missing(Facts(Registration()), YARDSTICK))
    assert [finding.field for finding in findings] == [*REQUIRED, "contact"]
    assert {finding.severity for finding in findings} == {Severity.ANOMALY}


@pytest.mark.parametrize("field", ["contact", "contact_person"])
def test_a_person_or_a_number_is_contact_enough(field: str) -> None:
    assert missed(replace(WHOLE, **{field: None})) == []


def test_neither_person_nor_number_is_a_missing_contact() -> None:
    assert missed(replace(WHOLE, contact=None, contact_person=None)) == [("missing-contact", "contact")]


@pytest.mark.parametrize("field", REQUIRED)
def test_an_unreadable_cell_is_not_called_missing_once_more(field: str) -> None:
    assert missed(replace(WHOLE, **{field: None}), unread=(field,)) == []


def test_an_unreadable_number_without_a_person_still_leaves_no_contact() -> None:
    nobody = replace(WHOLE, contact=None, contact_person=None)
    assert missed(nobody, unread=("contact",)) == [("missing-contact", "contact")]


def test_an_order_without_level_and_amount_is_warned_of_but_no_anomaly() -> None:
    findings = list(level_and_amount(Facts(replace(WHOLE, level=None, amount=None)), YARDSTICK))
    assert [finding.code for finding in findings] == ["missing-level", "missing-amount"]
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_a_level_that_the_desk_knows_of_the_customer_is_not_asked_for() -> None:
    assert asked(Facts(replace(WHOLE, level=None), known_level="regular")) == []


@pytest.mark.parametrize(
    ("product", "quantity", "codes"),
    [
        (Product(price=Decimal(80)), Decimal(5), []),
        (Product(price=Decimal(80)), None, ["missing-amount"]),
        (Product(), Decimal(5), ["missing-amount"]),
        (None, Decimal(5), ["missing-amount"]),
    ],
)
def test_price_times_quantity_stands_in_for_an_amount(
    product: Product | None, quantity: Decimal | None, codes: list[str]
) -> None:
    assert asked(Facts(replace(WHOLE, amount=None, quantity=quantity), product=product)) == codes


def test_what_stands_there_unreadable_is_not_asked_for_once_more() -> None:
    assert asked(Facts(replace(WHOLE, level=None, amount=None), unread=("level", "amount"))) == []
