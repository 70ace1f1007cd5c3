"""A month's report as a workbook in the desk's folder of reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orderflow.flows.desk import Desk
from orderflow.records.month import Month, Restated
from orderflow.records.report import Report
from orderflow.report.month import report_of
from orderflow.report.month_orders import orders_table
from orderflow.report.month_words import Words

if TYPE_CHECKING:
    from pandas import DataFrame

FOLDER = "reports"
MOST_ORDERS = 100_000
"""More orders than this make a workbook that Excel no longer opens well."""


def whole_report(desk: Desk, month: Month, orders: DataFrame, most: int, restated: Restated | None = None) -> Report:
    """The report in words with the orders behind it, at most so many."""
    listed = orders_table(orders, Words(desk.lang), most)
    return report_of(month, desk.settings.desk.name, desk.lang, listed, restated)


def write_issued(desk: Desk, report: Report, month: str) -> Path:
    """Write the workbook of a month that is being issued; where it lies. Raises OrderflowError (see `atomic`)."""
    from orderflow.sheets.reported import write_report

    path = desk.path / FOLDER / f"{month[:4]}-{month[4:]}.xlsx"
    path.parent.mkdir(exist_ok=True)
    write_report(report, path)
    return path
