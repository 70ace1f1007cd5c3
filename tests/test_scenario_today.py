"""The board: what is to be done next, by the time that is left (step 4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.planning import Edit as StageEdit
from orderflow.flows.steps import plan_orders, prioritize, track
from orderflow.flows.tracking import Report


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url).at("2024-06-10T09:00")


def lines(office: Office) -> list[tuple[str, str | None]]:
    return [(item["code"], item["number"]) for item in office.today()["items"]]


def item(office: Office, code: str) -> dict[str, Any]:
    return next(dict(one) for one in office.today()["items"] if one["code"] == code)


def test_each_order_stands_on_the_board_with_what_it_needs_next_until_it_is_planned(office: Office) -> None:
    """Received 08:30: four hours to confirm, four to plan, until it is judged to be 低."""
    taken = office.take("a.xlsx", a_row(1))
    (number,) = taken.numbers
    assert lines(office) == [("check", number)]
    assert item(office, "check")["due"] == "2024-06-10T12:30:00+08:00"
    assert item(office.at("2024-06-10T12:31"), "check")["overdue"] is True
    office.by("小吴").mark("checked", run=taken.run)
    assert lines(office) == [("judge", number)]
    office.prioritize()
    assert lines(office) == [("plan", number)]
    assert item(office, "plan")["due"] == "2024-06-10T16:30:00+08:00", "low: eight hours"
    office.plan()
    assert lines(office) == [("acknowledge", number), ("approve", None)]
    assert item(office, "acknowledge")["owner"] == "*主管、*质检员、*物流专员"


def test_who_is_called_about_what_and_who_has_to_report(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1, 付款状态=""), a_row(2))
    flagged, plain = taken.numbers
    called = item(office, "call")
    assert (called["number"], called["due"][11:16]) == (flagged, "11:00")
    assert "付款状态" in called["text"]
    office.by("小吴").mark(plain, "checked")
    office.prioritize()
    office.plan()
    confirmed = {"confirmed_by": "*主管"}
    office.plan(*(StageEdit(plain, stage, confirmed) for stage in ("production", "inspection", "logistics")))
    later = office.at("2024-06-13T10:00")
    assert ("update", plain) in lines(later)
    assert item(later, "update")["owner"] == "*主管"
    assert {one["department"] for one in later.today()["silent"]} == {"生产部", "质检部"}
    later.progress(Report(plain, "production", {"actual": date(2024, 6, 12), "note": "好了"}))
    assert {one["department"] for one in later.today()["silent"]} == {"质检部"}
    assert item(later, "update")["text"].startswith("填写质检")
    late = office.at("2024-06-14T10:00")
    late.progress()
    assert ("report", plain) in lines(late)
    late.mark("seen", run=taken.run)
    assert ("report", plain) not in lines(late)
    assert ("call", flagged) in lines(late), "seeing is not calling"


def test_deliveries_of_the_next_day_and_surveys_are_on_it(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1))
    (number,) = taken.numbers
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    office.plan()
    day_before = office.at("2024-06-14T09:00")
    assert ("delivery", number) in lines(day_before)
    told = item(day_before, "delivery")
    assert all(part in told["text"] for part in ("产品名称/型号", "订单数量", "缺收货地址", "缺交付方式"))
    assert told["owner"] == "*物流专员"
    done = office.at("2024-06-15T16:00")
    done.mark(number, "delivered")
    assert ("survey", number) in lines(done)
    assert item(done, "survey")["due"] == "2024-06-18T16:00:00+08:00"


def test_what_waits_for_the_customer_is_nobody_s_task_but_counted(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    office.mark(number, "asked")
    board = office.today()
    assert (board["items"], board["clocks"]["plan"]) == ([], {"paused": 1})


def test_an_empty_desk_has_nothing_to_do_and_a_screen_shows_the_board_in_80_columns(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    office = Office(tmp_path / "desk")
    assert "没有要做的事" in prompt.run("today", "--desk", str(office.desk.path), "--lang", "zh-Hans").out
    office.take("a.xlsx", a_row(1), a_row(2, 付款状态=""))
    said = prompt.run("today", "--desk", str(office.desk.path), "--lang", "en", "--follow").out
    assert "202406-001" in said
    assert "Second person's check" in said


def test_what_the_specialist_saw_in_the_source_document_s_month(tmp_path: Path) -> None:
    """From the two orders' receipt to their delivery, one look after the other."""
    office, first, second = Office(tmp_path, window=True), "202405-001", "202405-002"

    def board(moment: str) -> list[tuple[str, str | None, str | None]]:
        found = office.at(f"2024-05-{moment}").today()["items"]
        return [(one["code"], one["number"], one["due"] and one["due"][5:16]) for one in found]

    eleven = office.at("2024-05-10T11:00")
    run = eleven.intake(EXAMPLES / "registration.xlsx", checked="none").run
    assert board("10T11:00") == [("call", first, "05-10T13:00"), ("call", second, "05-10T13:00")]
    office.at("2024-05-10T11:20").mark(first, "contacted")
    assert [code for code, _, _ in board("10T11:21")] == ["call", "call"], "contacted, and still to be confirmed"
    letter = office.files / "确认函.pdf"
    letter.write_bytes(b"%PDF-1.7 signed")
    calling = office.at("2024-05-10T11:25")
    calling.mark(second, "contacted")
    calling.mark(first, "confirmed", file=letter)
    calling.mark(second, "confirmed")
    assert board("10T11:30") == [("check", first, "05-10T15:00"), ("check", second, "05-10T15:00")]
    office.at("2024-05-10T11:40").by("小吴").mark("checked", run=run)
    prioritize(office.at("2024-05-10T11:45").desk, file=EXAMPLES / "priority.xlsx")
    assert board("10T11:45") == [("plan", first, "05-10T13:00"), ("plan", second, "05-10T19:00")]
    plan_orders(office.at("2024-05-10T12:00").desk)
    assert board("10T12:10")[:2] == [("acknowledge", first, "05-10T13:00"), ("acknowledge", second, "05-10T13:00")]
    assert [one for one in board("14T09:00") if one[0] == "delivery"] == [
        ("delivery", first, "05-15T00:00"),
        ("delivery", second, "05-15T00:00"),
    ]
    friday = office.at("2024-05-15T18:00")
    track(friday.desk, file=EXAMPLES / "progress.xlsx")
    assert ("report", first, "05-15T18:30") in board("15T18:05")
    friday.watch()
    assert not [one for one in board("15T18:05") if one[:2] == ("delivery", first)], "its logistics are done"
    assert ("survey", first, "05-18T18:00") in board("15T18:05")


def test_where_there_is_no_desk_the_board_says_so(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    assert prompt.run("today").exit_code == 3
    said = prompt.json("today")
    assert (said.exit_code, said.json["error"]["code"]) == (3, "desk-missing")
