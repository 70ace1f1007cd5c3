"""When somebody is warned of a clock: once before it runs out, and once when it has (PROCESS.md, step 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from orderflow.rules.open_clocks import OpenClock

Degree = Literal["soon", "broken"]


class Warned(NamedTuple):
    """A warning of one span of one order's clock; each is given once."""

    number: str
    clock: str
    started: datetime
    degree: Degree
    due: datetime


def warning_of(number: str, clock: OpenClock, now: datetime, share: float) -> Warned | None:
    """What is to be warned of about a clock that nobody has stopped, if anything.

    `share` is how much of the time between its start and its due time may pass before the first warning.
    """
    if clock.started is None or clock.due is None or clock.state not in ("running", "broken"):
        return None
    if clock.state == "broken":
        return Warned(number, clock.clock, clock.started, "broken", clock.due)
    if now - clock.started >= (clock.due - clock.started) * share:
        return Warned(number, clock.clock, clock.started, "soon", clock.due)
    return None
