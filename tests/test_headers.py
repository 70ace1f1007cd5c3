"""Headers of real files are matched with the desk's columns; what could mean two things is asked, not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orderflow.records.column import Kind
from orderflow.records.registration import Registration
from orderflow.records.rows import REFERENCES, WORKBOOKS, Product, columns
from orderflow.sheets.headers import Layout, Unclear, layout
from orderflow.sheets.vocabulary import ALIAS, vocabulary

ALL = [*WORKBOOKS, *REFERENCES]


def fields_of(
    headers: list[str], row: Any = Registration, pins: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    found = layout(headers, row, pins or {})
    return {headers[column]: field for column, field in found.fields.items()}


def of(*headers: str) -> Layout:
    return layout(headers, Registration)


@pytest.mark.parametrize("workbook", ALL, ids=lambda workbook: workbook.name)
def test_every_declared_header_is_its_column_in_each_language_and_mixed(workbook: Any) -> None:
    declared = columns(workbook.row)
    for shift in range(3):
        headers = [column.words[(index + shift) % 3] for index, column in enumerate(declared.values())]
        assert list(layout(headers, workbook.row).fields.values()) == list(declared)


@pytest.mark.parametrize("workbook", ALL, ids=lambda workbook: workbook.name)
def test_every_alias_alone_means_its_column(workbook: Any) -> None:
    for field, column in columns(workbook.row).items():
        for alias in (*column.aliases, *column.weak):
            (found,) = layout([alias], workbook.row).fields.values() or ("none",)
            shared = [name for name, other in columns(workbook.row).items() if alias in (*other.aliases, *other.weak)]
            assert found in shared, alias
            assert field in shared


@pytest.mark.parametrize("workbook", ALL, ids=lambda workbook: workbook.name)
def test_no_header_word_of_the_desk_belongs_to_two_columns(workbook: Any) -> None:
    words = vocabulary(workbook.row).words.items()
    assert [key for key, claims in words if sum(claim.rank <= ALIAS for claim in claims) > 1] == []


@pytest.mark.parametrize(
    "header",
    ["产品名称／型号", " 产 品 名 称/型号 ", "产品名称\n/型号", "產品名稱/型號", "产品名称/型号(必填)",
     "*产品名称/型号", "product", "PRODUCT", "Ｐｒｏｄｕｃｔ", "产品名称", "品名", "宝贝标题", "产品名称：",
     "品名/规格"],
)  # fmt: skip
def test_widths_spaces_brackets_case_and_script_make_no_difference(header: str) -> None:
    assert list(of(header).fields.values()) == ["product"]


def test_the_headers_of_a_platform_export_are_recognised() -> None:
    buyer = ["订单编号", "买家会员名", "收货人姓名", "联系电话", "联系手机"]
    order = ["宝贝标题", "宝贝总数量", "买家实际支付金额", "订单状态", "收货地址", "订单创建时间", "店铺名称"]
    found = of(*buyer, *order)
    assert list(found.fields.values()) == [
        "number", "customer", "contact_person", "contact", "product", "quantity", "amount", "payment", "address",
        "received_at", "source",
    ]  # fmt: skip
    assert found.extra == {3: "联系电话"}
    assert found.units == {"amount": "元"}
    assert found.missing == ("delivery_date",)
    assert found.unknown == {}


def test_a_weak_header_counts_only_where_nothing_better_claims_its_column() -> None:
    assert fields_of(["收货人姓名", "数量"])["收货人姓名"] == "customer"
    assert fields_of(["买家会员名", "收货人姓名"])["收货人姓名"] == "contact_person"
    assert "收货人姓名" not in fields_of(["买家会员名", "联系人", "收货人姓名"])
    assert fields_of(["品名", "型号"]) == {"品名": "product"}
    assert fields_of(["支付方式", "订单状态"]) == {"订单状态": "payment"}


def test_own_words_go_before_aliases() -> None:
    assert fields_of(["公司", "客户名称"]) == {"客户名称": "customer"}
    assert fields_of(["特殊要求", "备注"]) == {"备注": "remark"}


def test_two_equally_good_headers_for_one_column_are_unclear() -> None:
    found = of("客户", "公司", "产品名称")
    assert found.unclear == (Unclear(("customer",), (0, 1)),)
    assert "customer" not in found.fields.values()
    assert "customer" not in found.missing
    assert found.extra == {0: "客户", 1: "公司"}
    assert of("产品名称", "产品名称").unclear == (Unclear(("product",), (0, 1)),)


def test_one_header_that_fits_two_columns_is_unclear() -> None:
    assert of("联系人/电话", "产品").unclear == (Unclear(("contact_person", "contact"), (0,)),)
    assert of("联系人/电话", "联系人", "联系方式").unclear == ()
    assert of("联系人/电话", "联系人").unclear == (Unclear(("contact",), (0,)),)
    assert fields_of(["数量/单位"]) == {"数量/单位": "quantity"}


def test_a_pin_overrules_what_the_header_looks_like() -> None:
    assert fields_of(["客户", "公司"], pins={"公司": "customer", "客户": None}) == {"公司": "customer"}
    assert fields_of(["联系人/电话"], pins={"联系人／电话": "contact"}) == {"联系人/电话": "contact"}
    assert fields_of(["货"], pins={"货": "product"}) == {"货": "product"}
    assert layout(["客户"], Registration, {"客户": None}).missing[0] == "customer"
    assert layout(["乱七八糟"], Registration, {"乱七八糟": None}).unknown == {}
    assert fields_of(["客户"], pins={"客户": "no-such-column"}) == {}


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("商品数量(件)", "quantity", "件"),
        ("数量（PCS）", "quantity", "PCS"),
        ("数量/台", "quantity", "台"),
        ("数 量", "quantity", None),
        ("数量(必填)", "quantity", None),
        ("订单金额(万元)", "amount", "万元"),
        ("订单金额（单位：万元）", "amount", "万元"),
        ("金额(含税，元)", "amount", "元"),
        ("金额/元", "amount", "元"),
        ("总金额万元", "amount", "万元"),
        ("商品总价", "amount", "元"),
        ("商品总价(元)", "amount", "元"),
        ("订单金额", "amount", None),
        ("金额", "amount", None),
        ("Amount (USD)", "amount", "USD"),
        ("Amount (10k CNY)", "amount", "10k CNY"),
    ],
)
def test_the_unit_comes_from_the_header(header: str, field: str, unit: str | None) -> None:
    found = of(header)
    assert list(found.fields.values()) == [field]
    assert found.units.get(field) == unit


def test_a_price_is_in_yuan_also_where_the_header_does_not_say_so() -> None:
    assert layout(["单价"], Product).fields == {0: "price"}
    assert layout(["单价(元)"], Product).units == {"price": "元"}


def test_a_required_column_that_is_not_there_is_named() -> None:
    assert of("客户名称").missing == ("product", "quantity", "delivery_date", "payment", "contact")
    assert "contact" not in of("联系人").missing
    assert "contact" not in of("手机").missing


def test_an_unknown_header_names_the_nearest_known_column() -> None:
    found = of("客户名程", "颜色", "付款状太", "产品")
    assert found.unknown == {0: "customer", 1: None, 2: "payment"}


def test_extra_columns_keep_their_headers_with_letters_where_one_stands_twice() -> None:
    assert of("颜色", "颜色", "产品", "尺寸").extra == {0: "颜色 (A)", 1: "颜色 (B)", 3: "尺寸"}


def test_a_layout_has_a_signature_of_its_header_texts() -> None:
    assert of("客户名称", "数量").signature == of("客戶 名稱", "数量 ", "").signature
    assert of("客户名称", "数量").signature != of("数量", "客户名称").signature


def test_money_columns_know_their_units_in_all_three_languages() -> None:
    for workbook in ALL:
        for field, column in columns(workbook.row).items():
            if column.kind in (Kind.AMOUNT, Kind.PRICE):
                assert all(layout([word], workbook.row).units.get(field) for word in column.words)
