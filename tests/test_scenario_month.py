"""The manager asks for the month: five figures, where it hurts, and every number's orders (step 6)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desks import Office, a_row
from orderflow_cli import Prompt

from orderflow.answers.month import MonthAnswer
from orderflow.flows.month import Worked, work_out
from orderflow.flows.tracking import Report
from orderflow.records.errors import WrongUsage
from orderflow.report.console import console

FEEDBACK = ("订单编号", "验收结果", "客户意见", "满意度评分", "改进建议", "记录人", "记录时间", "产品质量", "交付时效")


@pytest.fixture
def june(tmp_path: Path) -> Office:
    """A desk that had twelve orders in June; inspection was late with half of them, two customers complained."""
    office = Office(tmp_path).at("2024-06-11T09:30")
    levels = {n: "VIP" if n % 3 == 0 else "普通" for n in range(1, 12)}
    rows = [a_row(n, 接单时间=f"2024-06-11 08:{10 + n}", 客户等级=level) for n, level in levels.items()]
    run = office.take("orders.xlsx", *rows, a_row(12, 接单时间="2024-06-11 08:30", 联系方式=None, 联系人=None))
    numbers = run.numbers
    office.by("老李").mark("checked", run=run.run)
    office.prioritize()
    office.at("2024-06-11T11:00").plan()
    later = office.at("2024-06-20T10:00")
    late = [n for at, n in enumerate(numbers[:11]) if at % 2]
    days = {"production": 13, "inspection": 14, "logistics": 16}
    later.progress(
        *(
            Report(n, stage, {"actual": date(2024, 6, day + 2 * (n in late and stage == "inspection")), "note": note})
            for n in numbers[:11]
            for stage, day in days.items()
            for note in ["设备故障" if n in late and stage == "inspection" else None]
        )
    )
    later.mark(*numbers[:6], "delivered", at="2024-06-16T12:00")
    at = "2024-06-19 10:00"
    said: list[tuple[Any, ...]] = [(n, "合格", None, 5, None, "*售后", at, 5, 4) for n in numbers[:4]]
    said += [(n, "部分合格", "表面有划痕", 2, "希望包装好一点", "*售后", at, 2, 4) for n in numbers[4:6]]
    later.feedback(office.file("feedback.xlsx", [dict(zip(FEEDBACK, row, strict=True)) for row in said]))
    return office.at("2024-07-03T09:00")


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
    MonthAnswer(office.desk, worked).show(type("Call", (), {"verbose": False})())
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
