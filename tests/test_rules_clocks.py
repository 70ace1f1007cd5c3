"""The two hours to contact the customer: when they begin, stand still, end and run out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.rules.clocks import Clock, Event, anomaly_clocks

START = datetime(2024, 5, 10, 9, 0, tzinfo=UTC)
LIMIT = timedelta(hours=2)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def clocks(now: int, *events: tuple[str, int], reason: str | None = None) -> list[Clock]:
    return anomaly_clocks([Event(kind, at(minutes)) for kind, minutes in events], LIMIT, at(now), reason)


def only(now: int, *events: tuple[str, int], reason: str | None = None) -> Clock:
    (clock,) = clocks(now, *events, reason=reason)
    return clock


kinds = st.sampled_from(["flagged", "contacted", "asked", "answered", "checked"])
histories = st.lists(st.tuples(kinds, st.integers(0, 400)), max_size=12).map(
    lambda events: sorted(events, key=lambda event: event[1])
)


def test_an_order_never_flagged_has_no_clock() -> None:
    assert clocks(60, ("contacted", 0), ("asked", 10)) == []


def test_a_clock_runs_from_the_flag_and_is_due_two_hours_later() -> None:
    assert only(60, ("flagged", 0)) == Clock("anomaly", at(0), at(120), None, "running")


def test_contacting_the_customer_stops_it() -> None:
    assert only(300, ("flagged", 0), ("contacted", 90)) == Clock("anomaly", at(0), at(120), at(90), "met")


@pytest.mark.parametrize(("minutes", "state"), [(119, "met"), (120, "met"), (121, "broken")])
def test_the_limit_itself_is_still_in_time(minutes: int, state: str) -> None:
    assert only(300, ("flagged", 0), ("contacted", minutes)).state == state


@pytest.mark.parametrize(("now", "state"), [(120, "running"), (121, "broken")])
def test_a_clock_nobody_stops_runs_out(now: int, state: str) -> None:
    assert only(now, ("flagged", 0)).state == state


def test_only_a_broken_clock_bears_its_reason() -> None:
    assert only(121, ("flagged", 0), reason="大促").reason == "大促"
    assert only(120, ("flagged", 0), reason="大促").reason is None


def test_a_contact_before_the_flag_does_not_stop_it() -> None:
    assert only(60, ("contacted", -10), ("flagged", 0)).stopped is None


def test_a_second_flag_while_the_first_waits_starts_no_second_clock() -> None:
    assert only(60, ("flagged", 0), ("flagged", 30)).started == at(0)
    assert only(60, ("flagged", 0), ("flagged", 30), ("contacted", 40)).stopped == at(40)


def test_a_flag_after_the_contact_starts_a_clock_of_its_own() -> None:
    first, second = clocks(200, ("flagged", 0), ("contacted", 60), ("flagged", 90))
    assert (first.state, first.stopped) == ("met", at(60))
    assert (second.state, second.started, second.due) == ("running", at(90), at(210))


def test_a_flag_at_the_moment_of_the_contact_is_new_when_it_was_recorded_after_it() -> None:
    assert len(clocks(90, ("flagged", 0), ("contacted", 60), ("flagged", 60))) == 2
    assert len(clocks(90, ("flagged", 0), ("flagged", 60), ("contacted", 60))) == 1


def test_a_clock_stands_still_while_a_question_is_open() -> None:
    waiting = only(300, ("flagged", 0), ("asked", 60))
    assert (waiting.state, waiting.due) == ("paused", at(360))
    went_on = only(200, ("flagged", 0), ("asked", 60), ("answered", 150))
    assert (went_on.state, went_on.due) == ("running", at(210))


def test_a_question_open_since_before_the_flag_counts_from_the_flag() -> None:
    assert only(100, ("asked", -60), ("flagged", 0), ("answered", 30)).due == at(150)
    assert only(100, ("asked", -60), ("answered", -30), ("flagged", 0)).due == at(120)


def test_questions_that_overlap_pause_once_until_the_first_answer() -> None:
    overlapping = only(100, ("flagged", 0), ("asked", 10), ("asked", 20), ("answered", 30), ("answered", 90))
    assert overlapping.due == at(140)


def test_an_answer_without_a_question_changes_nothing() -> None:
    assert only(60, ("flagged", 0), ("answered", 30)).due == at(120)


def test_a_question_open_at_the_contact_pauses_up_to_the_contact() -> None:
    assert only(300, ("flagged", 0), ("asked", 30), ("contacted", 60)).due == at(150)


def test_a_question_cannot_mend_a_clock_that_has_run_out() -> None:
    late = only(400, ("flagged", 0), ("asked", 130))
    assert (late.state, late.due) == ("broken", at(120))
    assert only(400, ("flagged", 0), ("asked", 130), ("answered", 300), ("contacted", 310)).state == "broken"


def test_what_happens_later_than_now_is_not_known_yet() -> None:
    assert only(60, ("flagged", 0), ("contacted", 90), ("flagged", 100)).state == "running"


def test_events_entered_late_count_at_the_time_they_happened() -> None:
    assert only(300, ("contacted", 90), ("flagged", 0)).state == "met"


@given(histories, st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_no_pause_is_negative_and_no_two_clocks_run_at_once(events: list[tuple[str, int]], now: int) -> None:
    shown = clocks(now, *events)
    for clock in shown:
        end = clock.stopped or at(now)
        assert clock.started <= end
        assert LIMIT <= clock.due - clock.started <= LIMIT + (end - clock.started)
        assert (clock.state == "broken") is (end > clock.due)
    for before, after in pairwise(shown):
        assert before.stopped is not None
        assert before.stopped <= after.started


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6, unique=True), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_longer_pause_never_makes_a_clock_due_earlier(moments: list[int], longer: int) -> None:
    asked, answered, *_ = sorted(moments)
    events = ("flagged", 0), ("asked", asked)
    short = only(400, *events, ("answered", answered))
    assert only(400, *events, ("answered", answered + longer)).due >= short.due >= only(400, ("flagged", 0)).due


@given(histories, st.integers(0, 400), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_broken_clock_stays_broken(events: list[tuple[str, int]], now: int, later: int) -> None:
    was = [clock.started for clock in clocks(now, *events) if clock.state == "broken"]
    still = [clock.started for clock in clocks(now + later, *events) if clock.state == "broken"]
    assert set(was) <= set(still)
