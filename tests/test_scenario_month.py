"""The manager asks for the month: five figures, where it hurts, and every number's orders (step 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desks import Office
from june import a_june
from orderflow_cli import Prompt

from orderflow.answers.month import MonthAnswer
from orderflow.flows.month import Worked, work_out
from orderflow.records.errors import WrongUsage
from orderflow.report.console import console


@pytest.fixture(scope="module")
def june(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return a_june(tmp_path_factory.mktemp("june"))


def asked(office: Office, listed: str | None = None) -> dict[str, Any]:
    return MonthAnswer(office.desk, work_out(office.desk, "last", listed), listed).as_json()


def test_every_figure_says_what_it_rests_on(june: Office) -> None:
    said = asked(june)
    metrics = said["metrics"]
    assert (said["month"], said["double_check"]) == ("2024-06", True)
    assert (metrics["orders"]["value"], metrics["orders"]["unit"]) == (12, "orders")
    assert (metrics["response_time"]["n"], metrics["response_time"]["of"]) == (11, 12)
    assert metrics["response_time"]["left_out"] == {"not-planned": 1}
    assert (metrics["response_time"]["value"], metrics["response_time_working"]["value"]) == (2.73, 2)
    assert (metrics["anomaly_rate"]["value"], metrics["anomaly_rate"]["n"]) == (0.083, 12)
    assert (metrics["satisfaction"]["value"], metrics["satisfaction"]["n"]) == (4, 6)
    assert metrics["satisfaction"]["left_out"] == {"no-answer": 5, "not-delivered": 1}
    assert (metrics["delivery_cycle"]["value"], metrics["delivery_cycle"]["median"]) == (5, 5)
    assert all(metric["definition"] for metric in metrics.values())


def test_what_stands_out_is_named_with_its_evidence(june: Office) -> None:
    hurts = asked(june)["bottlenecks"]
    sentences = [one["sentence"] for one in hurts["standouts"]]
    assert "质检：5 个延迟阶段中占 5 个（共 11 个计划），中位数 2 天，主要原因是“设备故障”（5 次）" in sentences
    assert "客户说到“外观”：2 张订单 2 句，如“表面有划痕”（样本小，仅供参考）" in sentences
    first = hurts["departments"][0]
    assert (first["name"], first["late"], first["planned"]) == ("质检部", 5, 11)
    assert {one["name"]: one["mean"] for one in hurts["dimensions"]}["quality"] == 4
    assert {one["name"]: one["orders"] for one in hurts["groups"] if one["of"] == "level"} == {"regular": 9, "vip": 3}


def test_the_orders_behind_a_figure_are_those_it_counts(june: Office) -> None:
    metrics = asked(june)["metrics"]
    for name, metric in metrics.items():
        listed = asked(june, name)["orders"]
        assert sum(one["value"] is not None for one in listed) == metric["n"], name
        assert len(listed) == 12
        left = [one["left_out"] for one in listed if one["value"] is None]
        assert len(left) == sum(metric["left_out"].values())
    late = asked(june, "late")["orders"]
    assert [(one["value"]) for one in late] == ["质检"] * 5


def test_a_figure_that_is_none_and_a_month_to_come_are_refused(june: Office) -> None:
    for month, listed, code in (("last", "profit", "metric-unknown"), ("2024-08", None, "month-to-come")):
        with pytest.raises(WrongUsage) as refused:
            work_out(june.desk, month, listed)
        assert refused.value.code == code


def shown(office: Office, worked: Worked, capsys: pytest.CaptureFixture[str]) -> str:
    console.cache_clear()
    MonthAnswer(office.desk, worked).show(type("Call", (), {"verbose": False, "quiet": False})())
    console.cache_clear()
    return capsys.readouterr().out


def test_piped_it_is_plain_and_fits_eighty_columns(june: Office, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.cells import cell_len

    said = shown(june, work_out(june.desk, "last"), capsys)
    assert "\x1b" not in said
    assert max(cell_len(line) for line in said.splitlines()) <= 80
    assert "平均响应时长" in said
    assert "□ 采购：本月没有突出的问题。" in said


def test_a_desk_of_one_says_so_on_its_report(tmp_path: Path) -> None:
    office = Office(tmp_path, settings='[desk]\ndouble_check = "off"\n')
    assert asked(office.at("2024-07-01T08:00"))["double_check"] is False


def test_the_command_tells_the_month_and_lists_its_orders(june: Office) -> None:
    prompt = Prompt(june.desk.path.parent, now="2024-07-03T09:00")
    said = prompt.json("monthly-report", "--month", "2024-06", "--orders", "anomaly_rate")
    assert said.exit_code == 0
    assert sum(one["value"] or 0 for one in said.json["orders"]) == 1
    assert prompt.run("monthly-report", "--month", "2024-13").exit_code == 2
