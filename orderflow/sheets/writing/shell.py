"""Everything of a workbook but its rows, made by XlsxWriter in memory; the rows are spliced in afterwards.

XlsxWriter numbers formats as they are first used, those of the first sheet's columns before any cell's. The
numbers are not assumed but read back from a sample row: once before rows are written with them, and again
from the shell that the rows go into.
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
from xlsxwriter.utility import xl_rowcol_to_cell

from orderflow.sheets.layout import Link, Visibility, WorkbookLayout
from orderflow.sheets.palette import FONT_SIZE, Look, Style, highlight_of, properties_of, styles_with
from orderflow.sheets.writing.body import Body
from orderflow.sheets.writing.choices import ChoiceLists
from orderflow.sheets.writing.frame import Formats, Frame, empty_styles, set_properties
from orderflow.sheets.writing.ink import Numbers
from orderflow.sheets.writing.names import quoted_name
from orderflow.sheets.writing.texts import printable

FIRST_SHEET = "xl/worksheets/sheet1.xml"
_SAMPLE = re.compile(rb'<c r="[A-Z]+1" s="(\d+)"')


def style_numbers(layout: WorkbookLayout) -> Numbers:
    """The number that every style will have in the layout's shell."""
    return _style_numbers(layout.font, tuple(empty_styles(layout.sheets[0])), layout.fills)


@cache
def _style_numbers(font: str, first_columns: tuple[Style, ...], fills: tuple[str, ...]) -> Numbers:
    file = BytesIO()
    workbook, formats = _new_workbook(file, font, fills)
    worksheet = workbook.add_worksheet()
    for index, style in enumerate(first_columns):
        worksheet.set_column(index, index, None, formats[style])
    _write_sample(worksheet, formats)
    workbook.close()
    return _sampled(file, fills)


def make_shell(layout: WorkbookLayout, bodies: Sequence[Body], lists: ChoiceLists) -> BytesIO:
    """The workbook as a zip file whose sheets, in the order of `bodies`, still lack their rows."""
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # XlsxWriter warns where it leaves something out
        workbook, formats = _new_workbook(file, layout.font, layout.fills)
        set_properties(workbook, layout)
        _add_sheets(workbook, formats, layout, bodies, lists)
        workbook.close()
    if _sampled(file, layout.fills) != style_numbers(layout):
        raise RuntimeError("XlsxWriter numbered the styles of two workbooks differently")
    return file


def _new_workbook(file: BytesIO, font: str, fills: tuple[str, ...]) -> tuple[Any, Formats]:
    cell_font = {"font_name": font, "font_size": FONT_SIZE, "font_scheme": False}
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "default_format_properties": cell_font})
    return workbook, {style: workbook.add_format(properties_of(style)) for style in styles_with(fills)}


def _add_sheets(
    workbook: Any, formats: Formats, layout: WorkbookLayout, bodies: Sequence[Body], lists: ChoiceLists
) -> None:
    @cache
    def format_of(look: Look) -> Any:
        return workbook.add_format(highlight_of(look))

    def target_of(link: Link) -> str:
        return _address(link, bodies)

    worksheets = [workbook.add_worksheet(body.name) for body in bodies]
    _write_sample(worksheets[0], formats)
    for worksheet, body in zip(worksheets, bodies, strict=True):
        frame = Frame(worksheet, body, formats)
        frame.set_up()
        frame.add_comments(printable(layout.author), layout.font)
        frame.add_links(target_of)
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


def _address(link: Link, bodies: Sequence[Body]) -> str:
    """The cell that a link means, on whichever of the numbered sheets its row was written."""
    sheets = [body for body in bodies if body.layout.name == link.sheet and body.offset <= link.row]
    body = sheets[-1]
    cell = xl_rowcol_to_cell(body.first_row + link.row - body.offset, link.column)
    return f"{quoted_name(body.name)}!{cell}"


def _write_sample(worksheet: Any, formats: Formats) -> None:
    for column, cell_format in enumerate(formats.values()):
        worksheet.write_blank(0, column, None, cell_format)


def _sampled(file: BytesIO, fills: tuple[str, ...]) -> Numbers:
    with ZipFile(file) as shell:
        numbers = map(int, _SAMPLE.findall(shell.read(FIRST_SHEET)))
    return dict(zip(styles_with(fills), numbers, strict=True))
