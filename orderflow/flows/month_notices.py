"""Who is told of a month: the desk's group of its report, the specialist that one is due (PROCESS.md, step 6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderflow.flows.desk import Desk
from orderflow.flows.issuing import digest_of
from orderflow.flows.month_workbook import MOST_ORDERS, whole_report, write_issued
from orderflow.flows.telling import Told, key_of, tell
from orderflow.ledger import issued, lookup, outbox
from orderflow.ledger.book import Book, Run
from orderflow.notices.routing import ways
from orderflow.records.events import ATTACHED, EVENTS
from orderflow.records.month import Month
from orderflow.records.report import Report
from orderflow.report.month_words import Words
from orderflow.report.values import change, shown
from orderflow.rules.calendar import Calendar
from orderflow.rules.figures import before
from orderflow.rules.report_due import due_on

if TYPE_CHECKING:
    from pandas import DataFrame

REPORT, DUE = "report", "report-due"
_MOST = 5


def can_leave(desk: Desk) -> bool:
    """Whether a channel takes the report to the desk's group."""
    report, settings = EVENTS[REPORT], desk.settings
    whom = {"event": REPORT, "severity": report.severity.value, "recipient": report.recipient.value}
    return bool(ways(settings.routes, settings.channels, **whom))


def is_told(book: Book, month: str, digest: str = "") -> bool:
    """Whether the report of a month (with these figures) has been queued for the desk's group."""
    return outbox.stands(book, key_of(REPORT, f"{month}:{digest}"))


def tell_of_report(desk: Desk, run: Run, month: Month, orders: DataFrame) -> None:
    """Write the report of a month into the desk's folder, and queue it for the desk's group unless it was told.

    It is in the desk's own language, whoever asks. Raises OrderflowError (see `atomic`).
    """
    own = replace(desk, lang=desk.settings.desk.language or desk.lang)
    report = whole_report(own, month, orders, MOST_ORDERS)
    workbook, digest = write_issued(own, report, month.month), digest_of(month)
    if not is_told(run, month.month, digest):
        tell(own, run, [Told(REPORT, (), _facts(own, month, report, workbook), f"{month.month}:{digest}:{run.id}")])


def _facts(desk: Desk, month: Month, report: Report, workbook: Path) -> dict[str, Any]:
    words = Words(desk.lang)
    figures = [one for section in report.sections for one in section.figures]
    return {
        "month": words.month(month.month),
        "figures": [
            f"{one.title} {shown(one.value, one.shape, desk.lang)} ({one.n}/{one.of},"
            f" {change(one.value, one.previous, one.shape, desk.lang)})"
            for one in figures
        ],
        "standouts": [words.sentence(one) for one in month.standouts[:_MOST]],
        ATTACHED: workbook.relative_to(desk.path).as_posix(),
    }


def remind_of_report(desk: Desk, run: Run) -> int:
    """Tell the specialist, once, that last month's report is due today or overdue; how many notices are new.

    A month without orders needs no report.
    """
    calendar = Calendar(desk.settings.calendar.off, desk.settings.calendar.worked)
    due = due_on(desk.now.date().replace(day=1), desk.settings.report.due_day, calendar.is_working)
    month = before(f"{desk.now:%Y%m}", 2)[0]
    is_done = is_told(run, month) or issued.is_issued(run, month)
    if desk.now.date() < due or is_done or not lookup.has_orders_of(run, month):
        return 0
    facts = {"month": Words(desk.lang).month(month), "due": due.isoformat()}
    return tell(desk, run, [Told(DUE, (), facts, month)])
