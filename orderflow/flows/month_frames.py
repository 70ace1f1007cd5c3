"""Columns of the ledger as a table for the statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderflow.ledger.columns import Columns

if TYPE_CHECKING:
    from pandas import DataFrame

_YES_OR_NO = frozenset({"received_time_known", "undone", "merged", "cancelled", "answered", "complained"})


def frame(columns: Columns) -> DataFrame:
    """The columns as a table; numbers hold every whole number of a ledger."""
    from pandas import DataFrame, Series

    kinds = {"number": "int64"} | dict.fromkeys(_YES_OR_NO, "bool")
    typed = {name: values.astype(kinds[name]) if name in kinds else values for name, values in columns.items()}
    return DataFrame({name: Series(values, copy=False) for name, values in typed.items()}, copy=False)
