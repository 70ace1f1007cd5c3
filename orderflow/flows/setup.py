"""Setting a desk up: its folders, its settings, its ledger, blank and reference workbooks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orderflow.flows.configuration import explained
from orderflow.flows.desk import Desk
from orderflow.places import FOLDERS, SETTINGS
from orderflow.records.errors import OrderflowError
from orderflow.records.rows import REFERENCES, WORKBOOKS


def set_up(desk: Desk) -> Desk:
    """Make `desk.path` a desk. What is already there stays as it is; the settings come last, so a torn start is none.

    Raises OrderflowError `folder-unwritable`.
    """
    from orderflow.sheets.templates import blank
    from orderflow.sheets.writer import write_workbook

    settings = desk.settings.model_copy(update={"desk": desk.settings.desk.model_copy(update={"language": desk.lang})})
    try:
        for name in FOLDERS:
            (desk.path / name).mkdir(parents=True, exist_ok=True)
        for workbook in (*WORKBOOKS, *REFERENCES):
            target = desk.path / f"{workbook.name}.xlsx"
            if not target.exists():
                write_workbook(blank(workbook, desk.lang), target)
        desk.ledger().close()
        (desk.path / SETTINGS).write_text(explained(settings, desk.lang), encoding="utf-8", newline="\n")
    except (PermissionError, FileExistsError, NotADirectoryError) as refused:
        raise OrderflowError("folder-unwritable", path=str(desk.path), why=str(refused)) from refused
    return replace(desk, settings=settings)


def write_templates(folder: Path, lang: str) -> list[Path]:
    """Write every blank workbook into `folder`, under its title in `lang`."""
    from orderflow.sheets.templates import blank_workbooks
    from orderflow.sheets.writer import write_workbook

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (PermissionError, FileExistsError) as refused:
        raise OrderflowError("folder-unwritable", path=str(folder), why=str(refused)) from refused
    files = []
    for title, layout in blank_workbooks(lang).items():
        write_workbook(layout, folder / f"{title}.xlsx")
        files.append((folder / f"{title}.xlsx").absolute())
    return files
