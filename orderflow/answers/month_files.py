"""A month's report as a file: a workbook with charts, one page, or JSON; which, the ending says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.month import Worked
from orderflow.flows.month_workbook import MOST_ORDERS, whole_report
from orderflow.records.errors import WrongUsage
from orderflow.records.report import Report
from orderflow.report.month_words import Words

_MOST_ON_A_PAGE = 20_000  # orders, of which a browser makes a table


def refuse_ending(out: Path | None) -> None:
    """Raises WrongUsage `report-ending` for a file that is none of the three kinds."""
    if out is not None and out.suffix.lower() not in _WRITERS:
        raise WrongUsage("report-ending", path=str(out), known=list(_WRITERS))


def write_month(desk: Desk, worked: Worked, out: Path) -> Path:
    """Write the report to `out`, in the place of what was there; where it is. Raises OrderflowError (see `atomic`)."""
    path = out.absolute()
    _WRITERS[out.suffix.lower()](desk, worked, path)
    return path


def _report(desk: Desk, worked: Worked, most: int) -> Report:
    return whole_report(desk, worked.month, worked.orders, most, worked.restated)


def _workbook(desk: Desk, worked: Worked, path: Path) -> None:
    from orderflow.sheets.reported import write_report

    write_report(_report(desk, worked, MOST_ORDERS), path)


def _page(desk: Desk, worked: Worked, path: Path) -> None:
    from orderflow.report.page import page

    _replace(path, page(_report(desk, worked, _MOST_ON_A_PAGE)))


def _json(desk: Desk, worked: Worked, path: Path) -> None:
    from orderflow.answers.month_json import month_json

    _replace(path, month_json(worked, Words(desk.lang)).model_dump_json(indent=2) + "\n")


def _replace(path: Path, content: str) -> None:
    from orderflow.sheets.atomic import replace_content

    replace_content(path, content.encode())


_WRITERS: Mapping[str, Callable[[Desk, Worked, Path], None]] = {".xlsx": _workbook, ".html": _page, ".json": _json}
