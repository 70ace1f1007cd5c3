"""How lines cross to the process that claims them, and what is made of them back: columns, most of them marshalled."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import tzinfo
from itertools import repeat
from typing import Any, NamedTuple, overload

from orderflow.flows.batch import Made
from orderflow.flows.claims import Checked, Claimed, purchases
from orderflow.ledger.salting import Salted
from orderflow.ledger.told import Columns, Told, read_column
from orderflow.ledger.values import ROW_FORMS, says_something
from orderflow.records.registration import Registration
from orderflow.sheets.reading.wire import WITHOUT_REFERENCES
from orderflow.sheets.stretch import Stretch

_TOLD = {"line": "sheet_row", "content": "fingerprint", "identity": "identity", "channel": "channel"}
_PLAIN = ("desk_number", "received_time_known", "month", "says_nothing")
_OTHERS = tuple(name for name in Claimed._fields if name not in (*_TOLD, *_PLAIN, "purchase"))
_SETTLED = ("entered_by", "checked_by", "checked_at")  # the ledger may be told something else than the row says
_FIELDS = tuple(field.name for field in fields(Registration))


class Packed(NamedTuple):
    """Lines on their way: their numbers, and their columns, packed."""

    numbers: Sequence[int]
    columns: Sequence[bytes]

    def unpacked(self) -> Stretch:
        """The lines."""
        return Stretch(self.numbers, self.columns)


class Aside(NamedTuple):
    """Lines that are claimed by the process that sends them, to be kept for their copy."""

    lines: Packed


def packed_lines(lines: Stretch) -> Packed:
    """The lines, ready to cross."""
    return Packed(lines.numbers, lines.packed())


class Crossing(NamedTuple):
    """What was made of lines, on its way: what was `noticed` of them, the columns of plain values, all others.

    Of the rows, `settled` are the columns that may differ from what the ledger is told.
    """

    noticed: Counter[str]
    plain: bytes
    others: Mapping[str, Any]
    checked: Checked
    settled: Mapping[str, Sequence[Any]]


def packed(made: Made, noticed: Counter[str]) -> Crossing:
    """What was made, ready to cross."""
    claimed, told = made.claimed, made.told
    plain = {name: getattr(claimed, name) for name in _PLAIN}
    settled = {name: [getattr(row, name) for row in made.rows] for name in _SETTLED}
    return Crossing(
        noticed,
        marshal.dumps([told.columns, list(told.persons), plain], WITHOUT_REFERENCES),
        {name: getattr(claimed, name) for name in _OTHERS},
        made.checked,
        {name: column for name, column in settled.items() if says_something(column)},
    )


def unpacked(crossed: Crossing, zone: tzinfo) -> Made:
    """What was made; moments are told in `zone` again."""
    columns, persons, plain = marshal.loads(crossed.plain)
    told, count = Told(columns, Salted(*persons)), len(plain["month"])
    known: dict[str, Any] = {name: columns.get(column) or [None] * count for name, column in _TOLD.items()}
    sources, numbers = (columns.get(name) or [None] * count for name in ("source", "external_number"))
    purchase = purchases(known["channel"], sources, numbers)
    claimed = Claimed(**known, **plain, **crossed.others, purchase=purchase)
    rows = _Rows(columns, crossed.settled, count, zone)
    return Made(claimed, crossed.checked, told, rows)


class _Rows(Sequence[Registration]):
    """The rows of a batch, made once one of them is asked for: of most rows their columns say all."""

    def __init__(self, known: Columns, settled: Mapping[str, Sequence[Any]], count: int, zone: tzinfo) -> None:
        self._known, self._settled, self._count, self._zone = known, settled, count, zone
        self._rows: list[Registration] = []

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Registration: ...
    @overload
    def __getitem__(self, at: slice) -> list[Registration]: ...
    def __getitem__(self, at: int | slice) -> Registration | list[Registration]:
        return self._made()[at]

    def _made(self) -> list[Registration]:
        if not self._rows:
            self._rows = list(map(Registration, *map(self._column, _FIELDS)))
        return self._rows

    def _column(self, name: str) -> Iterable[Any]:
        column = self._settled.get(name) if name in _SETTLED else self._known.get(name)
        if column is None:
            return repeat(None, self._count)
        if name in _SETTLED or name not in ROW_FORMS:
            return column
        read = read_column(name, column)
        if name != "received_at":
            return read
        return [None if moment is None else moment.astimezone(self._zone) for moment in read]
