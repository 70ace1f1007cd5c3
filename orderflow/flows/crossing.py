"""How lines cross to the process that claims them, and batches back: columns of plain values, most marshalled."""

from __future__ import annotations

import marshal
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple, overload

from orderflow.flows.batch import Batch
from orderflow.flows.claims import Claim
from orderflow.ledger.told import Columns, Told
from orderflow.ledger.values import ROW_FORMS, as_is
from orderflow.records.registration import Registration
from orderflow.sheets.values import Line

_WITHOUT_REFERENCES = 2  # the version of marshal that does not look for what is said twice: half the time
_CLAIMED = (
    "desk_number", "key", "channel", "received", "received_time_known", "unread", "extra", "findings", "month",
    "says_nothing", "purchase", "checked", "originals", "second",
)  # fmt: skip
_SETTLED = ("entered_by", "checked_by")  # of these the ledger may be told something else than the row says
_APART = (*(name for name, form in ROW_FORMS.items() if form.store is not as_is), *_SETTLED)
_FIELDS = tuple(field.name for field in fields(Registration))
_MARSHALLED = frozenset((str, int, float, bool, type(None)))
_claimed, _apart = attrgetter(*_CLAIMED), attrgetter(*_APART)


class Crossing(NamedTuple):
    """A batch on its way: what was `noticed` of its rows, what is `told`, the claims' columns, the rest of the rows."""

    noticed: Counter[str]
    told: bytes
    claims: Sequence[Sequence[Any]]
    quantities: Sequence[Any]
    dates: Sequence[Any]
    rows: bytes


class Packed(NamedTuple):
    """Lines on their way: their numbers; columns of texts and figures, marshalled by place; the others by place.

    Lines of unlike length cross as they are, in `uneven`.
    """

    numbers: Sequence[int]
    plain: bytes
    others: Mapping[int, Sequence[Any]]
    uneven: Sequence[Sequence[Any]] = ()


def packed_lines(lines: Sequence[Line]) -> Packed:
    """The lines, ready to cross."""
    numbers, cells = zip(*lines, strict=True)
    if len(set(map(len, cells))) > 1:
        return Packed(numbers, b"", {}, cells)
    plain: dict[int, Sequence[Any]] = {}
    others: dict[int, Sequence[Any]] = {}
    for at, column in enumerate(zip(*cells, strict=True)):
        (plain if _MARSHALLED.issuperset(map(type, column)) else others)[at] = column
    return Packed(numbers, marshal.dumps(plain, _WITHOUT_REFERENCES), others)


def unpacked_lines(crossed: Packed) -> list[Line]:
    """The lines that crossed."""
    if crossed.uneven:
        return list(map(Line, crossed.numbers, map(list, crossed.uneven)))
    columns = {**marshal.loads(crossed.plain), **crossed.others}
    rows = zip(*(columns[at] for at in range(len(columns))), strict=True)
    return list(map(Line, crossed.numbers, map(list, rows)))


def packed(batch: Batch, noticed: Counter[str]) -> Crossing:
    """The batch, ready to cross."""
    apart = list(zip(*(_apart(claim.row) for claim in batch.claims), strict=True))
    return Crossing(
        noticed,
        marshal.dumps([batch.told.columns, batch.told.public, batch.told.personal], _WITHOUT_REFERENCES),
        list(zip(*map(_claimed, batch.claims), strict=True)),
        batch.quantities,
        batch.dates,
        pickle.dumps(dict(zip(_APART, apart, strict=True)), pickle.HIGHEST_PROTOCOL),
    )


def unpacked(made: Crossing, lines: Sequence[Line]) -> Batch:
    """The batch that was made of these lines."""
    told = Told(*marshal.loads(made.told))
    known = told.columns
    rows = _Rows(known, made.rows)
    numbers, cells = zip(*lines, strict=True)
    order = (numbers, cells, repeat(rows), range(len(lines)), known["fingerprint"], known["identity"], *made.claims)
    return Batch(list(map(Claim, *order)), told, made.quantities, made.dates)


class _Rows(Sequence[Registration]):
    """The rows of a batch, made once one of them is asked for: of most rows their columns say all."""

    def __init__(self, known: Columns, apart: bytes) -> None:
        self._known, self._apart, self._rows = known, apart, list[Registration]()

    def __len__(self) -> int:
        return len(self._made())

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
