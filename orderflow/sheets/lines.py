"""What the lines under a header are: rows of the table, or blank, repeated headers, totals and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from orderflow.records.column import Kind
from orderflow.records.folding import bare, fold
from orderflow.records.rows import columns
from orderflow.sheets.cells.text import half_width, is_blank, normal, shown
from orderflow.sheets.headers import Layout
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.values import Cell, Line

_TOTAL = re.compile(
    r"(?:(?:本页|本月|本日|当日|当月|全部|以上)?(?:合计|总计|小计|共计|累计|总数|总和)(?:金额|数量|件数)?|(?:sub|grand)?total|sum)"
    r"(?:\(.*\))?(?::?(?:人民币|大写|¥)*[\d,.]+\S{0,3}|:.*)?"
)
_FIGURE = re.compile(r"[+-]?[¥￥]?[\d,.]+\s*\S{0,3}|(?:大写|人民币|金额).*|共\s*\d+\s*\S{1,2}")
_NOTE_WORDS = (
    "备注|附注|注|说明|填表说明|注意|注意事项|温馨提示|声明|制表人?|填表人?|制单人?|审核人?|审批人?|批准人?|复核人?|经办人?|"
    "签字|签名|盖章|打印时间|打印日期|打印人|制表日期|制表时间|填表日期|导出时间|导出人|联系电话|电话|地址|公司地址|"
    "notes?|remarks?|preparedby|approvedby|printed|date"
)
_NOTE = re.compile(
    rf"(?:{_NOTE_WORDS})\d*:.*|-*第?\d+页-*|第\d+页.*|共\d+页.*|page\d+(?:(?:of|/)\d+)?|[※*]\D{{6,}}|"
    r"以下(?:空白|无正文).*|end|结束"
)
_LABELLED = re.compile(r".{1,10}:.*")
_SENTENCE = re.compile(r".{24,}|.*[。！]")
_DOUBTFUL_STARTS = frozenset(("", " ", "\u3000", "-", "—", "–", "/"))
_ANCHORS = ("customer", "product", "number", "stage", "contact")
_ALIKE = 0.6  # share of the header's texts that a repeated header has


class LineKind(StrEnum):
    """What a line under a header is."""

    ROW = "row"
    BLANK = "blank"
    HEADER = "header"
    TOTAL = "total"
    NOTE = "note"


class Skipped(NamedTuple):
    """Lines that are no rows of the table: first and last row number, what they are, and their first text."""

    row: int
    kind: LineKind
    text: str
    last: int


class Lines:
    """Tells the lines under one header apart. When in doubt a line is a row: nothing is dropped unsaid."""

    def __init__(self, layout: Layout, header: Sequence[Line] = ()) -> None:
        self._header = header
        said = {column: bare(text) for column, text in layout.headers.items()}
        self._headers = [said, *(_keys(line.cells) for line in header)]
        anchors = sorted(
            (_ANCHORS.index(field), column) for column, field in layout.fields.items() if field in _ANCHORS
        )
        told_by = [column for _, column in anchors[:2]]
        self._pair = (told_by[0], told_by[1]) if len(told_by) == 2 else None
        self._reach = max(told_by, default=0)
        firsts = (line.cells[column] for line in header for column in told_by[:1] if column < len(line.cells))
        self._first = {normal(cell) for cell in firsts if isinstance(cell, str)}
        declared = columns(layout.row)
        self._told = {
            column
            for column, field in layout.fields.items()
            if field in _ANCHORS or (declared[field].kind is Kind.TEXT and declared[field].required)
        }

    def under(self, layout: Layout) -> Lines:
        """The same, where the columns are told differently."""
        return Lines(layout, self._header)

    def kind_of(self, line: Line) -> LineKind:
        """What the line is."""
        if self.is_surely_row(line):
            return LineKind.ROW
        cells = line.cells
        filled = {column: text for column, cell in enumerate(cells) if cell is not None and (text := _said(cell))}
        if not filled:
            return LineKind.BLANK
        if self._repeats(filled):
            return LineKind.HEADER
        if self._is_total(cells, filled):
            return LineKind.TOTAL
        return LineKind.NOTE if self._is_note(filled) else LineKind.ROW

    def is_surely_row(self, line: Line) -> bool:
        """The cheap test that nearly every row passes: both of what a row is told by stand there, plainly."""
        if self._pair is None or len(line.cells) <= self._reach:
            return False
        first, second = self._pair
        return line.cells[second] is not None and self._is_plain(line.cells[first])

    def doubtful(self, lines: Sequence[Line]) -> list[int]:
        """The places, from 0, of the lines that do not pass that test."""
        if self._pair is None or not isinstance(lines, Stretch):
            return [at for at, line in enumerate(lines) if not self.is_surely_row(line)]
        pairs = zip(*map(lines.column, self._pair), strict=True)
        return [at for at, (first, second) in enumerate(pairs) if second is None or not self._is_plain(first)]

    def _is_plain(self, cell: Cell) -> bool:
        if not isinstance(cell, str) or cell[:1] in _DOUBTFUL_STARTS or ":" in cell or "：" in cell:
            return False
        return cell.strip() not in self._first

    def _repeats(self, filled: dict[int, str]) -> bool:
        for header in self._headers:
            same = sum(header.get(column) == bare(text) for column, text in filled.items())
            if same >= 2 and same >= _ALIKE * max(len(header), len(filled)):
                return True
        return False

    def _is_total(self, cells: Sequence[Cell], filled: dict[int, str]) -> bool:
        """A word for a total and, beside it, only figures: no customer, no product."""
        words = {column for column, text in filled.items() if _TOTAL.fullmatch(fold(text))}
        others = filled.keys() - words
        if not words or others & self._told:
            return False
        return all(
            not isinstance(cells[column], str) or _FIGURE.fullmatch(half_width(filled[column])) for column in others
        )

    def _is_note(self, filled: dict[int, str]) -> bool:
        """Notes and signatures with their labels, or one sentence that stands alone where no name belongs."""
        noted = [column for column, text in filled.items() if _NOTE.fullmatch(fold(text))]
        if noted and all(_LABELLED.fullmatch(fold(text)) for column, text in filled.items() if column not in noted):
            return True
        others = filled.keys() - set(noted)
        if noted and len(filled) <= 2 and not others & self._told:
            return True
        (column, text), *more = filled.items()
        return not more and column not in self._told and _SENTENCE.fullmatch(text) is not None


def first_text(line: Line) -> str:
    """The first text of a line, to name it by."""
    texts = (normal(shown(cell)) for cell in line.cells if cell is not None)
    return next((text for text in texts if text), "")[:200]


def _keys(cells: Sequence[Cell]) -> dict[int, str]:
    return {column: bare(cell) for column, cell in enumerate(cells) if isinstance(cell, str) and bare(cell)}


def _said(cell: Cell) -> str:
    text = normal(shown(cell))
    return "" if is_blank(text) else text
