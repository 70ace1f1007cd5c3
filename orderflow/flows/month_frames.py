"""Columns of the ledger as a table for the statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orderflow.ledger.month import Columns

if TYPE_CHECKING:
    from pandas import DataFrame

_WORDS = ("product", "level", "channel")
_YES_OR_NO = frozenset({"received_time_known", "undone", "merged", "cancelled", "answered", "complained"})


def frame(columns: Columns, words: Sequence[str] = _WORDS) -> DataFrame:
    """The columns as a table: `words` as they are, the rest as numbers, which hold every whole number of a ledger."""
    from pandas import DataFrame, Series

    kinds = {name: "object" if name in words else "bool" if name in _YES_OR_NO else "float64" for name in columns}
    kinds["number"] = "int64"
    return DataFrame({name: Series(values, dtype=kinds[name]) for name, values in columns.items()})
