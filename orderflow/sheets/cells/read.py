"""What reading one cell comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
NO_PARAMS: Mapping[str, Any] = MappingProxyType({})


class Read(NamedTuple, Generic[T]):
    """A cell as it was read: `value` in the column's type, `None` for a blank cell.

    `code` is a key of the findings catalogue where the cell is doubtful. With a code the value is `None`, except
    for `several-contacts`, `digits-lost` and `text-too-long`, which keep what was typed. `params` fill the
    finding's message; without a code they hold the `typed` word of a choice written in other words than its own.
    """

    value: T | None = None
    code: str | None = None
    params: Mapping[str, Any] = NO_PARAMS


class Moment(NamedTuple):
    """A local day and time in the desk's zone; `timed` says whether a time of day was given (midnight is none)."""

    at: datetime
    timed: bool


class Quantity(NamedTuple):
    """A number and the unit written beside it, as typed."""

    number: Decimal
    unit: str | None = None


BLANK: Read[Any] = Read()
