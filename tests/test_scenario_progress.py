"""Departments report, delays become exceptions with their clocks, what follows is forecast again (step 4)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.sending import send_waiting
from orderflow.flows.tracking import Report
from orderflow.ledger import outbox
from orderflow.notices.compose import compose, template_of

FIRST, ORDER = "202405-001", "202406-001"


@pytest.fixture
def fresh(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url).at("2024-06-10T10:00")


def plan_one(office: Office) -> None:
    """An order with its plan: production until 12 June, inspection on the 13th, logistics until the 15th."""
    taken = office.take("a.xlsx", a_row(1))
    assert taken.numbers == [ORDER]
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    assert [stage["due"][8:] for stage in office.plan().json["orders"][0]["stages"]] == ["12", "13", "15"]


def planned(folder: Path, ledger_url: str) -> None:
    plan_one(Office(folder, ledger_url).at("2024-06-10T10:00"))


@pytest.fixture
def office(copy_of: Callable[[Callable[[Path, str], object]], Office]) -> Office:
    """The desk with that order."""
    return copy_of(planned).at("2024-06-10T10:00")


def june(day: int) -> date:
    return date(2024, 6, day)


def stage(order: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [stage for stage in order["stages"] if stage["stage"] == name]
    return dict(found)


def clocks(office: Office, number: str, name: str) -> list[dict[str, Any]]:
    return [clock for clock in office.show(number)["clocks"] if clock["clock"] == name]


def test_the_third_table_of_the_source_document(fresh: Office) -> None:
    may = fresh.at("2024-05-10T11:00")
    run = may.intake(EXAMPLES / "registration.xlsx", checked="none").run
    may.prioritize(*may.edits(EXAMPLES / "priority.xlsx"))
    proof = may.files / "确认函.pdf"
    proof.write_bytes(b"%PDF-1.7 signed")
    may.mark(FIRST, "confirmed", file=proof)
    may.by("小吴").mark("checked", run=run)
    may.plan()
    answer = fresh.at("2024-05-15T18:00").progress(*may.reports(EXAMPLES / "progress.xlsx"))
    (order,) = [order for order in answer.json["orders"] if order["number"] == FIRST]
    assert [(s["stage"], s["status"], s["days_late"]) for s in order["stages"]] == [
        ("evaluation", "on-time", 0),
        ("production", "on-time", 0),
        ("inspection", "late", 1),
        ("logistics", "on-time", 0),
    ]
    (late,) = [
        found for found in answer.json["exceptions"] if found["number"] == FIRST and found["stage"] != "evaluation"
    ]
    assert (late["code"], late["days"], late["measure"], late["open"]) == (
        "stage-late",
        1,
        "协调备用设备完成质检",
        False,
    )


def test_a_day_that_passed_without_a_word_is_an_exception_with_its_clock(office: Office) -> None:
    number = ORDER
    assert office.at("2024-06-12T17:00").progress().json["exceptions"] == []
    next_day = office.at("2024-06-13T09:00")
    answer = next_day.progress()
    assert answer.exit_code == 1
    (late,) = answer.json["exceptions"]
    assert (late["number"], late["code"], late["stage"], late["days"], late["owner"]) == (
        number,
        "stage-silent",
        "production",
        1,
        "*主管",
    )
    assert [(found["code"], found["number"]) for found in answer.json["findings"]] == [
        ("stage-silent", number),
        ("promise-at-risk", number),
    ]
    assert "备用生产线" in answer.json["findings"][0]["fix"]
    (clock,) = clocks(next_day, number, "escalate")
    assert (clock["state"], clock["started"][11:16], clock["due"][11:16]) == ("running", "09:00", "09:30")
    assert next_day.progress().json["run"] is None, "nothing new, nothing recorded"


def test_a_department_that_says_when_it_found_the_delay_starts_the_clock_there(office: Office) -> None:
    number = ORDER
    found_at = datetime(2024, 6, 11, 16, 0, tzinfo=office.desk.zone)
    told = {"expected": june(14), "note": "设备故障", "found_at": found_at}
    noon = office.at("2024-06-12T12:00")
    answer = noon.progress(Report(number, "production", told))
    order = answer.json["orders"][0]
    assert (stage(order, "production")["forecast"], order["forecast"], order["on_promise"]) == (
        "2024-06-14",
        "2024-06-17",
        False,
    )
    assert clocks(noon, number, "escalate")[0]["started"][:16] == "2024-06-11T16:00"


def test_the_specialist_is_told_of_a_delay_once_and_the_group_of_what_is_done(office: Office) -> None:
    number = ORDER
    late = office.at("2024-06-13T09:00")
    late.progress()
    late.progress(Report(number, "production", {"actual": june(13)}))
    with office.desk.ledger() as ledger, ledger.read() as book:
        told = {notice.event: notice for notice in outbox.waiting(book) if notice.event in ("exception", "stage-done")}
    exception = told["exception"]
    assert (exception.recipient, exception.facts["days"], exception.facts["forecast"]) == (
        "specialist",
        1,
        "2024-06-16",
    )
    template = template_of("exception", "zh-Hans", office.desk.path)
    assert "备用生产线" in compose("exception", exception.facts, template, "zh-Hans").text
    assert told["stage-done"].facts["stages"] == [
        {"number": number, "stage": "production", "actual": "2024-06-13", "days": 1}
    ]


def test_a_measure_closes_the_exception_and_doing_a_stage_in_time_none(office: Office) -> None:
    number = ORDER
    late = office.at("2024-06-14T09:00")
    done = {"actual": june(13), "measure": "加开夜班"}
    answer = late.progress(Report(number, "production", done), Report(number, "inspection", {"actual": june(13)}))
    assert [(found["stage"], found["open"]) for found in answer.json["exceptions"]] == [("production", False)]
    assert (answer.exit_code, answer.json["findings"]) == (0, [])
    assert answer.json["orders"][0]["on_promise"] is True


def test_a_written_status_is_kept_and_compared_with_the_dates(office: Office) -> None:
    number = ORDER
    told = {"actual": june(14), "status": "on-time", "measure": "加开夜班"}
    answer = office.at("2024-06-14T09:00").progress(Report(number, "production", told))
    assert "status-differs" in answer.codes
    assert stage(answer.json["orders"][0], "production")["status"] == "late"


def test_what_is_still_to_come_is_not_taken_and_the_rest_is(office: Office) -> None:
    number = ORDER
    told = {"actual": june(20), "note": "快好了"}
    answer = office.at("2024-06-11T09:00").progress(Report(number, "production", told))
    assert answer.codes == ["report-to-come"]
    production = stage(answer.json["orders"][0], "production")
    assert (production["actual"], production["note"]) == (None, "快好了")


def test_a_stage_that_an_order_does_not_have_is_said(office: Office) -> None:
    number = ORDER
    answer = office.progress(Report(number, "purchasing", {"actual": june(10)}), Report("202401-001", "production", {}))
    assert ([found["number"] for found in answer.json["findings"]], answer.json["run"]) == (
        [number, "202401-001"],
        None,
    )


def test_a_dry_run_leaves_nothing_and_undo_takes_reports_back(office: Office) -> None:
    number = ORDER
    report = Report(number, "production", {"actual": june(10)})
    looked = office.progress(report, dry_run=True)
    assert (looked.json["run"], stage(looked.json["orders"][0], "production")["actual"]) == (None, "2024-06-10")
    assert stage(office.show(number), "production")["actual"] is None
    kept = office.progress(report)
    assert stage(office.show(number), "production")["actual"] == "2024-06-10"
    office.undo(kept.json["run"])
    assert stage(office.show(number), "production")["actual"] is None


def test_finished_and_cancelled_orders_are_not_watched(office: Office) -> None:
    number = ORDER
    days = {"production": june(10), "inspection": june(10), "logistics": june(10)}
    office.progress(*(Report(number, name, {"actual": day}) for name, day in days.items()))
    assert office.at("2024-07-10T10:00").progress().json["orders"] == []


def test_the_command_says_what_to_do_where_nothing_is_under_way(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    prompt.run("init", "desk")
    said = prompt.run("progress", "--lang", "zh-Hans")
    assert said.exit_code == 0
    assert "没有在办的订单" in said.out


def test_the_delivered_notice_of_a_delay_stops_its_clock(tmp_path: Path) -> None:
    listening = json.dumps([sys.executable, "-c", "import sys; sys.stdin.read()"])
    channel = f'[desk]\n[channels.screen]\nkind = "command"\nrun = {listening}\n[[routes]]\nchannel = "screen"\n'
    office = Office(tmp_path, settings=channel).at("2024-06-10T10:00")
    plan_one(office)
    number = ORDER
    late = office.at("2024-06-13T09:00")
    late.progress()
    assert clocks(late, number, "escalate")[0]["state"] == "running"
    minutes_later = office.at("2024-06-13T09:10")
    with minutes_later.desk.ledger() as ledger:
        send_waiting(minutes_later.desk, ledger, minutes_later.desk.now)
    (clock,) = clocks(minutes_later, number, "escalate")
    assert (clock["state"], clock["stopped"][11:16]) == ("met", "09:10")


def test_a_desk_may_count_working_hours_only(tmp_path: Path) -> None:
    office = Office(tmp_path, settings='[desk]\n[clocks]\ncount = "working"\n').at("2024-06-07T17:30")
    number = office.take("a.xlsx", a_row(1, 付款状态="", 接单时间="2024-06-07 17:30")).numbers[0]
    (clock,) = clocks(office, number, "anomaly")
    assert clock["due"][:16] == "2024-06-11T10:30", "Monday the 10th is the Dragon Boat Festival"
