"""Typed rows: what the lines of a recognised table say, with everything doubtful beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import repeat
from types import MappingProxyType
from typing import Any, NamedTuple

from orderflow.records.rows import RowType

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


@dataclass(slots=True)
class TypedColumns:
    """Some lines of a table, typed, by column; what few lines have stands by a line's place among them, from 0.

    `values` holds the fields that the lines speak of, `None` where a cell is blank or could not be read. The rest is
    what `TypedRow` says of one line.
    """

    lines: Sequence[int]
    values: dict[str, Sequence[Any]] = field(default_factory=dict)
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    unread: dict[int, Mapping[str, str]] = field(default_factory=dict)
    extra: dict[int, Mapping[str, str]] = field(default_factory=dict)
    computed: dict[int, Mapping[str, str]] = field(default_factory=dict)
    untimed: dict[int, tuple[str, ...]] = field(default_factory=dict)
    channels: dict[int, str] = field(default_factory=dict)

    def column(self, name: str) -> Sequence[Any]:
        """The values of a field; `None` for each line where there is no such column."""
        return self.values.get(name) or [None] * len(self.lines)

    def rows(self, row: RowType) -> list[Any]:
        """What the lines say, as rows of this type."""
        count = len(self.lines)
        columns = (self.values.get(one.name) or repeat(one.default, count) for one in fields(row))
        return list(map(row, *columns))

    def typed_rows(self, row: RowType) -> list[TypedRow]:
        """The lines one by one, as rows of this type."""
        return [
            TypedRow(
                line,
                said,
                self.doubts.get(at, ()),
                self.unread.get(at, NOTHING),
                self.extra.get(at, NOTHING),
                self.computed.get(at, NOTHING),
                self.untimed.get(at, ()),
                self.channels.get(at),
            )
            for at, (line, said) in enumerate(zip(self.lines, self.rows(row), strict=True))
        ]

    @classmethod
    def of(cls, rows: Sequence[TypedRow]) -> TypedColumns:
        """The same rows by column."""
        names = [one.name for one in fields(rows[0].row)] if rows else []
        return cls(
            [typed.line for typed in rows],
            {name: [getattr(typed.row, name) for typed in rows] for name in names},
            {at: list(typed.doubts) for at, typed in enumerate(rows) if typed.doubts},
            {at: typed.unread for at, typed in enumerate(rows) if typed.unread},
            {at: typed.extra for at, typed in enumerate(rows) if typed.extra},
            {at: typed.computed for at, typed in enumerate(rows) if typed.computed},
            {at: typed.untimed for at, typed in enumerate(rows) if typed.untimed},
            {at: typed.channel for at, typed in enumerate(rows) if typed.channel},
        )
