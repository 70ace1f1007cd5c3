"""Exports of survey tools (问卷星, 腾讯问卷, 金数据 and other forms): one row an answer, questions for headers.

The columns are told by what the questions say, as rows of the feedback workbook; so they are read by the same reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from orderflow.records.feedback import DIMENSIONS
from orderflow.records.folding import bare, fold
from orderflow.records.rows import Feedback, columns
from orderflow.sheets.cells.text import normal
from orderflow.sheets.headers import NO_PINS, Layout, unique
from orderflow.sheets.values import Cell, Line, Sheet

CONTACT, OWN_NUMBER = "contact", "own_number"
"""What a survey knows besides a row of the feedback workbook: the customer's phone, its own number of the answer."""

_SUBMITTED = ("提交答卷时间", "结束答题时间", "提交时间", "完成时间", "填写时间", "答题时间", "completiontime", "时间戳",
              "timestamp", "submittedat", "submitdate")  # fmt: skip
_OWN_NUMBERS = frozenset(("序号", "编号", "答卷编号", "答题序号", "id", "responseid"))
_TECHNICAL = ("所用时间", "时长", "开始时间", "开始答题", "来源", "来自ip", "总分", "语言", "清洗", "地理位置", "浏览器",
              "操作系统", "设备", "昵称", "用户", "自定义字段", "referrer", "starttime", "提交人", "修改时间")  # fmt: skip
_OPEN = (
    ("comment", ("意见", "不满意的", "哪些问题", "投诉", "留言", "opinion", "comment", "feedback")),
    ("suggestion", ("建议", "改进", "suggest", "improve")),
)
_SURE = (
    ("number", ("订单编号", "订单号", "单号", "ordernumber", "orderno", "orderid")),
    (CONTACT, ("手机", "电话", "联系方式", "phone", "mobile")),
    ("acceptance", ("验收", "acceptance")),
    ("response", ("响应速度", "回复速度", "responsespeed", "speedofresponse")),
    ("quality", ("产品质量", "商品质量", "productquality")),
    ("timeliness", ("交付时效", "交货时效", "配送时效", "交付速度", "timeliness", "deliverytime", "ontime")),
    ("service", ("服务态度", "serviceattitude", "attitude")),
    ("score", ("总体", "整体", "综合", "总的来说", "overall", "满意度评分")),
    ("customer", ("客户名称", "公司名称", "单位名称", "您的姓名", "您的称呼", "company")),
)  # fmt: skip
_LIKELY = (
    ("response", ("响应", "回复", "response")),
    ("quality", ("质量", "quality")),
    ("timeliness", ("时效", "准时", "及时")),
    ("service", ("服务", "态度", "service")),
    ("score", ("满意", "satisf")),
    ("customer", ("姓名", "称呼", "yourname")),
)
_SKIPPED = frozenset(("(空)", "(跳过)", "-2", "-3"))  # how 问卷星 writes a question that was not asked or not answered
_ANSWERS = frozenset(("score", "acceptance", "comment", *DIMENSIONS))
_TAIL = re.compile(r"[—_:：|]+|-{1,2}")
_LOOKED_THROUGH = 10


@dataclass(frozen=True, slots=True)
class Survey:
    """An export: its `layout` as a feedback workbook's, where phone and own number stand, and the answers' lines.

    `unknown` are the questions that mean nothing to the desk, by column.
    """

    layout: Layout
    header_row: int
    beside: Mapping[str, int]
    unknown: Mapping[int, str]
    lines: Iterator[Line]

    def cell(self, name: str, line: Line) -> Cell:
        """What an answer says beside the row: `CONTACT` or `OWN_NUMBER`."""
        column = self.beside.get(name)
        return line.cells[column] if column is not None and column < len(line.cells) else None


def peeked(sheet: Sheet) -> tuple[list[Line], Sheet]:
    """The first lines of a sheet, and the sheet with all its lines still to be read."""
    chunks = iter(sheet.chunks)
    first: list[Line] = []
    for chunk in chunks:
        first += chunk
        if len(first) >= _LOOKED_THROUGH:
            break
    again = Sheet(
        sheet.name,
        sheet.hidden,
        sheet.date1904,
        sheet.hidden_columns,
        sheet.hidden_rows,
        sheet.merged,
        chain([first], chunks),
    )
    return first, again


def open_survey(first: Sequence[Line], sheet: Sheet, pins: Mapping[str, str | None] = NO_PINS) -> Survey | None:
    """The export that a sheet is, if it is one: a column of submission times, and questions that the desk asks."""
    for line in first[:_LOOKED_THROUGH]:
        headers = {column: text for column, cell in enumerate(line.cells) if (text := _text(cell))}
        means = _meanings(headers, pins)
        if "recorded_at" in means.values() and _ANSWERS & set(means.values()):
            return _survey(line.row, headers, means, sheet)
    return None


def _survey(row: int, headers: dict[int, str], means: dict[int, str], sheet: Sheet) -> Survey:
    names = unique(headers)
    fields = {column: name for column, name in means.items() if name not in (CONTACT, OWN_NUMBER)}
    asked = {column: text for column, text in headers.items() if column not in means and not _is_technical(text)}
    layout = Layout(row=Feedback, headers=names, fields=dict(sorted(fields.items())))
    beside = {name: column for column, name in means.items() if name in (CONTACT, OWN_NUMBER)}
    return Survey(layout, row, beside, asked, _answers(row, set(means), sheet))


def _answers(header_row: int, known: set[int], sheet: Sheet) -> Iterator[Line]:
    """The lines below the header that say anything, with what was skipped as blank cells."""
    for chunk in sheet.chunks:
        for line in chunk:
            cells: list[Cell] = [None if _text(cell) is None else cell for cell in line.cells]
            if line.row > header_row and any(cells[column] is not None for column in known if column < len(cells)):
                yield Line(line.row, cells)


def _text(cell: Cell) -> str | None:
    said = normal(str(cell)) if cell is not None else ""
    return said if said and fold(said) not in _SKIPPED else None


def _meanings(headers: Mapping[int, str], pins: Mapping[str, str | None]) -> dict[int, str]:
    """What each column is; of several that could be one field the surest, then the first."""
    pinned = {bare(header): name for header, name in pins.items()}
    found: dict[str, tuple[int, int]] = {}
    for column, header in headers.items():
        name, rank = (pinned[bare(header)], 0) if bare(header) in pinned else _meaning(header)
        if name is not None and (name in columns(Feedback) or name in (CONTACT, OWN_NUMBER)):
            found[name] = min(found.get(name, (99, 0)), (rank, column))
    return {column: name for name, (_, column) in found.items()}


def _meaning(header: str) -> tuple[str | None, int]:
    """What a question asks for, and how surely (the smaller the surer)."""
    text = bare(header)
    if text in _OWN_NUMBERS:
        return OWN_NUMBER, 1
    if any(word in text for word in _SUBMITTED) and "开始" not in text:
        return "recorded_at", _SUBMITTED.index(next(word for word in _SUBMITTED if word in text)) + 1
    if _is_technical(header):
        return None, 9
    for rank, (name, words) in enumerate(_OPEN, 1):
        if any(word in text for word in words):
            return name, rank
    for rank, questions in enumerate((_SURE, _LIKELY), 1):
        said = [name for name, words in questions if any(word in text for word in words)]
        if len(said) == 1:
            return said[0], rank
        if said:
            return _of_a_matrix(header, questions)
    return None, 9


def _of_a_matrix(header: str, questions: Sequence[tuple[str, Sequence[str]]]) -> tuple[str | None, int]:
    """The one that a row of a matrix question is about: it stands behind the question (`请评分—响应速度`)."""
    tail = bare(_TAIL.split(header)[-1])
    said = [name for name, words in questions if any(word in tail for word in words)]
    return (said[0], 2) if len(said) == 1 else (None, 9)


def _is_technical(header: str) -> bool:
    text = bare(header)
    return text in ("ip", "ua") or any(word in text for word in _TECHNICAL)
