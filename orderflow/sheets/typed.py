"""From the lines of a recognised table to typed rows, with everything doubtful said beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from orderflow.records.choices import NO_CHANNEL
from orderflow.records.column import Column, Kind
from orderflow.records.finding import column_letters
from orderflow.records.folding import fold
from orderflow.records.rows import columns
from orderflow.sheets.cells.dates import CHINA, nearest_such_day, next_such_day
from orderflow.sheets.cells.numbers import is_own_number
from orderflow.sheets.cells.phones import is_mobile
from orderflow.sheets.cells.text import read_text, shown
from orderflow.sheets.columns import (
    UNTIMED,
    Calendar,
    CellReader,
    Known,
    Memory,
    Plainly,
    PlainTexts,
    Recall,
    cell_reader,
)
from orderflow.sheets.headers import Layout
from orderflow.sheets.values import Cell, Line, Trouble

NOTHING: Mapping[str, str] = MappingProxyType({})


class Doubt(NamedTuple):
    """A cell that was not read for certain: `code` of the findings catalogue, `text` as it stands in the cell."""

    field: str
    column: int
    code: str
    text: str
    params: Mapping[str, Any]


@dataclass(slots=True)
class TypedRow:
    """One line of a table as a row of its type.

    `unread` holds the typed text of fields that stayed empty because their cell could not be read, `extra` the
    other columns by header, `computed` what stands in columns that the desk writes and never takes from a person.
    `untimed` are the moments whose cell gave no time of day. `channel` is the word under 订单来源 where it says
    more than the choice (天猫).
    """

    line: int
    row: Any
    doubts: Sequence[Doubt]
    unread: Mapping[str, str]
    extra: Mapping[str, str]
    computed: Mapping[str, str]
    untimed: tuple[str, ...]
    channel: str | None

    @property
    def received_time_known(self) -> bool:
        """Whether 接单时间 came with a time of day."""
        return "received_at" not in self.untimed


def compile_reader(
    layout: Layout, on: date, date1904: bool = False, zone: tzinfo = CHINA
) -> Callable[[Line], TypedRow]:
    """A fast reader for the lines of one table, for any row type.

    `on` is the desk's day: dates without a year count from it where the row gives no 接单时间. `date1904` is the
    sheet's date system, `zone` the desk's time zone.
    """
    return _Reader(layout, on, date1904, zone).read


class _Reader:
    def __init__(self, layout: Layout, on: date, date1904: bool, zone: tzinfo) -> None:
        declared = columns(layout.row)
        yearless = next_such_day if "received_at" in declared else nearest_such_day
        calendar = Calendar(on, zone, date1904, yearless)
        self._texts: list[tuple[int, str, Collection[str], Callable[[str], bool], CellReader]] = []
        self._others: list[tuple[int, str, Plainly, Recall, Callable[[Cell], Known]]] = []
        self._days: list[tuple[int, str, Plainly, Recall, Callable[[Cell, date], Known]]] = []
        for column, name in layout.fields.items():
            read = cell_reader(declared[name], layout.units.get(name), calendar)
            memory = Memory(read)
            match declared[name]:
                case Column(computed=True):
                    continue
                case Column(kind=Kind.PHONE):
                    self._texts.append((column, name, (), is_mobile, read))
                case Column(kind=Kind.NUMBER):
                    self._texts.append((column, name, (), is_own_number, read))
                case Column(kind=Kind.TEXT):
                    plain = PlainTexts()
                    self._texts.append((column, name, plain.known, plain, read))
                case Column(kind=Kind.DATE):
                    self._days.append((column, name, memory.plainly, memory.recall, memory.learn_day))
                case _:
                    self._others.append((column, name, memory.plainly, memory.recall, memory.learn))
        self._moments = [name for _, name, *_ in self._others if declared[name].kind is Kind.MOMENT]
        self._computed = [(column, name) for column, name in layout.fields.items() if declared[name].computed]
        self._width = max(layout.headers, default=-1) + 1
        self._extra = [
            (column, layout.extra.get(column) or column_letters(column))
            for column in range(self._width)
            if column not in layout.fields
        ]
        self._row, self._on = layout.row, on
        self._counted = next((name for name, column in declared.items() if column.kind is Kind.QUANTITY), None)
        self._header_unit = layout.units.get(self._counted or "")
        self._has_unit = "unit" in declared

    def read(self, line: Line) -> TypedRow:
        """One line as a typed row."""
        cells = line.cells
        if len(cells) < self._width:
            cells = cells + [None] * (self._width - len(cells))
        values: dict[str, Any] = {}
        beside: dict[str, str] = {}
        doubts: list[Doubt] = []
        self._read_texts(cells, values, doubts)
        self._read_others(cells, values, doubts, beside)
        if self._days:
            self._read_days(cells, values, doubts)
        if self._has_unit and not (doubts and any(doubt.field == "unit" for doubt in doubts)):
            self._settle_unit(values, beside)
        return TypedRow(
            line.row,
            self._row(**values),
            doubts or (),
            {doubt.field: doubt.text for doubt in doubts if doubt.field not in values} if doubts else NOTHING,
            self._others_of(cells) if self._extra or len(cells) > self._width else NOTHING,
            self._computed_of(cells) if self._computed else NOTHING,
            tuple(name for name in self._moments if beside.get(name) is UNTIMED) if UNTIMED in beside.values() else (),
            _channel(beside["source"]) if "source" in beside else None,
        )

    def _read_texts(self, cells: list[Cell], values: dict[str, Any], doubts: list[Doubt]) -> None:
        for column, field, known, plain, read in self._texts:
            cell = cells[column]
            if cell is None:
                continue
            if cell.__class__ is str and (cell in known or plain(cell)):
                values[field] = cell
                continue
            value, code, params = read(cell)
            if value is not None:
                values[field] = value
            if code is not None:
                doubts.append(Doubt(field, column, code, shown(cell), params))

    def _read_others(
        self, cells: list[Cell], values: dict[str, Any], doubts: list[Doubt], beside: dict[str, str]
    ) -> None:
        for column, field, plainly, known, learn in self._others:
            cell = cells[column]
            if cell is None:
                continue
            value = plainly(cell)
            if value is not None:
                values[field] = value
                continue
            value, code, params, said = known(cell) or learn(cell)
            if value is not None:
                values[field] = value
            if said is not None:
                beside[field] = said
            if code is not None:
                doubts.append(Doubt(field, column, code, shown(cell), params))

    def _read_days(self, cells: list[Cell], values: dict[str, Any], doubts: list[Doubt]) -> None:
        """Days come last: where no year is written they count from the day of receipt."""
        received = values.get("received_at")
        on = self._on if received is None else received.date()
        for column, field, plainly, known, learn in self._days:
            cell = cells[column]
            if cell is None:
                continue
            value = plainly(cell)
            if value is not None:
                values[field] = value
                continue
            value, code, params, _ = known(cell) or learn(cell, on)
            if value is not None:
                values[field] = value
            if code is not None:
                doubts.append(Doubt(field, column, code, shown(cell), params))

    def _settle_unit(self, values: dict[str, Any], beside: dict[str, str]) -> None:
        """An order's unit is the one beside its number, else the unit column's, else the header's.

        A product's own unit is the unit column's, whatever its stock is counted in. A unit that cannot be read is asked
        for, and none is taken from elsewhere.
        """
        if self._counted not in values:
            return
        in_cell = beside.get(self._counted)
        found = in_cell or values.get("unit") if self._counted == "quantity" else values.get("unit") or in_cell
        if found or self._header_unit:
            values["unit"] = found or self._header_unit

    def _others_of(self, cells: list[Cell]) -> Mapping[str, str]:
        beyond = [(column, column_letters(column)) for column in range(self._width, len(cells))]
        named = ((name, cells[column]) for column, name in (*self._extra, *beyond))
        return {name: text for name, cell in named if cell is not None and (text := _as_text(cell))} or NOTHING

    def _computed_of(self, cells: list[Cell]) -> Mapping[str, str]:
        named = ((name, cells[column]) for column, name in self._computed)
        return {name: text for name, cell in named if cell is not None and (text := _as_text(cell))} or NOTHING


def _as_text(cell: Cell) -> str:
    """A cell as text in its normal form; an error value as it shows."""
    return read_text(cell).value or (shown(cell) if isinstance(cell, Trouble) else "")


@lru_cache(maxsize=1024)
def _channel(typed: str) -> str | None:
    return None if fold(typed) in map(fold, NO_CHANNEL) else typed
