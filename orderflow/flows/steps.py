"""`prioritize`, `plan` and `progress`: edits of a workbook are taken, then the step is done for every live order.

Each is one run, or none where nothing changed; who has to know is told in it, then the workbooks are written afresh.
`shown`: with progress on a terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orderflow.flows.carrying_on import carry_on
from orderflow.flows.desk import Desk
from orderflow.flows.judging import Edit, Judging, judge_all
from orderflow.flows.planning import DeskPlanning, Planning
from orderflow.flows.planning import Edit as StageEdit
from orderflow.flows.tracking import DeskTracking, Report, Tracking
from orderflow.flows.worked_on import worked_on
from orderflow.report.progress import Progress

PRIORITY, PLAN, PROGRESS = "priority", "plan", "progress"


def prioritize(
    desk: Desk, edits: Sequence[Edit] = (), *, file: Path | None = None, dry_run: bool = False, shown: bool = False
) -> Judging:
    """Take a manager's edits (`edits`, those of the priority workbook and of `file`), judge what can be judged."""
    with (
        Progress(desk.lang, shown=shown) as progress,
        worked_on(desk, "prioritize", {"edits": len(edits)}, [PRIORITY], file, progress, dry_run=dry_run) as work,
    ):
        work.take()
        outcome = judge_all(desk, work.run, edits)
        outcome.findings += carry_on(desk, work.run, work.taken, done=[PRIORITY])
        outcome.dry = dry_run
        judged = sum(one.outcome != "unchanged" for one in outcome.judged)
        outcome.run = work.keep({"judged": judged, "unjudged": len(outcome.unjudged)})
    outcome.findings[:0] = work.findings
    outcome.workbook = next(iter(work.written), None)
    return outcome


def plan_orders(
    desk: Desk, edits: Sequence[StageEdit] = (), *, file: Path | None = None, dry_run: bool = False, shown: bool = False
) -> Planning:
    """Take people's edits (`edits`, those of the plan and progress workbooks and of `file`), plan what can be planned.

    Departments and customers are told.
    """
    with (
        Progress(desk.lang, shown=shown) as progress,
        worked_on(desk, "plan", {"edits": len(edits)}, [PLAN, PROGRESS], file, progress, dry_run=dry_run) as work,
    ):
        work.take()
        planning = DeskPlanning(desk, work.run, work.taken.plans_before)
        planning.edit([*planning.written, *edits])
        planning.plan_waiting()
        work.foresee(len(planning.touched))
        planning.conclude()
        outcome = planning.outcome
        outcome.findings += carry_on(desk, work.run, work.taken, done=[PLAN])
        outcome.dry = dry_run
        outcome.run = work.keep({"planned": len(planning.touched), "unplanned": len(outcome.unplanned)})
    outcome.findings[:0] = work.findings
    outcome.workbook = next(iter(work.written), None)
    return outcome


def track(
    desk: Desk, reports: Sequence[Report] = (), *, file: Path | None = None, dry_run: bool = False, shown: bool = False
) -> Tracking:
    """Take what departments reported (`reports`, the progress workbook's edits and those of `file`).

    Every open stage is looked at.
    """
    with (
        Progress(desk.lang, shown=shown) as progress,
        worked_on(desk, "progress", {"reports": len(reports)}, [PROGRESS], file, progress, dry_run=dry_run) as work,
    ):
        work.take()
        found = carry_on(desk, work.run, work.taken, done=[PROGRESS])
        outcome = DeskTracking(desk, work.run).track(work.taken.plans_before, reports)
        outcome.findings += found
        outcome.dry = dry_run
        moved = sum(one.outcome != "unchanged" for one in outcome.tracked)
        delayed = sum(len(one.delays) for one in outcome.tracked)
        outcome.run = work.keep({"updated": moved, "exceptions": delayed})
    outcome.findings[:0] = work.findings
    outcome.workbook = next(iter(work.written), None)
    return outcome
