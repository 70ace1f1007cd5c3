"""The slow pass over an Excel 97 workbook: its records ([MS-XLS] 2.4), for errors, hidden rows and formats."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from struct import Struct, error
from typing import Any

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.formats import meaning, shown
from orderflow.sheets.reading.marks import Notes

BOF, EOF, FILEPASS, DATEMODE, BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
FORMAT, XF = 0x041E, 0x00E0
ROW, COLINFO, BOOLERR, FORMULA, NUMBER, RK, MULRK = 0x0208, 0x007D, 0x0205, 0x0006, 0x0203, 0x027E, 0x00BD
TEXTS = (0x00FD, 0x0204, 0x00D6)
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
HEAD, WORD, DOUBLE, CELL = Struct("<HH"), Struct("<H"), Struct("<d"), Struct("<HHH")
BIFF8 = 0x0600


class Globals:
    """What the workbook's first records say: where sheets begin, what cell formats mean, which epoch."""

    def __init__(self, stream: bytes) -> None:
        self.positions: list[int] = []
        self.date1904 = False
        codes: dict[int, str] = {}
        numbers: list[int] = []
        version = BIFF8
        for kind, body in _records(stream, 0):
            if kind == BOF:
                version = WORD.unpack_from(body)[0]
            elif kind == FILEPASS:
                raise Unreadable("file-encrypted")
            elif kind == DATEMODE:
                self.date1904 = body[0] == 1
            elif kind == BOUNDSHEET:
                self.positions.append(int.from_bytes(body[:4], "little"))
            elif kind == FORMAT:
                codes[WORD.unpack_from(body)[0]] = _code(body, version)
            elif kind == XF:
                numbers.append(WORD.unpack_from(body, 2)[0])
            elif kind == EOF:
                break
        self.meanings = {index: what for index, number in enumerate(numbers) if (what := meaning(number, codes))}


def sheets(settings: dict[str, Any], content: bytes) -> Sequence[Callable[[], Notes]]:
    """The sheets in the order of the workbook's index of them."""
    stream = _workbook(content)
    about = Globals(stream)
    return [partial(_read, stream, position, about) for position in about.positions]


def _workbook(content: bytes) -> bytes:
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        for name in ("Workbook", "Book"):
            if ole.exists(name):
                stream: bytes = ole.openstream(name).read()
                return stream
    raise Unreadable("file-unknown")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = HEAD.unpack_from(stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _code(body: bytes, version: int) -> str:
    if version < BIFF8:
        return body[3:].decode("latin-1")
    return body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")


def _read(stream: bytes, position: int, about: Globals) -> Notes:
    notes, depth = Notes(), 0
    notes.date1904 = about.date1904
    for kind, body in _records(stream, position):
        if kind in (BOF, EOF):  # charts within the sheet have records of their own
            depth += 1 if kind == BOF else -1
            if depth == 0:
                break
        elif depth == 1:
            try:
                _record(notes, kind, body, about)
            except (error, IndexError):
                continue  # a record cut short: the parser decides what becomes of the file
    return notes


def _record(notes: Notes, kind: int, body: bytes, about: Globals) -> None:
    if kind == ROW and body[12] & 0x20:
        row = WORD.unpack_from(body)[0]
        notes.hide_rows(row, row)
    elif kind == COLINFO and body[8] & 1:
        first, last = HEAD.unpack_from(body)
        notes.hide_columns(first, last)
    elif kind == MULRK:
        row, first = HEAD.unpack_from(body)
        for column, at in enumerate(range(4, len(body) - 2, 6), first):
            _number(notes, row, column, WORD.unpack_from(body, at)[0], unpacked(body[at + 2 : at + 6]), about)
    elif kind in (BOOLERR, FORMULA, NUMBER, RK) or kind in TEXTS:
        _cell(notes, kind, body, about)


def _cell(notes: Notes, kind: int, body: bytes, about: Globals) -> None:
    row, column, style = CELL.unpack_from(body)
    notes.saw(row, column)
    if kind == BOOLERR and body[7]:
        notes.mark(row, column, ("error-value", ERRORS.get(body[6], "#N/A")))
    elif kind == FORMULA and body[12:14] == b"\xff\xff":
        if body[6] == 2:
            notes.mark(row, column, ("error-value", ERRORS.get(body[8], "#N/A")))
    elif kind in (FORMULA, NUMBER):
        _number(notes, row, column, style, DOUBLE.unpack_from(body, 6)[0], about)
    elif kind == RK:
        _number(notes, row, column, style, unpacked(body[6:10]), about)


def _number(notes: Notes, row: int, column: int, style: int, number: float, about: Globals) -> None:
    if what := about.meanings.get(style):
        notes.mark(row, column, shown(number, what, about.date1904))


def unpacked(packed: bytes) -> float:
    """A number in four bytes ([MS-XLS] 2.5.217): an integer or half a double, perhaps times 100."""
    bits = int.from_bytes(packed, "little")
    if bits & 2:
        number = float(int.from_bytes(packed, "little", signed=True) >> 2)
    else:
        number = DOUBLE.unpack(bytes(4) + (bits & ~3).to_bytes(4, "little"))[0]
    return number / 100 if bits & 1 else number
