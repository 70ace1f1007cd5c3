"""A report that was issued stays as it was; what is corrected later shows as a difference, with its cause (step 6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from desks import Office, a_row
from june import a_june

from orderflow.answers.month import MonthAnswer
from orderflow.answers.month_files import write_month
from orderflow.flows.month import work_out
from orderflow.records.errors import OrderflowError


def asked(office: Office, **how: Any) -> dict[str, Any]:
    worked = work_out(office.desk, "2024-06", how.pop("listed", None), **how)
    return MonthAnswer(office.desk, worked).as_json()


def test_issued_again_it_says_the_same_and_what_has_changed_since(tmp_path: Path) -> None:
    office = a_june(tmp_path)
    before = asked(office)
    first = asked(office.by("王经理"), issue=True)
    issued = first["issued"]
    assert (issued["at"], issued["by"]) == ("2024-07-03T09:00:00+08:00", "王经理")
    assert (issued["differences"], issued["changes"]) == ([], [])
    assert {**first, "issued": None} == before
    office.at("2024-07-05T10:00").mark("202406-012", "cancelled", note="客户不要了")
    answer = {"订单编号": "202406-007", "满意度评分": 3, "记录人": "*售后", "记录时间": "2024-07-04 10:00"}
    office.at("2024-07-05T11:00").feedback(office.file("late.xlsx", [answer]))
    later = office.at("2024-07-08T09:00")
    again = asked(later, issue=True)
    told = again.pop("issued")
    assert {**again, "issued": None} == before
    assert (told["by"], told["run"]) == ("王经理", first["issued"]["run"])
    changed = {one["metric"]: (one["issued"], one["now"]) for one in told["differences"]}
    assert changed["satisfaction"] == (4, 3.86)
    assert changed["anomaly_rate"] == (0.083, 0)
    assert "orders" not in changed
    causes = {(one["number"], one["code"]) for one in told["changes"]}
    assert ("202406-012", "cancelled") in causes
    assert {number for number, _ in causes} == {"202406-007", "202406-012"}


def test_its_definitions_and_settings_are_those_it_was_issued_with(tmp_path: Path) -> None:
    office = a_june(tmp_path)
    asked(office, issue=True)
    clocks = office.desk.settings.clocks.model_copy(update={"working_time": ("09:00-10:00",)})
    settings = office.desk.settings.model_copy(update={"clocks": clocks})
    other = office.at("2024-07-03T09:00")
    other.desk = replace(office.desk, settings=settings)
    told = asked(other)
    assert told["metrics"]["response_time_working"]["value"] == 2
    differences = {one["metric"]: one["now"] for one in told["issued"]["differences"]}
    assert differences == {"response_time_working": 1}
    assert told["issued"]["changes"] == []


def test_the_files_of_an_issued_month_bear_its_restatement(tmp_path: Path) -> None:
    office = a_june(tmp_path)
    asked(office, issue=True)
    office.at("2024-07-05T10:00").mark("202406-012", "cancelled", note="客户不要了")
    path = write_month(office.desk, work_out(office.desk, "2024-06"), office.files / "report.xlsx")
    book = openpyxl.load_workbook(path)
    assert "更正" in book.sheetnames
    assert "此后数据有变化" in str(book.worksheets[0]["A3"].value)


def test_a_month_under_way_is_not_issued_and_an_undone_issue_is_forgotten(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    office.take("orders.xlsx", a_row(1), a_row(2))
    with pytest.raises(OrderflowError) as refused:
        work_out(office.desk, "this", issue=True)
    assert refused.value.code == "report-not-over"
    july = office.at("2024-07-01T00:00")
    issued = asked(july, issue=True)["issued"]
    july.undo(issued["run"])
    assert asked(july)["issued"] is None
    assert july.troubles() == {}
