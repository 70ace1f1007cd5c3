"""Cases: who received a complaint first owns it to the end, and a replacement order knows its original (首问负责)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desks import Office, a_row

from orderflow.records.errors import OrderflowError, WrongUsage


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url)


@pytest.fixture
def small(tmp_path: Path) -> Office:
    return Office(tmp_path)


def delivered(office: Office, **changed: Any) -> tuple[str, Office]:
    """An order that was delivered, and the desk an hour later."""
    (number,) = office.take("orders.xlsx", a_row(1, **changed)).numbers
    office.at("2024-06-11T10:00").mark(number, "delivered")
    return number, office.at("2024-06-11T11:00")


def case(office: Office, number: str) -> dict[str, Any]:
    (found,) = office.show(number)["cases"]
    assert isinstance(found, dict)
    return found


def refused(office: Office, *words: str, **asked: Any) -> str:
    with pytest.raises(OrderflowError) as refusal:
        office.mark(*words, **asked)
    return refusal.value.code


def test_a_complaint_belongs_to_who_took_it_until_the_customer_is_satisfied(office: Office) -> None:
    number, desk = delivered(office)
    desk.mark(number, "complained", note="2台外壳划伤")
    opened = case(desk, number)
    assert (opened["code"], opened["owner"], opened["state"]) == ("complained", "小周", "open")
    assert opened["proposed"] == {"quantity": "2", "unit": "台"}
    assert opened["due"] == "2024-06-11T13:00:00+08:00"
    by_another = desk.by("小吴")
    by_another.mark(number, "contacted")
    by_another.mark(number, "helped")
    by_another.mark(number, "resolved", note="换货2台")
    assert (case(desk, number)["owner"], case(desk, number)["helpers"], case(desk, number)["due"]) == (
        "小周",
        ["小吴"],
        None,
    )
    assert refused(desk, number, "closed") == "close-open-case"
    by_another.mark(number, "satisfied")
    assert (case(desk, number)["state"], case(desk, number)["owner"]) == ("closed", "小周")
    assert office.troubles() == {}


def test_a_case_changes_hands_only_with_a_reason_and_an_acceptance(office: Office) -> None:
    number, desk = delivered(office)
    desk.mark(number, "complained", note="开不了机")
    other = desk.by("小吴")
    assert refused(other, number, "handover") == "not-the-owner"
    with pytest.raises(WrongUsage):
        desk.mark(number, "handover")
    desk.mark(number, "handover", note="需要技术部判断")
    offered = case(desk, number)
    assert (offered["owner"], offered["offered_by"], offered["reason"]) == ("小周", "小周", "需要技术部判断")
    other.mark(number, "handover")
    taken = case(desk, number)
    assert (taken["owner"], taken["offered_by"], taken["reason"]) == ("小吴", None, None)
    kinds = [entry.change.kind for entry in desk.log(number)]
    assert kinds[-2:] == ["handover-offered", "handover"]
    office.undo()
    assert case(desk, number)["owner"] == "小周"
    assert desk.show(number)["owner"] == "小周"


def test_a_new_complaint_reopens_the_case_and_the_order_for_the_same_owner(office: Office) -> None:
    number, desk = delivered(office)
    desk.mark(number, "complained", note="声音大")
    desk.mark(number, "contacted")
    desk.mark(number, "satisfied")
    desk.mark(number, "reason", note="试运行")
    desk.mark(number, "closed")
    assert desk.show(number)["state"] == "closed"
    later = desk.by("小吴").at("2024-06-20T09:00")
    later.mark(number, "complained", note="又响了")
    again = case(later, number)
    assert (again["owner"], again["state"], again["opened"]) == ("小周", "open", "2024-06-20T09:00:00+08:00")
    assert later.show(number)["state"] == "delivered"
    clocks = [clock["state"] for clock in later.show(number)["clocks"] if clock["clock"] == "after-sales"]
    assert clocks == ["met", "running"]


def test_a_complaint_in_a_survey_is_owned_by_who_calls_the_customer(office: Office) -> None:
    number, desk = delivered(office)
    row = {"序号": 1, "提交时间": "2024-06-11 10:30", "订单编号": number, "总体满意度": 1, "您的意见": "差"}
    said = desk.feedback(office.file("survey.csv", [row]))
    assert [(item["code"], item["owner"]) for item in said.json["due"]] == [("after-sales", None)]
    assert said.json["cases"][0]["owner"] is None
    desk.by("小吴").mark(number, "contacted")
    assert (case(desk, number)["owner"], desk.show(number)["owner"]) == ("小吴", "小吴")


def test_a_replacement_order_is_linked_and_what_remains_counts_down(office: Office) -> None:
    number, desk = delivered(office, 订单数量="9台")
    desk.mark(number, "complained", note="3台破损")
    desk.mark(number, "resolved", note="换货2台，补发1台，退款1台")
    assert case(desk, number)["remaining"] == "3"
    row = a_row(2, 订单数量="2台", **{"备注(特殊需求)": f"售后补单，原单{number}"})
    taken = desk.take("more.xlsx", row)
    (replacement,) = taken.numbers
    assert desk.show(replacement)["replaces"] == number
    assert (case(desk, number)["replacements"], case(desk, number)["remaining"]) == ([replacement], "3")
    desk.mark(replacement, "delivered")
    assert case(desk, number)["remaining"] == "1"
    assert any(entry.change.kind == "linked" for entry in desk.log(replacement))
    office.undo()
    office.undo(taken.run)
    assert case(desk, number)["replacements"] == []
    assert office.troubles() == {}


def test_a_mended_remark_links_a_replacement_anew(small: Office) -> None:
    first, second = small.take("a.xlsx", a_row(1), a_row(2)).numbers
    row = a_row(3, 来源单号="R-1", **{"备注(特殊需求)": f"补单，原订单{first}"})
    (number,) = small.take("b.xlsx", row).numbers
    small.take("c.xlsx", row | {"备注(特殊需求)": f"補單，原訂單{second}"})
    assert small.show(number)["replaces"] == second
    small.take("d.xlsx", row | {"备注(特殊需求)": "普通订单"})
    assert small.show(number)["replaces"] is None


def test_a_replacement_order_is_no_twin_of_its_original(small: Office) -> None:
    (number,) = small.take("a.xlsx", a_row(1)).numbers
    again = a_row(1, 交付日期="2024-06-29", **{"备注(特殊需求)": f"补单，原单{number}"})
    replacement = small.take("b.xlsx", again)
    assert replacement.found("possible-duplicate") == []
    assert small.show(replacement.numbers[0])["replaces"] == number
    twice = small.take("c.xlsx", again | {"订单来源": "电商平台"})
    assert twice.found("possible-duplicate")[0]["message"].count(replacement.numbers[0]) == 1


@pytest.mark.parametrize("remark", ["原单 {0}", "补单 {0} {1}", "补单", "不是补单，参考 {0}"])
def test_what_does_not_name_one_original_links_to_none(small: Office, remark: str) -> None:
    numbers = small.take("a.xlsx", a_row(1), a_row(2)).numbers
    (number,) = small.take("b.xlsx", a_row(3, **{"备注(特殊需求)": remark.format(*numbers)})).numbers
    assert small.show(number)["replaces"] is None


def test_marks_say_what_they_need(small: Office) -> None:
    number, desk = delivered(small)
    assert refused(desk, number, "delivered") == "delivered-already"
    assert {refused(desk, number, what) for what in ("satisfied", "helped", "handover")} == {"case-none"}
    for what in ("reason", "complained"):
        with pytest.raises(WrongUsage) as wrong:
            desk.mark(number, what)
        assert wrong.value.code == "mark-needs-note"
    desk.mark(number, "complained", note="坏了")
    with pytest.raises(WrongUsage) as unread:
        desk.mark(number, "resolved", note="道个歉")
    assert unread.value.code == "remedy-unreadable"
    desk.mark(number, "contacted")
    desk.mark(number, "satisfied")
    assert refused(desk.at("2024-06-12T09:00"), number, "closed") == "close-without-reason"


def test_a_customer_who_accepts_on_the_spot(small: Office) -> None:
    number, desk = delivered(small)
    desk.mark(number, "accepted", note="当面验收，没有问题")
    said = desk.show(number)
    assert (said["state"], said["feedback"]["acceptance"], said["feedback"]["by"]) == ("accepted", "qualified", "小周")
    assert said["feedback"]["comment"] == "当面验收，没有问题"
    assert said["cases"] == []


def test_one_reason_covers_a_run(small: Office) -> None:
    taken = small.take("a.xlsx", a_row(1), a_row(2))
    late = small.at("2024-06-10T20:00")
    late.mark("reason", run=taken.run, note="系统停机")
    assert {late.show(number)["clocks"][0]["reason"] for number in taken.numbers} == {"系统停机"}


def test_what_the_specialist_has_seen_stops_an_escalation(small: Office) -> None:
    (number,) = small.take("a.xlsx", a_row(1)).numbers
    small.mark(number, "seen")
    assert [entry.change.kind for entry in small.log(number)] == ["registered", "seen"]
