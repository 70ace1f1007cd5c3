"""Response clocks, computed from recorded events whenever they are looked at (PROCESS.md, "Response clocks").

Each clock is one small function from an order's story to the spans of time that it measures; `CLOCKS` lists them all.
What happens to a span, its limit, its pauses and its state, is the same for every clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal, NamedTuple

from orderflow.rules.worktime import NO_TIME, Worktime

State = Literal["running", "paused", "met", "broken", "unmeasurable"]
RECEIVED = "received"
AFTER_SALES = "after-sales"
UNJUDGED = "medium"
"""The priority on which an order runs until it is judged."""

EVENTS = frozenset(
    ("flagged", "contacted", "checked", "asked", "answered", "plan-complete", "delayed", "reported", "seen",
     "delivered", "surveyed", "complained", "cancelled")
)  # fmt: skip
"""The kinds of events that clocks go by."""


class Event(NamedTuple):
    """Something recorded of an order: what (`flagged`, `contacted`, …), when it happened, and of which stage."""

    kind: str
    at: datetime
    about: str | None = None


class Doubted(NamedTuple):
    """A time in which the order had an open anomaly; `closed` is `None` while it has."""

    opened: datetime
    closed: datetime | None


class Story(NamedTuple):
    """What the clocks of one order rest on.

    `received` is `None` where its time of day is not known, `checked_at` the check that stands, `level` the priority
    in force, `reason` why a broken clock ran out.
    """

    events: Sequence[Event]
    received: datetime | None = None
    checked_at: datetime | None = None
    doubted: Sequence[Doubted] = ()
    level: str | None = None
    reason: str | None = None


class Limit(NamedTuple):
    """How long a clock may run, by priority, and in which time."""

    by_level: Mapping[str, timedelta]
    worktime: Worktime

    def of(self, level: str | None) -> timedelta:
        """The limit that an order of this priority has."""
        return self.by_level[level or UNJUDGED]


class Span(NamedTuple):
    """What one clock measures: from `started` (`None`: not measurable) until `stopped`, and what began and ended it."""

    started: datetime | None
    since: str
    stopped: datetime | None = None
    by: str | None = None


class Clock(NamedTuple):
    """One clock of one order; `due` counts the pauses in, up to when it ran out.

    `limit` is what it was given, `since` and `by` are the kinds of event that started and stopped it. A clock that
    cannot be measured has neither start nor due.
    """

    clock: str
    started: datetime | None
    due: datetime | None
    stopped: datetime | None
    state: State
    limit: timedelta
    since: str
    by: str | None = None
    reason: str | None = None


def clocks_of(story: Story, limits: Mapping[str, Limit], now: datetime) -> list[Clock]:
    """Every clock of one order as it stands at `now`, in the order of `CLOCKS`.

    What happens after `now` is not known yet; of two events at one moment the earlier recorded one comes first.
    """
    if not story.events and story.checked_at is None:  # most of what was just taken in: nothing can have ended a clock
        span = Span(story.received, RECEIVED)
        return [_clock(name, span, limits[name], story, (), now) for name in OF_RECEIPT]
    past = [event for event in story.events if event.at <= now]
    past.sort(key=attrgetter("at"))
    known = Story(past, *story[1:])
    happened = {event.kind for event in past} | {RECEIVED}
    questions = _questions(past) if "asked" in happened else ()
    return [
        _clock(name, span, limits[name], known, questions, now)
        for name, (starts, spans) in CLOCKS.items()
        if starts in happened  # most orders of a busy desk have two clocks of seven
        for span in spans(known)
    ]


def _clock(name: str, span: Span, limit: Limit, story: Story, questions: Sequence[_Question], now: datetime) -> Clock:
    length = limit.of(story.level)
    if span.stopped is None:
        span = _ended(span, story.events)
    if span.started is None:
        return Clock(name, None, None, span.stopped, "unmeasurable", length, span.since, span.by)
    until = span.stopped or now
    due, paused = _due(span.started, until, length, limit.worktime, questions)
    if until > due:
        return Clock(name, span.started, due, span.stopped, "broken", length, span.since, span.by, story.reason)
    state: State = "met" if span.stopped else "paused" if paused else "running"
    return Clock(name, span.started, due, span.stopped, state, length, span.since, span.by)


def _ended(span: Span, events: Sequence[Event]) -> Span:
    """A cancelled order is waited for no longer."""
    at = next((event.at for event in events if event.kind == "cancelled"), None) if events else None
    return span if at is None or (span.started or at) > at else span._replace(stopped=at, by="cancelled")


def _due(
    started: datetime, until: datetime, length: timedelta, worktime: Worktime, questions: Sequence[_Question]
) -> tuple[datetime, bool]:
    """When a clock is due that stands still while a question is open, and whether it stands still at `until`.

    One that has run out is not mended by a question.
    """
    if not questions:
        return worktime.after(started, length), False
    going_since, left, paused = started, length, False
    for asked, answered in questions:
        begins, ends = max(asked, going_since), min(answered or until, until)
        if begins > ends:
            continue
        ran = worktime.between(going_since, begins)
        if ran > left or (ran == left and worktime.after(going_since, left) < begins):
            break
        going_since, left, paused = ends, left - ran, answered is None
    return (worktime.after(going_since, left) if left > NO_TIME else going_since), paused


class _Question(NamedTuple):
    """A time in which something was asked of the customer; not `answered` while it is open."""

    asked: datetime
    answered: datetime | None


def _questions(events: Iterable[Event]) -> list[_Question]:
    """When questions to the customer were open: asking again opens no second one, and one answer closes it."""
    questions: list[_Question] = []
    for kind, at, _ in events:
        is_open = bool(questions) and questions[-1].answered is None
        if kind == "asked" and not is_open:
            questions.append(_Question(at, None))
        elif kind == "answered" and is_open:
            questions[-1] = _Question(questions[-1].asked, at)
    return questions


def _confirm(story: Story) -> Iterator[Span]:
    """Received until the customer is contacted; with no open anomaly, until the second check (四, 2)."""
    stops = [event for event in story.events if event.kind == "contacted"]
    stops += _clear_checks(story)
    yield _from_receipt(story, stops)


def _clear_checks(story: Story) -> Iterator[Event]:
    """Checks that count: with no anomaly open then, or, where they still stand, from when the last was closed."""
    for event in story.events:
        if event.kind == "checked" and not any(_is_open(doubt, event.at) for doubt in story.doubted):
            yield event
    closings = [doubt.closed for doubt in story.doubted]
    if story.checked_at is not None and None not in closings:
        yield Event("checked", max([story.checked_at, *filter(None, closings)]))


def _is_open(doubt: Doubted, at: datetime) -> bool:
    return doubt.opened <= at and (doubt.closed is None or doubt.closed > at)


def _plan(story: Story) -> Iterator[Span]:
    """Received until the plan is complete."""
    yield _from_receipt(story, [event for event in story.events if event.kind == "plan-complete"])


def _from_receipt(story: Story, stops: Sequence[Event]) -> Span:
    in_time = [event for event in stops if story.received is None or event.at >= story.received]
    first = min(in_time, key=attrgetter("at"), default=None)
    return Span(story.received, RECEIVED, first and first.at, first and first.kind)


def _each(story: Story, start: str, stops: Iterable[str], about: str | None = None) -> Iterator[Span]:
    """A span for each time that the event came; a second one while the first still waits starts no other.

    What was done for the order as a whole was done for each of its stages.
    """
    waiting: datetime | None = None
    for kind, at, of in story.events:
        if kind == start and of == about and waiting is None:
            waiting = at
        elif kind in stops and of in (None, about) and waiting is not None:
            yield Span(waiting, start, at, kind)
            waiting = None
    if waiting is not None:
        yield Span(waiting, start)


def _anomaly(story: Story) -> Iterator[Span]:
    """Flagged until the customer is contacted (the source document's step 2)."""
    return _each(story, "flagged", ("contacted",))


def _acknowledge(story: Story) -> Iterator[Span]:
    """The plan complete until every department has confirmed it."""
    return _each(story, "plan-complete", ("acknowledged",))


def _escalate(story: Story) -> Iterator[Span]:
    """A stage's delay known until a notice of it is delivered, or the specialist acted."""
    stages = dict.fromkeys(event.about for event in story.events if event.kind == "delayed")
    for stage in stages:
        yield from _each(story, "delayed", ("reported", "seen", "contacted"), stage)


def _after_sales(story: Story) -> Iterator[Span]:
    """Acceptance not 合格, or a low score, until the customer is contacted."""
    return _each(story, "complained", ("contacted",))


def _survey(story: Story) -> Iterator[Span]:
    """Delivered until the survey is sent."""
    return _each(story, "delivered", ("surveyed",))


CLOCKS: Mapping[str, tuple[str, Callable[[Story], Iterator[Span]]]] = {
    "confirm": (RECEIVED, _confirm),
    "plan": (RECEIVED, _plan),
    "anomaly": ("flagged", _anomaly),
    "acknowledge": ("plan-complete", _acknowledge),
    "escalate": ("delayed", _escalate),
    AFTER_SALES: ("complained", _after_sales),
    "survey": ("delivered", _survey),
}
"""Every clock: what starts it, and the spans of time that it measures."""
OF_RECEIPT = tuple(name for name, (starts, _) in CLOCKS.items() if starts == RECEIVED)
"""The clocks that begin with an order's receipt."""
