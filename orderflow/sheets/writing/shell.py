"""Everything of a workbook but its rows, made by XlsxWriter in memory; the rows are spliced in afterwards.

A sample row in the first sheet bears every style that the rows are written with, in the order of their numbers; what
XlsxWriter numbered them is read back from it and compared.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter

from orderflow.sheets.layout import Visibility, WorkbookLayout
from orderflow.sheets.palette import FONT_SIZE, Look, Style, highlight_of, properties_of
from orderflow.sheets.writing.body import Body
from orderflow.sheets.writing.choices import ChoiceLists
from orderflow.sheets.writing.frame import Frame, set_properties
from orderflow.sheets.writing.texts import printable

FIRST_SHEET = "xl/worksheets/sheet1.xml"
_SAMPLE = re.compile(rb'<c r="[A-Z]+1" s="(\d+)"')


def make_shell(layout: WorkbookLayout, bodies: Sequence[Body], lists: ChoiceLists) -> BytesIO:
    """The workbook as a zip file whose sheets, in the order of `bodies`, still lack their rows."""
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # XlsxWriter warns where it leaves something out
        cell_font = {"font_name": layout.font, "font_size": FONT_SIZE, "font_scheme": False}
        workbook = xlsxwriter.Workbook(file, {"in_memory": True, "default_format_properties": cell_font})
        set_properties(workbook, layout)
        _add_sheets(workbook, layout, bodies, lists)
        workbook.close()
    if _sampled(file) != [*bodies[0].styles.values()]:
        raise RuntimeError("XlsxWriter numbered the styles otherwise")
    return file


def _add_sheets(workbook: Any, layout: WorkbookLayout, bodies: Sequence[Body], lists: ChoiceLists) -> None:
    @cache
    def style_of(style: Style) -> Any:
        return workbook.add_format(properties_of(style))

    @cache
    def format_of(look: Look) -> Any:
        return workbook.add_format(highlight_of(look))

    worksheets = [workbook.add_worksheet(body.name) for body in bodies]
    for column, style in enumerate(bodies[0].styles):
        worksheets[0].write_blank(0, column, None, style_of(style))
    for worksheet, body in zip(worksheets, bodies, strict=True):
        frame = Frame(worksheet, body, style_of)
        frame.set_up()
        frame.add_comments(printable(layout.author), layout.font)
        frame.add_dropdowns(lists, layout.choice_warning)
        frame.add_highlights(format_of)
        if body.layout.draw:
            body.layout.draw(workbook, worksheet)
    _show_first_visible(worksheets, bodies)


def _show_first_visible(worksheets: Sequence[Any], bodies: Sequence[Body]) -> None:
    for worksheet, body in zip(worksheets, bodies, strict=True):
        if body.layout.visibility is Visibility.VISIBLE:
            worksheet.activate()
            worksheet.set_first_sheet()
            return


def _sampled(file: BytesIO) -> list[int]:
    with ZipFile(file) as shell:
        return [*map(int, _SAMPLE.findall(shell.read(FIRST_SHEET)))]
