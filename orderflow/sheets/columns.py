"""Reading the cells of one column, fast: most columns say few different things, so readings are remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from functools import partial
from typing import Any, NamedTuple

from orderflow.records.choices import PAYMENT, RESOLUTION
from orderflow.records.column import Column, Kind
from orderflow.sheets.cells.amounts import read_amount, read_price
from orderflow.sheets.cells.choices import read_choice, read_payment
from orderflow.sheets.cells.dates import Yearless, needs_day, read_date, read_moment
from orderflow.sheets.cells.numbers import read_number
from orderflow.sheets.cells.phones import read_phone
from orderflow.sheets.cells.quantities import read_quantity
from orderflow.sheets.cells.read import Moment, Quantity, Read
from orderflow.sheets.cells.remedies import read_remedies
from orderflow.sheets.cells.scores import read_score
from orderflow.sheets.cells.text import is_plain, read_text
from orderflow.sheets.values import Cell

UNTIMED = "untimed"
_REMEMBERED = 20_000  # readings kept per column
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


Recall = Callable[[Any], Known | None]
Plainly = Callable[[Any], Any]


class Memory:
    """What the cells of a column were read as so far; `recall` finds a reading by its cell.

    `plainly` finds the value alone, where that is all there is to a reading: most readings are so.
    """

    def __init__(self, read: CellReader) -> None:
        self._read = read
        self._known: dict[Any, Known] = {}
        self._plain: dict[Any, Any] = {}
        self.recall: Recall = self._known.get
        self.plainly: Plainly = self._plain.get

    def learn(self, cell: Cell) -> Known:
        """Read a cell that is not known yet."""
        known = _known(self._read(cell))
        return known if cell in (0, 1) else self._kept(cell, known)  # True would be found as 1

    def learn_day(self, cell: Cell, received: date) -> Known:
        """Read a day that is not known yet; a missing year counts from the day of receipt."""
        if not isinstance(cell, str) or not needs_day(cell):
            return self.learn(cell)
        key = (cell, received)
        return self._known.get(key) or self._kept(key, _known(self._read(cell, on=received)))

    def _kept(self, key: Any, known: Known) -> Known:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._plain.clear()
        self._known[key] = known
        if known.code is None and known.beside is None:
            self._plain[key] = known.value
        return known


class PlainTexts:
    """Tells the texts that are their own value, remembering the ones that keep coming."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def __call__(self, text: str) -> bool:
        """Whether a text column takes the text just as it is."""
        if text.isalnum() and len(text) < _SHORT:
            return True
        if text in self.known:
            return True
        plain = is_plain(text)
        if plain and len(self.known) < _REMEMBERED:
            self.known.add(text)
        return plain


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
