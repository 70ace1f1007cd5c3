"""Response clocks: what starts each, when it is due, stands still, ends and runs out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.rules.clocks import CLOCKS, Clock, Doubted, Event, Limit, Story, clocks_of
from orderflow.rules.worktime import Elapsed, WorkingHours

START = datetime(2024, 5, 10, 9, 0, tzinfo=UTC)
LIMIT = timedelta(hours=2)
BY_LEVEL = {"high": timedelta(hours=1), "medium": LIMIT, "low": timedelta(hours=8)}
LIMITS = {name: Limit(BY_LEVEL, Elapsed()) for name in CLOCKS}


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def clocks(now: int, *events: tuple[str, int], reason: str | None = None) -> list[Clock]:
    told = Story([Event(kind, at(minutes)) for kind, minutes in events], reason=reason)
    return [clock for clock in clocks_of(told, LIMITS, at(now)) if clock.clock == "anomaly"]


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
    assert only(60, ("flagged", 0)) == Clock("anomaly", at(0), at(120), None, "running", LIMIT, "flagged")


def test_contacting_the_customer_stops_it() -> None:
    stopped = only(300, ("flagged", 0), ("contacted", 90))
    assert stopped == Clock("anomaly", at(0), at(120), at(90), "met", LIMIT, "flagged", "contacted")


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
        assert clock.started is not None
        assert clock.due is not None
        end = clock.stopped or at(now)
        assert clock.started <= end
        assert LIMIT <= clock.due - clock.started <= LIMIT + (end - clock.started)
        assert (clock.state == "broken") is (end > clock.due)
    for before, after in pairwise(shown):
        assert before.stopped is not None
        assert after.started is not None
        assert before.stopped <= after.started


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6, unique=True), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_longer_pause_never_makes_a_clock_due_earlier(moments: list[int], longer: int) -> None:
    asked, answered, *_ = sorted(moments)
    events = ("flagged", 0), ("asked", asked)
    without = only(400, ("flagged", 0))
    short, long = (only(400, *events, ("answered", until)) for until in (answered, answered + longer))
    dues = [clock.due for clock in (without, short, long) if clock.due is not None]
    assert len(dues) == 3
    assert dues == sorted(dues)


@given(histories, st.integers(0, 400), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_broken_clock_stays_broken(events: list[tuple[str, int]], now: int, later: int) -> None:
    was = [clock.started for clock in clocks(now, *events) if clock.state == "broken"]
    still = [clock.started for clock in clocks(now + later, *events) if clock.state == "broken"]
    assert set(was) <= set(still)


def clock(name: str, now: int, told: Story) -> Clock:
    (found,) = [clock for clock in clocks_of(told, LIMITS, at(now)) if clock.clock == name]
    return found


def happened(*events: tuple[str, int] | tuple[str, int, str]) -> list[Event]:
    return [Event(kind, at(minutes), *about) for kind, minutes, *about in events]


def test_from_receipt_on_an_order_waits_to_be_confirmed_and_planned() -> None:
    told = Story([], received=at(0))
    assert [clock.clock for clock in clocks_of(told, LIMITS, at(10))] == ["confirm", "plan"]
    assert clock("plan", 200, told._replace(events=happened(("plan-complete", 90)))).state == "met"


@pytest.mark.parametrize(("level", "due"), [("high", 60), ("medium", 120), ("low", 480), (None, 120)])
def test_the_limit_is_that_of_the_level_now_in_force(level: str | None, due: int) -> None:
    assert clock("confirm", 10, Story([], received=at(0), level=level)).due == at(due)


def test_an_order_raised_to_high_after_an_hour_is_late_at_once() -> None:
    assert clock("confirm", 90, Story([], received=at(0), level="medium")).state == "running"
    assert clock("confirm", 90, Story([], received=at(0), level="high")).state == "broken"


def test_an_order_without_open_anomaly_is_confirmed_by_the_second_check() -> None:
    told = Story(happened(("checked", 30)), received=at(0), checked_at=at(30))
    assert (clock("confirm", 300, told).stopped, clock("confirm", 300, told).by) == (at(30), "checked")


def test_a_check_while_an_anomaly_is_open_confirms_once_it_is_closed() -> None:
    told = Story(happened(("checked", 30)), received=at(0), checked_at=at(30), doubted=[Doubted(at(0), None)])
    assert clock("confirm", 60, told).stopped is None
    assert clock("confirm", 60, told._replace(doubted=[Doubted(at(0), at(50))])).stopped == at(50)


def test_a_contact_confirms_also_a_flagged_order() -> None:
    told = Story(happened(("contacted", 20), ("checked", 30)), received=at(0), doubted=[Doubted(at(0), None)])
    assert (clock("confirm", 60, told).stopped, clock("confirm", 60, told).by) == (at(20), "contacted")


def test_a_receipt_without_a_time_of_day_cannot_be_measured() -> None:
    unknown = clock("confirm", 60, Story(happened(("contacted", 20))))
    assert (unknown.state, unknown.started, unknown.due) == ("unmeasurable", None, None)


def test_departments_acknowledge_from_the_complete_plan_on() -> None:
    told = Story(happened(("plan-complete", 10), ("acknowledged", 100)), received=at(0))
    assert clock("acknowledge", 300, told).due == at(130)
    assert clock("acknowledge", 300, told).state == "met"


def test_each_late_stage_has_its_own_clock_until_somebody_is_told_or_acts() -> None:
    late = happened(("delayed", 0, "production"), ("delayed", 10, "logistics"), ("reported", 20, "production"))
    first, second = (clock for clock in clocks_of(Story(late), LIMITS, at(30)) if clock.clock == "escalate")
    assert (first.state, first.by, second.state) == ("met", "reported", "running")
    acted = Story([*late, Event("seen", at(25))])
    assert {clock.state for clock in clocks_of(acted, LIMITS, at(30)) if clock.clock == "escalate"} == {"met"}


def test_a_complaint_and_a_delivery_start_their_clocks() -> None:
    told = Story(happened(("delivered", 0), ("complained", 5), ("contacted", 10), ("surveyed", 20)))
    assert clock("after-sales", 30, told).stopped == at(10)
    assert clock("survey", 30, told).stopped == at(20)


def test_nobody_waits_for_a_cancelled_order() -> None:
    told = Story(happened(("cancelled", 30)), received=at(0))
    ended = clock("confirm", 300, told)
    assert (ended.state, ended.stopped, ended.by) == ("met", at(30), "cancelled")
    assert clock("confirm", 300, Story(happened(("cancelled", 130)), received=at(0))).state == "broken"


@pytest.mark.parametrize(
    ("flagged", "events", "now", "due", "state"),
    [
        ("10:00", [("asked", "11:00"), ("answered", "14:30")], "15:00", "15:30", "running"),  # an hour used, one left
        ("11:00", [("asked", "12:30"), ("answered", "13:00")], "14:00", "14:30", "running"),  # within the break
        ("11:00", [("asked", "17:00")], "17:30", "14:30", "broken"),  # asked when it had run out
        ("17:00", [("asked", "17:30")], "20:00", "+10:30", "paused"),  # Friday evening: Monday, by 90 minutes
    ],
)
def test_pauses_and_working_hours_fit_together(
    flagged: str, events: list[tuple[str, str]], now: str, due: str, state: str
) -> None:
    hours = WorkingHours([(time(9), time(12)), (time(13, 30), time(18))], UTC, lambda day: day.weekday() < 5)
    told = Story([Event("flagged", on_friday(flagged)), *(Event(kind, on_friday(moment)) for kind, moment in events)])
    limits = LIMITS | {"anomaly": Limit(BY_LEVEL, hours)}
    (shown,) = [clock for clock in clocks_of(told, limits, on_friday(now)) if clock.clock == "anomaly"]
    expected = on_friday(due.lstrip("+")) + timedelta(days=3 if due.startswith("+") else 0)
    assert (shown.due, shown.state) == (expected, state)


def on_friday(moment: str) -> datetime:
    return datetime.fromisoformat(f"2024-05-10T{moment}").replace(tzinfo=UTC)


@given(
    st.none() | st.integers(-400, 400), st.sampled_from([None, *BY_LEVEL]), st.none() | st.just("人手不足"),
    st.lists(st.integers(0, 200), max_size=2), st.integers(-100, 900),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_an_order_with_nothing_but_its_receipt_has_the_clocks_of_one_with_an_event_that_concerns_none(
    received: int | None, level: str | None, reason: str | None, doubts: list[int], now: int
) -> None:
    doubted = [Doubted(at(opened), None) for opened in doubts]
    plain = Story((), None if received is None else at(received), None, doubted, level, reason)
    told = plain._replace(events=[Event("seen", at(-1000))])
    assert clocks_of(plain, LIMITS, at(now)) == clocks_of(told, LIMITS, at(now))
