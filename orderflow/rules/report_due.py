"""When a month's report is due: by the 5th, the last working day up to it (PROCESS.md, step 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

_DAY = timedelta(days=1)


def due_on(first: date, latest: int, is_working: Callable[[date], bool]) -> date:
    """The day of the month beginning with `first` by which the report on the month before is due.

    The last working day up to day `latest`; where those days hold none, the first one after.
    """
    up_to = [day for day in (first + _DAY * nth for nth in reversed(range(latest))) if is_working(day)]
    return up_to[0] if up_to else next(day for nth in count(latest) if is_working(day := first + _DAY * nth))
