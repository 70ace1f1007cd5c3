"""Who is told of a month: the desk's group of its report, the specialist that one is due (PROCESS.md, step 6)."""

from __future__ import annotations

from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.telling import Told, tell
from orderflow.ledger import issued, lookup
from orderflow.ledger.book import Run
from orderflow.records.events import ATTACHED
from orderflow.records.month import Month
from orderflow.records.report import Report
from orderflow.report.month_words import Words
from orderflow.report.values import change, shown
from orderflow.rules.calendar import Calendar
from orderflow.rules.figures import before
from orderflow.rules.report_due import due_on

REPORT, DUE = "report", "report-due"
_MOST = 5


def tell_of_report(desk: Desk, run: Run, month: Month, report: Report, workbook: Path) -> None:
    """Queue the report of a month for the desk's group, with its workbook."""
    words = Words(desk.lang)
    figures = [one for section in report.sections for one in section.figures]
    facts = {
        "month": words.month(month.month),
        "figures": [
            f"{one.title} {shown(one.value, one.shape, desk.lang)} ({one.n}/{one.of},"
            f" {change(one.value, one.previous, one.shape, desk.lang)})"
            for one in figures
        ],
        "standouts": [words.sentence(one) for one in month.standouts[:_MOST]],
        ATTACHED: workbook.relative_to(desk.path).as_posix(),
    }
    tell(desk, run, [Told(REPORT, (), facts, f"{month.month}:{run.id}")])


def remind_of_report(desk: Desk, run: Run) -> int:
    """Tell the specialist, once, that last month's report is due today or overdue; how many notices are new.

    A month without orders needs no report.
    """
    calendar = Calendar(desk.settings.calendar.off, desk.settings.calendar.worked)
    due = due_on(desk.now.date().replace(day=1), desk.settings.report.due_day, calendar.is_working)
    month = before(f"{desk.now:%Y%m}", 2)[0]
    if desk.now.date() < due or issued.of_month(run, month) is not None or not lookup.has_orders_of(run, month):
        return 0
    facts = {"month": Words(desk.lang).month(month), "due": due.isoformat()}
    return tell(desk, run, [Told(DUE, (), facts, month)])
