"""Response clocks, computed from recorded events whenever they are looked at (PROCESS.md, "Response clocks")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal, NamedTuple

State = Literal["running", "paused", "met", "broken", "unmeasurable"]


class Event(NamedTuple):
    """Something recorded of an order: what (`flagged`, `contacted`, `asked`, …) and when it happened."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one order; `due` counts the pauses in, up to when it ran out."""

    clock: str
    started: datetime
    due: datetime
    stopped: datetime | None
    state: State
    reason: str | None = None


class _Question(NamedTuple):
    """A time in which something was asked of the customer; not `answered` while it is open."""

    asked: datetime
    answered: datetime | None


def anomaly_clocks(events: Sequence[Event], limit: timedelta, now: datetime, reason: str | None = None) -> list[Clock]:
    """The 2 h to contact the customer, once for each time the order was flagged (the source document's step 2).

    A second flag while the first still waits starts no second clock. `reason` is why a broken clock ran out. What
    happens after `now` is not known yet; of two events at one moment the earlier recorded one comes first.
    """
    past = sorted((event for event in events if event.at <= now), key=attrgetter("at"))
    questions = _questions(past)
    clocks: list[Clock] = []
    free_from = 0  # the place after the contact that stopped the clock before
    for position, event in enumerate(past):
        if event.kind != "flagged" or position < free_from:
            continue
        contact = next((later for later in range(position, len(past)) if past[later].kind == "contacted"), len(past))
        stopped = past[contact].at if contact < len(past) else None
        clock = _clock("anomaly", event.at, stopped, limit, questions, now)
        clocks.append(replace(clock, reason=reason) if clock.state == "broken" else clock)
        free_from = contact
    return clocks


def _clock(
    name: str,
    started: datetime,
    stopped: datetime | None,
    limit: timedelta,
    questions: Sequence[_Question],
    now: datetime,
) -> Clock:
    """A clock that stands still while a question is open; one that has run out is not mended by a question."""
    due, until, paused = started + limit, stopped or now, False
    for asked, answered in questions:
        begins, ends = max(asked, started), min(answered or until, until)
        if begins <= ends and begins <= due:
            due += ends - begins
            paused = answered is None
    if until > due:
        return Clock(name, started, due, stopped, "broken")
    return Clock(name, started, due, stopped, "met" if stopped else "paused" if paused else "running")


def _questions(events: Sequence[Event]) -> list[_Question]:
    """When questions to the customer were open: asking again opens no second one, and one answer closes it."""
    questions: list[_Question] = []
    for kind, at in events:
        is_open = bool(questions) and questions[-1].answered is None
        if kind == "asked" and not is_open:
            questions.append(_Question(at, None))
        elif kind == "answered" and is_open:
            questions[-1] = _Question(questions[-1].asked, at)
    return questions
