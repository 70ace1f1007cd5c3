"""A report in a terminal: figures, bars and tables that fit 80 columns and grow with the window; plain when piped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orderflow import text
from orderflow.records.report import Chart, Figure, Form, Report, Section, Shape, Table
from orderflow.report.console import console, indented
from orderflow.report.values import bare, change, shown, sparkline

if TYPE_CHECKING:
    from rich.padding import Padding
    from rich.table import Table as RichTable

_BAR, _PARTS = "█", " ▏▎▍▌▋▊▉"
_MOST_BARS, _MOST_ROWS = 8, 12
_NARROWEST = 12
_MANY = 9  # columns of which a narrow window breaks the words


def show_report(report: Report, *, whole: bool = False) -> None:
    """Print it; `whole` leaves nothing out of long tables."""
    out = console()
    out.print(report.title, style="bold")
    out.print(report.subtitle, style="dim")
    for remark in report.remarks:
        indented(remark, 0, style="yellow")
    for section in report.sections:
        out.print()
        out.print(section.title, style="bold cyan")
        _show_section(report.lang, section, whole=whole)


def _show_section(lang: str, section: Section, *, whole: bool) -> None:
    for sentence in section.sentences:
        indented(sentence, 2)
    if section.figures:
        console().print(_set_in(_figures(section.figures, lang), 2))
        _show_left_out(section.figures, lang)
    for chart in section.charts:
        if chart.form is not Form.LINE:  # a line of time stands beside its figure
            _show_chart(chart, lang)
    for table in section.tables:
        show_table(table, lang, most=None if whole else _MOST_ROWS)
    for line in section.to_decide:
        indented(f"□ {line}", 2)


def _figures(figures: Sequence[Figure], lang: str) -> RichTable:
    table = _plain_table()
    past = any(figure.year_ago is not None for figure in figures)
    keys = ("value", "rests_on", "median", "p90_short", "previous_short", *(["year_short"] if past else []))
    titles = [text.say(lang, f"messages.page.{key}") for key in keys]
    table.add_column("", overflow="fold")
    for title in titles:
        table.add_column(title, justify="right", overflow="fold", header_style="dim")
    table.add_column("", no_wrap=True, overflow="crop")
    for figure in figures:
        values = [bare(value, figure.shape, lang) for value in (figure.median, figure.p90)]
        table.add_row(
            figure.title,
            shown(figure.value, figure.shape, lang),
            f"{figure.n}/{figure.of}",
            *values,
            change(figure.value, figure.previous, figure.shape, lang, bare),
            *([change(figure.value, figure.year_ago, figure.shape, lang, bare)] if past else []),
            sparkline([value for _, value in figure.trend]),
        )
    return table


def _show_left_out(figures: Sequence[Figure], lang: str) -> None:
    """Which orders a figure does not rest on, and why."""
    title = text.say(lang, "messages.page.left_out")
    for figure in figures:
        if figure.left_out:
            reasons = " · ".join(f"{reason} {count}" for reason, count in figure.left_out)
            indented(f"{figure.title} · {title}: {reasons}", 2, style="dim")


def _show_chart(chart: Chart, lang: str) -> None:
    out = console()
    out.print(f"  {chart.table.title}", style="bold")
    if not chart.table.rows:
        indented(chart.table.empty or text.say(lang, "messages.page.nothing"), 4, style="dim")
        return
    points = chart.points[:_MOST_BARS]
    out.print(_set_in(_bars(points, chart, lang)))
    if len(points) < len(chart.points):
        more = text.say(lang, "messages.page.more", count=len(chart.points) - len(points))
        indented(more, 4, style="dim")


def _bars(points: Sequence[tuple[str, float | None]], chart: Chart, lang: str) -> RichTable:
    """A bar a point; the longest takes a third of the window."""
    most = max((value for _, value in points if value is not None), default=0.0)
    room = max(console().width // 3, _NARROWEST)
    table = _plain_table(header=False)
    table.add_column(overflow="fold", max_width=max(console().width // 3, _NARROWEST))
    table.add_column(no_wrap=True, style="cyan", width=room)
    table.add_column(justify="right", no_wrap=True)
    for label, value in points:
        table.add_row(label, _bar((value or 0.0) / most * room if most else 0.0), shown(value, chart.shape, lang))
    return table


def _bar(length: float) -> str:
    whole, part = divmod(round(length * 8), 8)
    return (_BAR * whole + _PARTS[part]).rstrip() or ("▏" if length > 0 else "")


def show_table(table: Table, lang: str, *, most: int | None = None) -> None:
    """Print a table, or its first `most` rows and how many there are more."""
    out = console()
    if table.title:
        out.print(f"  {table.title}", style="bold")
    if not table.rows:
        indented(table.empty or text.say(lang, "messages.page.nothing"), 4, style="dim")
        return
    if len(table.headings) >= _MANY and _width_of(table, lang) > out.width:
        _show_one_by_one(table, lang)
        return
    drawn = _plain_table()
    for heading in table.headings:
        justify: Any = "right" if heading.shape.is_figure else "left"
        whole = heading.shape in (Shape.NUMBER, Shape.DAY)
        drawn.add_column(heading.title, justify=justify, overflow="fold", no_wrap=whole, header_style="dim")
    for row in table.rows[:most]:
        cells = zip(row, table.headings, strict=True)
        drawn.add_row(*(shown(value, heading.shape, lang) for value, heading in cells))
    out.print(_set_in(drawn))
    if most is not None and len(table.rows) > most:
        indented(text.say(lang, "messages.page.more", count=len(table.rows) - most), 4, style="dim")


def _width_of(table: Table, lang: str) -> int:
    """How wide a table is with every cell on one line."""
    from rich.cells import cell_len

    lines = [[heading.title for heading in table.headings]]
    lines += [
        [shown(value, head.shape, lang) for value, head in zip(row, table.headings, strict=True)] for row in table.rows
    ]
    widest = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    return sum(widest) + 2 * len(widest) + 4


def _show_one_by_one(table: Table, lang: str) -> None:
    """Rows that are too wide for the window, one below the other: the first two cells, then what else there is."""
    for row in table.rows:
        said = [(head.title, shown(value, head.shape, lang)) for value, head in zip(row, table.headings, strict=True)]
        indented("  ".join(value for _, value in said[:2]), 4)
        indented(" · ".join(f"{title} {value}" for title, value in said[2:]), 7, style="dim")


def _set_in(table: RichTable, columns: int = 4) -> Padding:
    from rich.padding import Padding

    return Padding(table, (0, 0, 0, columns), expand=False)


def _plain_table(*, header: bool = True) -> RichTable:
    from rich.table import Table as RichTable

    return RichTable(box=None, show_header=header, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
