"""Which order a row is: the same again, a line of the same purchase, or another order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.registration import Registration
from orderflow.rules.identity import CONTENT, fingerprints, identity, is_desk_number

ROW = Registration(
    customer="*科技公司",
    contact="139****5678",
    product="A型设备-2024款",
    quantity=Decimal(5),
    delivery_date=date(2024, 5, 20),
    source="platform",
    payment="paid",
    external_number="PO-1001",
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "quantity": st.none() | st.decimals(-9999, 9999, places=4),
    "amount": st.none() | st.decimals(-9999, 9999, places=4),
    "delivery_date": st.none() | st.dates(),
    "received_at": st.none() | st.datetimes(timezones=st.none() | st.just(UTC)),
}
rows = st.builds(Registration, **{field: VALUES.get(field, st.none() | st.text(max_size=4)) for field in CONTENT})


def fingerprint(row: Registration, unread: Mapping[str, str], extra: Mapping[str, str]) -> str:
    (digest,) = fingerprints(
        lambda name: [getattr(row, name)], {0: unread} if unread else {}, {0: extra} if extra else {}
    )
    return digest


def key(row: Registration, channel: str | None = "天猫") -> str:
    source = channel or row.source or ""
    return identity(source, row.external_number, row.external_line, row.product, fingerprint(row, {}, {}))


@pytest.mark.parametrize("text", ["202405-001", "202412-999", "202411-1000", "202411-12345678"])
def test_a_desk_number_is_year_month_and_a_serial_that_grows(text: str) -> None:
    assert is_desk_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "202405-01",
        "202405-000",
        "202405-0001",
        "202413-001",
        "202400-001",
        "190005-001",
        "202405001",
        "202405-001\n",
        "202405-001A",
        "202405-123456789",
        "1234567890123456789",
        "２０２４０５-001",
    ],
)
def test_any_other_number_is_another_systems(text: str) -> None:
    assert not is_desk_number(text)


def test_the_same_purchase_and_product_are_the_same_order_whatever_else_changed() -> None:
    changed = replace(ROW, customer="*工厂", quantity=Decimal(9), payment="unpaid", delivery_date=None, remark="急")
    assert key(changed) == key(ROW)


def test_width_case_script_and_spaces_make_no_other_order() -> None:
    assert key(replace(ROW, external_number="po-１００１ ")) == key(ROW)
    assert key(replace(ROW, product="ａ型設備 -2024款"), channel="天貓") == key(ROW, channel="天猫")


@pytest.mark.parametrize("product", ["A型设备-2025款", "A型设备-2024款Pro", "A型设备-2024款+", None])
def test_another_product_of_the_purchase_is_another_order(product: str | None) -> None:
    assert key(replace(ROW, product=product)) != key(ROW)


def test_figures_in_another_order_are_another_product() -> None:
    assert key(replace(ROW, product="螺丝M5×10")) != key(replace(ROW, product="螺丝M10×5"))


def test_a_line_number_counts_instead_of_the_product() -> None:
    first = replace(ROW, external_line="1")
    assert key(first) == key(replace(first, product="B型耗材-10mm"))
    assert key(first) != key(replace(first, external_line="2"))
    assert key(first) != key(replace(ROW, product="1"))


def test_another_channel_is_another_order_and_the_kind_of_source_stands_in_for_it() -> None:
    assert key(ROW, channel="京东") != key(ROW, channel="天猫")
    assert key(ROW, channel=None) != key(replace(ROW, source="direct"), channel=None)


def test_without_a_source_number_the_whole_content_is_the_order() -> None:
    walk_in = replace(ROW, external_number=None)
    assert key(walk_in) == key(replace(walk_in))
    assert key(walk_in) != key(replace(walk_in, remark="送货上门"))


@pytest.mark.parametrize("field", CONTENT)
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_no_change_of_any_cell_goes_unseen(field: str, data: st.DataObject) -> None:
    values = VALUES.get(field, st.none() | st.text(max_size=4))
    row, one, other = data.draw(rows), data.draw(values), data.draw(values)
    same = fingerprint(replace(row, **{field: one}), {}, {}) == fingerprint(replace(row, **{field: other}), {}, {})
    assert same is (one == other)


def test_a_value_in_the_neighbouring_cell_is_not_the_same_row() -> None:
    assert fingerprint(Registration(customer="甲"), {}, {}) != fingerprint(Registration(contact_person="甲"), {}, {})


def test_trailing_zeros_and_the_order_of_columns_are_no_change() -> None:
    assert fingerprint(replace(ROW, quantity=Decimal("5.00")), {}, {}) == fingerprint(ROW, {}, {})
    assert fingerprint(ROW, {}, {"a": "1", "b": "2"}) == fingerprint(ROW, {}, {"b": "2", "a": "1"})


def test_unreadable_cells_and_columns_of_their_own_are_part_of_what_a_row_says() -> None:
    said = [
        fingerprint(ROW, {}, {}),
        fingerprint(ROW, {"quantity": "五六台"}, {}),
        fingerprint(ROW, {"quantity": "六台"}, {}),
        fingerprint(ROW, {}, {"quantity": "五六台"}),
    ]
    assert len(set(said)) == len(said)


def test_half_a_character_from_a_damaged_file_is_still_told_apart() -> None:
    one, other = (replace(ROW, remark=remark) for remark in ("\ud83d", "\ud83e"))
    assert fingerprint(one, {}, {}) == fingerprint(replace(one), {}, {}) != fingerprint(other, {}, {})
    assert key(replace(ROW, external_number="\ud83d")) != key(replace(ROW, external_number="\ud83e"))


def test_a_fingerprint_stays_what_it_was_from_one_version_to_the_next() -> None:
    assert fingerprint(ROW, {}, {}) == "57d421234619ad7a73469f0b"
    assert key(ROW) == "xaf50bb42069f33f87dd96563"
