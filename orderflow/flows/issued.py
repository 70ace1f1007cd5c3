"""The report that was issued for a month, as the archive seals it: the one place where the two meet."""

from __future__ import annotations

from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.records.bag import shown_month

FOLDER = "reports"


def issued_files(desk: Desk, month: str) -> list[Path]:
    """The files of the report issued for a month (`202405`), by name: those of `reports/` that begin with `2024-05`."""
    return sorted(path for path in (desk.path / FOLDER).glob(f"{shown_month(month)}*") if path.is_file())
