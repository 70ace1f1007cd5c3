"""From the lines of a recognised table to typed rows, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from orderflow.records.choices import NO_CHANNEL
from orderflow.records.column import Column, Kind
from orderflow.records.finding import column_letters
from orderflow.records.folding import fold
from orderflow.records.rows import columns
from orderflow.sheets.cells.dates import CHINA, nearest_such_day, next_such_day
from orderflow.sheets.cells.numbers import is_own_number
from orderflow.sheets.cells.phones import is_mobile
from orderflow.sheets.cells.text import read_text, shown
from orderflow.sheets.columns import UNTIMED, Calendar, Days, Memory, Texts, cell_reader, is_plain_text
from orderflow.sheets.headers import Layout
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.typed import Doubt, TypedColumns, TypedRow
from orderflow.sheets.values import Cell, Line, Trouble

_ORDER = (Texts, Memory, Days)  # days come last: where no year is written they count from the day of receipt
_ITSELF = {Kind.PHONE: is_mobile, Kind.NUMBER: is_own_number, Kind.TEXT: is_plain_text}


class _Column(NamedTuple):
    """A column that is read: its place from 0, its field, what reads its cells."""

    at: int
    field: str
    cells: Texts | Memory


class TableReader:
    """Reads the lines of one table, for any row type.

    `on` is the desk's day: dates without a year count from it where the row gives no 接单时间. `date1904` is the
    sheet's date system, `zone` the desk's time zone.
    """

    def __init__(self, layout: Layout, on: date, date1904: bool = False, zone: tzinfo = CHINA) -> None:
        declared = columns(layout.row)
        yearless = next_such_day if "received_at" in declared else nearest_such_day
        calendar = Calendar(on, zone, date1904, yearless)
        self._row, self._on = layout.row, on
        read = [
            _Column(at, name, _reader_of(declared[name], layout.units.get(name), calendar))
            for at, name in layout.fields.items()
            if not declared[name].computed
        ]
        self._columns = sorted(read, key=lambda column: _ORDER.index(type(column.cells)))
        self._moments = [column.field for column in read if declared[column.field].kind is Kind.MOMENT]
        self._computed = [(at, name) for at, name in layout.fields.items() if declared[name].computed]
        self._width = max(layout.headers, default=-1) + 1
        self._extra = {at: layout.extra.get(at) or column_letters(at) for at in range(self._width)}
        for at in layout.fields:
            del self._extra[at]
        self._counted = next((name for name, column in declared.items() if column.kind is Kind.QUANTITY), None)
        self._header_unit = layout.units.get(self._counted or "")
        self._has_unit = "unit" in declared

    def rows(self, lines: Sequence[Line]) -> list[TypedRow]:
        """Lines as typed rows."""
        return self.columns(lines).typed_rows(self._row)

    def columns(self, lines: Sequence[Line]) -> TypedColumns:
        """Lines as typed columns."""
        stretch = Stretch.of(lines)
        typed = TypedColumns(stretch.numbers)
        beside: dict[str, Sequence[str | None]] = {}
        for column in self._columns:
            cells = stretch.column(column.at)
            if isinstance(column.cells, Days):
                read = column.cells.read_from(cells, self._received(typed))
            else:
                read = column.cells.read(cells)
            typed.values[column.field] = read.values
            if read.beside is not None:
                beside[column.field] = read.beside
            for place, known in read.doubtful.items():
                doubt = Doubt(column.field, column.at, known.code or "", shown(cells[place]), known.params)
                typed.doubts.setdefault(place, []).append(doubt)
        if self._has_unit and self._counted in typed.values:
            self._settle_units(typed, beside.get(self._counted))
        typed.unread |= _unread(typed)
        beyond = ((at, column_letters(at)) for at in range(self._width, stretch.width))
        typed.extra |= _texts_of(stretch, (*self._extra.items(), *beyond))
        typed.computed |= _texts_of(stretch, self._computed)
        self._say_beside(typed, beside)
        return typed

    def _received(self, typed: TypedColumns) -> list[date]:
        """The days that days without a year count from: of receipt, where it is told."""
        return [self._on if moment is None else moment.date() for moment in typed.column("received_at")]

    def _settle_units(self, typed: TypedColumns, in_cells: Sequence[str | None] | None) -> None:
        """An order's unit is the one beside its number, else the unit column's, else the header's.

        A product's own unit is the unit column's, whatever its stock is counted in. A unit that cannot be read is asked
        for, and none is taken from elsewhere.
        """
        assert self._counted is not None
        counted, own = typed.values[self._counted], typed.column("unit")
        beside = in_cells or repeat(None, len(own))
        pairs = zip(beside, own, strict=True) if self._counted == "quantity" else zip(own, beside, strict=True)
        units = [
            said if number is None else first or second or self._header_unit
            for number, said, (first, second) in zip(counted, own, pairs, strict=True)
        ]
        for place, doubts in typed.doubts.items():
            if any(doubt.field == "unit" for doubt in doubts):
                units[place] = own[place]
        typed.values["unit"] = units

    def _say_beside(self, typed: TypedColumns, beside: Mapping[str, Sequence[str | None]]) -> None:
        """The moments without a time of day, and the channels that say more than the choice."""
        for name in self._moments:
            for place, said in enumerate(beside.get(name, ())):
                if said is UNTIMED:
                    typed.untimed[place] = (*typed.untimed.get(place, ()), name)
        for place, word in enumerate(beside.get("source", ())):
            if word is not None and (channel := _channel(word)) is not None:
                typed.channels[place] = channel


def _reader_of(column: Column, unit: str | None, calendar: Calendar) -> Texts | Memory:
    read = cell_reader(column, unit, calendar)
    if column.kind in _ITSELF:
        return Texts(read, _ITSELF[column.kind])
    return Days(read) if column.kind is Kind.DATE else Memory(read)


def _unread(typed: TypedColumns) -> dict[int, Mapping[str, str]]:
    found = (
        (place, {doubt.field: doubt.text for doubt in doubts if typed.values[doubt.field][place] is None})
        for place, doubts in typed.doubts.items()
    )
    return {place: unread for place, unread in found if unread}


def _texts_of(stretch: Stretch, named: Iterable[tuple[int, str]]) -> dict[int, dict[str, str]]:
    """What stands in columns that are not read, as text, by place and name."""
    found: dict[int, dict[str, str]] = {}
    for at, name in named:
        for place, cell in enumerate(stretch.column(at)):
            if cell is not None and (text := _as_text(cell)):
                found.setdefault(place, {})[name] = text
    return found


def _as_text(cell: Cell) -> str:
    """A cell as text in its normal form; an error value as it shows."""
    return read_text(cell).value or (shown(cell) if isinstance(cell, Trouble) else "")


@lru_cache(maxsize=1024)
def _channel(typed: str) -> str | None:
    return None if fold(typed) in map(fold, NO_CHANNEL) else typed
