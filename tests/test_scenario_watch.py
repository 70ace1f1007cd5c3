"""`watch`: cron looks every few minutes, and nobody in a department needs a shell (step 4)."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt
from receivers import Answer, web_receiver
from windows import Page, edited, page, put

from orderflow.flows.tracking import Report
from orderflow.ledger import outbox
from orderflow.ledger.outbox import Notice
from orderflow.sheets.blanks import shipped


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url, window=True).at("2024-06-10T09:00")


def dropped(office: Office, path: Path, *, age: float = 60) -> Path:
    """A file that somebody put into the inbox so many seconds ago."""
    target = Path(shutil.copy(path, office.desk.path / "inbox"))
    then = office.desk.entered_at.timestamp() - age
    os.utime(target, (then, then))
    return target


def names(office: Office, folder: str) -> list[str]:
    inbox = office.desk.path / "inbox" / folder
    return sorted(path.name for path in inbox.iterdir() if path.is_file()) if inbox.is_dir() else []


def told(office: Office, event: str) -> list[Notice]:
    with office.desk.ledger() as ledger, ledger.read() as book:
        return [notice for notice in outbox.in_states(book, outbox.STATES) if notice.event == event]


def breaches(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["number"], one["code"]) for one in said["breaches"]]


def test_orders_in_the_inbox_are_taken_and_their_result_lies_beside_them(office: Office) -> None:
    dropped(office, office.file("早班.xlsx", [a_row(1), a_row(2, 付款状态="")]))
    said = office.watch()
    (file,) = said["files"]
    assert (file["name"], file["kind"], file["taken"]) == ("早班.xlsx", "registration", True)
    assert names(office, "") == []
    assert names(office, "done") == ["早班.checked.xlsx", "早班.xlsx", "早班.xlsx.txt"]
    words = Path(file["result"]).read_text(encoding="utf-8-sig")
    assert "新增 1 · 异常 1" in words
    assert "付款状态" in words
    assert [order["number"] for order in office.find(state="flagged")] == ["202406-002"]
    again = office.watch()
    assert (again["files"], again["run"]) == ([], None)


def test_every_kind_of_workbook_is_known_by_its_headers(office: Office) -> None:
    may = office.at("2024-05-10T11:00")
    for name in ("registration.xlsx", "priority.xlsx"):
        dropped(may, EXAMPLES / name)
    said = may.watch()
    assert [(one["name"], one["kind"]) for one in said["files"]] == [
        ("priority.xlsx", "priority"),
        ("registration.xlsx", "registration"),
    ]
    dropped(may, EXAMPLES / "priority.xlsx")
    may.watch()
    assert may.show("202405-001")["priority"]["level"] == "high"


def test_customers_in_the_inbox_become_the_desk_s_and_the_old_ones_are_kept(office: Office) -> None:
    own = office.desk.path / "customers.xlsx"
    before = office.file("客户.xlsx", [{"客户名称": "星辰商贸", "客户等级": "VIP"}]).read_bytes()
    own.write_bytes(before)
    new = dropped(office, office.file("新客户.xlsx", [{"客户名称": "星辰商贸", "客户等级": "普通"}])).read_bytes()
    assert office.watch()["files"][0]["kind"] == "customers"
    assert own.read_bytes() == new
    assert (office.desk.path / "inbox/done/customers-before.xlsx").read_bytes() == before


def test_what_cannot_be_read_is_put_aside_with_the_reason_and_the_rest_goes_in(office: Office) -> None:
    broken = office.files / "坏的.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing more")
    dropped(office, broken, age=3600)
    dropped(office, office.file("好的.xlsx", [a_row(1)]))
    said = office.watch()
    assert {one["name"]: one["taken"] for one in said["files"]} == {"坏的.xlsx": False, "好的.xlsx": True}
    assert names(office, "failed") == ["坏的.xlsx", "坏的.xlsx.txt"]
    assert said["findings"][0]["file"].endswith("坏的.xlsx")


def test_what_is_no_workbook_at_all_is_put_aside_and_said(office: Office) -> None:
    for name, content in (("合同.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), ("照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF")):
        (office.files / name).write_bytes(content)
        dropped(office, office.files / name, age=3600)
    for name in ("desktop.ini", "订单.xlsx.crdownload"):
        (office.desk.path / "inbox" / name).write_bytes(b"")
    said = office.watch()
    assert [one["taken"] for one in said["files"]] == [False, False]
    assert {found["code"] for found in said["findings"]} == {"file-is-pdf", "file-is-picture"}
    assert names(office, "failed") == ["合同.pdf", "合同.pdf.txt", "照片.jpg", "照片.jpg.txt"]
    assert names(office, "") == ["desktop.ini", "订单.xlsx.crdownload"]


def test_answers_of_which_none_is_a_known_order_s_are_put_aside(office: Office) -> None:
    office.take("a.xlsx", a_row(1))
    dropped(office, EXAMPLES / "survey-form.csv")
    said = office.watch()
    assert [(one["kind"], one["taken"]) for one in said["files"]] == [("feedback", False)]
    assert names(office, "failed") == ["survey-form.csv", "survey-form.csv.txt"]


def test_a_file_that_is_still_being_written_waits(office: Office) -> None:
    path = office.file("大.xlsx", [a_row(1)])
    half = office.files / "half.xlsx"
    half.write_bytes(path.read_bytes()[:2000])
    young, partial = dropped(office, path, age=1), dropped(office, half, age=30)
    assert office.watch()["waiting_files"] == ["half.xlsx", "大.xlsx"]
    assert young.exists()
    assert partial.exists()


def test_each_warning_is_given_once_for_order_clock_and_degree(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    assert office.at("2024-06-10T11:00").watch()["run"] is None, "two of four hours are left"
    assert office.at("2024-06-10T11:31").watch()["breaches"] == []
    (soon,) = told(office, "clock-soon")
    assert [one["clock"] for one in soon.facts["orders"]] == ["confirm", "plan"]
    late = office.at("2024-06-10T12:31")
    assert breaches(late.watch()) == [(number, "confirm"), (number, "plan")]
    assert breaches(late.watch()) == []
    assert breaches(office.at("2024-06-12T09:00").watch()) == []
    assert (len(told(office, "clock-soon")), len(told(office, "clock-broken"))) == (1, 1)


def test_a_late_stage_saved_in_a_department_s_file_is_an_exception_within_one_watch(office: Office) -> None:
    """The file becomes an exception with a new forecast, a notice, and a line on the board."""
    taken = office.take("a.xlsx", a_row(1))
    (number,) = taken.numbers
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    office.plan()

    def late(opened: Page) -> None:
        opened[1, "实际完成时间"], opened[1, "异常说明"] = date(2024, 6, 13), "设备故障"

    edited(office, late, name="progress.xlsx")
    evening = office.at("2024-06-13T16:00")
    said = evening.watch()
    assert "stage-late" in [finding["code"] for finding in said["findings"]]
    assert [notice.facts["days"] for notice in told(office, "exception")] == [1]
    assert evening.show(number)["stages"][1]["forecast"] == "2024-06-14"
    assert ("report", number) in [(one["code"], one["number"]) for one in evening.today()["items"]]
    assert page(evening, "progress.xlsx").column("当前评估") == [
        "预计 2024-06-14 完成，晚 1 天",
        "预计 2024-06-16 完成，晚 1 天",
        "晚 1 天完成",
    ]


def test_within_one_watch_the_notice_of_a_late_stage_is_at_the_receiver(
    tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with web_receiver(Answer(200)) as receiver:
        settings = (
            '[desk]\n[channels.hook]\nkind = "webhook"\nurl = "file:url.txt"\n'
            '[[routes]]\nchannel = "hook"\nevents = ["exception"]\n'
        )
        office = Office(tmp_path, ledger_url, settings, window=True).at("2024-06-10T09:00")
        (office.desk.path / "url.txt").write_text(receiver.url, encoding="utf-8")
        taken = office.take("a.xlsx", a_row(1))
        office.by("小吴").mark("checked", run=taken.run)
        office.prioritize()
        office.plan()
        edited(office, put(1, "实际完成时间", date(2024, 6, 13)), name="progress.xlsx")
        evening = office.at("2024-06-13T16:00")
        assert evening.watch()["sent"] == 1
        (sent,) = receiver.got
        assert taken.numbers[0] in sent.body
        escalated = [clock for clock in evening.show(taken.numbers[0])["clocks"] if clock["clock"] == "escalate"]
        assert [clock["state"] for clock in escalated] == ["met"]
        assert evening.watch()["sent"] == 0


def test_a_day_that_passes_with_nothing_filled_in_is_an_exception_too(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1))
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    office.plan()
    later = office.at("2024-06-14T09:00")
    assert later.watch()["run"] is not None
    assert [notice.facts["stage"] for notice in told(office, "exception")] == ["production", "inspection"]
    assert later.watch()["run"] is None


def test_blank_workbooks_in_the_inbox_are_put_aside(office: Office) -> None:
    from orderflow.records.rows import WORKBOOKS

    blank = shipped(WORKBOOKS[0], "zh-Hans")
    assert blank is not None
    dropped(office, blank)
    assert office.watch()["files"][0]["kind"] == "registration"


def test_another_watch_at_work_is_left_to_it(office: Office) -> None:
    from orderflow.flows.turns import Turns
    from orderflow.flows.watch import WATCHING

    with Turns(office.desk.path, WATCHING) as turns:
        assert turns.take(0)
        said = Prompt(office.desk.path.parent).json("watch")
    assert (said.exit_code, said.json["busy"]) == (0, True)


def test_the_day_is_told_once_and_each_customer_once_a_day(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2))
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    office.plan()
    evening = office.at("2024-06-12T17:00")
    done = {"actual": date(2024, 6, 12), "tracking_number": "SF0000000001"}
    evening.progress(Report(taken.numbers[0], "production", done))
    said = evening.digest()
    assert [(one["number"], one["stage"], one["actual"]) for one in said["orders"]] == [
        (taken.numbers[0], "production", "2024-06-12")
    ]
    assert (said["counts"]["open"], said["counts"]["late"], said["notices"]) == (2, 0, 2)
    assert said["silent"] == []
    (moved,) = told(office, "moved")
    assert (moved.state, moved.facts["expected"]) == (outbox.HELD, "2024-06-15")
    (day,) = told(office, "digest")
    assert (day.recipient, day.facts["count"]) == ("group", 1)
    again = evening.digest()
    assert (again["run"], again["notices"]) == (None, 0)
    assert office.at("2024-06-13T17:00").digest()["notices"] == 1


def test_two_stages_found_late_by_one_watch_are_one_broken_clock(office: Office) -> None:
    office.take("a.xlsx", a_row(1))
    office.by("小李").mark("checked", run=1)
    office.prioritize()
    office.plan()
    office.at("2024-06-29T10:00").watch()
    broken = [one["code"] for one in office.at("2024-06-29T12:00").watch()["breaches"]]
    assert broken.count("escalate") == 1
