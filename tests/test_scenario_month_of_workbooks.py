"""The source document's month, kept in workbooks: judged, planned and tracked from files, and written afresh."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from desks import EXAMPLES, Office, a_row
from windows import Page, edited, page, synced

from orderflow.answers.plan import PlanAnswer
from orderflow.answers.priority import PrioritizeAnswer
from orderflow.answers.progress import ProgressAnswer
from orderflow.flows.steps import plan_orders, prioritize, track
from orderflow.ledger import outbox

FIRST, SECOND = "202405-001", "202405-002"


def planned(folder: Path, ledger_url: str) -> None:
    """The two orders, registered, confirmed, checked, judged from the example and planned."""
    made = Office(folder, ledger_url, window=True).at("2024-05-10T11:00")
    run = made.intake(EXAMPLES / "registration.xlsx", checked="none").run
    letter = made.files / "确认函.pdf"
    letter.write_bytes(b"%PDF-1.7 signed")
    made.mark(FIRST, "confirmed", file=letter)
    made.mark(SECOND, "confirmed")
    made.by("小吴").mark("checked", run=run)
    prioritize(made.desk, file=EXAMPLES / "priority.xlsx")
    plan_orders(made.desk)


@pytest.fixture
def office(copy_of: Callable[[Callable[[Path, str], object]], Office]) -> Office:
    return copy_of(planned).at("2024-05-10T11:00")


def test_the_second_table_is_taken_from_its_workbook_with_who_judged_and_when(office: Office) -> None:
    first, second = (office.show(number)["priority"] for number in (FIRST, SECOND))
    assert (first["level"], first["points"], first["by"]) == ("high", 9, "*经理")
    assert first["at"] == "2024-05-10T09:00:00+08:00"
    assert (second["level"], second["points"], second["by"]) == ("low", 5, "*专员")
    again = PrioritizeAnswer(office.desk, prioritize(office.desk, file=EXAMPLES / "priority.xlsx")).as_json()
    assert (again["run"], again["workbook"]) == (None, str(office.desk.path / "priority.xlsx"))


def test_the_priority_workbook_shows_what_is_in_force_by_level_with_its_arithmetic(office: Office) -> None:
    office.take("c.xlsx", a_row(1, **{"订单金额(万元)": "2"}))
    prioritize(office.desk)
    opened = page(office, "priority.xlsx")
    assert opened.column("优先级等级") == ["高", "低", "低"]
    assert opened.column("判定依据")[0] == "VIP 3 + 15万 3 + 紧急 3 = 9 → 高"
    assert opened[3, "客户等级"] == "普通", "from the registration"
    assert synced(office).nothing, "what is shown is nobody's edit"


def test_plan_writes_both_workbooks_and_takes_what_a_department_writes_there(office: Office) -> None:
    opened = page(office, "plan.xlsx")
    stages = list(zip(opened.column("订单编号"), opened.column("执行阶段"), strict=True))
    assert opened.column("方案类型") == ["定制"] * 4 + ["标准"] * 3
    assert stages[:4] == [(FIRST, "技术评估"), (FIRST, "生产"), (FIRST, "质检"), (FIRST, "物流")]

    def later(opened: Page) -> None:
        opened[stages.index((SECOND, "生产")) + 1, "计划结束时间"] = date(2024, 5, 14)
        opened[stages.index((SECOND, "生产")) + 1, "部门确认人"] = "孙工"

    edited(office, later, name="plan.xlsx")
    answer = PlanAnswer(office.desk, plan_orders(office.by("孙工").desk)).as_json()
    (order,) = (order for order in answer["orders"] if order["number"] == SECOND)
    assert [stage["due"][5:] for stage in order["stages"]] == ["05-14", "05-15", "05-17"]
    assert (order["promise"], order["stages"][0]["confirmed_by"]) == ("2024-05-17", "孙工")
    assert page(office, "plan.xlsx").column("计划结束时间")[-1].date() == date(2024, 5, 17)
    assert synced(office).nothing


def test_the_plan_stands_as_bars_over_a_calendar_that_nothing_is_read_back_from(office: Office) -> None:
    opened = page(office, "plan.xlsx")
    bars = opened.book["甘特图"]
    header = [cell.value for cell in bars[2]]
    assert header[7:13] == ["5/10", "5/11", "5/12", "5/13", "5/14", "5/15"]
    assert [row[2].value for row in bars.iter_rows(min_row=3)] == ["技术评估", *["生产", "质检", "物流"] * 2]
    assert sum(len(one.rules) for one in bars.conditional_formatting) == 3 * 6
    bars["E4"] = date(2024, 6, 1)
    opened.save()
    assert synced(office).edits == {}


def test_the_third_table_is_taken_from_its_workbook(office: Office) -> None:
    friday = office.at("2024-05-15T18:00")
    answer = ProgressAnswer(friday.desk, track(friday.desk, file=EXAMPLES / "progress.xlsx")).as_json()
    (order,) = (order for order in answer["orders"] if order["number"] == FIRST)
    assert [(stage["status"], stage["days_late"]) for stage in order["stages"]][1:] == [
        ("on-time", 0),
        ("late", 1),
        ("on-time", 0),
    ]
    assert order["on_promise"] is True
    assert friday.troubles() == {}


def test_a_day_still_to_come_is_put_back_in_the_workbook_too(office: Office) -> None:
    def hasty(opened: Page) -> None:
        opened[2, "实际完成时间"] = date(2024, 5, 20)
        opened[2, "异常说明"] = "快好了"

    edited(office, hasty, name="progress.xlsx")
    answer = ProgressAnswer(office.desk, track(office.desk)).as_json()
    assert "report-to-come" in [found["code"] for found in answer["findings"]]
    opened = page(office, "progress.xlsx")
    assert (opened[2, "实际完成时间"], opened[2, "异常说明"]) == (None, "快好了")


def test_an_override_in_the_priority_workbook_needs_its_reason(office: Office) -> None:
    def raised(opened: Page) -> None:
        at = opened.column("订单编号").index(SECOND) + 1
        opened[at, "优先级等级"] = "高"

    edited(office, raised, name="priority.xlsx")
    judged = PrioritizeAnswer(office.desk, prioritize(office.desk)).as_json()
    assert "override-without-reason" in [found["code"] for found in judged["findings"]]
    assert office.show(SECOND)["priority"]["level"] == "low"

    def reasoned(opened: Page) -> None:
        opened[opened.column("订单编号").index(SECOND) + 1, "调整原因"] = "老客户急用"

    edited(office, reasoned, name="priority.xlsx")
    prioritize(office.by("经理").desk)
    priority = office.show(SECOND)["priority"]
    assert (priority["level"], priority["overridden"], priority["reason"]) == ("high", True, "老客户急用")


def test_saving_the_workbooks_is_enough_what_follows_is_done_by_sync(office: Office) -> None:
    def row_of(opened: Page, number: str, stage: str) -> int:
        rows = list(zip(opened.column("订单编号"), opened.column("执行阶段"), strict=True))
        return rows.index((number, stage)) + 1

    def raised(opened: Page) -> None:
        at = opened.column("订单编号").index(SECOND) + 1
        opened[at, "优先级等级"], opened[at, "调整原因"] = "高", "老客户急用"

    def later(opened: Page) -> None:
        opened[row_of(opened, SECOND, "生产"), "计划结束时间"] = date(2024, 5, 14)

    def late(opened: Page) -> None:
        opened[row_of(opened, FIRST, "质检"), "实际完成时间"] = date(2024, 5, 14)
        opened[row_of(opened, FIRST, "物流"), "实际完成时间"] = date(2024, 5, 20)

    edited(office, raised, name="priority.xlsx")
    edited(office, later, name="plan.xlsx")
    synced(office)
    assert office.show(SECOND)["priority"]["level"] == "high"
    assert [stage["due"][5:] for stage in office.show(SECOND)["stages"]] == ["05-14", "05-15", "05-17"]
    edited(office, late, name="progress.xlsx")
    friday = office.at("2024-05-15T18:00")
    codes = synced(friday).codes
    assert {"report-to-come", "stage-late"} <= set(codes)
    assert friday.show(FIRST)["stages"][-1]["actual"] is None
    with friday.desk.ledger() as ledger, ledger.read() as book:
        told = {notice.event for notice in outbox.in_states(book, outbox.UNSENT)}
    assert {"judged", "plan-complete", "exception", "stage-done"} <= told
    assert synced(friday).nothing
    assert friday.troubles() == {}


def test_departments_may_report_on_their_own_sheet_of_the_progress_workbook(office: Office) -> None:
    opened = page(office, "progress.xlsx")
    assert opened.book.sheetnames[:5] == ["订单执行进度跟踪表", "技术部", "生产部", "质检部", "物流部"]
    own = opened.book["质检部"]
    headers = [cell.value for cell in own[1]]
    assert [own.cell(row, headers.index("执行阶段") + 1).value for row in (2, 3)] == ["质检", "质检"]
    own.cell(2, headers.index("异常说明") + 1).value = "设备故障"
    opened[opened.column("执行阶段").index("物流") + 1, "物流单号"] = "SF1001"
    opened.save()
    said = synced(office, "progress")
    assert sorted(said.edits.values()) == ["SF1001", "设备故障"]
    assert synced(office, "progress").nothing
    opened = page(office, "progress.xlsx")
    at = opened.column("执行阶段").index("质检") + 1
    opened[at, "异常说明"] = "待料"
    opened.book["质检部"].cell(2, headers.index("异常说明") + 1).value = "停电"
    opened.save()
    said = synced(office, "progress")
    assert "changed-on-both-sides" in said.codes


def test_measures_are_offered_and_others_are_taken_without_a_question(office: Office) -> None:
    opened = page(office, "progress.xlsx")
    at = opened.headers.index("处理措施") + 1
    offered = {
        rule.formula1: rule.showErrorMessage
        for rule in opened.sheet.data_validations.dataValidation
        if any(area.min_col == at for area in rule.sqref.ranges)
    }
    assert list(offered.values()) == [False]
    assert "更换物流渠道" in next(iter(offered))
