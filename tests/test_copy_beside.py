"""The copy of a large file is drawn in a second process while its rows are decided, and is what it would be in one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from desks import Office, a_row
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from orderflow.flows.abreast import WORTH
from orderflow.flows.colleague import Colleague, Gone
from orderflow.flows.copyist import Copies, Copyist, CopyistBeside, Letterhead, tell
from orderflow.flows.handback import ReturnedRow, ReturnedSheet
from orderflow.flows.intake import take_in
from orderflow.flows.request import Request
from orderflow.records.account import Outcome, SheetAccount
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.registration import Registration
from orderflow.report.progress import Progress
from orderflow.sheets.headers import layout

HEAD = Letterhead("zh-Hans", datetime(2024, 6, 10, 9), "小周", 5_000)
LAYOUT = layout(["客户名称", "联系方式", "产品名称/型号", "订单数量"], Registration)
SAID = Finding(
    "missing-contact", Severity.ANOMALY, "contact", None, {}, Place("订单.xlsx", "订单", 3, 1), number="202406-002"
)
ROWS = [
    ReturnedRow(2, ["南湖医院", "139****5678", "A型设备", 5], Outcome.NEW, "202406-001", "k", "registered"),
    ReturnedRow(3, ["潮汐贸易", None, "B型耗材", 3], Outcome.FLAGGED, "202406-002", "k", "flagged", (SAID,)),
]


class KillsItsChildren(Progress):
    """What watches an intake, and ends the second process once everything is stored."""

    def begin(self, step: str, name: str) -> None:
        """A new step begins."""
        super().begin(step, name)
        for child in psutil.Process().children() if step == "writing" else ():
            with suppress(psutil.ZombieProcess):  # another test's, which nobody has waited for yet
                if any("flows.serving" in word for word in child.cmdline()):
                    child.kill()
                    child.wait()


def drawn(copies: Copies, target: Path, several: Sequence[Sequence[ReturnedRow]]) -> Path:
    """A copy whose rows come piece by piece."""
    sheet = ReturnedSheet(SheetAccount(Path("订单.xlsx"), "", "订单"), LAYOUT, None)
    copies.begin(0, sheet.name, sheet.layout)
    sheet.drawn = lambda rows: copies.add(0, rows)
    for rows in several:
        sheet.keep(rows)
    tell(copies, HEAD, Path("订单.xlsx"), [sheet], [SAID])
    return copies.write(target)


def test_a_copy_drawn_by_two_processes_is_the_one_drawn_by_one(tmp_path: Path) -> None:
    here = drawn(Copyist(HEAD), tmp_path / "here.xlsx", [ROWS])
    colleague = Colleague()
    try:
        beside = drawn(CopyistBeside(HEAD, colleague, 7), tmp_path / "beside.xlsx", [ROWS[:1], ROWS[1:]])
    finally:
        colleague.stop()
    assert beside.read_bytes() == here.read_bytes()
    book = load_workbook(beside)
    assert book["订单"]["D3"].comment is not None
    links = [cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'订单'!D3"]


def test_sheets_stand_as_in_the_file_whichever_was_begun_first_and_whatever_their_names(tmp_path: Path) -> None:
    copyist = Copyist(HEAD)
    summary, path = HEAD.say("messages.workbook.summary"), Path("订单.xlsx")
    sheets = [ReturnedSheet(SheetAccount(path, "", name), LAYOUT, None) for name in ("小", summary, "小")]
    copyist.begin(2, sheets[2].name, LAYOUT)
    sheets[2].drawn = lambda rows: copyist.add(2, rows)
    for at, sheet in enumerate(sheets):
        sheet.keep([replace(ROWS[0], cells=[f"客户{at}"])])
    tell(copyist, HEAD, path, sheets, [])
    book = load_workbook(copyist.write(tmp_path / "copy.xlsx"))
    assert book.sheetnames == [summary, "小", f"{summary} 2", "小 2"]
    assert [page["C2"].value for page in book.worksheets[1:]] == ["客户0", "客户1", "客户2"]


def test_findings_of_rows_that_do_not_go_back_are_one_line_for_each_kind(tmp_path: Path) -> None:
    late = Finding("date-not-feasible", Severity.WARNING, "delivery_date", None, {"date": "x", "earliest": "y"})
    place, path = Place("订单.xlsx", "订单"), Path("订单.xlsx")
    sheet = ReturnedSheet(SheetAccount(path, "", "订单"), LAYOUT, 1, header=1)
    warned = [replace(ROWS[0], row=nth, findings=(replace(late, place=place._replace(row=nth)),)) for nth in (4, 5, 6)]
    sheet.keep([*ROWS, *warned])
    whole = replace(late, place=place, params={"date": "整列", "earliest": "y"})
    above = replace(late, place=place._replace(row=1, column=3))
    beside = replace(late, place=place._replace(row=3), number="202406-002")
    copyist = Copyist(HEAD)
    tell(copyist, HEAD, path, [sheet], [SAID, beside, whole, above, *(row.findings[0] for row in warned)])
    first, page = load_workbook(copyist.write(tmp_path / "copy.xlsx")).worksheets
    said = [[cell.value for cell in row if cell.value] for row in first.iter_rows()]
    assert ["交付日期赶不上：另有 3 处，所在的行无需处理，未放入本表（--checked full 可放入全部行）"] in said
    assert [line[0] for line in said if "提醒" in line] == ["订单!3", "订单", "订单!D1"]
    assert [row[2].value for row in page.iter_rows(min_row=2)] == ["潮汐贸易"]


def test_what_stops_the_copy_there_is_said_here(tmp_path: Path) -> None:
    colleague = Colleague()
    try:
        with pytest.raises(OrderflowError) as refusal:
            drawn(CopyistBeside(HEAD, colleague, 7), tmp_path / "nowhere" / "copy.xlsx", [ROWS])
    finally:
        colleague.stop()
    assert refusal.value.code == "cannot-write"


def test_a_process_that_is_no_more_draws_no_copy(tmp_path: Path) -> None:
    before, colleague = psutil.Process().children(), Colleague()
    (process,) = set(psutil.Process().children()) - set(before)
    process.kill()
    try:
        with pytest.raises(Gone):
            drawn(CopyistBeside(HEAD, colleague, 7), tmp_path / "copy.xlsx", [ROWS])
    finally:
        colleague.stop()


def test_what_goes_wrong_with_the_copy_is_said_when_it_is_to_be_written(tmp_path: Path) -> None:
    colleague = Colleague()
    wrong = replace(ROWS[1], findings=(replace(SAID, code="nothing-known"),))
    try:
        with pytest.raises(Gone, match="nothing-known"):
            drawn(CopyistBeside(HEAD, colleague, 7), tmp_path / "copy.xlsx", [[wrong]])
        assert drawn(CopyistBeside(HEAD, colleague, 7), tmp_path / "copy.xlsx", [ROWS]).exists()
    finally:
        colleague.stop()


def test_a_large_file_comes_back_whole_also_where_the_second_process_ended_before(tmp_path: Path) -> None:
    before = psutil.Process().children()
    rows = [a_row(nth) for nth in range(1, WORTH + 50)]
    rows[7]["联系方式"] = None
    copies = []
    given = Office(tmp_path).file("订单.xlsx", rows)
    for name, watcher in (("甲", Progress("zh-Hans", shown=False)), ("乙", KillsItsChildren("zh-Hans", shown=False))):
        office = Office(tmp_path / name)
        file = given.rename(office.files / given.name)
        outcome = take_in(office.desk, Request([file], checked="full"), watcher)
        (sheet,) = outcome.sheets
        assert sheet.checked is not None
        copies.append(
            [row[1:] for row in CalamineWorkbook.from_path(sheet.checked).get_sheet_by_name("订单").to_python()]
        )
        given = file
    assert copies[0] == copies[1]
    assert len(copies[0]) == len(rows) + 1
    assert psutil.Process().children() == before
