"""The feedback workbook in people's hands: one row a delivery, and what is written into it is followed (step 5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office, a_row
from test_scenario_feedback import delivered, filled, notices, survey
from windows import Page, edited, page, synced

NAME = "feedback.xlsx"
ANSWER = ("1", "2024-06-12 09:00:00", "202406-001", "", 4, "送得快")


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url, window=ledger_url.startswith("postgresql"))


@pytest.fixture
def small(tmp_path: Path) -> Office:
    return Office(tmp_path)


def write(office: Office, number: str, copy: str | None = None, **cells: Any) -> Path:
    """What a clerk writes into an order's row."""

    def change(opened: Page) -> None:
        row = opened.column("订单编号").index(number) + 1
        for header, value in cells.items():
            opened[row, header] = value

    return edited(office, change, copy=copy, name=NAME)


def row_of(office: Office, number: str) -> dict[str, Any]:
    opened = page(office, NAME)
    row = opened.column("订单编号").index(number) + 1
    return {header: opened[row, header] for header in opened.headers}


def test_a_complaint_written_into_the_workbook_is_followed_to_its_end(office: Office) -> None:
    number, other = delivered(office, a_row(1, 订单数量="9台"), a_row(2))
    first = office.at("2024-06-11T11:00").feedback()
    assert first.json["workbook"] == str(office.desk.path / NAME)
    assert page(office, NAME).column("订单编号") == [number, other], "a row waits for each delivery"
    assert row_of(office, number)["客户名称"] == office.show(number)["customer"]

    write(office, other, 验收结果="不合格", 客户意见="3台不能开机", 满意度评分=1, 记录人="小郑")
    later = office.at("2024-06-11T15:00")
    said = later.feedback()
    (case,) = said.json["cases"]
    assert (case["number"], case["causes"], case["owner"]) == (other, ["unqualified", "low-score"], "小郑")
    assert (case["proposed"]["quantity"], case["due"]) == ("3", "2024-06-11T17:00:00+08:00")
    assert page(office, NAME).column("订单编号") == [other, number], "open cases stand on top"
    assert later.feedback().json["run"] is None

    write(office, other, 处理方案="换货1台，退款1台")
    assert later.feedback().json["cases"][0]["remedies"] == {"exchange": "1", "refund": "1"}
    assert row_of(office, other)["处理方案"] == "换货1台，退款1台"
    write(office, other, 客户确认满意="是")
    done = office.at("2024-06-12T10:00")
    assert done.by("小吴").feedback().json["cases"] == []
    assert office.show(other)["cases"][0]["state"] == "closed"
    kinds = [entry.change.kind for entry in office.log(other)]
    assert [kind for kind in kinds if kind in ("complained", "resolved", "satisfied")] == [
        "complained",
        "resolved",
        "satisfied",
    ]
    assert done.feedback().json["run"] is None
    assert office.troubles() == {}


def test_sync_takes_the_workbook_as_feedback_does_and_an_undo_takes_all_of_it_back(office: Office) -> None:
    (number,) = delivered(office)
    later = office.at("2024-06-11T12:00")
    synced(later, "feedback")
    write(office, number, 验收结果="部分合格", 客户意见="1台划伤")
    run = synced(later.by("小郑"), "feedback").json["run"]
    shown = office.show(number)
    assert (shown["state"], shown["cases"][0]["owner"], shown["owner"]) == ("accepted", "小郑", "小郑")
    assert shown["cases"][0]["proposed"] == {"quantity": "1", "unit": "台"}
    (told,) = (notice for notice in notices(office) if notice.event == "complained")
    assert (told.run, told.facts["owner"], told.facts["opinion"]) == (run, "小郑", "1台划伤")
    later.undo(run)
    back = office.show(number)
    assert (back["state"], back["cases"], back["feedback"], back["owner"]) == ("delivered", [], None, None)
    synced(later, "feedback")
    assert row_of(office, number)["验收结果"] is None
    assert office.troubles() == {}


def test_what_a_customer_said_stays_and_what_a_clerk_corrects_counts(office: Office) -> None:
    (number,) = delivered(office)
    export = survey(office, ANSWER)
    later = office.at("2024-06-12T12:00")
    later.feedback(export)
    assert (row_of(office, number)["满意度评分"], row_of(office, number)["客户意见"]) == (4, "送得快")
    write(office, number, 满意度评分=5)
    corrected = later.by("小郑").feedback()
    assert corrected.json["orders"][0]["feedback"]["score"] == 5
    assert page(office, NAME).column("订单编号") == [number], "one row a delivery, however many answers"
    assert later.feedback(export).json["run"] is None, "the same export again takes nothing back"
    assert (office.show(number)["feedback"]["score"], office.show(number)["feedback"]["answers"]) == (5, 2)


def test_a_score_that_is_corrected_keeps_the_four_dimensions(small: Office) -> None:
    (number,) = delivered(small)
    synced(later := small.at("2024-06-11T12:00"), "feedback")
    write(small, number, 满意度评分=4, 响应速度=3, 产品质量=5, 交付时效=4, 服务态度=5)
    later.feedback()
    write(small, number, 满意度评分=5)
    later.feedback()
    said = small.show(number)["feedback"]
    assert said["score"] == 5
    assert said["scores"] == {"response": 3, "quality": 5, "timeliness": 4, "service": 5}


def test_a_score_that_cannot_be_read_stands_in_the_workbook_until_a_person_writes_another(small: Office) -> None:
    (number,) = delivered(small)
    export = survey(small, ("1", "2024-06-12 09:00:00", number, "", "4.5", "还行"))
    later = small.at("2024-06-12T12:00")
    assert [found["code"] for found in later.feedback(export).json["findings"]] == ["unreadable-score"]
    assert later.feedback().json["survey"]["answered"] == 1, "the survey is in, whatever it says"
    assert small.show(number)["feedback"]["score"] is None
    asked = page(small, NAME).at(1, "满意度评分")
    assert (asked.value, asked.comment is not None) == ("4.5", True)
    write(small, number, 满意度评分=4)
    later.feedback()
    assert (row_of(small, number)["满意度评分"], small.show(number)["feedback"]["score"]) == (4, 4)
    assert later.feedback(export).json["run"] is None
    assert row_of(small, number)["满意度评分"] == 4


def test_a_correction_beside_a_low_score_reopens_nothing(small: Office) -> None:
    (number,) = delivered(small)
    small.at("2024-06-12T12:00").feedback(survey(small, ("1", "2024-06-12 09:00:00", number, "", 2, "太慢")))
    small.at("2024-06-12T13:00").mark(number, "contacted")
    small.at("2024-06-13T09:00").mark(number, "satisfied")
    later = small.at("2024-06-14T09:00")
    later.feedback()
    write(small, number, 响应速度=3)
    later.feedback()
    write(small, number, 响应速度=4)
    assert later.feedback().json["cases"] == []
    said = small.show(number)["feedback"]
    assert (said["score"], said["scores"]["response"], small.show(number)["cases"][0]["state"]) == (2, 4, "closed")


def test_what_is_emptied_is_said_no_longer(small: Office) -> None:
    (number,) = delivered(small)
    later = small.at("2024-06-11T12:00")
    later.feedback()
    write(small, number, 验收结果="合格", 满意度评分=5)
    later.feedback()
    assert small.show(number)["state"] == "accepted"
    write(small, number, 验收结果=None, 满意度评分=None)
    later.feedback()
    assert (small.show(number)["state"], small.show(number)["feedback"]["score"]) == ("delivered", None)


def test_an_old_copy_brings_only_what_was_written_into_it(small: Office) -> None:
    number, other = delivered(small, a_row(1), a_row(2))
    later = small.at("2024-06-11T12:00")
    later.feedback()
    old = write(small, other, copy="旧的.xlsx", 验收结果="合格")
    small.at("2024-06-12T09:00").mark(number, "complained", note="1台坏了")
    taken = small.at("2024-06-13T09:00").feedback(old)
    assert [order["number"] for order in taken.json["orders"]] == [other]
    assert taken.json["files"] == []
    assert small.show(number)["cases"][0]["state"] == "open"
    mine = write(small, number, copy="甲.xlsx", 处理方案="换货1台")
    yours = write(small, number, copy="乙.xlsx", 处理方案="退款1台")
    small.at("2024-06-13T10:00").feedback(mine)
    asked = small.at("2024-06-13T11:00").feedback(yours)
    assert [found["code"] for found in asked.json["findings"]] == ["changed-on-both-sides"]
    opened = page(small, NAME)
    sheet = opened.book["待定"]
    assert [cell.value for cell in sheet[3]][1:6] == [number, "处理方案", "—", "换货1台", "退款1台"]
    sheet.cell(3, 7).value = "采用表里的"
    opened.save()
    small.at("2024-06-13T12:00").feedback()
    assert small.show(number)["cases"][0]["remedies"] == {"refund": "1"}


def test_marks_stand_in_the_workbook_and_a_new_complaint_asks_anew(small: Office) -> None:
    (number,) = delivered(small)
    small.at("2024-06-11T15:00").mark(number, "complained", note="1台坏了")
    small.at("2024-06-11T16:00").mark(number, "resolved", note="换货1台")
    small.at("2024-06-12T16:00").mark(number, "satisfied")
    small.at("2024-06-12T17:00").feedback()
    row = row_of(small, number)
    assert (row["客户意见"], row["处理方案"], row["客户确认满意"], row["记录人"]) == (
        "1台坏了",
        "换货1台",
        "是",
        "小周",
    )
    write(small, number, 客户意见="又坏了", 客户确认满意="否")
    (case,) = small.at("2024-06-14T09:00").by("小吴").feedback().json["cases"]
    assert (case["owner"], case["remedies"], case["state"]) == ("小周", {}, "open")
    assert (row_of(small, number)["处理方案"], row_of(small, number)["客户确认满意"]) == (None, "否")


def test_a_case_is_coloured_by_its_age_and_asks_for_the_amount_in_its_opinion(small: Office) -> None:
    (number,) = delivered(small)
    path = filled(small, (number, None, "部分合格", "2台划伤", 3, None, "*售后", "2024-06-11 15:00"))
    small.at("2024-06-11T16:00").feedback(path)
    opened = page(small, NAME)
    assert "换货2台" in opened.at(1, "处理方案").comment.text
    fresh = opened.at(1, "订单编号")
    assert "*售后" in fresh.comment.text
    assert small.at("2024-06-14T16:00").feedback().json["run"] is None
    assert page(small, NAME).at(1, "订单编号").fill.fgColor.rgb != fresh.fill.fgColor.rgb, (
        "an older case, without a run"
    )


def test_scores_and_results_are_picked_from_lists(small: Office) -> None:
    delivered(small)
    small.at("2024-06-11T12:00").feedback()
    opened = page(small, NAME)
    lists = {rule.formula1 for rule in opened.sheet.data_validations.dataValidation if rule.type == "list"}
    assert {'"1,2,3,4,5"', '"合格,不合格,部分合格"', '"换货,补发,退款"', '"是,否"'} <= lists
    assert opened.book.sheetnames[:3] == ["客户反馈记录表", "未结售后", "交付前核对"]


def test_looking_at_what_would_follow_changes_nothing(small: Office) -> None:
    (number,) = delivered(small)
    later = small.at("2024-06-11T12:00")
    later.feedback()
    write(small, number, 验收结果="不合格", 客户意见="2台坏了")
    before = (small.desk.path / NAME).read_bytes()
    looked = later.feedback(dry_run=True)
    assert (looked.json["run"], looked.json["dry_run"], len(looked.json["cases"])) == (None, True, 1)
    assert ((small.desk.path / NAME).read_bytes(), small.show(number)["cases"]) == (before, [])


def test_the_source_documents_table_comes_back_as_a_workbook_and_ends_in_closed_orders(office: Office) -> None:
    may = office.at("2024-05-10T11:00")
    may.intake(EXAMPLES / "registration.xlsx", checked="none")
    may.at("2024-05-15T18:00").mark("202405-001", "202405-002", "delivered", at="16:00")
    later = may.at("2024-05-16T17:00")
    later.feedback(EXAMPLES / "feedback.xlsx")
    row = row_of(office, "202405-002")
    assert [row[name] for name in ("验收结果", "客户意见", "满意度评分", "改进建议", "记录人")] == [
        "部分合格",
        "10件耗材轻微划痕",
        3,
        "建议加强包装防护",
        "*售后",
    ]
    assert "10件" in page(office, NAME).at(1, "处理方案").comment.text
    later.by("*售后").mark("202405-002", "contacted")
    write(office, "202405-002", 处理方案="换货10件")
    later.by("*售后").feedback()
    end = may.at("2024-05-20T09:00").by("*售后")
    write(office, "202405-002", 客户确认满意="是")
    end.mark("202405-001", "202405-002", "reason", note="试运行，未及时记录")
    end.feedback()
    assert [office.show(number)["state"] for number in ("202405-001", "202405-002")] == ["closed", "closed"]
    assert end.feedback().json["run"] is None
    assert office.troubles() == {}
