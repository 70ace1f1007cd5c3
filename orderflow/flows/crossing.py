"""How lines cross to the process that claims them, and what is made of them back: columns, most of them marshalled."""

from __future__ import annotations

import marshal
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import repeat
from typing import Any, NamedTuple, overload

from orderflow.flows.batch import Made
from orderflow.flows.claims import Checked, Claimed
from orderflow.ledger.told import Columns, Told
from orderflow.ledger.values import ROW_FORMS, as_is
from orderflow.records.registration import Registration
from orderflow.sheets.stretch import Stretch

_WITHOUT_REFERENCES = 2  # the version of marshal that does not look for what is said twice: half the time
_TOLD = {"line": "sheet_row", "content": "fingerprint", "identity": "identity", "channel": "channel"}
_PLAIN = ("desk_number", "received_time_known", "month", "says_nothing", "purchase")
_OTHERS = tuple(name for name in Claimed._fields if name not in (*_TOLD, *_PLAIN))
_SETTLED = ("entered_by", "checked_by")  # of these the ledger may be told something else than the row says
_APART = (*(name for name, form in ROW_FORMS.items() if form.store is not as_is), *_SETTLED)
_FIELDS = tuple(field.name for field in fields(Registration))


class Packed(NamedTuple):
    """Lines on their way: their numbers, and their columns, marshalled."""

    numbers: Sequence[int]
    columns: bytes

    def unpacked(self) -> Stretch:
        """The lines."""
        return Stretch(self.numbers, marshal.loads(self.columns))


class Aside(NamedTuple):
    """Lines that are claimed by the process that sends them, to be kept for their copy."""

    lines: Packed


def packed_lines(lines: Stretch) -> Packed:
    """The lines, ready to cross."""
    return Packed(lines.numbers, marshal.dumps(list(lines.raw), _WITHOUT_REFERENCES))


class Crossing(NamedTuple):
    """What was made of lines, on its way: what was `noticed` of them, the columns of plain values, all others.

    Of the rows, `rows` are the columns that differ from what the ledger is told.
    """

    noticed: Counter[str]
    plain: bytes
    others: Mapping[str, Any]
    checked: Checked
    rows: bytes


def packed(made: Made, noticed: Counter[str]) -> Crossing:
    """What was made, ready to cross."""
    claimed, told = made.claimed, made.told
    plain = {name: getattr(claimed, name) for name in _PLAIN}
    apart = {name: [getattr(row, name) for row in made.rows] for name in _APART}
    return Crossing(
        noticed,
        marshal.dumps([told.columns, told.public, told.personal, plain], _WITHOUT_REFERENCES),
        {name: getattr(claimed, name) for name in _OTHERS},
        made.checked,
        pickle.dumps(apart, pickle.HIGHEST_PROTOCOL),
    )


def unpacked(crossed: Crossing) -> Made:
    """What was made."""
    columns, public, personal, plain = marshal.loads(crossed.plain)
    count = len(public)
    known: dict[str, Any] = {name: columns.get(column) or [None] * count for name, column in _TOLD.items()}
    claimed = Claimed(**known, **plain, **crossed.others)
    rows = _Rows(columns, crossed.rows, count)
    return Made(claimed, crossed.checked, Told(columns, public, personal), rows)


class _Rows(Sequence[Registration]):
    """The rows of a batch, made once one of them is asked for: of most rows their columns say all."""

    def __init__(self, known: Columns, apart: bytes, count: int) -> None:
        self._known, self._apart, self._count = known, apart, count
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
        if self._apart:
            columns = {**{name: self._known.get(name, repeat(None)) for name in _FIELDS}, **pickle.loads(self._apart)}
            self._rows, self._apart = list(map(Registration, *columns.values())), b""
        return self._rows
