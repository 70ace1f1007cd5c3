"""Stages and their dates: routes, durations, calendars, room (PROCESS.md, step 3)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderflow.rules.calendar import Calendar, is_published
from orderflow.rules.schedule import Room, Span, Terms, after, groups_of, schedule, unknown_years
from orderflow.settings import Plan

FRIDAY = date(2024, 5, 10)
STANDARD = groups_of(custom=False, supply=None, parts=False)
STAGES = ("evaluation", "production", "purchasing", "inspection", "logistics")


def terms(off: tuple[date, ...] = (), worked: tuple[date, ...] = (), **plan: Any) -> Terms:
    return Terms(Plan.model_validate(plan), Calendar(off, worked))


def dues(spans: list[Span]) -> dict[str, str]:
    return {span.stage: f"{span.due:%m-%d}" for span in spans}


def test_the_plan_of_the_source_document() -> None:
    spans = schedule(STANDARD, FRIDAY, terms())
    assert dues(spans) == {"production": "05-12", "inspection": "05-13", "logistics": "05-15"}
    assert [f"{span.start:%m-%d}" for span in spans] == ["05-10", "05-13", "05-14"]


def test_a_custom_order_is_evaluated_on_the_planning_day_and_ends_as_early() -> None:
    spans = schedule(groups_of(custom=True, supply=None, parts=False), FRIDAY, terms())
    assert dues(spans) == {"evaluation": "05-10", "production": "05-12", "inspection": "05-13", "logistics": "05-15"}


def test_the_green_channel_is_shorter() -> None:
    spans = schedule(STANDARD, FRIDAY, terms(), rush=True)
    assert dues(spans) == {"production": "05-11", "inspection": "05-12", "logistics": "05-13"}


@pytest.mark.parametrize(
    ("custom", "supply", "parts", "stages"),
    [
        (False, None, False, "production inspection logistics"),
        (False, "production", False, "production inspection logistics"),
        (False, "stock", False, "inspection logistics"),
        (False, "purchasing", False, "purchasing inspection logistics"),
        (False, "production", True, "production inspection logistics"),
        (True, "production", False, "evaluation production inspection logistics"),
        (True, "stock", False, "evaluation production inspection logistics"),
        (True, "purchasing", True, "evaluation purchasing inspection logistics"),
        (True, "production", True, "evaluation production+purchasing inspection logistics"),
    ],
)
def test_the_stages_follow_from_kind_and_supply(custom: bool, supply: str | None, parts: bool, stages: str) -> None:
    assert " ".join("+".join(group) for group in groups_of(custom=custom, supply=supply, parts=parts)) == stages


def test_special_parts_are_bought_beside_production_and_the_longer_of_both_counts() -> None:
    groups = groups_of(custom=True, supply=None, parts=True)
    spans = schedule(groups, FRIDAY, terms(days={"purchasing": 6}))
    assert dues(spans)["purchasing"] == "05-15"
    assert dues(spans)["inspection"] == "05-16"
    assert after(groups, "production") == {"inspection", "logistics"}


def test_working_days_are_counted_for_the_stages_that_rest() -> None:
    spans = schedule(STANDARD, FRIDAY, terms(working_days=["production"]))
    # 05-11 is a Saturday that makes up for Labour Day, 05-12 a Sunday
    assert dues(spans) == {"production": "05-13", "inspection": "05-14", "logistics": "05-16"}


def test_holidays_and_make_up_days_are_the_published_ones() -> None:
    calendar = Calendar()
    assert not calendar.is_working(date(2024, 10, 1))
    assert calendar.is_working(date(2024, 10, 12))  # a Saturday that makes up for the holiday
    assert calendar.next_working(date(2024, 9, 30)) == date(2024, 10, 8)
    everything = terms(working_days=STAGES)
    assert dues(schedule(STANDARD, date(2024, 9, 30), everything))["logistics"] == "10-12"


def test_the_desks_own_days_go_before_the_published_ones() -> None:
    calendar = Calendar(off=[date(2024, 5, 13)], worked=[date(2024, 5, 12)])
    assert [calendar.is_working(date(2024, 5, day)) for day in (10, 11, 12, 13, 14)] == [True, True, True, False, True]


def test_a_year_without_published_holidays_counts_weekdays_and_is_named() -> None:
    assert is_published(2024)
    assert not is_published(2090)
    assert not is_published(1999)
    labour_day = date(2090, 5, 1)  # a Monday
    assert Calendar().is_working(labour_day)
    resting = terms(working_days=["logistics"])
    spans = schedule(STANDARD, date(2089, 12, 28), resting)
    assert unknown_years(spans, resting) == [2090]
    assert unknown_years(spans, terms()) == []


def test_a_stage_that_runs_stays_and_what_follows_comes_after_it() -> None:
    running = {"production": Span("production", FRIDAY - timedelta(2), FRIDAY + timedelta(4))}
    spans = schedule(STANDARD, FRIDAY, terms(), fixed=running)
    assert dues(spans) == {"production": "05-14", "inspection": "05-15", "logistics": "05-17"}
    done = {"production": Span("production", FRIDAY - timedelta(9), FRIDAY - timedelta(7))}
    assert dues(schedule(STANDARD, FRIDAY, terms(), fixed=done))["inspection"] == "05-10"


def test_a_stage_waits_for_room() -> None:
    room = Room({"production": 1}, terms())
    ends = []
    for _ in range(3):
        spans = schedule(STANDARD, FRIDAY, terms(), fits=room.fits)
        room.book(spans)
        ends.append(dues(spans)["production"])
    assert ends == ["05-12", "05-15", "05-18"]


def test_a_gap_is_used_where_it_is_wide_enough() -> None:
    room = Room({"production": 1}, terms())
    room.book([Span("production", FRIDAY + timedelta(2), FRIDAY + timedelta(3))])
    assert dues(schedule(STANDARD, FRIDAY, terms(), fits=room.fits))["production"] == "05-16"
    assert dues(schedule(STANDARD, FRIDAY, terms(), fits=room.fits, rush=True))["production"] == "05-11"


@given(
    st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.sampled_from(["stock", "production", "purchasing"]))),
    st.integers(1, 3),
    st.booleans(),
)
def test_no_stage_is_ever_overbooked(orders: list[tuple[int, bool, str]], limit: int, resting: bool) -> None:
    measure = terms(working_days=["production", "inspection"] if resting else [])
    room = Room(dict.fromkeys(STAGES, limit), measure)
    held: dict[tuple[str, date], int] = {}
    for start, rush, supply in orders:
        groups = groups_of(custom=rush, supply=supply, parts=False)
        spans = schedule(groups, FRIDAY + timedelta(start), measure, rush=rush, fits=room.fits)
        room.book(spans)
        for one, other in pairwise(spans):
            assert one.start <= one.due <= other.start
        for span in spans:
            for day in measure.between(span):
                held[span.stage, day] = held.get((span.stage, day), 0) + 1
    assert all(count <= limit for count in held.values())
