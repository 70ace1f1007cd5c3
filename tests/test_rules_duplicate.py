"""疑似重复: which two orders are suspected to be one, and how that is explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from operator import attrgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.rules.duplicate import LIKENED, Portrait, comparable, likeness, name_core, phone_digits, twin_keys
from orderflow.settings import Twins

RULES = Twins()
DAY = 86_400
SHOP = Portrait(
    number="202405-001",
    customer="杭州某某科技有限公司",
    contact="13900005678",
    product="A型设备-2024款",
    quantity=Decimal(5),
    delivery_date=date(2024, 5, 20),
    channel="天猫",
    external_number="1001",
    received=1_715_300_000,
)
PHONE = SHOP._replace(number="202405-002", channel="direct", external_number=None)

portraits = st.builds(
    Portrait,
    number=st.just("202405-001"),
    customer=st.sampled_from([None, "", "*", "张*", "张三", "某某科技公司", "某某科技", "公司", "Anna Co., Ltd."]),
    contact=st.sampled_from([None, "13900005678", "139****5678", "139**5678", "***********", "x@y.cn", "1395678"]),
    product=st.sampled_from([None, "A型设备-2024款", "2024款 A型设备", "A型设备-2025款", "*"]),
    quantity=st.sampled_from([None, Decimal(5), Decimal("5.0"), Decimal(50)]),
    delivery_date=st.sampled_from([None, date(2024, 5, 20), date(2024, 5, 21), date(2024, 6, 1)]),
    channel=st.sampled_from([None, "天猫", "京东"]),
    external_number=st.sampled_from([None, "1001", "1002"]),
    received=st.integers(0, 20 * DAY),
)
points = st.integers(0, 100)
weighings = st.builds(Twins, phone=points, name=points, product=points, quantity=points, date=points)


def keys(portrait: Portrait) -> tuple[str | None, str | None]:
    return twin_keys(*attrgetter(*LIKENED)(portrait))


def are_twins(one: Portrait, other: Portrait, rules: Twins = RULES) -> bool:
    """As the desk decides: a key in common, comparable, and alike enough."""
    candidates = any(a is not None and a == b for a, b in zip(keys(one), keys(other), strict=True))
    return candidates and comparable(one, other, rules) and likeness(one, other, rules).score >= rules.score


def test_the_same_order_over_two_channels_is_suspected_with_every_feature_explained() -> None:
    assert are_twins(SHOP, PHONE)
    alike = likeness(SHOP, PHONE, RULES)
    assert alike.score == 1
    assert alike.points == {
        "phone": (35.0, 35),
        "name": (25.0, 25),
        "product": (20.0, 20),
        "quantity": (10.0, 10),
        "date": (10.0, 10),
    }


@pytest.mark.parametrize("contact", ["139****5678", "139***5678", "*******5678", "+86 139****5678", "139xxxx5678"])
def test_a_masked_phone_is_the_whole_one_it_fits(contact: str) -> None:
    masked = PHONE._replace(contact=contact)
    assert are_twins(SHOP, masked)
    assert likeness(SHOP, masked, RULES).points["phone"] == (31.5, 35)


@pytest.mark.parametrize("contact", ["138****5678", "139****5679"])
def test_a_masked_phone_is_no_other_one(contact: str) -> None:
    assert likeness(SHOP, PHONE._replace(contact=contact), RULES).points["phone"] == (0.0, 35)


@pytest.mark.parametrize(
    "customer",
    ["杭州某某科技", "杭州某某科技股份有限公司", "杭州某某科技集團", "杭州某某科技（集团）公司", "杭州 某某科技"],
)
def test_what_every_firm_is_called_makes_no_difference(customer: str) -> None:
    assert likeness(SHOP, PHONE._replace(customer=customer), RULES).points["name"] == (25.0, 25)


def test_english_firm_words_are_whole_words() -> None:
    assert name_core("Acme Co., Ltd.") == name_core("ACME Inc") == "acme"
    assert name_core("Costa Limited") == "costalimited"


def test_a_name_of_firm_words_only_stays_as_it_is() -> None:
    assert name_core("集团公司") == "集团公司"


def test_the_same_name_with_another_phone_is_no_twin() -> None:
    assert not are_twins(SHOP, PHONE._replace(contact="13811112222"))


def test_an_email_beside_a_phone_says_nothing_for_or_against() -> None:
    assert phone_digits("abc1395678@example.com") is None
    assert "phone" not in likeness(SHOP, PHONE._replace(contact="abc1395678@example.com"), RULES).points


@pytest.mark.parametrize("product", ["2024款 A型设备", "A型设备（2024款）", "ａ型设备２０２４款", "A型設備-2024款"])
def test_a_model_is_known_however_it_is_written(product: str) -> None:
    assert are_twins(SHOP, PHONE._replace(product=product))


@pytest.mark.parametrize("product", ["A型设备-2025款", "A型设备-2024款Pro", "B型设备-2024款", None])
@given(rules=weighings)
@settings(max_examples=20, deadline=None)
def test_another_model_is_never_a_twin_whatever_the_weights(product: str | None, rules: Twins) -> None:
    assert not are_twins(SHOP, PHONE._replace(product=product), rules)


def test_a_2025_model_is_not_even_compared() -> None:
    assert not comparable(SHOP, PHONE._replace(product="A型设备-2025款"), RULES)


@pytest.mark.parametrize(("apart", "suspected"), [(0, True), (7 * DAY, True), (7 * DAY + 1, False)])
def test_orders_are_compared_up_to_seven_days_apart_in_both_directions(apart: int, suspected: bool) -> None:
    later = PHONE._replace(received=SHOP.received + apart)
    assert are_twins(SHOP, later) is are_twins(later, SHOP) is suspected


def test_lines_of_one_purchase_and_orders_of_one_source_are_no_twins() -> None:
    assert not are_twins(SHOP, SHOP._replace(number="202405-003"))
    assert not are_twins(SHOP, SHOP._replace(number="202405-003", external_number="1002"))
    assert not are_twins(SHOP, SHOP._replace(number="202405-003", external_number="1002", channel=" 天貓"))


def test_other_sources_or_a_missing_source_number_are_compared() -> None:
    assert are_twins(SHOP, SHOP._replace(channel="京东"))
    assert are_twins(SHOP, SHOP._replace(external_number=None))


def test_a_day_beside_the_date_counts_half_and_more_not_at_all() -> None:
    shifted = [PHONE._replace(delivery_date=date(2024, 5, day)) for day in (20, 21, 22)]
    assert [likeness(SHOP, other, RULES).points["date"][0] for other in shifted] == [10.0, 5.0, 0.0]


def test_what_one_side_does_not_say_is_left_out_of_the_score() -> None:
    alike = likeness(SHOP, PHONE._replace(contact=None, quantity=None), RULES)
    assert (alike.score, set(alike.points)) == (1, {"name", "product", "date"})


def test_names_that_are_all_mask_are_not_alike() -> None:
    assert "name" not in likeness(SHOP._replace(customer="***"), PHONE._replace(customer="**"), RULES).points


def test_nobody_is_a_twin_without_a_customer_or_a_phone_to_compare() -> None:
    assert likeness(SHOP._replace(customer=None, contact=None), PHONE, RULES).score == 0
    faceless = Twins(phone=0, name=0)
    assert likeness(SHOP, PHONE, faceless).score == 0


def test_weights_of_nothing_but_zero_suspect_nobody() -> None:
    nothing = Twins(phone=0, name=0, product=0, quantity=0, date=0)
    assert likeness(SHOP, PHONE, nothing) == (0.0, {})


@given(portraits, portraits, weighings)
@settings(max_examples=200, deadline=None)
def test_a_likeness_lies_between_0_and_1_and_is_the_same_from_both_sides(
    one: Portrait, other: Portrait, rules: Twins
) -> None:
    alike = likeness(one, other, rules)
    assert alike == likeness(other, one, rules)
    assert 0 <= alike.score <= 1
    assert all(0 <= given <= weight for given, weight in alike.points.values())
    assert comparable(one, other, rules) is comparable(other, one, rules)


@given(portraits)
@settings(max_examples=100, deadline=None)
def test_the_score_is_what_its_points_add_up_to(one: Portrait) -> None:
    alike = likeness(one, SHOP, RULES)
    whole = sum(weight for _, weight in alike.points.values())
    assert alike.score == pytest.approx(sum(given for given, _ in alike.points.values()) / (whole or 1), abs=0.01)


@given(st.text("杭州某有限公司集团股份責Cco. l*（", max_size=8))
@settings(max_examples=200, deadline=None)
def test_candidates_by_name_share_the_start_of_the_names_core(customer: str) -> None:
    _, by_name = keys(SHOP._replace(customer=customer))
    assert (by_name or "|").rpartition("|")[2] == name_core(customer)[:2]


def test_candidates_are_found_by_the_end_of_a_phone_or_by_quantity_date_and_name() -> None:
    by_phone, by_name = keys(SHOP)
    assert keys(PHONE._replace(contact="139****5678", customer="某某", quantity=None)) == (by_phone, None)
    assert keys(PHONE._replace(contact=None, quantity=Decimal("5.00"))) == (None, by_name)
    assert keys(PHONE._replace(product=None)) == (None, None)
