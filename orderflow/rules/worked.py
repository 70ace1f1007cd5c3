"""Working time between many pairs of moments at once, as `worktime` counts it between two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orderflow.rules.worktime import WorkingHours

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import Series


def worked_between(starts: Series, ends: Series, hours: WorkingHours) -> Series:
    """The seconds worked from each start to its end, both in seconds since 1970; nothing where one is missing."""
    import numpy
    from pandas import Series

    known = starts.notna() & ends.notna()
    first, last = (side[known].to_numpy(dtype="int64") for side in (starts, ends))
    if not len(first):
        return Series(index=starts.index, dtype="Int64")
    opens, closes = hours.intervals(_moment(first.min()), _moment(last.max()))
    before = numpy.concatenate(([0], numpy.cumsum(closes - opens)))

    def until(moments: ndarray) -> ndarray:
        at = numpy.searchsorted(opens, moments, side="right") - 1
        inside = numpy.minimum(moments, closes[at]) - opens[at]
        return numpy.where(at < 0, 0, before[at] + inside)

    return Series(until(last) - until(first), index=starts.index[known], dtype="Int64").reindex(starts.index)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(int(second), UTC)
