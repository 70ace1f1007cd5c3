"""Reading the cells of one column at once: most columns say few different things, and each is read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, tzinfo
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from orderflow.records.choices import PAYMENT, RESOLUTION
from orderflow.records.column import Column, Kind
from orderflow.sheets.cells.amounts import read_amount, read_price
from orderflow.sheets.cells.choices import read_choice, read_payment
from orderflow.sheets.cells.dates import Yearless, needs_day, read_date, read_moment
from orderflow.sheets.cells.numbers import read_number
from orderflow.sheets.cells.phones import read_phone
from orderflow.sheets.cells.quantities import read_quantity
from orderflow.sheets.cells.read import NO_PARAMS, Moment, Quantity, Read
from orderflow.sheets.cells.remedies import read_remedies
from orderflow.sheets.cells.scores import read_score
from orderflow.sheets.cells.text import is_plain, read_text
from orderflow.sheets.values import Cell

UNTIMED = "untimed"
_REMEMBERED = 20_000  # readings kept per column, beside those of the lines at hand
_SHORT = 1_000

CellReader = Callable[..., Read[Any]]


class Calendar(NamedTuple):
    """What days are read against: the desk's day and zone, the sheet's date system, and how a missing year is found."""

    on: date
    zone: tzinfo
    date1904: bool
    yearless: Yearless


class Known(NamedTuple):
    """A reading as rows take it; `beside` is a quantity's unit, the typed word of a choice, or `UNTIMED`."""

    value: Any
    code: str | None
    params: Mapping[str, Any]
    beside: str | None


class Readings(NamedTuple):
    """What the cells of a column were read as: values, what stands beside them, and the doubtful ones by place."""

    values: Sequence[Any]
    beside: Sequence[str | None] | None = None
    doubtful: Mapping[int, Known] = MappingProxyType({})


class Texts:
    """A column of texts, nearly all of which stand for themselves, as `is_plain` tells."""

    def __init__(self, read: CellReader, is_plain: Callable[[str], bool]) -> None:
        self._read, self._is_plain = read, is_plain

    def read(self, cells: Sequence[Cell]) -> Readings:
        """What these cells say."""
        keys = _keys(cells)
        different = _different(keys, cells)
        odd = {key: _known(self._read(cell)) for key, cell in different.items() if not self._is_itself(cell)}
        if not odd:
            return Readings(cells)
        itself = {key: Known(cell, None, NO_PARAMS, None) for key, cell in different.items()}
        return _gathered(keys, itself | odd)

    def _is_itself(self, cell: Cell) -> bool:
        return cell.__class__ is str and self._is_plain(cell)


class Memory:
    """A column that says few different things, with what they were read as so far."""

    def __init__(self, read: CellReader) -> None:
        self._read = read
        self._known: dict[Any, Known] = {}

    def read(self, cells: Sequence[Cell]) -> Readings:
        """What these cells say."""
        return self._read_by(_keys(cells), cells)

    def _read_by(self, keys: Sequence[Any], cells: Sequence[Cell]) -> Readings:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        for key, cell in _different(keys, cells).items():
            if key not in self._known:
                self._known[key] = _known(self._ask(key, cell))
        return _gathered(keys, {key: self._known[key] for key in set(keys) if key is not None})

    def _ask(self, key: Any, cell: Cell) -> Read[Any]:
        return self._read(cell)


class Days(Memory):
    """A column of days: those without a year count from the day of receipt."""

    def read_from(self, cells: Sequence[Cell], received: Sequence[date]) -> Readings:
        """What these cells say in rows that were received on these days."""
        keys = _keys(cells)
        yearless = {cell for cell in set(keys) if isinstance(cell, str) and needs_day(cell)}
        if yearless:
            dated = map(_Dated, cells, received)
            keys = [one if one.cell in yearless else key for one, key in zip(dated, keys, strict=True)]
        return self._read_by(keys, cells)

    def _ask(self, key: Any, cell: Cell) -> Read[Any]:
        return self._read(cell, on=key.received) if isinstance(key, _Dated) else self._read(cell)


class _Dated(NamedTuple):
    """A cell whose reading depends on the day of receipt."""

    cell: Cell
    received: date


def _keys(cells: Sequence[Cell]) -> Sequence[Any]:
    """What readings of these cells are known by; nothing for blanks."""
    if bool not in set(map(type, cells)):
        return cells
    return [None if cell is None else (cell.__class__, cell) for cell in cells]  # True would be found as 1


def _different(keys: Sequence[Any], cells: Sequence[Cell]) -> dict[Any, Cell]:
    """The cells that differ, by their keys, without blanks."""
    different = dict(zip(keys, cells, strict=True))
    different.pop(None, None)
    return different


def _gathered(keys: Sequence[Any], known: Mapping[Any, Known]) -> Readings:
    values = {key: one.value for key, one in known.items()}
    beside = {key: one.beside for key, one in known.items() if one.beside is not None}
    doubted = {key for key, one in known.items() if one.code is not None}
    return Readings(
        list(map(values.get, keys)),
        list(map(beside.get, keys)) if beside else None,
        {at: known[key] for at, key in enumerate(keys) if key in doubted} if doubted else {},
    )


def is_plain_text(text: str) -> bool:
    """Whether a text column takes the text just as it is; the cheapest test first."""
    return (text.isalnum() and len(text) < _SHORT) or is_plain(text)


def cell_reader(column: Column, unit: str | None, calendar: Calendar) -> CellReader:
    """The reader for the cells of a column; `unit` is the one that its header gives."""
    on, zone, date1904, yearless = calendar
    match column.kind:
        case Kind.MOMENT:
            return partial(read_moment, on=on, date1904=date1904, zone=zone)
        case Kind.DATE:
            return partial(read_date, on=on, date1904=date1904, zone=zone, yearless=yearless)
        case Kind.AMOUNT:
            return partial(read_amount, unit=unit)
        case Kind.PRICE:
            return partial(read_price, unit=unit)
        case Kind.CHOICE if column.choices is PAYMENT:
            return read_payment
        case Kind.CHOICE if column.choices is RESOLUTION:
            return read_remedies
        case Kind.CHOICE:
            return partial(read_choice, choices=column.choices)
    return _SIMPLE[column.kind]


_SIMPLE: Mapping[Kind, CellReader] = {
    Kind.TEXT: read_text,
    Kind.PHONE: read_phone,
    Kind.NUMBER: read_number,
    Kind.QUANTITY: read_quantity,
    Kind.SCORE: read_score,
}


def _known(read: Read[Any]) -> Known:
    value, code, params = read
    if isinstance(value, Quantity):
        return Known(value.number, code, params, value.unit)
    if isinstance(value, Moment):
        return Known(value.at, code, params, None if value.timed else UNTIMED)
    return Known(value, code, params, params.get("typed"))
