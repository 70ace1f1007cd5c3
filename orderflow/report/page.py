"""A report as one page that stands alone: no outside request, readable without a script, printable, light or dark."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderflow import text
from orderflow.records.report import Report, Value
from orderflow.report.drawing import WIDTH, drawn
from orderflow.report.values import change, shown, sparkline

if TYPE_CHECKING:
    from jinja2 import Template

_FOLDER = Path(__file__).parent


def page(report: Report) -> str:
    """The whole page, HTML in UTF-8."""
    lang = report.lang
    return _template().render(
        report=report,
        width=WIDTH,
        say=lambda key, **params: text.say(lang, f"messages.page.{key}", **params),
        shown=lambda value, shape: shown(value, shape, lang),
        change=lambda now, before, shape: change(now, before, shape, lang),
        drawn=lambda chart: drawn(chart, lang),
        spark=lambda trend: sparkline([value for _, value in trend]),
        sorted_by=_sortable,
    )


def _sortable(value: Value) -> str:
    """What a column is sorted by, as text."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    options: dict[str, Any] = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True}
    return Environment(loader=FileSystemLoader(_FOLDER), lstrip_blocks=True, **options).get_template("page.html.j2")
