"""How an open case looks in the feedback workbook: coloured by its age, with what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from orderflow.flows.desk import Desk
from orderflow.records.feedback import Case
from orderflow.report.cases import causes
from orderflow.sheets.layout import Cell, CellValue
from orderflow.sheets.palette import Look

OLD = timedelta(days=3)
"""The age from which a case is to be looked at before all others."""


def look_of(case: Case, desk: Desk) -> Look:
    """Yellow while it is new, red once it is old."""
    return Look.ERROR if desk.now - case.opened_at >= OLD else Look.WARNING


def coloured(desk: Desk, cells: Mapping[str, CellValue], case: Case) -> dict[str, CellValue]:
    """The cells of a delivery with an open case: whose it is since when, and the amount to be confirmed."""
    owner = case.owner or desk.say("messages.after.unowned")
    opened = f"{desk.local(case.opened_at):%m-%d %H:%M}"
    told = desk.say("messages.sheets.case", causes=causes(case, desk.lang), owner=owner, opened=opened)
    found = dict(cells)
    found["number"] = Cell(case.number, look_of(case, desk), told)
    if (ask := proposal(desk, case)) is not None and "resolution" not in found:
        found["resolution"] = Cell(None, Look.WARNING, ask)
    return found


def proposal(desk: Desk, case: Case) -> str | None:
    """What the opinion proposes, for who works in the workbook to confirm there; `None` where nothing is open."""
    if case.proposed is None or case.remedies:
        return None
    return desk.say("messages.sheets.proposed", amount=f"{case.proposed.number:f}{case.proposed.unit or ''}")
