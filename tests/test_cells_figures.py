"""Quantities, money and scores as people write them: exact decimals where they are certain, a finding elsewhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.sheets.cells import read_amount, read_price, read_quantity, read_score
from orderflow.sheets.values import Trouble

ANY = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.dates(), st.times(), st.timedeltas(), st.text(max_size=30)
)
FIGURES = st.text(alphabet="0123456789.,，-+*/~ 约两三十百千万亿元台件箱¥$()（）左右多%eE", max_size=16)


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("5台", "5", "台"), ("100 件", "100", "件"), ("1,000", "1000", None), ("１００", "100", None),
        ("十二箱", "12", "箱"), ("两台", "2", "台"), ("兩臺", "2", "臺"), ("一百二十件", "120", "件"),
        ("1.5吨", "1.5", "吨"),
        ("一点五吨", "1.5", "吨"), ("4.000", "4", None), ("3打", "3", "打"), ("1,234.50kg", "1234.5", "kg"),
        ("5 PCS", "5", "PCS"), ("5(台)", "5", "台"), ("5（台）", "5", "台"), ("1.5万件", "15000", "件"),
        ("5万", "50000", None),
        ("5千克", "5", "千克"), ("一千克", "1", "千克"), ("二两", "2", "两"), ("5㎡", "5", "㎡"), ("5甑", "5", "甑"),
        ("-5", "-5", None), ("－5", "-5", None), ("0", "0", None), ("5\u200b 台\n", "5", "台"), ("'5", "5", None),
        (5, "5", None), (18676.89, "18676.89", None), (0.1 + 0.2, "0.3", None), (1e5, "100000", None),
        (60899.99999999999, "60900", None), ("60899.99999999999", "60900", None),
        (123456.789012, "123456.789012", None),
    ],
)  # fmt: skip
def test_a_quantity_is_a_number_with_the_unit_as_typed(typed: Any, number: str, unit: str | None) -> None:
    read = read_quantity(typed)
    assert read.code is None
    assert read.value is not None
    assert (str(read.value.number), read.value.unit) == (number, unit)


@pytest.mark.parametrize(
    "typed",
    ["约100", "100左右", "10-20", "10~20件", "5到8台", "≥5", ">5", "100多件", "十几台", "三五台", "七八台",
     "一百二", "半箱",
     "若干", "五台左右", "1,00", "5台起", "50%", "第5", "99999999999999999999", "5台定制", True, date(2024, 5, 5),
     float("nan"), float("inf"), 1e300, 10**15],
)  # fmt: skip
def test_an_estimate_a_bound_or_words_are_no_quantity(typed: Any) -> None:
    assert read_quantity(typed) == (None, "unreadable-quantity", {})


@pytest.mark.parametrize("typed", ["12支*40", "5台+3台", "2箱(24瓶/箱)", "2箱零3瓶", "5/8", "1 000"])
def test_several_numbers_in_one_cell_are_a_finding(typed: str) -> None:
    assert read_quantity(typed).code == "several-quantities"


@pytest.mark.parametrize("typed", [None, "", "-", "—", "/", "无", "  "])
@pytest.mark.parametrize("read", [read_quantity, read_amount, read_price, read_score])
def test_a_dash_stands_for_nothing(read: Any, typed: Any) -> None:
    assert read(typed) == (None, None, {})


@pytest.mark.parametrize("read", [read_quantity, read_amount, read_price, read_score])
def test_an_error_value_is_named(read: Any) -> None:
    assert read(Trouble("error-value", "#REF!")).code == "error-value"


@pytest.mark.parametrize(
    ("typed", "unit", "wan"),
    [
        ("¥8,000.00", None, "0.8"), ("￥22.30", None, "0.00223"), ("8000元", None, "0.8"),
        ("8000元整", "万元", "0.8"),
        ("15万", None, "15"), ("15万元", "元", "15"), ("十五万", None, "15"), ("捌仟元整", None, "0.8"),
        ("1.2亿", None, "12000"),
        ("CNY 8000", None, "0.8"), ("RMB8000", None, "0.8"), ("人民币8000元", None, "0.8"), ("8千", None, "0.8"),
        ("8000块", None, "0.8"), ("15萬", None, "15"), ("15w", None, "15"), ("8k", None, "0.8"),
        ("0.8", "万元", "0.8"), (0.8, "万元", "0.8"), (15, "万元", "15"), (8000, "元", "0.8"),
        ("1,234.00", "元", "0.1234"),
        (60899.99999999999, "元", "6.09"), ("60899.99999999999", "元", "6.09"), (0.005, "元", "0.000001"),
        (0.0049, "元", "0"), (3, "10k CNY", "3"), (3, "亿元", "30000"), ("-500元", None, "-0.05"),
        ("８０００元", None, "0.8"),
    ],
)  # fmt: skip
def test_an_amount_is_in_wan_rounded_to_the_fen(typed: Any, unit: str | None, wan: str) -> None:
    read = read_amount(typed, unit)
    assert read.code is None
    assert str(read.value) == wan


@pytest.mark.parametrize("typed", [8000, 0.8, "8000", "1,234.00"])
def test_without_a_unit_anywhere_an_amount_is_not_guessed(typed: Any) -> None:
    assert read_amount(typed) == (None, "amount-unit-unclear", {})


@pytest.mark.parametrize("typed", ["US$500", "$5", "＄5", "500 USD", "€5", "HK$5", "500美元", "NT$5"])
def test_another_currency_is_not_read_as_money_of_the_desk(typed: str) -> None:
    read = read_amount(typed, "万元")
    assert (read.value, read.code) == (None, "unreadable-amount")
    assert read.params["currency"]


def test_a_header_in_another_currency_makes_its_bare_numbers_unreadable() -> None:
    assert read_amount(5, "USD") == (None, "unreadable-amount", {"currency": "USD"})


@pytest.mark.parametrize(
    ("typed", "code"),
    [("10/40/40/10", "several-amounts"), ("8000+500", "several-amounts"), ("1 000", "several-amounts"),
     ("15-20万", "unreadable-amount"), ("约8000元", "unreadable-amount"), ("面议", "unreadable-amount"),
     ("1,00", "unreadable-amount"), ("¥", "unreadable-amount"), (True, "unreadable-amount")],
)  # fmt: skip
def test_what_is_no_single_amount_is_a_finding(typed: Any, code: str) -> None:
    assert read_amount(typed, "万元").code == code


def test_a_price_is_in_yuan_and_keeps_its_fractions() -> None:
    assert str(read_price("¥0.0035").value) == "0.0035"
    assert str(read_price(30000).value) == "30000"
    assert str(read_price("3万").value) == "30000"
    assert str(read_price(3, "万元").value) == "30000"


@pytest.mark.parametrize(
    ("typed", "score"),
    [(5, 5), ("5", 5), ("５", 5), ("5分", 5), ("4.0", 4), ("4/5", 4), ("五分", 5), ("3星", 3), ("★★★★★", 5),
     ("★★★☆☆", 3),
     ("★★", 2), ("非常满意", 5), ("非常滿意", 5), (3.0, 3)],
)  # fmt: skip
def test_a_score_is_read_where_it_is_certain(typed: Any, score: int) -> None:
    assert read_score(typed) == (score, None, {})


@pytest.mark.parametrize(
    "typed", [0, 6, 4.5, "4.5", "10分", "满意", "一般", "★★☆", "3-4", "100", True, "很好", 10**400]
)
def test_any_other_score_is_a_finding(typed: Any) -> None:
    assert read_score(typed) == (None, "unreadable-score", {})


@settings(max_examples=150, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["", "台", "件", " pcs", "千克"]))
def test_a_written_quantity_reads_back_in_any_width(number: Decimal, unit: str) -> None:
    for typed in (f"{number}{unit}", wide(f"{number}{unit}"), f"{number:,}{unit}"):
        read = read_quantity(typed)
        assert read.value is not None
        assert read.value.number == number
        assert "E" not in str(read.value.number)


@settings(max_examples=150, deadline=None)
@given(st.decimals(0, 10**8, places=2))
def test_an_amount_reads_back_from_its_own_normal_form(yuan: Decimal) -> None:
    amount = read_amount(f"¥{yuan:,}").value
    assert amount is not None
    assert amount * 10_000 == yuan
    assert read_amount(str(amount), "万元").value == read_amount(f"{amount}万").value == amount


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANY, FIGURES))
def test_nothing_raises_and_no_figure_is_invented(typed: Any) -> None:
    for read in (read_quantity(typed), read_amount(typed, "元"), read_price(typed)):
        assert read.value is None or read.code is None
        if isinstance(typed, str) and not any(one.isnumeric() or one in "两兩" for one in typed):
            assert read.value is None
    score = read_score(typed)
    assert score.value is None or 1 <= score.value <= 5
