"""The clocks of an order that nobody has stopped, and whether they stay as they are (PROCESS.md, "Response clocks")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orderflow.rules.clocks import Limit, State, Story, clocks_of


class OpenClock(NamedTuple):
    """A clock that nobody has stopped, as it stands at some moment; `due` is `None` where it cannot be measured."""

    clock: str
    started: datetime | None
    due: datetime | None
    state: State


def open_clocks_of(story: Story, limits: Mapping[str, Limit], now: datetime) -> list[OpenClock]:
    """The open clocks of one order at `now`, in the order of `CLOCKS`."""
    return [
        OpenClock(clock.clock, clock.started, clock.due, clock.state)
        for clock in clocks_of(story, limits, now)
        if clock.stopped is None
    ]


def going_on(clock: str, started: datetime | None, due: datetime | None, now: datetime) -> OpenClock:
    """How a clock that lasts stands at a later moment."""
    if due is None:
        return OpenClock(clock, started, None, "unmeasurable")
    return OpenClock(clock, started, due, "broken" if now > due else "running")


def last(story: Story, clocks: Sequence[OpenClock], now: datetime) -> bool:
    """Whether these clocks keep their start and due time until more is recorded of their order.

    One that is paused is due later with every hour; a delay counts as reported once its notice is delivered, which is
    recorded of the notice; and what is dated after `now` has still to happen.
    """
    still = all(clock.state != "paused" and clock.clock != "escalate" for clock in clocks)
    return still and all(event.at <= now for event in story.events)
