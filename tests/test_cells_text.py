"""Text, contacts, order numbers and choices: kept as typed, in one normal form, and never changed in meaning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records import choices
from orderflow.records.column import Choice
from orderflow.records.rows import EVERY, columns
from orderflow.sheets.cells import read_choice, read_number, read_phone, read_text
from orderflow.sheets.cells.text import is_plain, normal
from orderflow.sheets.values import Trouble

TYPED = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
CHOICES = {column.choices for one in EVERY for column in columns(one.row).values() if column.choices}


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  A型设备 - 2024款 ", "A型设备 - 2024款"), ("甲\u3000公司", "甲 公司"), ("甲\n乙\r\n丙", "甲 乙 丙"),
        ("甲\u00a0\u00a0乙", "甲 乙"), ("甲\u200b公\ufeff司", "甲公司"), ("ＡＢＣ（１）", "ＡＢＣ（１）"),
        ("訂製", "訂製"),
        ("\t1234567890123456789", "1234567890123456789"), ("'0012345", "0012345"), ('="0012345"', "0012345"),
        ("*经理", "*经理"), ("=1+1", "=1+1"), ("无", "无"), ("-10mm", "-10mm"), (12345, "12345"), (5.5, "5.5"),
        (0.1 + 0.2, "0.3"), (True, "TRUE"), (date(2024, 5, 20), "2024-05-20"),
        (datetime(2024, 5, 20, 9, 30), "2024-05-20 09:30"), (time(9), "09:00"), (timedelta(hours=26), "26:00"),
    ],
)  # fmt: skip
def test_text_is_kept_as_typed_in_its_normal_form(typed: Any, text: str) -> None:
    assert read_text(typed) == (text, None, {})


@pytest.mark.parametrize("typed", [None, "", "\u200b", " \u3000\n", "-", "--", "——", "－", "/", "／"])
def test_nothing_and_a_dash_are_blank(typed: Any) -> None:
    for read in (read_text, read_phone, read_number):
        assert read(typed) == (None, None, {})


@pytest.mark.parametrize("typed", ["6.92158E+18", "1E+05", 1.5e20, 4123456789012345678, 10**15])
def test_digits_that_a_spreadsheet_has_dropped_are_said(typed: Any) -> None:
    for read in (read_text, read_phone, read_number):
        assert read(typed).code == "digits-lost"
        assert read(typed).value


def test_digits_that_are_still_there_are_kept_to_the_last() -> None:
    assert read_text("4123456789012345678").value == "4123456789012345678"
    assert read_text(999_999_999_999_999).value == "999999999999999"
    assert read_text("00012").value == "00012"


def test_a_text_longer_than_a_cell_can_hold_is_said() -> None:
    assert read_text("字" * 32_767).code is None
    assert read_text("字" * 32_768) == ("字" * 32_768, "text-too-long", {"limit": 32_767})
    assert read_text("😀" * 16_384).code == "text-too-long"


def test_trouble_is_named() -> None:
    for read in (read_text, read_phone, read_number, lambda cell: read_choice(cell, choices.PAYMENT)):
        assert read(Trouble("error-value", "#N/A")) == (None, "error-value", {})


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ("13900005678", "13900005678"), ("+86 139-0000-5678", "13900005678"), ("0086 13900005678", "13900005678"),
        ("86-13900005678", "13900005678"), ("139 0000 5678", "13900005678"), ("１３９０００05678", "13900005678"),
        (13900005678, "13900005678"), ("010-12345678", "01012345678"), ("(010) 12345678", "01012345678"),
        ("+86 10 1234 5678", "01012345678"), ("400-820-8820", "4008208820"), ("139****5678", "139****5678"),
        ("1395678", "1395678"), ("1******6198", "1******6198"), ("010-12345678转801", "010-12345678转801"),
        ("+852 9123 4567", "+852 9123 4567"), ("*经理 13900005678", "*经理 13900005678"), ("微信：abc", "微信：abc"),
        ("95588", "95588"), ("a@b.cn", "a@b.cn"), ("未提供", "未提供"),
    ],
)  # fmt: skip
def test_a_phone_is_its_national_digits_and_anything_else_as_typed(typed: Any, contact: str) -> None:
    assert read_phone(typed) == (contact, None, {})


@pytest.mark.parametrize("typed", ["13900005678/13900005679", "13900005678、010-12345678", "139 0000 5678 13900005679"])
def test_two_phones_in_a_cell_are_kept_as_typed_and_said(typed: str) -> None:
    assert read_phone(typed) == (typed, "several-contacts", {"count": 2})


def test_one_phone_written_twice_is_one() -> None:
    assert read_phone("13900005678 / 139-0000-5678").code is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [("202405-001", "202405-001"), ("２０２４０５－００１", "202405-001"), (" 202405 - 001", "202405-001"),
     ("202405—001", "202405-001"), ("202411-1000", "202411-1000"), ("1234567890123456789", "1234567890123456789"),
     ("202413-001", "202413-001"), ("DD-2024－1", "DD-2024－1"), (202405001, "202405001")],
)  # fmt: skip
def test_a_desk_number_is_known_in_any_width_and_others_stay_as_typed(typed: Any, number: str) -> None:
    assert read_number(typed) == (number, None, {})


@pytest.mark.parametrize("known", sorted(CHOICES, key=str), ids=lambda known: known[0].code)
def test_every_word_alias_and_code_of_a_choice_is_read(known: tuple[Choice, ...]) -> None:
    for choice in known:
        for word in (choice.code, *choice.words, *choice.aliases):
            for typed in (word, f" {word}\n", word.upper(), f"{word}（备）"):
                assert read_choice(typed, known).value == choice.code, typed


@pytest.mark.parametrize(
    ("typed", "known", "code"),
    [
        ("紧急(3天)", choices.URGENCY, "high"), ("常规（5天）", choices.URGENCY, "medium"),
        ("紧急≤3天", choices.URGENCY, "high"),
        ("緊急", choices.URGENCY, "high"), ("延迟1天", choices.STATUS, "late"), ("延遲 2 天", choices.STATUS, "late"),
        ("已付款", choices.PAYMENT, "paid"), ("買家已付款", choices.PAYMENT, "paid"),
        ("PAID", choices.PAYMENT, "paid"),
        ("ｖｉｐ", choices.CUSTOMER_LEVEL, "vip"), ("小客户", choices.CUSTOMER_LEVEL, "new"),
        (True, choices.YES_NO, "yes"),
    ],
)  # fmt: skip
def test_a_choice_is_read_however_it_is_dressed(typed: Any, known: tuple[Choice, ...], code: str) -> None:
    read = read_choice(typed, known)
    assert (read.value, read.code) == (code, None)


def test_a_channel_is_told_beside_the_source_it_belongs_to() -> None:
    assert read_choice("天猫", choices.SOURCE) == ("platform", None, {"typed": "天猫"})
    assert read_choice("电商平台（天猫）", choices.SOURCE) == ("platform", None, {"typed": "天猫"})
    assert read_choice("电商平台", choices.SOURCE) == ("platform", None, {})


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("付清了", ("paid",)), ("已付(未付)", ("paid",)), ("???", ()), ("已付/未付", ("paid", "unpaid"))],
)
def test_an_unknown_choice_names_the_nearest_ones(typed: str, nearest: tuple[str, ...]) -> None:
    read = read_choice(typed, choices.PAYMENT)
    assert (read.value, read.code) == (None, "unknown-choice")
    assert set(nearest) <= set(read.params["nearest"])


@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_the_normal_form_is_its_own_normal_form(typed: str) -> None:
    once = normal(typed)
    assert normal(once) == once
    for read in (read_text, read_phone, read_number):
        value = read(typed).value
        assert value is None or read(value).value == value
    if is_plain(typed):
        assert once == typed


@settings(max_examples=200, deadline=None)
@given(st.one_of(TYPED, st.integers(), st.floats(), st.booleans(), st.datetimes(), st.times(), st.timedeltas()))
def test_nothing_raises(typed: Any) -> None:
    for read in (read_text, read_phone, read_number):
        assert read(typed).code in (None, "digits-lost", "several-contacts", "text-too-long")
    for known in (choices.PAYMENT, choices.YES_NO):
        read_choice(typed, known)


@settings(max_examples=100, deadline=None)
@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["{}", "+86{}", "+86 {}", "0086{}", " {} "]))
def test_a_mobile_number_is_the_same_however_it_is_written(number: int, form: str) -> None:
    digits = str(number)
    spaced = f"{digits[:3]} {digits[3:7]}-{digits[7:]}"
    assert read_phone(form.format(digits)).value == read_phone(form.format(spaced)).value == digits
