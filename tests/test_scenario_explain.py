"""Why an order stands where it stands, and what other rules would change (step 2)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.judging import Edit
from orderflow.records.errors import OrderflowError


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_three_lines_say_why_the_first_order_of_the_source_document_is_high_and_each_clock_has_its_own(
    office: Office,
) -> None:
    may = office.at("2024-05-10T11:00")
    may.intake(EXAMPLES / "registration.xlsx", checked="none")
    may.prioritize(*may.edits(EXAMPLES / "priority.xlsx"))
    may.mark("202405-001", "contacted", at="11:00")
    may.mark("202405-001", "confirmed")
    told = may.explain("202405-001")
    assert told["lines"] == [
        "优先级 高：VIP 3 + 15万 3 + 紧急 3 = 9 → 高（*经理，05-10 09:00）",
        "依据：VIP（判定表）；15万（判定表）；紧急（判定表）",
        "填写与日期不一致：写的是紧急，按日期还有 10 天，是宽松；以填写的为准。",
        "确认时限：05-10 11:00 接单，05-10 11:00 已联系客户，未超时",
        "方案时限：05-10 11:00 接单，2 小时内，即 05-10 13:00 前",
        "异常联系时限：05-10 11:00 标为异常，05-10 11:00 已联系客户，未超时",
    ]
    assert told["order"]["priority"]["level"] == "high"


def test_what_would_change_a_level_is_said_in_steps(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1, 交付日期="2024-06-15", **{"订单金额(万元)": "5"})).numbers
    office.prioritize()
    assert (
        "什么会改变等级：VIP → 高；新 → 低；金额达到 10 万 → 高；金额不到 1 万 → 低；早 2 天 → 高；晚 3 天 → 低"
    ) in office.explain(number)["lines"]


def test_an_override_a_floor_and_what_is_missing_are_explained(office: Office) -> None:
    rows = [a_row(1), a_row(2, **{"备注(特殊需求)": "售后补单"}), a_row(3, 客户等级=None)]
    first, second, third = office.take("a.xlsx", *rows).numbers
    office.mark(second, "confirmed")
    office.prioritize(Edit(first, {"priority": "high", "override_reason": "首单"}))
    assert "人工调整：按规则是低；原因：首单" in office.explain(first)["lines"]
    assert "普通 2 + 3万 2 + 宽松 (18 天) 1 = 5 → 高 (售后补单)" in office.explain(second)["lines"][0]
    assert "客户等级" in office.explain(third)["lines"][0]
    office.mark(third, "cancelled")
    assert all("取消" in line for line in office.explain(third)["lines"])


@pytest.mark.parametrize(("strategy", "word"), [("all", "取最低：低"), ("any", "取最高：中")])
def test_the_other_strategies_say_what_they_compare(tmp_path: Path, strategy: str, word: str) -> None:
    office = Office(tmp_path, settings=f'[desk]\n[priority]\nstrategy = "{strategy}"\n')
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    office.prioritize()
    line = office.explain(number)["lines"][0]
    assert f"普通 中 · 3万 中 · 宽松 (18 天) 低 → {word}" in line


def test_a_month_under_other_rules_changes_nothing(office: Office) -> None:
    row = a_row(2, 客户等级="VIP", **{"订单金额(万元)": "9.5"})
    numbers = office.take("a.xlsx", a_row(1), row, a_row(3, 客户等级=None)).numbers
    office.prioritize(Edit(numbers[0], {"priority": "high", "override_reason": "首单"}))
    before = len(office.log())
    told = office.what_if("[priority]\nhigh_amount = 9.5\n")
    assert told["changes"] == [
        {"number": numbers[1], "before": "medium", "after": "high", "points_before": 6, "points_after": 7}
    ]
    assert (told["before"], told["after"]) == (
        {"high": 1, "medium": 1, "low": 0},
        {"high": 2, "medium": 0, "low": 0},
    )
    assert (told["month"], told["unjudged"], len(office.log())) == ("2024-06", 1, before)
    assert office.what_if("", "2024-05")["before"] == {"high": 0, "medium": 0, "low": 0}
    later = office.at("2024-07-09T09:00")
    assert later.what_if("", "last")["changes"] == []


def test_what_other_rules_would_do_to_the_clocks_is_counted_where_it_can_be_known(office: Office) -> None:
    early = "2024-06-01 08:00"
    rows = [a_row(1, 接单时间=early), a_row(2, 接单时间=early, 客户等级="VIP"), a_row(3, 接单时间="2024-06-02")]
    numbers = office.take("a.xlsx", *rows).numbers
    office.at("2024-06-01T11:30").prioritize()
    noon = office.at("2024-06-01T12:30")
    assert [noon.show(number)["priority"]["level"] for number in numbers] == ["low", "medium", "low"]
    lower = "[priority]\nhigh_points = 9\nmedium_points = 8\n"
    told = noon.what_if(lower)["broken_clocks"]
    assert told == {"before": {"confirm": 1, "plan": 1}, "after": {}, "unmeasurable": 2}
    tighter = noon.what_if("[clocks]\nplan_hours = [1, 3, 4]\n")["broken_clocks"]
    assert (tighter["before"], tighter["after"]) == ({"confirm": 1, "plan": 1}, {"confirm": 1, "plan": 2})


def test_why_a_clock_is_due_when_it_is_and_why_it_ran_out_is_said(tmp_path: Path) -> None:
    office = Office(tmp_path / "elapsed").at("2024-06-10T09:00")
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    office.at("2024-06-10T09:30").mark(number, "asked")
    office.at("2024-06-10T11:00").mark(number, "answered")
    assert (
        "方案时限：06-10 08:30 接单，4 小时内，即 06-10 14:00 前（其中等待客户 1.5 小时不计）"
        in office.at("2024-06-10T12:00").explain(number)["lines"]
    )
    late = office.at("2024-06-10T15:00")
    late.mark(number, "reason", note="客户改图")
    assert late.explain(number)["lines"][-1].endswith("至今未办（其中等待客户 1.5 小时不计）；原因：客户改图")
    working = Office(tmp_path / "working", settings='[desk]\n[clocks]\ncount = "working"\n').at("2024-06-10T09:00")
    (number,) = working.take("a.xlsx", a_row(1, 接单时间="2024-06-10 11:00")).numbers
    line = working.at("2024-06-10T14:00").explain(number)["lines"][-1]
    assert line == "方案时限：06-10 11:00 接单，4 小时内，即 06-11 14:30 前（只计工作时间）", "the 10th was 端午节"


def test_a_floor_counts_under_other_rules_too(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1, **{"备注(特殊需求)": "售后补单", "订单金额(万元)": "3"})).numbers
    office.mark(number, "confirmed")
    office.prioritize(Edit(number, {"amount": Decimal(20), "level": "vip"}))
    assert office.show(number)["priority"]["points"] == 7
    assert office.what_if("[priority]\nhigh_points = 9\n")["changes"] == []
    lowered = office.what_if('[priority]\nhigh_points = 9\nfloors = { "售后补单" = "medium" }\n')
    assert [change["after"] for change in lowered["changes"]] == ["medium"]


def test_rules_that_are_not_there_or_not_right_are_refused(office: Office) -> None:
    with pytest.raises(OrderflowError, match="config-wrong-value"):
        office.what_if("[priority]\nhigh_points = 1\n")
    office.take("a.xlsx", a_row(1))
    prompt = Prompt(office.files.parent)
    said = prompt.run("what-if", "--rules", "none.toml", "--month", "2024-06")
    assert (said.exit_code, "none.toml" in said.err) == (3, True)
    assert prompt.json("explain", "202406-001").json["lines"]
