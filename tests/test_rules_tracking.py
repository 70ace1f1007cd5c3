"""How stages go against their plan: late by how many days, forecast again, and whether the promise still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.plan import Stage
from orderflow.rules.calendar import Calendar
from orderflow.rules.schedule import Terms
from orderflow.rules.tracking import days_late, delays, end_of, forecast, is_passed, status
from orderflow.settings import Plan

TERMS = Terms(Plan(), Calendar())


def may(day: int) -> date:
    return date(2024, 5, day)


PRODUCTION = Stage("production", start=may(10), due=may(12))
INSPECTION = Stage("inspection", start=may(13), due=may(13))
LOGISTICS = Stage("logistics", start=may(14), due=may(15))
PLANNED = (PRODUCTION, INSPECTION, LOGISTICS)


def done(stage: Stage, day: int) -> Stage:
    return replace(stage, actual=may(day))


def test_the_third_table_of_the_source_document_is_one_stage_late_and_its_promise_held() -> None:
    table = (done(PRODUCTION, 12), done(INSPECTION, 14), done(LOGISTICS, 15))
    assert [(status(stage, may(20)), days_late(stage, may(20))) for stage in table] == [
        ("on-time", 0),
        ("late", 1),
        ("on-time", 0),
    ]
    assert [(found.stage.stage, found.code, found.days) for found in delays(table, may(20), 1)] == [
        ("inspection", "stage-late", 1)
    ]
    assert end_of(forecast(table, may(20), TERMS)) == may(15)


def test_inspection_a_day_late_moves_logistics_by_a_day() -> None:
    ends = forecast((done(PRODUCTION, 12), done(INSPECTION, 14), LOGISTICS), may(14), TERMS)
    assert ends == {"production": may(12), "inspection": may(14), "logistics": may(16)}


def test_a_stage_done_early_moves_nothing_forward() -> None:
    assert forecast((done(PRODUCTION, 10), INSPECTION, LOGISTICS), may(11), TERMS)["logistics"] == may(15)


def test_nothing_open_is_forecast_to_end_before_today() -> None:
    assert forecast(PLANNED, may(20), TERMS) == {
        "production": may(20),
        "inspection": may(21),
        "logistics": may(23),
    }


def test_what_the_owner_foresees_counts() -> None:
    seen = (replace(PRODUCTION, expected=may(14)), INSPECTION, LOGISTICS)
    assert end_of(forecast(seen, may(11), TERMS)) == may(17)


@pytest.mark.parametrize(
    ("stage", "today", "code", "days"),
    [
        (done(INSPECTION, 14), 14, "stage-late", 1),
        (INSPECTION, 14, "stage-silent", 1),
        (INSPECTION, 16, "stage-silent", 3),
        (replace(INSPECTION, expected=may(15)), 12, "stage-expected-late", 2),
        (replace(INSPECTION, expected=may(13)), 15, "stage-silent", 2),  # said to be done by then, and is not
        (replace(INSPECTION, expected=may(15)), 15, "stage-expected-late", 2),
    ],
)
def test_a_delay_says_what_is_known_of_it(stage: Stage, today: int, code: str, days: int) -> None:
    (found,) = delays([stage], may(today), 1)
    assert (found.code, found.days, found.is_open) == (code, days, True)
    (mended,) = delays([replace(stage, measure="协调备用设备")], may(today), 1)
    assert not mended.is_open


def test_a_stage_nobody_reported_is_over_once_a_later_one_is_done() -> None:
    table = (PRODUCTION, done(INSPECTION, 13), done(LOGISTICS, 15))
    assert list(delays(table, may(20), 1)) == []
    assert end_of(forecast(table, may(20), TERMS)) == may(15)


@pytest.mark.parametrize("stage", [INSPECTION, done(INSPECTION, 13), done(INSPECTION, 11)])
def test_on_its_day_a_stage_is_not_late(stage: Stage) -> None:
    assert list(delays([stage], may(13), 1)) == []
    assert status(stage, may(13)) == "on-time"


def test_what_runs_beside_each_other_waits_for_the_slower() -> None:
    bought = Stage("purchasing", start=may(10), due=may(12), expected=may(15))
    ends = forecast((done(PRODUCTION, 12), bought, INSPECTION, LOGISTICS), may(12), TERMS)
    assert (ends["inspection"], ends["logistics"]) == (may(16), may(18))


def test_evaluation_within_the_day_does_not_cost_a_day() -> None:
    evaluated = Stage("evaluation", start=may(10), due=may(10), actual=may(10))
    assert end_of(forecast((evaluated, *PLANNED), may(10), TERMS)) == may(15)
    late = replace(evaluated, actual=may(11))
    assert end_of(forecast((late, *PLANNED), may(11), TERMS)) == may(16)


def test_a_stage_in_working_days_rests_when_it_is_moved() -> None:
    terms = Terms(Plan(working_days=("logistics",)), Calendar())
    moved = forecast((done(PRODUCTION, 12), done(INSPECTION, 17), LOGISTICS), may(17), terms)
    assert moved["logistics"] == may(21)  # 18 and 19 May are a weekend


@given(
    st.lists(st.one_of(st.none(), st.integers(10, 20)), min_size=3, max_size=3), st.integers(10, 25), st.integers(1, 5)
)
@settings(max_examples=80, deadline=None)
def test_a_delay_never_brings_anything_forward(actual: list[int | None], today: int, later: int) -> None:
    stages = [
        replace(stage, actual=may(day) if day is not None and day <= today else None)
        for stage, day in zip(PLANNED, actual, strict=True)
    ]
    ends = forecast(stages, may(today), TERMS)
    open_ = [stage for stage in stages if stage.actual is None and not is_passed(stage, stages)]
    assert all(ends[stage.stage] >= may(today) for stage in open_)
    then = forecast(stages, may(today) + timedelta(days=later), TERMS)
    assert all(then[stage.stage] >= ends[stage.stage] for stage in stages)
