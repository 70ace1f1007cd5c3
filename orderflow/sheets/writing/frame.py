"""What stands around one sheet's rows, set on an XlsxWriter worksheet: columns, comments, dropdowns, print set-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range

from orderflow.sheets.layout import Highlight, SheetLayout, Visibility, WorkbookLayout
from orderflow.sheets.palette import Look, Pattern, Style
from orderflow.sheets.writing.body import Body
from orderflow.sheets.writing.choices import ChoiceLists
from orderflow.sheets.writing.texts import clean, display_width, lines_in, printable
from orderflow.sheets.writing.widths import ROW_HEIGHT

_A4 = 9
_LEGIBLE = 240  # half-width characters beside each other on a page
_HIDE_ALL_GRIDLINES = 2
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_LONGEST_PROMPT = 200  # Excel takes 255 UTF-16 units
_COMMENT_FONT_SIZE = 9
_COMMENT_BREADTH = 46  # half-width characters on a line of a comment, at most
_COMMENT_LINE, _COMMENT_LETTER, _COMMENT_EDGE = 17, 6.8, 20  # pixels
_LONGEST_COMMENT = 30_000
_COMMENT_COLOUR = "#FFFCE8"

StyleOf = Callable[[Style], Any]


class Frame:
    """Sets one worksheet up for its body."""

    def __init__(self, worksheet: Any, body: Body, style_of: StyleOf) -> None:
        self._worksheet = worksheet
        self._body = body
        self._layout = body.layout
        self._style_of = style_of
        self._reach = body.last_row + (0 if body.layout.below else body.layout.spare_rows)
        self._last_column = len(body.layout.columns) - 1

    def set_up(self) -> None:
        """Columns, panes, filter, page: what needs nothing from other sheets."""
        worksheet, layout = self._worksheet, self._layout
        worksheet.set_default_row(ROW_HEIGHT)
        columns = zip(layout.columns, self._body.widths.settled(), empty_styles(layout), strict=True)
        for index, (column, width, style) in enumerate(columns):
            worksheet.set_column(index, index, width, self._style_of(style), {"hidden": column.hidden})
        frozen_rows = self._body.first_row if layout.has_header and layout.frozen_header else 0
        if frozen_rows or layout.frozen_columns:
            worksheet.freeze_panes(frozen_rows, layout.frozen_columns)
        if layout.visibility is Visibility.HIDDEN:
            worksheet.hide()
        elif layout.visibility is Visibility.VERY_HIDDEN:
            worksheet.very_hidden()
        if layout.tab_colour:
            worksheet.set_tab_color(layout.tab_colour)
        if not layout.gridlines:
            worksheet.hide_gridlines(_HIDE_ALL_GRIDLINES)
        self._mark_off_table()
        self._set_page()

    def add_comments(self, author: str, font: str) -> None:
        """The comments of header and cells, each in a box as large as its text."""
        if self._body.aside.comments:
            for row, height in self._body.aside.heights.items():
                self._worksheet.set_row(row, height)
        for (row, column), text in self._body.aside.comments.items():
            text = clean(text)[:_LONGEST_COMMENT]
            breadth = min(max(map(display_width, text.split("\n"))), _COMMENT_BREADTH)
            options = {
                "author": author,
                "font_name": font,
                "font_size": _COMMENT_FONT_SIZE,
                "color": _COMMENT_COLOUR,
                "width": max(160, breadth * _COMMENT_LETTER + _COMMENT_EDGE),
                "height": min(lines_in(text, breadth), 40) * _COMMENT_LINE + _COMMENT_EDGE,
            }
            self._worksheet.write_comment(row, column, text, options)

    def add_dropdowns(self, lists: ChoiceLists, warning: str) -> None:
        """A dropdown for every column that has choices; other values are questioned, not refused."""
        for index, column in enumerate(self._layout.columns):
            if not column.choices or self._reach < self._body.first_row:
                continue
            rule: dict[str, Any] = {
                "validate": "list",
                "source": lists.source_of(column.choices),
                "error_type": "warning",
                "show_error": column.questioned,
            }
            if warning and column.questioned:
                rule["error_message"] = printable(warning)[:_LONGEST_PROMPT]
            self._worksheet.data_validation(self._body.first_row, index, self._reach, index, rule)

    def add_highlights(self, format_of: Callable[[Look], Any]) -> None:
        """The conditional formats."""
        if self._reach < self._body.first_row:
            return
        for highlight in self._layout.highlights:
            formula = highlight.formula.format(*self._row_cells())
            rule = {"type": "formula", "criteria": f"={formula}", "format": format_of(highlight.look)}
            for first, last in self._spans(highlight):
                self._worksheet.conditional_format(self._body.first_row, first, self._reach, last, rule)

    def _row_cells(self) -> list[str]:
        row = self._body.first_row + 1
        return [f"${xl_col_to_name(index)}{row}" for index in range(self._last_column + 1)]

    def _spans(self, highlight: Highlight) -> list[tuple[int, int]]:
        if highlight.columns:
            return [(column, column) for column in highlight.columns]
        return [(0, self._last_column)]

    def _mark_off_table(self) -> None:
        layout, body = self._layout, self._body
        if not layout.columns:
            return
        last_row = max(body.last_row, body.first_row - 1)
        if layout.autofilter and layout.has_header:
            self._worksheet.autofilter(body.first_row - 1, 0, last_row, self._last_column)
        table = xl_range(0, 0, max(last_row, self._reach, 0), self._last_column)
        self._worksheet.ignore_errors({"number_stored_as_text": table})

    def _set_page(self) -> None:
        worksheet, layout = self._worksheet, self._layout
        worksheet.set_paper(_A4)
        if layout.page.landscape:
            worksheet.set_landscape()
        pages = self._pages_wide()
        worksheet.fit_to_pages(pages, 0)
        if pages > 1 and layout.frozen_columns:
            worksheet.repeat_columns(0, layout.frozen_columns - 1)
        worksheet.set_margins(**_MARGINS)
        if layout.has_header:
            worksheet.repeat_rows(self._body.first_row - 1)
        footer = printable(layout.page.footer).replace("&", "&&")[:_LONGEST_PROMPT]
        worksheet.set_footer(f"&L&8 {footer}&R&8 &P / &N" if footer else "&R&8 &P / &N")

    def _pages_wide(self) -> int:
        """On how many pages beside each other the columns are still legible."""
        widths = zip(self._layout.columns, self._body.widths.settled(), strict=True)
        return ceil(sum(width for column, width in widths if not column.hidden) / _LEGIBLE) or 1


def empty_styles(layout: SheetLayout) -> list[Style]:
    """How each column's cells look in rows that a person adds: numbers get its format, text stays text.

    A computed column is shaded all the way down, unless that would show beside titles above the table.
    """
    shaded = Look.FREE if layout.above else Look.SHADED
    return [
        Style(
            shaded if column.look is Look.SHADED else Look.FREE,
            Pattern.GENERAL if column.pattern is Pattern.DECIMAL else column.pattern,
            column.wrap,
        )
        for column in layout.columns
    ]


def set_properties(workbook: Any, layout: WorkbookLayout) -> None:
    """Title, author, time of creation, custom properties and defined names of the workbook."""
    created = layout.created.astimezone(UTC) if layout.created.tzinfo else layout.created
    workbook.set_properties({"title": printable(layout.title), "author": printable(layout.author), "created": created})
    for name, value in layout.properties.items():
        workbook.set_custom_property(printable(name), printable(value), "text")
    for name, formula in layout.names.items():
        workbook.define_name(name, f"={formula.removeprefix('=')}")
