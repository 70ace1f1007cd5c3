"""Response clocks, computed from recorded events whenever they are looked at (PROCESS.md, "Response clocks")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

State = Literal["running", "paused", "met", "broken", "unmeasurable"]


class Event(NamedTuple):
    """Something recorded of an order: what (`flagged`, `contacted`, `asked`, …) and when it happened."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one order; `due` already counts the pauses in."""

    clock: str
    started: datetime
    due: datetime
    stopped: datetime | None
    state: State
    reason: str | None = None


def anomaly_clocks(events: Sequence[Event], limit: timedelta, now: datetime, reason: str | None = None) -> list[Clock]:
    """The 2 h to contact the customer, once for each time the order was flagged (the source document's step 2).

    A second flag while the first still waits starts no second clock; `events` are in the order they happened.
    """
    clocks: list[Clock] = []
    for position, event in enumerate(events):
        if event.kind == "flagged" and not (clocks and (clocks[-1].stopped is None or clocks[-1].stopped > event.at)):
            clocks.append(_run("anomaly", event.at, "contacted", events[position:], limit, now, reason))
    return clocks


def _run(
    name: str,
    started: datetime,
    stop: str,
    events: Sequence[Event],
    limit: timedelta,
    now: datetime,
    reason: str | None,
) -> Clock:
    stopped = next((event.at for event in events if event.kind == stop and event.at >= started), None)
    paused, waiting = _pauses(events, started, stopped or now)
    due = started + limit + paused
    if (stopped or now) > due:
        state: State = "broken"
    elif stopped is not None:
        state = "met"
    else:
        state = "paused" if waiting else "running"
    return Clock(name, started, due, stopped, state, reason if state == "broken" else None)


def _pauses(events: Sequence[Event], started: datetime, until: datetime) -> tuple[timedelta, bool]:
    """How long questions to the customer were open, and whether one still is."""
    total, since = timedelta(), None
    for event in events:
        if event.at > until:
            break
        if event.kind == "asked" and since is None:
            since = max(event.at, started)
        elif event.kind == "answered" and since is not None:
            total, since = total + (event.at - since), None
    return total + (until - since if since is not None else timedelta()), since is not None
