"""Folding: what people type differently and mean alike compares equal, and nothing else does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.folding import bare, fold, model_key, spaced

typed = st.text("杭州科技設备设備臺台ABcde0129．，,-（）() \t\n\u3000\u200b\ufeffＡＢ１２", max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＬＯＧＯ", "logo"),
        ("訂單編號", "订单编号"),
        ("单 价", "单价"),
        ("单\n价", "单价"),
        ("１００", "100"),
        ("（件）", "(件)"),
        ("天\u200b猫\ufeff", "天猫"),
        ("\u202d13900005678\u202c", "13900005678"),
        ("Straße", "STRASSE"),
    ],
)
def test_width_case_script_and_white_space_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("A-1", "A1"), ("天猫", "京东"), ("A+", "A"), ("2024款", "2025款")])
def test_what_is_written_otherwise_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(typed)
@settings(max_examples=200, deadline=None)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    for folding in (fold, spaced, bare):
        assert folding(folding(text)) == folding(text)


@given(typed)
@settings(max_examples=200, deadline=None)
def test_a_folded_text_holds_no_white_space_and_no_wide_characters(text: str) -> None:
    folded = fold(text)
    assert not any(character.isspace() for character in folded)
    assert unicodedata.is_normalized("NFKC", folded)
    assert spaced(text).replace(" ", "") == folded


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_folded(text: str) -> None:
    assert isinstance(bare(text) + model_key(text) + spaced(text), str)


def test_one_space_stays_between_latin_words_only() -> None:
    assert spaced(" No  LOGO ， 定 制 red\nblue 5 cm ") == "no logo,定制red blue 5 cm"


@given(typed)
@settings(max_examples=100, deadline=None)
def test_a_bare_name_holds_letters_and_figures_only(text: str) -> None:
    assert bare(text) == "" or bare(text).isalnum()


@pytest.mark.parametrize("product", ["2024款 A型设备", "A型设备（2024款）", "ａ型設備_2024款"])
def test_a_model_is_the_same_whatever_its_order_and_punctuation(product: str) -> None:
    assert model_key(product) == model_key("A型设备-2024款")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A型设备-2024款", "A型设备-2025款"),
        ("螺丝M5×10", "螺丝M10×5"),
        ("管材0.5mm", "管材5mm"),
        ("管材1.05", "管材10.5"),
        ("AB-12", "AB-1-2"),
        ("手机壳Pro+", "手机壳Pro"),
    ],
)
def test_other_figures_are_another_model(one: str, other: str) -> None:
    assert model_key(one) != model_key(other)
