"""Exports of survey tools: what each question asks for is told from its text, and answers are read where certain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office

from orderflow.flows.feedback_files import Answers, read_file
from orderflow.sheets.book import Line, Runs, Sheet
from orderflow.sheets.surveys import CONTACT, OWN_NUMBER, Survey, open_survey, peeked

HOW: Mapping[str, Mapping[str, str]] = {
    "survey-wenjuanxing.xlsx": {
        "B": "recorded_at", "G": "number", "I": "response", "J": "quality", "K": "timeliness", "L": "service",
        "M": "score", "N": "comment", "O": "suggestion",
    },
    "survey-tencent.csv": {
        "C": "recorded_at", "H": "number", "I": "response", "J": "quality", "K": "timeliness", "L": "service",
        "M": "score", "N": "acceptance", "O": "comment",
    },
    "survey-form.csv": {
        "B": "customer", "D": "number", "E": "quality", "F": "service", "G": "score", "H": "comment",
        "I": "recorded_at",
    },
}  # fmt: skip


def asked(*headers: str, answers: list[list[Any]] | None = None) -> Survey | None:
    """The survey that a sheet with these headers is."""
    lines = [Line(1, list(headers)), *(Line(row, cells) for row, cells in enumerate(answers or [], 2))]
    first, sheet = peeked(Sheet("答卷", False, False, frozenset(), Runs(), (), iter([lines])))
    return open_survey(first, sheet)


def fields(*headers: str) -> dict[str, str]:
    """What the questions are, beside the time of submission and one score."""
    survey = asked("提交时间", "总体评分", *headers)
    assert survey is not None
    beside = {column: name for name, column in survey.beside.items()}
    return {headers[column - 2]: name for column, name in {**survey.layout.fields, **beside}.items() if column > 1}


@pytest.mark.parametrize("name", HOW)
def test_the_columns_of_an_export_are_told_by_their_questions(name: str, tmp_path: Path) -> None:
    read = in_desk(tmp_path, name)
    assert read.kind == "survey"
    letters = {chr(65 + column): field for column, field in read.layout.fields.items()}
    assert letters == HOW[name]
    assert not read.findings or all(finding.code != "survey-question-unknown" for finding in read.findings)


def in_desk(tmp_path: Path, name: str) -> Answers:
    office = Office(tmp_path).at("2024-07-04T09:00")
    with office.desk.ledger() as ledger, ledger.read() as book:
        (read,) = read_file(office.desk, book, EXAMPLES / name)
    return read


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("1、您的订单编号是？", "number"),
        ("Q2: 您的手機號碼", CONTACT),
        ("您对我们的响应速度满意吗", "response"),
        ("產品質量", "quality"),
        ("请评价：产品质量", "quality"),
        ("请对响应速度、产品质量、交付时效、服务态度评分—服务态度", "service"),
        ("您对配送是否准时的评价", "timeliness"),
        ("对我们的服务还有什么建议？", "suggestion"),
        ("您对产品质量有哪些意见？", "comment"),
        ("验收结果（合格/不合格/部分合格）", "acceptance"),
        ("How was our speed of response?", "response"),
        ("Your comments", "comment"),
        ("序号", OWN_NUMBER),
    ],
)
def test_a_question_is_known_by_what_it_says(question: str, field: str) -> None:
    assert fields(question) == {question: field}


@pytest.mark.parametrize("technical", ["所用时间", "来自IP", "总分", "开始答题时间", "UA", "语言", "填写设备"])
def test_what_the_tool_itself_writes_is_no_question(technical: str) -> None:
    survey = asked("提交时间", "总体评分", technical)
    assert survey is not None
    assert (len(survey.layout.fields), survey.unknown) == (2, {})


def test_a_question_that_means_nothing_to_the_desk_is_named() -> None:
    survey = asked("提交时间", "总体评分", "您从哪里知道我们？")
    assert survey is not None
    assert survey.unknown == {2: "您从哪里知道我们？"}


def test_a_sheet_without_times_of_submission_is_no_survey() -> None:
    assert asked("订单编号", "满意度评分", "意见") is None
    assert asked("提交时间", "客户名称") is None


def test_what_was_skipped_is_blank_and_empty_lines_are_no_answers() -> None:
    survey = asked("提交时间", "总体评分", "意见", answers=[["2024-05-19", "-3", "(跳过)"], [None, None, None], []])
    assert survey is not None
    assert [(line.row, line.cells) for line in survey.lines] == [(2, ["2024-05-19", None, None])]


def test_scores_are_read_where_they_are_certain_and_said_where_not(tmp_path: Path) -> None:
    read = in_desk(tmp_path, "survey-tencent.csv")
    assert [(f.code, f.value, f.place and f.place.cell) for f in read.findings if f.code == "unreadable-score"] == [
        ("unreadable-score", "4.5", "K3")
    ]


def test_pins_of_the_settings_overrule_the_questions() -> None:
    first, sheet = peeked(
        Sheet("答卷", False, False, frozenset(), Runs(), (), iter([[Line(1, ["提交时间", "打几分", "评语"])]]))
    )
    assert open_survey(first, sheet) is None
    first, sheet = peeked(Sheet("答卷", False, False, frozenset(), Runs(), (), iter([first])))
    survey = open_survey(first, sheet, {"打几分": "score", "评语": "comment"})
    assert survey is not None
    assert list(survey.layout.fields.values()) == ["recorded_at", "score", "comment"]
