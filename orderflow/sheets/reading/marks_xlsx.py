"""The slow pass over an Excel 2007 sheet, as the fast parser counts positions.

Most of a sheet is passed over: cells that bear their own reference and none of the hints need no parsing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from orderflow.sheets.reading.formats import shown
from orderflow.sheets.reading.hints import Hints, is_unusual
from orderflow.sheets.reading.marks import Notes
from orderflow.sheets.reading.ooxml import parse, strict_parser
from orderflow.sheets.reading.zipped import Archive
from orderflow.sheets.values import Limits

REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
HIDDEN_ROW = re.compile(rb'<row r="(\d{1,7})"[^>]* hidden="(?:1|true)"')
ROW, CELL, ROW_END, CELL_END = b'<row r="', b'<c r="', b"</row>", b"</c>"
TRUE = ("1", "true")


def sheets(settings: dict[str, Any], content: bytes) -> Sequence[Callable[[], Notes]]:
    """`settings`: `sheets` the parts, `styles` what they mean by index, `date1904`, `whole` to skip nothing."""
    archive = Archive(content, Limits())
    return [partial(_read, archive, part, settings) for part in settings["sheets"]]


def _read(archive: Archive, part: str, settings: dict[str, Any]) -> Notes:
    if not part or not archive.has(part):
        return Notes()
    if not settings["whole"]:
        with suppress(Unnumbered):
            return _notes(archive, part, settings, Hints(settings["styles"]))
    return _notes(archive, part, settings, None)


def _notes(archive: Archive, part: str, settings: dict[str, Any], hints: Hints | None) -> Notes:
    reader = SheetXml(settings["styles"], settings["date1904"])
    pieces = archive.pieces(part)
    parse(reader.parser, _telling(pieces, hints, reader.notes) if hints else pieces)
    return reader.notes


class Unnumbered(Exception):
    """Rows must be counted, or the XML is unusual: nothing may be passed over."""


def _telling(pieces: Iterator[bytes], hints: Hints, notes: Notes) -> Iterator[bytes]:
    """The sheet without the rows and cells that hold nothing to note; hidden rows are noted here."""
    tail, head = b"", True
    for piece in pieces:
        if head and is_unusual(piece):
            raise Unnumbered
        *rows, tail = (tail + piece).split(ROW_END)
        for row in rows:
            if ROW not in row:
                raise Unnumbered
            for hidden in HIDDEN_ROW.finditer(row):
                notes.hide_rows(int(hidden[1]) - 1, int(hidden[1]) - 1)
            if head:
                yield row + ROW_END
            elif hints.in_cells(row):
                yield _telling_cells(row, hints)
            head = False
    yield tail


def _telling_cells(row: bytes, hints: Hints) -> bytes:
    start = row.index(b">", row.rindex(ROW)) + 1
    *cells, rest = row[start:].split(CELL_END)
    found = [cell + CELL_END for cell in cells if hints.in_cells(cell + CELL_END)]
    if any(CELL not in cell for cell in found):
        return row + ROW_END
    return row[:start] + b"".join(found) + rest + ROW_END


class SheetXml:
    """Reads a sheet's XML as it streams by and notes what the fast parser does not see."""

    def __init__(self, styles: dict[int, str], date1904: bool) -> None:
        self.notes = Notes()
        self.notes.date1904 = date1904
        self._styles, self._date1904 = styles, date1904
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None
        self._formula: str | None = None
        self._value: str | None = None
        self._text: list[str] | None = None
        self.parser = strict_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._place(attributes.get("r"))
            self._cell, self._formula, self._value = attributes, None, None
        elif name in ("v", "f", "is"):
            self._text = []
        elif name == "row":
            self._begin_row(attributes)
        elif name == "col" and attributes.get("hidden") in TRUE:
            self.notes.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if number := attributes.get("r"):
            self._row = int(number) - 1
        if attributes.get("hidden") in TRUE:
            self.notes.hide_rows(self._row, self._row)

    def _place(self, reference: str | None) -> None:
        if reference and (match := REFERENCE.fullmatch(reference)):
            self._row, self._column = int(match[2]) - 1, column_number(match[1])

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._end_cell()
        elif name == "v":
            self._value, self._text = "".join(self._text or ()), None
        elif name == "f":
            self._formula, self._text = "".join(self._text or ()), None
        elif name == "is":
            self._value, self._text = "text", None
        elif name == "row":
            self._row, self._column = self._row + 1, 0

    def _end_cell(self) -> None:
        cell, value = self._cell or {}, self._value
        kind = cell.get("t", "n")
        if self._formula is not None and not value and not (kind == "str" and value == ""):
            self._mark(("formula-not-calculated", "=" + self._formula))
        elif kind == "e":
            self._mark(("error-value", value or "#N/A"))
        elif kind == "b" and value == "false":
            self._mark(False)
        elif kind == "n" and value and (what := self._styles.get(int(cell.get("s", 0)))):
            self._mark(_shown(value, what, self._date1904))
        elif value:
            self.notes.saw(self._row, self._column)
        self._column += 1

    def _mark(self, value: object) -> None:
        self.notes.saw(self._row, self._column)
        self.notes.mark(self._row, self._column, value)


def _shown(value: str, what: str, date1904: bool) -> object:
    try:
        return shown(float(value), what, date1904)
    except ValueError:
        return value


def column_number(letters: str) -> int:
    """`A` is 0, `AA` is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
