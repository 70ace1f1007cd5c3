"""A workbook read apart: the fast parser's rows, put right where the slow pass has something to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar

from orderflow.records.errors import Unreadable
from orderflow.records.finding import column_letters
from orderflow.sheets.reading.confined import Confined, Fallen
from orderflow.sheets.reading.examined import Examined, examine
from orderflow.sheets.reading.overlay import overlaid
from orderflow.sheets.reading.wire import decode
from orderflow.sheets.stretch import stretch_of
from orderflow.sheets.values import MIB, Annotation, Limits, Line, Runs, Sheet

PACKAGES = ("xlsx", "xlsm")
CELL_BYTES = 32  # of the parser's own memory, for each cell of the rectangle around all cells
SPARSE = 20  # a rectangle this many times larger than its cells is one stray cell's doing
BIG = 64 * MIB
T = TypeVar("T")


class Workbook:
    """One workbook's children: the reader, and the slow pass once a sheet calls for it."""

    def __init__(self, kind: str, content: bytes, limits: Limits, stack: ExitStack) -> None:
        """Start parsing and look at the container meanwhile.

        Raises Unreadable: file-damaged, file-encrypted, file-too-large, file-too-slow, file-far-cell.
        """
        self._kind, self._limits, self._stack = kind, limits, stack
        self._size = len(content)
        self._reader = self._start("child", kind, content)
        examined = examine(content, limits) if kind in PACKAGES else None
        if examined and examined.content is not content:  # put together unusually: start again
            self._reader = self._start("child", kind, examined.content)
        self._content = examined.content if examined else content
        self._settings, self._slow = _pass(kind, examined)
        self._size = examined.inflated if examined else len(content) * 10
        self._reader.allow(limits.time_for(self._size))
        self._marker: Confined | None = None
        self._annotated: Confined | None = None
        self._names: list[str] = []
        self.date1904 = examined.package.date1904 if examined else False

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in the file's order."""
        if self._slow is None:
            self._marks()  # says that the file is encrypted, which the parser does not
        listed = self._surely(self._reader.sheets)
        if not listed:
            raise Unreadable("file-damaged", detail="no sheets")
        self._names = [facts["name"] for facts in listed]
        with_rows = [index for index, facts in enumerate(listed) if facts["rows"]]
        for index in with_rows:
            yield from self._sheet(index, listed[index], last=index == with_rows[-1])

    def _sheet(self, index: int, facts: dict[str, Any], *, last: bool) -> Iterator[Sheet]:
        answers = self._reader.ask(index)
        notes, marks = self._noted(index)
        found = self._surely(lambda: next(answers))
        rows = self._chunks(answers, last=last)
        chunks = overlaid(rows, marks) if marks else rows
        yield Sheet(
            name=facts["name"],
            hidden=facts["hidden"],
            date1904=notes.get("date1904", self.date1904),
            hidden_columns=frozenset(notes.get("hidden_columns", ())),
            hidden_rows=Runs(notes.get("hidden_rows", ())),
            merged=found["merged"] or notes.get("merged", ()),
            chunks=chunks,
            annotations=partial(self._annotations, index),
        )
        for _ in chunks:
            pass  # what the consumer left

    def _chunks(self, answers: Iterator[Any], *, last: bool) -> Iterator[Sequence[Line]]:
        while message := self._surely(lambda: next(answers, None)):
            yield stretch_of(message)
        if last:  # what is done with the rows takes much longer than reading them
            self._reader.end()

    def _noted(self, index: int) -> tuple[dict[str, Any], Iterator[Any] | None]:
        """The slow pass's summary of a sheet, and its marks as they come."""
        if self._slow is not None and index not in self._slow:
            return {}, None
        answers = self._marks().ask(index)
        notes = next(answers)
        return notes, ((row, column, decode(value)) for marks in answers for row, column, value in marks)

    def _annotations(self, index: int, own: Mapping[str, str | None]) -> list[Annotation]:
        """What people put on the cells of a sheet; only Excel 2007 workbooks are looked at."""
        if self._kind not in PACKAGES:
            return []
        if self._annotated is None:
            self._annotated = self._start("annotated", dict(own), self._content)
            self._annotated.sheets()
        return [Annotation(*found) for chunk in self._annotated.ask(index) for found in chunk]

    def _marks(self) -> Confined:
        if self._marker is None:
            self._marker = self._start("marks", self._settings, self._content)
            self._marker.sheets()
        return self._marker

    def _start(self, module: str, settings: object, content: bytes) -> Confined:
        child = self._stack.enter_context(Confined(module, self._limits, self._size))
        child.feed(settings, content)
        return child

    def _surely(self, ask: Callable[[], T]) -> T:
        """Ask the reader; where it fails, say why as well as can be told."""
        try:
            return ask()
        except Unreadable as refusal:
            raise self._cause(refusal) from None

    def _cause(self, refusal: Unreadable) -> Unreadable:
        """One cell far from all others makes the parser ask for memory it cannot have."""
        try:
            marker = self._start("marks", self._settings | {"whole": True}, self._content)
            for index, _ in enumerate(marker.sheets()):
                notes, *_ = marker.ask(index)
                if cell := _stray(notes, self._limits):
                    name = self._names[index] if self._names else notes["name"]
                    return Unreadable("file-far-cell", sheet=name, cell=cell)
        except Unreadable:
            return refusal
        big = isinstance(refusal, Fallen) and self._size > BIG
        return Unreadable("file-too-large") if big else refusal


def _stray(notes: dict[str, Any], limits: Limits) -> str | None:
    """The cell that makes a few cells need a vast rectangle, as in `XFD1048576`."""
    cells, rows, columns = notes["extent"]
    area = rows * columns
    if area * CELL_BYTES < limits.memory // 4 or cells * SPARSE > area:
        return None
    row, column = notes["farthest"]
    return f"{column_letters(column)}{row + 1}"


def _pass(kind: str, examined: Examined | None) -> tuple[dict[str, Any], frozenset[int] | None]:
    """What the slow pass has to know, and the sheets that need it: None for all of them."""
    if examined is None:
        return {"kind": kind}, None
    package = examined.package
    about = {"sheets": package.sheets, "styles": package.styles, "date1904": package.date1904, "whole": False}
    return {"kind": kind, **about}, examined.slow
