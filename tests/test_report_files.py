"""The month as a workbook and as JSON: native charts over their data, every order, definitions (step 6)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from desks import Office
from june import a_june
from openpyxl.worksheet.worksheet import Worksheet

from orderflow.answers.month_files import refuse_ending, write_month
from orderflow.flows.month import work_out
from orderflow.records.errors import WrongUsage


@pytest.fixture(scope="module")
def june(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return a_june(tmp_path_factory.mktemp("june"))


def cells(page: Worksheet) -> list[list[object]]:
    return [list(row) for row in page.iter_rows(values_only=True)]


def test_the_workbook_has_figures_charts_and_all_orders(june: Office) -> None:
    path = write_month(june.desk, work_out(june.desk, "last"), june.files / "report.xlsx")
    book = openpyxl.load_workbook(path)
    front, *_, orders, agenda = book.worksheets
    assert agenda.title == "月度复盘会议程"
    assert cells(front)[0][0] == "月报 2024-06"
    figures = {row[0]: row[1:] for row in cells(front) if row[0]}
    assert figures["平均响应时长"][0] == 2.73
    assert str(figures["平均响应时长"][7]).startswith("从接单到方案完成")
    assert figures["平均满意度"][6] == "客户未答复: 5\n未交付: 1"
    with ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    drawn = [re.findall("<c:(lineChart|barChart)>", chart) for chart in charts]
    assert sorted(drawn) == [["barChart"], ["barChart"], ["barChart", "lineChart"], *[["lineChart"]] * 3]
    assert all("<c:cat>" in chart and "<c:val>" in chart for chart in charts)
    listed = cells(orders)
    assert [row[0] for row in listed[2:]] == [f"202406-{nth:03d}" for nth in range(1, 13)]
    assert orders.auto_filter.ref is not None
    assert all(page.page_setup.orientation == "landscape" for page in book.worksheets)


def test_the_json_is_that_of_the_command(june: Office) -> None:
    path = write_month(june.desk, work_out(june.desk, "last"), june.files / "report.json")
    said = json.loads(path.read_text(encoding="utf-8"))
    assert (said["month"], said["metrics"]["orders"]["value"]) == ("2024-06", 12)


def test_another_ending_is_refused_before_anything_is_worked_out() -> None:
    with pytest.raises(WrongUsage) as refused:
        refuse_ending(Path("report.pdf"))
    assert refused.value.code == "report-ending"
