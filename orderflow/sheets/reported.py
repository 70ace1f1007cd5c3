"""A report as a workbook: its figures first, each part on a sheet of its own with native charts, then the orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from orderflow import text
from orderflow.records.report import Chart, Figure, Form, Report, Section, Shape, Table, Value
from orderflow.sheets.atomic import replace_file
from orderflow.sheets.palette import FONT_SIZE, Look, Pattern, Style, properties_of
from orderflow.sheets.templates import font_of
from orderflow.sheets.writing.names import SheetNames
from orderflow.sheets.writing.texts import display_width
from orderflow.sheets.writing.widths import TITLE_HEIGHT

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_PATTERNS: Mapping[Shape, str] = {
    Shape.TEXT: "@",
    Shape.NUMBER: "@",
    Shape.DAY: "yyyy-mm-dd",
    Shape.COUNT: "#,##0",
    Shape.SHARE: "0.0%",
    Shape.HOURS: "#,##0.00",
    Shape.DAYS: "#,##0.00",
    Shape.SCORE: "0.00",
    Shape.AMOUNT: "#,##0.00",
}
_INK, _SECOND = "#1F6F8B", "#B4530A"
_CHART_ROWS = 14
_CHART_SIZE = {"width": 760, "height": 280}
_KINDS = {Form.LINE: "line", Form.BARS: "bar", Form.PARETO: "column"}
_WIDTHS = (10, 44)
_MEASURED = 200


def write_report(report: Report, path: Path) -> None:
    """Write the workbook to `path`, in the place of what was there. Raises OrderflowError (see `atomic`)."""
    replace_file(path, partial(_write, report))


def _write(report: Report, file: IO[bytes]) -> None:
    from xlsxwriter.workbook import Workbook

    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _Writer(book, report).write()
    file.write(content.getvalue())


class _Writer:
    """Writes one report; `_row` is where the sheet at hand goes on."""

    def __init__(self, book: Workbook, report: Report) -> None:
        self._book, self._report = book, report
        self._formats: dict[tuple[Look, str, bool], Format] = {}
        self._parts = [section for section in report.sections if section.charts or section.tables]
        self._agenda = [section for section in report.sections if section.to_decide]
        titles = [report.title, *(section.title for section in self._parts), report.orders.title]
        titles += [section.title for section in self._agenda]
        self._names = SheetNames(titles).given
        self._sheet: Worksheet = book.add_worksheet(self._names[0])
        self._row = 0

    def write(self) -> None:
        """All sheets, the figures' one first, the review's agenda last."""
        names = iter(self._names[1:])
        self._front()
        for section in self._parts:
            self._begin(next(names), section.title)
            self._section(section)
        self._begin(next(names), "")
        self._table(self._report.orders, filtered=True)
        for section in self._agenda:
            self._begin(next(names), section.title)
            self._section(section)

    def _front(self) -> None:
        report = self._report
        self._set_up()
        self._say(report.title, Look.TITLE)
        self._say(report.subtitle, Look.SUBTITLE)
        for remark in report.remarks:
            self._say(remark, Look.FREE_STRONG)
        self._row += 1
        self._figures([figure for section in report.sections for figure in section.figures])
        for section in report.sections:
            if section.sentences:
                self._row += 1
                self._say(section.title, Look.FREE_STRONG)
                for sentence in section.sentences:
                    self._say(sentence, Look.FREE)

    def _begin(self, name: str, title: str) -> None:
        self._sheet, self._row = self._book.add_worksheet(name), 0
        self._set_up()
        if title:
            self._say(title, Look.TITLE)

    def _set_up(self) -> None:
        """Landscape, one page wide, and no grid around the text."""
        self._sheet.hide_gridlines(2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C&P / &N")
        self._sheet.set_column(0, 0, 18)

    def _section(self, section: Section) -> None:
        for sentence in section.sentences:
            self._say(sentence, Look.FREE)
        pages = []
        for chart in section.charts:
            self._row += 1
            pages.append(self._row)
            self._chart(chart)
        if len(pages) > 1:  # a page each, which Excel only grants where it need not fit the width
            self._sheet.set_print_scale(90)
            self._sheet.set_h_pagebreaks([row - 1 for row in pages[1:]])
        for table in section.tables:
            self._row += 1
            self._table(table)
        for line in section.to_decide:
            self._sheet.set_row(self._row, 48)
            self._say(line, Look.FREE_STRONG)

    def _figures(self, figures: Sequence[Figure]) -> None:
        """One row a figure, with what it rests on and how it is worked out."""
        keys = (
            "figure",
            "value",
            "rests_on",
            "median",
            "p90",
            "month_before",
            "a_year_before",
            "left_out",
            "definition",
        )
        for column, key in enumerate(keys):
            words = text.say(self._report.lang, f"messages.page.{key}")
            self._sheet.write_string(self._row, column, words, self._format(Look.HEADER, "@", wrap=True))
        for figure in figures:
            self._row += 1
            self._sheet.set_row(self._row, 58)
            values = (figure.value, None, figure.median, figure.p90, figure.previous, figure.year_ago)
            self._put(0, figure.title, Shape.TEXT, Look.STRONG)
            for column, value in enumerate(values, 1):
                self._put(column, value, figure.shape)
            self._put(2, f"{figure.n} / {figure.of}", Shape.TEXT)
            left_out = "\n".join(f"{reason}: {count}" for reason, count in figure.left_out)
            for column, words in ((7, left_out), (8, figure.definition)):
                self._sheet.write_string(self._row, column, words, self._format(Look.PLAIN, "@", wrap=True))
        self._sheet.set_column(1, 6, 12)
        self._sheet.set_column(7, 8, 34)
        self._row += 1

    def _chart(self, chart: Chart) -> None:
        """The chart, drawn from its table, which stands right below it."""
        if not chart.table.rows:
            self._table(chart.table)
            return
        at = self._row
        self._row += _CHART_ROWS + 1
        top = self._table(chart.table)
        drawn: Any = self._book.add_chart({"type": _KINDS[chart.form]})
        drawn.add_series(self._series(chart, top, chart.value, line=chart.form is Form.LINE))
        drawn.set_title({"name": chart.table.title, "name_font": {"size": 12}})
        drawn.set_legend({"none": True})
        drawn.show_blanks_as("gap")
        if chart.form is Form.LINE:
            drawn.set_y_axis({"num_format": _PATTERNS[chart.shape]})
        elif chart.form is Form.BARS:
            drawn.set_y_axis({"reverse": True})
        else:
            drawn.set_y_axis({"min": 0})
            self._add_shares(drawn, chart, top)
        drawn.set_size(_CHART_SIZE)
        options = {"description": chart.table.title, "object_position": 1}
        self._sheet.insert_chart(at, 0, drawn, options)

    def _series(self, chart: Chart, top: int, column: int, *, line: bool) -> dict[str, Any]:
        """A column of the chart's table as what is drawn; its first row is `top`."""
        name, last = self._sheet.get_name(), top + len(chart.table.rows) - 1
        return {
            "name": chart.table.headings[column].title,
            "categories": [name, top, chart.label, last, chart.label],
            "values": [name, top, column, last, column],
            "fill": {"color": _INK},
            "line": {"color": _SECOND if line else _INK, "width": 2.25},
            "marker": {"type": "circle", "size": 6, "fill": {"color": _SECOND}, "border": {"color": _SECOND}},
            "data_labels": {"value": not line},
            "gap": 60,
        }

    def _add_shares(self, drawn: Any, chart: Chart, top: int) -> None:
        """What the columns so far make up of all, as a line: the table's last column."""
        shares: Any = self._book.add_chart({"type": "line"})
        shares.add_series(self._series(chart, top, len(chart.table.headings) - 1, line=True) | {"y2_axis": True})
        shares.set_y2_axis({"num_format": "0%", "min": 0, "max": 1, "major_gridlines": {"visible": False}})
        drawn.combine(shares)

    def _table(self, table: Table, *, filtered: bool = False) -> int:
        """The table; the row of its first line."""
        if table.title:
            self._say(table.title, Look.FREE_STRONG)
        if table.hint:
            self._say(table.hint, Look.SUBTITLE)
        header = self._row
        for column, heading in enumerate(table.headings):
            self._sheet.write_string(header, column, heading.title, self._format(Look.HEADER, "@", wrap=True))
        self._row += 1
        for row in table.rows:
            for column, (value, heading) in enumerate(zip(row, table.headings, strict=True)):
                self._put(column, value, heading.shape)
            self._row += 1
        if not table.rows:
            self._say(table.empty or text.say(self._report.lang, "messages.page.nothing"), Look.SUBTITLE)
        for column, width in enumerate(_widths(table)):
            self._sheet.set_column(column, column, width)
        if filtered:
            self._sheet.freeze_panes(header + 1, 0)
            self._sheet.autofilter(header, 0, max(self._row - 1, header), len(table.headings) - 1)
            self._sheet.repeat_rows(header)
        return header + 1

    def _say(self, words: str, look: Look) -> None:
        if look is Look.TITLE:
            self._sheet.set_row(self._row, TITLE_HEIGHT)
        self._sheet.write_string(self._row, 0, words, self._format(look, "@"))
        self._row += 1

    def _put(self, column: int, value: Value, shape: Shape, look: Look = Look.PLAIN) -> None:
        form = self._format(look, _pattern(shape, self._report.lang))
        if value is None:
            self._sheet.write_blank(self._row, column, None, form)
        elif isinstance(value, str):
            self._sheet.write_string(self._row, column, value, form)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, column, value, form)
        else:
            self._sheet.write_number(self._row, column, float(value) if isinstance(value, Decimal) else value, form)

    def _format(self, look: Look, pattern: str, *, wrap: bool = False) -> Format:
        key = (look, pattern, wrap)
        if key not in self._formats:
            base = properties_of(Style(look, Pattern.GENERAL, wrap=wrap))
            font = {"font_name": font_of(self._report.lang), "num_format": pattern}
            self._formats[key] = self._book.add_format({"font_size": FONT_SIZE, **base, **font})
        return self._formats[key]


def _pattern(shape: Shape, lang: str) -> str:
    """The number format of a value, with its unit where it has one."""
    pattern = _PATTERNS[shape]
    if not shape.is_figure or shape is Shape.SHARE:
        return pattern
    unit = text.say(lang, f"messages.shapes.{shape.value}", value="")
    return f'{pattern}"{unit}"' if unit else pattern


def _widths(table: Table) -> list[int]:
    """How wide the columns have to be for their header and the first rows."""
    least, most = _WIDTHS
    cells = [[display_width(heading.title) for heading in table.headings]]
    cells += [
        [display_width(str(value)) if isinstance(value, str) else 10 for value in row] for row in table.rows[:_MEASURED]
    ]
    return [max(least, min(max(column) + 4, most)) for column in zip(*cells, strict=True)]
