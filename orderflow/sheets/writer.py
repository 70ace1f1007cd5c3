"""Writes a described workbook to a file: fast, in flat memory, whole or not at all.

XlsxWriter makes everything but the rows; the rows are written here as inline strings and numbers, so that
text stays text. docs/DECISIONS.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orderflow.sheets.atomic import create_file, replace_file
from orderflow.sheets.layout import WorkbookLayout
from orderflow.sheets.writing.body import Body, CutText
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
    with ExitStack() as files:
        bodies, lists = _written_rows(layout, files)
        replace_file(path, partial(splice, make_shell(layout, bodies, lists), bodies))
        return _account(path, bodies)


def write_new_workbook(layout: WorkbookLayout, path: Path) -> Written:
    """Writes the workbook to `path`, or `…-2`, `…-3` where a file of that name is; never replaces one.

    Raises OrderflowError (see `atomic`).
    """
    with ExitStack() as files:
        bodies, lists = _written_rows(layout, files)
        target = create_file(path, partial(splice, make_shell(layout, bodies, lists), bodies))
        return _account(target, bodies)


def _written_rows(layout: WorkbookLayout, files: ExitStack) -> tuple[list[Body], ChoiceLists]:
    lists = ChoiceLists(layout.sheets)
    sheets = [*layout.sheets, lists.layout] if lists.layout else layout.sheets
    names = SheetNames(sheet.name for sheet in sheets)
    styles = StyleNumbers(empty_styles(layout.sheets[0]))
    bodies: list[Body] = []
    for sheet, name in zip(sheets, names.given, strict=True):
        described = partial(Body, sheet, styles=styles, limits=layout.limits)
        bodies += _numbered_bodies(described, name, names, files)
    lists.sheet_name = names.given[-1]
    return bodies, lists


def _numbered_bodies(described: Callable[..., Body], name: str, names: SheetNames, files: ExitStack) -> list[Body]:
    """The rows of one described sheet, which goes on in numbered ones where it is full."""
    body = files.enter_context(described(name=name))
    sheet = body.layout
    bodies = [body]
    for row in sheet.rows:
        if body.full:
            body.finish()
            name = names.give(sheet.name, number=len(bodies) + 1)
            body = files.enter_context(described(name=name, offset=body.offset + body.rows))
            bodies.append(body)
        body.add(row)
    body.finish()
    return bodies


def _account(path: Path, bodies: Sequence[Body]) -> Written:
    return Written(
        path,
        tuple(WrittenSheet(body.name, body.rows) for body in bodies),
        tuple(cut for body in bodies for cut in body.aside.cuts),
        sum(body.aside.comments_left_out for body in bodies),
        sum(body.aside.links_left_out for body in bodies),
    )
