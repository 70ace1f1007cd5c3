"""The slow pass over an OpenDocument spreadsheet: content.xml, with its repeated rows and cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from orderflow.sheets.reading.marks import Notes
from orderflow.sheets.reading.ooxml import parse, strict_parser
from orderflow.sheets.reading.zipped import Archive
from orderflow.sheets.values import Limits

PADDED = re.compile(r"0\d+")
ERROR = re.compile(r"#(?:N/A|NAME\?|VALUE!|REF!|DIV/0!|NUM!|NULL!)|Err:\d{3}")
HIDDEN = ("collapse", "filter")
ROWS, COLUMNS = 1 << 20, 1 << 14


def sheets(settings: dict[str, Any], content: bytes) -> Sequence[Callable[[], Notes]]:
    """All sheets stand in one part, so it is read when the first one is asked for."""
    reader = ContentXml()
    parse(reader.parser, Archive(content, Limits()).pieces("content.xml"))
    return [lambda notes=notes: notes for notes in reader.notes]  # type: ignore[misc]


class ContentXml:
    """Reads content.xml as it streams by and notes, per table, what the fast parser does not see."""

    def __init__(self) -> None:
        self.notes: list[Notes] = []
        self._row = self._column = self._hidden_column = self._repeated_rows = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._reading = self._annotation = False
        self._waiting: list[tuple[int, int, object]] = []
        self.parser = strict_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.notes.append(Notes(attributes.get("table:name", "")))
            self._row = self._hidden_column = 0
        elif name == "table:table-column":
            self._begin_column(attributes)
        elif name == "table:table-row":
            self._begin_row(attributes)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._text = attributes, []
        elif name == "office:annotation":
            self._annotation = True
        elif name == "text:p":
            self._reading = not self._annotation

    def _begin_column(self, attributes: dict[str, str]) -> None:
        count = _count(attributes, "table:number-columns-repeated", COLUMNS)
        if attributes.get("table:visibility") in HIDDEN:
            self.notes[-1].hide_columns(self._hidden_column, self._hidden_column + count - 1)
        self._hidden_column += count

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._repeated_rows = _count(attributes, "table:number-rows-repeated", ROWS)
        self._column = 0
        if attributes.get("table:visibility") in HIDDEN:
            self.notes[-1].hide_rows(self._row, self._row + self._repeated_rows - 1)

    def _characters(self, text: str) -> None:
        if self._reading:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name == "table:table-row":
            self._end_row()
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif name == "office:annotation":
            self._annotation = False
        elif name == "text:p":
            self._reading = False

    def _end_row(self) -> None:
        for row in range(self._row, self._row + self._repeated_rows) if self._waiting else ():
            for first, last, value in self._waiting:
                for column in range(first, last):
                    self.notes[-1].mark(row, column, value)
        self._waiting.clear()
        self._row += self._repeated_rows

    def _end_cell(self) -> None:
        cell, notes, first = self._cell, self.notes[-1], self._column
        self._column += _count(cell, "table:number-columns-repeated", COLUMNS)
        down = _count(cell, "table:number-rows-spanned", ROWS)
        across = _count(cell, "table:number-columns-spanned", COLUMNS)
        if down > 1 or across > 1:
            notes.merge(self._row, first, self._row + down - 1, first + across - 1)
        if self._text or cell.get("office:value-type"):
            notes.saw(self._row + self._repeated_rows - 1, self._column - 1)
        value = _mark(cell, "".join(self._text))
        if value is not None:
            self._waiting.append((first, self._column, value))


def _mark(cell: dict[str, str], text: str) -> object:
    kind, formula = cell.get("office:value-type"), cell.get("table:formula")
    if cell.get("calcext:value-type") == "error" or (formula and ERROR.fullmatch(text)):
        return "error-value", text
    if formula and not kind:
        return "formula-not-calculated", formula.removeprefix("of:")
    if kind == "float" and PADDED.fullmatch(text):
        return text
    return None


def _count(attributes: dict[str, str], name: str, most: int) -> int:
    text = attributes.get(name, "1")
    return min(int(text), most) if text.isdecimal() else 1
