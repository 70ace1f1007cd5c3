"""The slow pass over a binary workbook's sheets: its records ([MS-XLSB] 2.4), which no byte search reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from struct import Struct, error
from typing import Any

from orderflow.sheets.reading.formats import is_date, meaning, shown
from orderflow.sheets.reading.marks import Notes
from orderflow.sheets.reading.marks_xls import ERRORS, unpacked
from orderflow.sheets.reading.ooxml import Package, part_links
from orderflow.sheets.reading.zipped import Archive
from orderflow.sheets.values import Limits

ROW, RK, ERROR, REAL, FORMULA_NUMBER, FORMULA_ERROR, RICH_TEXT = 0, 2, 3, 5, 9, 11, 62
CELLS = range(2, 12)
COLUMN, MERGE, BOOK, SHEET = 60, 176, 153, 156
FORMAT, XF, CELL_XFS, CELL_XFS_END = 44, 47, 617, 618
LONG, PAIR, QUAD, DOUBLE = Struct("<I"), Struct("<II"), Struct("<IIII"), Struct("<d")
FIELD = 8  # a cell's column and style come before its value


class Styles:
    """What the workbook's cell formats mean, by their index."""

    def __init__(self, records: Iterator[tuple[int, bytes]]) -> None:
        codes: dict[int, str] = {}
        numbers: list[int] = []
        inside = False
        for kind, body in records:
            if kind == FORMAT:
                codes[int.from_bytes(body[:2], "little")] = _text(body, 2)
            elif kind in (CELL_XFS, CELL_XFS_END):
                inside = kind == CELL_XFS
            elif kind == XF and inside:
                numbers.append(int.from_bytes(body[2:4], "little"))
        self.meanings = {index: what for index, number in enumerate(numbers) if (what := meaning(number, codes))}
        self.dates = {index for index, number in enumerate(numbers) if is_date(number, codes)}


def sheets(settings: dict[str, Any], content: bytes) -> Sequence[Callable[[], Notes]]:
    """The sheets in the workbook's order."""
    archive = Archive(content, Limits())
    package = _package(archive)
    styles = Styles(_records(archive, "xl/styles.bin") if archive.has("xl/styles.bin") else iter(()))
    return [partial(_read, archive, part, styles, package.date1904) for part in package.sheets]


def _package(archive: Archive) -> Package:
    package = Package()
    links = {id_: path for id_, _, path in part_links(archive, "xl/_rels/workbook.bin.rels", "xl")}
    for kind, body in _records(archive, "xl/workbook.bin"):
        if kind == BOOK:
            package.date1904 = bool(body[0] & 1)
        elif kind == SHEET and body[8:12] != b"\xff\xff\xff\xff":
            package.sheets.append(links.get(_text(body, 8), ""))
    return package


def _records(archive: Archive, part: str) -> Iterator[tuple[int, bytes]]:
    content = archive.read(part, Limits().memory)
    at, end = 0, len(content)
    while at < end:
        kind, at = _varying(content, at, 2)
        size, at = _varying(content, at, 4)
        yield kind, content[at : at + size]
        at += size


def _varying(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in up to `most` bytes of seven bits each, the lowest first; and where it ends."""
    number = 0
    for place in range(most):
        if at >= len(content):
            break
        byte = content[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, at


def _read(archive: Archive, part: str, styles: Styles, date1904: bool) -> Notes:
    notes, row = Notes(), 0
    notes.date1904 = date1904
    for kind, body in _records(archive, part) if part and archive.has(part) else ():
        try:
            if kind == ROW:
                row = LONG.unpack_from(body)[0]
                if body[11] & 0x10:
                    notes.hide_rows(row, row)
            elif kind in CELLS or kind == RICH_TEXT:
                _cell(notes, row, kind, body, styles)
            elif kind == COLUMN and body[16] & 1:
                notes.hide_columns(*PAIR.unpack_from(body))
            elif kind == MERGE:
                first, last, left, right = QUAD.unpack_from(body)
                notes.merge(first, left, last, right)
        except (error, IndexError):
            continue  # a record cut short: the parser decides what becomes of the file
    return notes


def _cell(notes: Notes, row: int, kind: int, body: bytes, styles: Styles) -> None:
    column, style = LONG.unpack_from(body)[0], int.from_bytes(body[4:7], "little")
    notes.saw(row, column)
    if kind in (ERROR, FORMULA_ERROR):
        notes.mark(row, column, ("error-value", ERRORS.get(body[FIELD], "#N/A")))
    elif kind == RICH_TEXT:
        notes.mark(row, column, _text(body, FIELD + 1))
    elif kind == RK:
        packed = body[FIELD : FIELD + 4]
        what = styles.meanings.get(style) or ("date" if packed[0] & 2 and style in styles.dates else None)
        if what:  # the parser forgets the format of packed integers
            notes.mark(row, column, shown(unpacked(packed), what, notes.date1904))
    elif kind in (REAL, FORMULA_NUMBER) and (what := styles.meanings.get(style)):
        notes.mark(row, column, shown(DOUBLE.unpack_from(body, FIELD)[0], what, notes.date1904))


def _text(body: bytes, at: int) -> str:
    size = LONG.unpack_from(body, at)[0]
    return body[at + 4 : at + 4 + 2 * size].decode("utf-16-le", "replace")
