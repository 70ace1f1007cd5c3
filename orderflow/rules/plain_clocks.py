"""The clocks of many plain orders at once, by the same rules as `clocks` looks at one order's story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from orderflow.rules.clocks import UNJUDGED, Limit
from orderflow.rules.worked import worked_between
from orderflow.rules.worktime import WorkingHours

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_STARTS = {"confirm": "received", "plan": "received", "acknowledge": "completed", "survey": "delivered"}
"""The clocks that plain orders have, with what starts each."""


class Plain(NamedTuple):
    """One clock of all plain orders: whether it is measured, has run out, or lies so near that its story decides."""

    clock: str
    measured: Series
    broken: Series
    unsure: Series


def plain_clocks(rows: DataFrame, limits: Mapping[str, Limit], now: int) -> Iterator[Plain]:
    """Each clock of orders with a row each (`ledger.plain_clocks`); times are seconds since 1970."""
    stops = {
        "confirm": rows[["checked", "first_check"]].min(axis=1),
        "plan": rows["completed"],
        "acknowledge": rows["acknowledged"].where(rows["acknowledged"] >= rows["completed"]),
        "survey": rows["surveyed"].where(rows["surveyed"] >= rows["delivered"]),
    }
    level = rows["in_force"].fillna(UNJUDGED)
    for clock, start in _STARTS.items():
        limit = limits[clock]
        allowed = level.map({name: length.total_seconds() for name, length in limit.by_level.items()})
        took = _took(rows[start], stops[clock].fillna(now), limit)
        unsure = (took == allowed) if isinstance(limit.worktime, WorkingHours) else took.isna() & False
        yield Plain(clock, rows[start].notna(), took > allowed, unsure)


def _took(starts: Series, ends: Series, limit: Limit) -> Series:
    if isinstance(limit.worktime, WorkingHours):
        return worked_between(starts, ends.where(starts.notna()), limit.worktime).astype("float64")
    return ends - starts
