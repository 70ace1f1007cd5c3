"""The blank workbooks, made from the column declarations: headers, notes, dropdowns, widths, an example."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orderflow import text
from orderflow.records.column import Column, Kind, Words
from orderflow.records.rows import Workbook, columns
from orderflow.records.samples import SAMPLES
from orderflow.sheets.cells.scores import HIGHEST
from orderflow.sheets.layout import ColumnLayout, SheetLayout, WorkbookLayout
from orderflow.sheets.palette import JHENGHEI, YAHEI, Look, Pattern
from orderflow.sheets.shown import PATTERNS, in_line

BLANK_ROWS = 1_000  # rows below the header that dropdowns reach
_SCORES = tuple(str(score) for score in range(1, HIGHEST + 1))
_MADE = datetime(2024, 5, 10, 9, 0)


def blank(workbook: Workbook, lang: str) -> WorkbookLayout:
    """One blank workbook in `lang`."""
    title = workbook.title.of(lang)
    sheet = SheetLayout(name=title, columns=column_layouts(workbook, lang), spare_rows=BLANK_ROWS, frozen_columns=1)
    return WorkbookLayout(
        sheets=[sheet],
        created=_MADE,
        title=title,
        author="orderflow",
        choice_warning=text.say(lang, "messages.workbook.choice"),
        font=font_of(lang),
    )


def column_layouts(workbook: Workbook, lang: str) -> list[ColumnLayout]:
    """The columns of a workbook as they are written: the note says what belongs there, the first also shows a row."""
    layouts = [
        column_layout(column, lang, text.say(lang, f"columns.{workbook.name}.{field}"))
        for field, column in columns(workbook.row).items()
        if column.template
    ]
    first = layouts[0]
    example = f"{first.note}\n\n{text.say(lang, 'messages.workbook.example')}\n{_example(workbook, lang)}"
    return [_noted(first, example), *layouts[1:]]


def column_layout(column: Column, lang: str, note: str = "") -> ColumnLayout:
    """One declared column as it is written."""
    return ColumnLayout(
        header=column.words.of(lang),
        pattern=PATTERNS.get(column.kind, Pattern.TEXT),
        width=column.width,
        choices=_SCORES if column.kind is Kind.SCORE else tuple(words.of(lang) for words in _offered(column)),
        questioned=not column.offered,
        note=note,
        look=Look.SHADED if column.computed else Look.PLAIN,
        header_look=Look.DESK_HEADER if column.desk else Look.HEADER,
    )


def _offered(column: Column) -> Sequence[Words]:
    return column.offered or [choice.words for choice in column.choices]


def font_of(lang: str) -> str:
    """The font that Windows has for the language."""
    return JHENGHEI if lang == "zh-Hant" else YAHEI


def _example(workbook: Workbook, lang: str) -> str:
    sample = SAMPLES[workbook.row]
    unit = getattr(sample, "unit", None)
    lines = (
        (column.words.of(lang), in_line(getattr(sample, field), column, lang, unit))
        for field, column in columns(workbook.row).items()
        if column.template
    )
    return "\n".join(f"{header}: {value}" for header, value in lines if value)


def _noted(layout: ColumnLayout, note: str) -> ColumnLayout:
    from dataclasses import replace

    return replace(layout, note=note)
