"""A finding: what is wrong or doubtful, where, what stood there. Never raised; all of them are collected."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Severity(StrEnum):
    """How much a finding matters (CLI.md, "A finding"): refused, 异常, worth a look, for information."""

    ERROR = "error"
    ANOMALY = "anomaly"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Its place among them, the gravest first."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Place(NamedTuple):
    """A cell, a row or a column of a file; rows count from 1 and columns from 0, `None` where it is all of them."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None

    @property
    def cell(self) -> str | None:
        """The place as a spreadsheet writes it: `G7`, `G` for a column, `7` for a row."""
        letters = column_letters(self.column) if self.column is not None else ""
        return f"{letters}{self.row or ''}" or None


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclasses.dataclass(slots=True)
class Finding:
    """One finding. `code` is a key of the catalogue; `params` fill its message; `value` is what stood there."""

    code: str
    severity: Severity
    field: str | None = None
    value: str | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    place: Place | None = None
    number: str | None = None

    def again(self) -> Finding:
        """The same of another row, whose place and number are still to be told."""
        return Finding(self.code, self.severity, self.field, self.value, self.params)

    def __reduce__(self) -> tuple[Any, ...]:
        """Its fields in their order: many findings cross between processes, and so they do in half the time."""
        return Finding, (self.code, self.severity, self.field, self.value, self.params, self.place, self.number)
