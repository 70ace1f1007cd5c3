"""What a review decides is followed up: on the command line, in a workbook, in next month's report (step 6)."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.comments
import openpyxl.styles
import pytest
from desks import Office, a_row
from june import a_june
from orderflow_cli import Prompt

from orderflow.answers.improve import ImproveAnswer
from orderflow.answers.month import MonthAnswer
from orderflow.flows.improving import Improving, add, decided, done, listed
from orderflow.flows.month import work_out
from orderflow.flows.sync import sync
from orderflow.ledger import improvements
from orderflow.records.errors import WrongUsage
from orderflow.report.progress import Progress


def raised(office: Office, problem: str, *, due: str | None = None, metric: str | None = None) -> Improving:
    return add(office.desk, decided(office.desk, problem, "备用设备", "李主管", due, metric))


def told(office: Office, month: str) -> list[dict[str, Any]]:
    improvements: list[dict[str, Any]] = MonthAnswer(office.desk, work_out(office.desk, month)).as_json()[
        "improvements"
    ]
    return improvements


def opened(office: Office) -> tuple[openpyxl.Workbook, Any]:
    book = openpyxl.load_workbook(office.desk.path / "improvements.xlsx")
    return book, book.worksheets[0]


def test_the_next_months_report_shows_the_figure_before_and_after(tmp_path: Path) -> None:
    july = a_june(tmp_path)
    raised(july, "质检常延迟", due="2024-08-20", metric="平均交付周期")
    raised(july, "回复慢", due="2024-07-15", metric="satisfaction")
    in_june = told(july, "2024-06")
    assert [(one["number"], one["before"], one["after"]) for one in in_june] == [("2", 4, None), ("1", 5, None)]
    august = july.at("2024-08-02T09:00")
    assert [(one["number"], one["overdue"]) for one in told(august, "2024-07")] == [("2", True), ("1", False)]
    first = told(august, "2024-07")[1]
    assert (first["metric"], first["about"], first["before"], first["after"]) == ("delivery_cycle", "2024-06", 5, None)
    done(august.desk, "2", "客户满意多了")
    assert [(one["number"], one["status"]) for one in told(august, "2024-07")] == [("1", "open"), ("2", "done")]


def test_people_fill_in_the_workbook_and_the_desk_takes_it_in(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    raised(office, "质检常延迟", due="2024-08-20")
    book, page = opened(office)
    assert [cell.value for cell in page[1]][:4] == ["编号", "问题", "改进措施", "责任人"]
    page["H2"], page["G2"], page["B3"], page["E3"] = "延迟减半", "已完成", "包装破损", "2024-09-01"
    book.save(office.desk.path / "improvements.xlsx")
    found = listed(office.desk)
    assert found.run is not None
    assert [(row.number, row.problem, row.status, row.effect) for row in found.rows] == [
        ("2", "包装破损", "open", None),
        ("1", "质检常延迟", "done", "延迟减半"),
    ]
    assert [opened(office)[1].cell(row, 1).value for row in (2, 3)] == ["2", "1"]
    again = listed(office.desk)
    assert (again.run, len(again.rows)) == (None, 2)
    office.undo(found.run)
    assert [(row.number, row.status) for row in listed(office.desk).rows] == [("1", "open")]
    assert office.troubles() == {}


def test_issuing_a_report_takes_the_workbook_in_first(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.take("orders.xlsx", a_row(1))
    july = office.at("2024-07-03T09:00")
    raised(july, "质检常延迟")
    book, page = opened(july)
    page["D2"] = "王主管"
    book.save(july.desk.path / "improvements.xlsx")
    work_out(july.desk, "last", issue=True)
    assert [one["owner"] for one in told(july, "2024-06")] == ["王主管"]


def test_what_the_desk_changed_meanwhile_stays_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    office = Office(tmp_path)
    raised(office, "质检常延迟")
    book, page = opened(office)
    page["G2"], page["E2"], page["D2"] = "已取消", "月底", "王主管"
    done(office.desk, "1", None)
    book.save(office.desk.path / "improvements.xlsx")
    found = listed(office.desk)
    told = {(one.code, one.field, one.place.cell if one.place else None) for one in found.findings}
    assert told == {
        ("changed-on-both-sides", "improvements.status", "G2"),
        ("unreadable-date", "improvements.due", "E2"),
    }
    assert (found.rows[0].owner, found.rows[0].status) == ("王主管", "done")
    assert ImproveAnswer(office.desk, found).exit_code == 1
    _, page = opened(office)
    assert (page["E2"].value, page["G2"].value) == ("月底", "已完成")
    assert "已取消" in page["G2"].comment.text
    page["E2"] = "2024-09-30"
    page.parent.save(office.desk.path / "improvements.xlsx")
    mended = listed(office.desk)
    assert (mended.findings, mended.rows[0].due) == ([], date(2024, 9, 30))


def test_columns_colours_and_comments_that_people_add_stay(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    raised(office, "质检常延迟")
    raised(office, "包装破损")
    book, page = opened(office)
    page["K1"], page["K2"], page["L1"], page["L3"] = "预算(万元)", 12.5, "会议纪要", "见七月纪要"
    page["B3"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFFEB3B")
    page["C2"].comment = openpyxl.comments.Comment("老李：先试一个月", "老李")
    page["D4"] = "赵主管"  # a row that says who, and not yet what
    book.save(office.desk.path / "improvements.xlsx")
    with Progress("zh-Hans", shown=False) as progress:
        outcome = sync(office.desk, [], progress)
    assert [one.change.kind for one in outcome.entries] == ["improvement-raised"]
    assert ("improvements", "changed", True) in [(one.kind, one.found, one.written) for one in outcome.workbooks]
    done(office.desk, "1", "延迟减半")
    _, page = opened(office)
    at = {str(page.cell(row, 1).value): row for row in range(2, 5)}
    first, second, third = (at[number] for number in "123")
    assert [page["K1"].value, page["L1"].value] == ["预算(万元)", "会议纪要"]
    assert (page.cell(first, 11).value, page.cell(second, 12).value) == (12.5, "见七月纪要")
    assert page.cell(second, 2).fill.fgColor.rgb.endswith("FFEB3B")
    assert page.cell(first, 3).comment.text == "老李：先试一个月"
    assert (page.cell(third, 4).value, page.cell(first, 8).value) == ("赵主管", "延迟减半")
    with Progress("zh-Hans", shown=False) as progress:
        assert sync(office.desk, ["improvements"], progress).run is None


def test_a_copy_in_the_inbox_is_taken_in_however_old(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    raised(office, "质检常延迟", due="2024-08-20")
    book, page = opened(office)
    page["H2"], page["C2"] = "见效", "备用检测设备"
    inbox = office.desk.path / "inbox"
    inbox.mkdir(exist_ok=True)
    book.save(inbox / "改进措施-老李.xlsx")
    os.utime(inbox / "改进措施-老李.xlsx", (0, 0))
    done(office.desk, "1", "延迟减半")
    watched = office.watch()
    assert [one["code"] for one in watched["findings"]] == ["changed-on-both-sides"]
    with office.desk.ledger() as ledger, ledger.read() as kept:
        (row,) = improvements.all_of(kept).values()
    assert (row.effect, row.measure, row.status) == ("延迟减半", "备用检测设备", "done")
    assert (inbox / "done" / "改进措施-老李.xlsx").exists()
    assert opened(office)[1]["C2"].value == "备用检测设备"


def test_what_is_typed_wrong_is_refused(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for how, code in (({"due": "月底"}, "day-unreadable"), ({"metric": "利润"}, "metric-unknown")):
        with pytest.raises(WrongUsage) as refused:
            raised(office, "质检常延迟", **how)
        assert refused.value.code == code
    with pytest.raises(WrongUsage):
        done(office.desk, "7", None)


def test_the_command_keeps_lists_and_closes(tmp_path: Path) -> None:
    prompt = Prompt(Office(tmp_path).desk.path.parent)
    said = prompt.json("improve", "add", "质检常延迟", "--owner", "李主管", "--due", "2024-05-01", "--metric", "orders")
    assert said.json["improvements"][0]["overdue"] is True
    assert "已过期" in prompt.run("improve", "list").out
    assert prompt.json("improve", "done", "1", "--effect", "好了").json["improvements"][0]["effect"] == "好了"


def test_the_watch_takes_in_what_people_wrote_into_the_workbook(tmp_path: Path) -> None:
    office = Office(tmp_path)
    raised(office, "质检常延迟")
    book, page = opened(office)
    page["C2"] = "备用检测设备"
    book.save(office.desk.path / "improvements.xlsx")
    office.watch()
    with office.desk.ledger() as ledger, ledger.read() as kept:
        assert [row.measure for row in improvements.all_of(kept).values()] == ["备用检测设备"]
    (office.desk.path / "improvements.xlsx").write_bytes(b"PK\x03\x04 damaged")
    assert [found["code"] for found in office.watch()["findings"]] == ["file-damaged"]
