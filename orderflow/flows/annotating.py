"""What people put on the cells of a window beside values: read from the workbook, kept, written again with its row.

The desk's own comments stand between marks that nobody sees, so that what a person adds to one is told from it; whose
a comment is cannot be told by its author, which LibreOffice drops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from orderflow.ledger.jottings import Jotting
from orderflow.ledger.kept import Name
from orderflow.sheets import values
from orderflow.sheets.cells import read_text
from orderflow.sheets.headers import Layout
from orderflow.sheets.layout import Cell, CellValue, Value
from orderflow.sheets.palette import COLOURS, SHADE, Look
from orderflow.sheets.values import Line

_MARK = "\u200b\u200c\u200b"
_OWN = re.compile(f"{_MARK}.*?(?:{_MARK}|$)", re.DOTALL)
_QUIET = (None, Look.PLAIN, Look.NOTE)

OWN_COLOURS: dict[str, str | None] = dict.fromkeys(COLOURS, "") | {SHADE: None, "FFFFFF": None}
"""What is noted of a cell in a colour of the desk's: that it bears one; of a shaded or a white cell nothing."""

Noted = Mapping[str, Jotting]


def own_comment(text: str) -> str:
    """A comment of the desk's, marked as such."""
    return f"{_MARK}{text}{_MARK}"


def theirs_in(comment: str | None) -> str | None:
    """What a person wrote in a comment, without what the desk did."""
    return (_OWN.sub("", comment).strip() or None) if comment else None


def annotated(cell: CellValue, jotting: Jotting) -> CellValue:
    """The cell with what a person put on it; where the desk asks for something, its own colour is seen."""
    said = cell if isinstance(cell, Cell) else Cell(cell)
    comment = "\n\n".join(filter(None, (jotting.comment, own_comment(said.comment) if said.comment else None)))
    fill = jotting.fill or "" if said.look in _QUIET and not said.comment else ""
    return replace(said, value=_typed(said.value, jotting.form), comment=comment, fill=fill, lasting=True)


def form_of(cell: values.Cell) -> str | None:
    """What a cell holds where its text alone would not say so: a number, a day, a moment."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, date)):
        return None
    return f"d:{cell.isoformat()}" if isinstance(cell, date) else f"n:{cell!r}"


def _typed(value: Value, form: str | None) -> Value:
    """The value of a column of theirs as it was before it became text, unless the text has changed since."""
    typed = typed_of(form)
    return typed if typed is not None and read_text(typed).value == value else value


def typed_of(form: str | None) -> int | float | datetime | date | None:
    """The number, day or moment that a form says, if it says one."""
    kind, _, text = (form or "").partition(":")
    try:
        if kind == "d":
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        return float(text) if any(letter in text for letter in ".en") else int(text)
    except ValueError:
        return None


def jottings_in(
    found: list[values.Annotation],
    lines: Mapping[int, Line],
    names: Mapping[int, Name],
    layout: Layout,
    before: Mapping[str, Noted],
) -> Iterator[Jotting]:
    """What stands on the cells of a sheet whose rows are `names`; `before` is what was known."""
    on = {(one.row, one.column): one for one in found}
    places = {**layout.extra, **layout.fields}
    for row, name in names.items():
        written = "/".join(name)
        line = lines.get(row)
        for column, place in places.items():
            one = on.get((row, column))
            cell = line.cells[column] if line is not None and column < len(line.cells) else None
            form = form_of(cell) if column not in layout.fields else None
            comment = theirs_in(one.comment) if one is not None else None
            fill = one.fill if one is not None else None
            if fill == "":
                earlier = before.get(written, {}).get(place)
                fill = earlier.fill if earlier is not None else None
            if comment or fill or form:
                yield Jotting(written, place, comment, fill, form)
