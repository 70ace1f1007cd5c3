"""What follows in the ledger, in the same run, from what people changed in a workbook.

A manager's word moves a level, a department's date moves what follows it, a late stage becomes an exception; whichever
command took the workbook in. Which orders are judged or planned anew for other reasons is for `prioritize` and `plan`.
"""

from __future__ import annotations

from collections.abc import Sequence

from orderflow.flows.desk import Desk
from orderflow.flows.judging import rejudge
from orderflow.flows.planning import take_edits
from orderflow.flows.tracking import take_reports
from orderflow.flows.workbook_taking import TakenWorkbooks
from orderflow.ledger.book import Run
from orderflow.records.finding import Finding


def carry_on(desk: Desk, run: Run, taken: TakenWorkbooks, *, done: Sequence[str] = ()) -> list[Finding]:
    """Bring up to date what rests on the workbooks that were taken, but for those kinds that the command has `done`."""
    kinds, before = taken.kinds - set(done), taken.plans_before
    found: list[Finding] = []
    if "priority" in kinds:
        found += rejudge(desk, run)
    if "plan" in kinds:
        found += take_edits(desk, run, before)
    if "progress" in kinds:
        found += take_reports(desk, run, before)
    return found
