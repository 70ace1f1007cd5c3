"""Writes a described workbook to a file: fast, in flat memory, whole or not at all.

XlsxWriter makes everything but the rows; the rows are written here as inline strings and numbers, so that
text stays text. docs/DECISIONS.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile, gettempdir
from typing import IO, NamedTuple

from orderflow.sheets.atomic import Write, create_file, disk_trouble, replace_file
from orderflow.sheets.layout import Limits, Row, SharedRow, SheetLayout, WorkbookLayout
from orderflow.sheets.writing.body import Body
from orderflow.sheets.writing.choices import ChoiceLists
from orderflow.sheets.writing.frame import empty_styles
from orderflow.sheets.writing.names import SheetNames
from orderflow.sheets.writing.shell import make_shell
from orderflow.sheets.writing.splice import splice
from orderflow.sheets.writing.styles import StyleNumbers


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet of the file, under the name it has there; `rows` counts its data rows."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class CutText:
    """A text that was too long for a cell: where it stands, and its full length in UTF-16 units."""

    sheet: str
    cell: str
    length: int


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where, and what a cell or Excel could not hold."""

    path: Path
    sheets: tuple[WrittenSheet, ...]
    cut: tuple[CutText, ...]
    comments_left_out: int
    links_left_out: int


def write_workbook(layout: WorkbookLayout, path: Path) -> Written:
    """Writes the workbook to `path`, in the place of what was there.

    Raises OrderflowError (see `atomic`); then the old file is untouched, as it is when reading a row fails.
    """
    with closing(Draft(layout.sheets[0], layout.limits)) as draft:
        bodies, write = draft.settled(layout)
        replace_file(path, write)
        return _account(path, bodies)


def write_new_workbook(layout: WorkbookLayout, path: Path) -> Written:
    """Writes the workbook to `path`, or `…-2`, `…-3` where a file of that name is; never replaces one.

    Raises OrderflowError (see `atomic`).
    """
    with closing(Draft(layout.sheets[0], layout.limits)) as draft:
        bodies, write = draft.settled(layout)
        return _account(create_file(path, write), bodies)


class Draft:
    """A workbook while its rows are drawn; those of some sheets may be drawn before the others are described.

    `first` describes the first sheet, of which only the columns count here. To be closed.
    """

    def __init__(self, first: SheetLayout, limits: Limits) -> None:
        self._limits = limits
        self._styles = StyleNumbers(empty_styles(first))
        self._files = ExitStack()
        self._drawn: list[Drawing] = []

    def close(self) -> None:
        """Let go of what is drawn."""
        self._files.close()

    def drawing(self, sheet: SheetLayout) -> Drawing:
        """Begin a sheet whose rows are drawn one by one; the workbook's description is to hold this very sheet."""
        self._drawn.append(Drawing(sheet, self._styles, self._limits, self._files))
        return self._drawn[-1]

    def ready(self, layout: WorkbookLayout) -> Ready:
        """Finish the workbook, in a temporary file without a name. Raises OrderflowError."""
        bodies, write = self.settled(layout)
        with disk_trouble(Path(gettempdir())):
            file = self._files.enter_context(TemporaryFile())  # noqa: SIM115  closed with the draft
            write(file)
        return Ready(bodies, file)

    def settled(self, layout: WorkbookLayout) -> tuple[list[Body], Write]:
        """Draw what is not drawn yet: the bodies of all sheets, and what writes them."""
        lists = ChoiceLists(layout.sheets)
        sheets = [*layout.sheets, lists.layout] if lists.layout else layout.sheets
        names = SheetNames(sheet.name for sheet in sheets)
        bodies: list[Body] = []
        for sheet, name in zip(sheets, names.given, strict=True):
            drawing = next((one for one in self._drawn if one.sheet is sheet), None) or self.drawing(sheet)
            drawing.add(sheet.rows)
            bodies += drawing.finished(name, names)
        lists.sheet_name = names.given[-1]
        return bodies, partial(splice, make_shell(layout, bodies, lists), bodies)


class Ready(NamedTuple):
    """A finished workbook that is nowhere yet; a kill leaves nothing of it."""

    bodies: Sequence[Body]
    file: IO[bytes]

    def put_new(self, path: Path) -> Written:
        """Put it where `write_new_workbook` would. Raises OrderflowError."""
        self.file.seek(0)
        return _account(create_file(path, partial(copyfileobj, self.file)), self.bodies)


class Drawing:
    """The rows of one described sheet as they are drawn; it goes on in numbered sheets where one is full."""

    def __init__(self, sheet: SheetLayout, styles: StyleNumbers, limits: Limits, files: ExitStack) -> None:
        self.sheet = sheet
        self._described, self._files = partial(Body, sheet, styles, limits), files
        self._bodies = [files.enter_context(self._described())]

    def add(self, rows: Iterable[Row | SharedRow]) -> None:
        """Draw the next rows."""
        body = self._bodies[-1]
        for row in rows:
            if body.full:
                body.finish()
                body = self._files.enter_context(self._described(offset=body.offset + body.rows))
                self._bodies.append(body)
            body.add(row)

    def finished(self, name: str, names: SheetNames) -> list[Body]:
        """The sheets of the file that it came to, the first with this name."""
        self._bodies[-1].finish()
        for number, body in enumerate(self._bodies, 1):
            body.name = name if number == 1 else names.give(body.layout.name, number)
        return self._bodies


def _account(path: Path, bodies: Sequence[Body]) -> Written:
    return Written(
        path,
        tuple(WrittenSheet(body.name, body.rows) for body in bodies),
        tuple(CutText(body.name, *cut) for body in bodies for cut in body.aside.cuts),
        sum(body.aside.comments_left_out for body in bodies),
        sum(body.aside.links_left_out for body in bodies),
    )
