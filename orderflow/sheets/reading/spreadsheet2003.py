"""Excel 2003's XML spreadsheets: one text file with Worksheet, Row and Cell elements, often named .xls."""

from __future__ import annotations

from datetime import datetime

from orderflow.sheets.reading.ooxml import parse, strict_parser
from orderflow.sheets.reading.serving import Rows
from orderflow.sheets.values import MIB

ROWS, COLUMNS = 1 << 20, 1 << 14
DAY_ZERO = (datetime(1899, 12, 31), datetime(1899, 12, 30))


def worksheets(content: bytes) -> list[Rows]:
    """The worksheets in the file's order."""
    reader = Worksheets()
    parse(reader.parser, [content[at : at + MIB] for at in range(0, len(content), MIB)])
    return reader.found


class Worksheets:
    """Reads the file's elements as they come; rows and columns count on where no index says otherwise."""

    def __init__(self) -> None:
        self.found: list[Rows] = []
        self._row = self._span = self._column = self._hidden_column = 0
        self._cell: dict[str, str] = {}
        self._line: list[object] = []
        self._kind, self._value = "", ""
        self._text: list[str] | None = None
        self._comment = False
        self.parser = strict_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "Worksheet":
            self.found.append(Rows({"name": attributes.get("Name", ""), "hidden": False}, [], []))
            self._row = self._hidden_column = 0
        elif name == "Column":
            self._begin_column(attributes)
        elif name == "Row":
            self._begin_row(attributes)
        elif name == "Cell":
            self._column = _index(attributes, "Index", self._column + 1, COLUMNS) - 1
            self._cell, self._kind, self._value = attributes, "", ""
        elif name == "Comment":
            self._comment = True
        elif (name == "Data" and not self._comment) or name == "Visible":
            self._kind, self._text = attributes.get("Type", self._kind), []

    def _begin_column(self, attributes: dict[str, str]) -> None:
        first = _index(attributes, "Index", self._hidden_column + 1, COLUMNS)
        self._hidden_column = first + _index(attributes, "Span", 0, COLUMNS)
        if attributes.get("Hidden") == "1":
            self.found[-1].hidden_columns.update(range(first - 1, min(self._hidden_column, COLUMNS)))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = _index(attributes, "Index", self._row + 1, ROWS)
        self._line, self._column = [], 0
        self._span = _index(attributes, "Span", 0, ROWS)
        if attributes.get("Hidden") == "1":
            self.found[-1].hidden_rows.append((self._row, self._row + self._span))

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "Cell":
            self._end_cell()
        elif name == "Row":
            if self._line:
                self.found[-1].lines.append((self._row, self._line))
            self._row += self._span
        elif name == "Comment":
            self._comment = False
        elif name == "Data" and self._text is not None:
            self._value, self._text = "".join(self._text), None
        elif name == "Visible" and self._text is not None:
            self.found[-1].facts["hidden"], self._text = "".join(self._text).strip() != "SheetVisible", None

    def _end_cell(self) -> None:
        across, down = (_index(self._cell, name, 0, ROWS) for name in ("MergeAcross", "MergeDown"))
        if across or down:
            self.found[-1].merged.append((self._row, self._column, self._row + down, self._column + across))
        value = _value(self._kind, self._value, self._cell.get("Formula"))
        if value != "":
            self._line += [""] * (self._column - len(self._line)) + [value]
        self._column = min(self._column + 1 + across, COLUMNS)


def _value(kind: str, text: str, formula: str | None) -> object:
    if formula and not kind:
        return "formula-not-calculated", formula
    if kind == "Error":
        return "error-value", text
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return _moment(datetime.fromisoformat(text))
    except ValueError:
        return text
    return text


def _moment(when: datetime) -> object:
    if datetime.combine(when.date(), datetime.min.time()) in DAY_ZERO:
        return when.time()
    return when if when.time() != datetime.min.time() else when.date()


def _index(attributes: dict[str, str], name: str, otherwise: int, most: int) -> int:
    text = attributes.get(name, "")
    return min(int(text), most) if text.isdecimal() and len(text) < 10 else min(otherwise, most)
