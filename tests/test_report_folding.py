"""Sentences in a terminal are broken where a reader would break them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from orderflow.report.folding import folded


def test_chinese_fills_the_line_and_words_stay_whole() -> None:
    lines = folded("若是订单，请补上这三项，如 A公司、139****5678、A型设备-2024款，再交一次。", 30)
    assert lines == ["若是订单，请补上这三项，如 A公", "司、139****5678、A型设备-2024", "款，再交一次。"]


def test_no_line_begins_with_a_closing_mark() -> None:
    assert folded("一二三四五。六", 10) == ["一二三四五。", "六"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert folded("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(alphabet="订单ab1 ，。-", max_size=80), st.integers(4, 40))
def test_nothing_but_white_space_is_lost_and_no_line_is_too_long(words: str, width: int) -> None:
    lines = folded(words, width)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(cell_len(line.rstrip("，。")) <= width for line in lines)
