"""Where the table of a sheet begins: its header among titles and preambles, and what it is a table of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import NamedTuple

from orderflow.records.folding import bare
from orderflow.records.rows import RowType, columns
from orderflow.sheets.cells.text import half_width, normal
from orderflow.sheets.headers import NO_PINS, Layout, Texts, layout
from orderflow.sheets.lines import LineKind, Lines, Skipped, first_text
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.values import Cell, Line, Sheet
from orderflow.sheets.vocabulary import WEAK, claims, vocabulary

LOOKED_THROUGH = 100  # lines in which a header is looked for
LONGEST_HEADER = 60
_SURELY = 3  # columns that make a header beyond doubt
_NEARLY = 0.6  # a share of the best fit; less is a group header or a legend
_FIGURES = re.compile(r"[\d\s.,:/¥%+*()-]*\d[\d\s.,:/¥%+*()-]*|\d{4}[-/.年].*|[*\d]{6,}")

Merged = Sequence[tuple[int, int, int, int]]
Pins = Mapping[str, str | None]


class Header(NamedTuple):
    """One or two lines taken as a header: what it is one of, the texts of its columns, and how well it fits."""

    row: RowType
    lines: tuple[Line, ...]
    texts: tuple[Texts, ...]
    fit: float


@dataclass
class Table:
    """A recognised table: its layout, its header's rows (from 1), and its lines in streaming chunks.

    `skipped` fills while `chunks` is read: every line under the header that is no row of the table, blank lines
    as runs, those after the last line left out.
    """

    layout: Layout
    header_rows: tuple[int, ...]
    lines: Lines
    unread: Iterator[Sequence[Line]]
    texts: tuple[Texts, ...] = ()
    skipped: list[Skipped] = field(default_factory=list)

    def laid_out(self, pins: Pins) -> Table:
        """The same table, its columns told anew with other pins; only before its lines are read."""
        found = layout(self.texts, self.layout.row, pins)
        return Table(found, self.header_rows, self.lines.under(found), self.unread, self.texts)

    def chunks(self) -> Iterator[Sequence[Line]]:
        """The lines that are rows of the table."""
        blank: Skipped | None = None
        for chunk in self.unread:
            following = 0  # the place of the line that would go on with blank ones
            left_out: list[int] = []
            for at in self.lines.doubtful(chunk):
                line = chunk[at]
                kind = self.lines.kind_of(line)
                if blank is not None and (at > following or kind is not LineKind.BLANK):
                    self.skipped.append(blank)
                    blank = None
                following = at + 1
                if kind is LineKind.BLANK:
                    blank = Skipped(blank.row if blank else line.row, kind, "", line.row)
                elif kind is not LineKind.ROW:
                    self.skipped.append(Skipped(line.row, kind, first_text(line), line.row))
                if kind is not LineKind.ROW:
                    left_out.append(at)
            if blank is not None and following < len(chunk):
                self.skipped.append(blank)
                blank = None
            yield Stretch.of(chunk).without(left_out) if left_out else chunk


def open_table(sheet: Sheet, row_types: Sequence[RowType], pins: Pins = NO_PINS) -> Table | None:
    """The table of a sheet, if it has one that is of a kind in `row_types`; of several kinds the best fitting.

    Give every kind that the desk knows, so that a customer list is not taken for orders, and look at
    `table.layout.row`. Only the first lines are read before the caller asks for `chunks()`.
    """
    chunks = iter(sheet.chunks)
    first: list[Line] = []
    for chunk in chunks:
        first += chunk
        if len(first) >= LOOKED_THROUGH:
            break
    header = find_header(first, row_types, sheet.merged, pins)
    if header is None:
        return None
    found = layout(header.texts, header.row, pins)
    rows = tuple(line.row for line in header.lines)
    rest = [line for line in first if line.row > rows[-1]]
    return Table(found, rows, Lines(found, header.lines), chain([rest], chunks), header.texts)


def find_header(
    lines: Sequence[Line], row_types: Sequence[RowType], merged: Merged = (), pins: Pins = NO_PINS
) -> Header | None:
    """The line (or two) among the first ones whose texts name the most columns of one of the row types.

    Of lines that fit nearly as well as the best the first is the header. A header names at least three
    columns, two of them required ones where the row type has as many, or all that stands in a line of two;
    it holds no figures to speak of, and is no form with values beside its labels.
    """
    found: list[Header] = []
    for index, line in enumerate(islice(lines, LOOKED_THROUGH)):
        if sum(isinstance(cell, str) for cell in line.cells) >= 2:
            below = lines[index + 1] if index + 1 < len(lines) else None
            here = (_header(row, line, below, merged, pins) for row in row_types)
            found += sorted((header for header in here if header), key=lambda header: -header.fit)[:1]
    best = max((header.fit for header in found), default=0.0)
    return next((header for header in found if header.fit >= _NEARLY * best), None)


def _header(row: RowType, line: Line, below: Line | None, merged: Merged, pins: Pins) -> Header | None:
    """The line as a header of the row type, together with the line below it where that names more columns."""
    alone = _fit(row, single := _single(line), [line], below, pins)
    if below is not None and below.row == line.row + 1 and _can_stand_under(line, below, merged):
        both = _joined(line, below, merged)
        fit = _fit(row, both, [line, below], None, pins)
        if fit > alone and fit > _fit(row, _single(below), [below], None, pins):
            return Header(row, (line, below), both, fit)
    return Header(row, (line,), single, alone) if alone else None


def _fit(row: RowType, texts: tuple[Texts, ...], lines: Sequence[Line], below: Line | None, pins: Pins) -> float:
    """How many columns the texts name, weak names counting half; 0 where they make no header."""
    known, declared = vocabulary(row), columns(row)
    pinned = {bare(header): name for header, name in pins.items()}
    surely: dict[str, int] = {}
    weakly: set[str] = set()
    for column, said in enumerate(texts):
        for text in said:
            if (field := pinned.get(bare(text))) in declared and field:
                surely.setdefault(field, column)
            for claim in claims(text, known):
                if claim.rank == WEAK:
                    weakly.add(claim.field)
                else:
                    surely.setdefault(claim.field, column)
    filled, figures = sum(map(bool, texts)), sum(_is_figure(cell) for line in lines for cell in line.cells)
    if not _enough(row, set(surely), weakly, filled) or figures > len(surely) // 3:
        return 0.0
    if below is not None and _is_form(row, texts, set(surely.values()), below):
        return 0.0
    return len(surely) + 0.5 * len(weakly - surely.keys()) - 0.5 * figures


def _enough(row: RowType, surely: set[str], weakly: set[str], filled: int) -> bool:
    """Whether the named columns make a header. Weak names count for it only beside two sure required ones."""
    fields = surely | weakly
    required = {name for name, column in columns(row).items() if column.required}
    if len(required) <= 1:  # every row type has either required columns or the order's number
        return len(fields) >= (2 if required else _SURELY) and (required or {"number"}) <= fields
    if len(fields) < _SURELY:
        return filled == len(fields) == 2 and fields <= required
    return len(surely & required) >= 2


def _is_form(row: RowType, texts: tuple[Texts, ...], named: set[int], below: Line) -> bool:
    """Whether labels alternate with their values, and other labels stand right below them."""
    filled = [column for column, said in enumerate(texts) if said]
    followed = sum(after not in named for column, after in pairwise(filled) if column in named)
    if followed < len(named) - 1 or filled[0] not in named:
        return False
    known = vocabulary(row)
    labels = (_text(below.cells[column]) for column in named if column < len(below.cells))
    return any(claims(label, known) for label in labels if label)


def _single(line: Line) -> tuple[Texts, ...]:
    return tuple((text,) if (text := _text(cell)) else () for cell in line.cells)


def _joined(top: Line, bottom: Line, merged: Merged) -> tuple[Texts, ...]:
    """Group headers with the headers under them: `客户` over `名称` reads 客户名称, else 名称, else 客户."""
    width = max(len(top.cells), len(bottom.cells))
    above, under = _padded(top, width), _padded(bottom, width)
    group = ""
    groups = []
    for column in range(width):
        if above[column] or not under[column]:
            group = above[column]
        groups.append(group if above[column] or _spanned(top.row, column, merged) else "")
    return tuple(
        tuple(dict.fromkeys(text for text in (f"{one}{two}" if one and two else "", two, one) if text))
        for one, two in zip(groups, under, strict=True)
    )


def _spanned(row: int, column: int, merged: Merged) -> bool:
    """Whether a blank cell of the upper line belongs to the group on its left; where nothing is merged, it does."""
    spans = [span for span in merged if span[0] <= row <= span[2] and span[3] > span[1]]
    return not spans or any(first < column <= last for _, first, _, last in spans)


def _can_stand_under(top: Line, bottom: Line, merged: Merged) -> bool:
    """Whether the lower line can be the second half of a header: no figures, and it fills what groups leave open."""
    texts = _padded(bottom, max(len(top.cells), len(bottom.cells)))
    if sum(map(bool, texts)) < 2 or any(_is_figure(cell) for cell in bottom.cells):
        return False
    above = _padded(top, len(texts))
    opened = sum(1 for one, two in zip(above, texts, strict=True) if two and not one)
    closed = sum(1 for one, two in zip(above, texts, strict=True) if one and not two)
    spans = any(span[0] == top.row == span[2] and span[3] > span[1] for span in merged)
    return opened > 0 or closed > 0 or spans


def _padded(line: Line, width: int) -> list[str]:
    texts = [_text(cell) for cell in line.cells]
    return texts + [""] * (width - len(texts))


def _text(cell: Cell) -> str:
    """A cell's text as a header could have it, else nothing."""
    return normal(cell) if isinstance(cell, str) and len(cell) <= LONGEST_HEADER else ""


def _is_figure(cell: Cell) -> bool:
    """Whether a cell holds what headers do not: a number, a date, a phone."""
    if isinstance(cell, str):
        return _FIGURES.fullmatch(half_width(cell).strip()) is not None
    return cell is not None
