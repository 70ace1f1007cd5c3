"""`demo` makes a desk by the real commands, with something for the report to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from orderflow.answers.month_json import month_json
from orderflow.flows.demo import demo
from orderflow.flows.desk import Desk
from orderflow.flows.doctor import examine
from orderflow.flows.month import work_out
from orderflow.records.errors import OrderflowError
from orderflow.report.month_words import Words
from orderflow.report.progress import Progress


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    patch = pytest.MonkeyPatch()
    patch.setenv("ORDERFLOW_NOW", "2024-07-03T09:00")
    with Progress("zh-Hans", shown=False) as progress:
        made = demo(tmp_path_factory.mktemp("demo") / "desk", "zh-Hans", 60, progress)
    patch.undo()
    return made


def test_the_last_month_has_something_to_say(desk: Desk) -> None:
    said = month_json(work_out(desk, "last"), Words("zh-Hans"))
    assert said.month == "2024-06"
    assert [said.metrics[name].previous is not None for name in said.metrics] == [True] * 6
    trend = said.metrics["orders"].trend
    assert sum(value or 0 for value in trend.values()) == 60
    assert said.bottlenecks.stages[0].name == "inspection"
    assert said.bottlenecks.reasons
    assert sum(group.complaints for group in said.bottlenecks.groups if group.of == "weekday") > 0
    assert [one.number for one in said.improvements] == ["1", "2"]


def test_earlier_months_were_issued_and_the_desk_is_sound(desk: Desk) -> None:
    assert work_out(desk, "2024-05").restated is not None
    assert {check.code: check.found for check in examine(desk) if check.found and check.code != "unarchived"} == {}


def test_a_demo_never_goes_into_a_desk_that_is_there(desk: Desk) -> None:
    with pytest.raises(OrderflowError) as refused, Progress("zh-Hans", shown=False) as progress:
        demo(desk.path, "zh-Hans", 30, progress)
    assert refused.value.code == "demo-exists"
    assert replace(desk).now == datetime.fromisoformat("2024-07-03T09:00+08:00")
