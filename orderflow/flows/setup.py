"""Setting a desk up: its folders, its settings, its ledger, blank and reference workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from orderflow.flows.configuration import explained
from orderflow.flows.desk import Desk, desk_at
from orderflow.places import FOLDERS, SETTINGS, find_desk, is_desk
from orderflow.records.errors import OrderflowError
from orderflow.records.rows import REFERENCES, WORKBOOKS


def open_or_create_desk(
    given: Path | None = None, actor: str | None = None, lang: str | None = None
) -> tuple[Desk, bool]:
    """As `open_desk`, setting a desk up where none is yet; the second value says whether it did."""
    path = find_desk(given)
    desk = desk_at(path, actor, lang)
    return (desk, False) if is_desk(path) else (set_up(desk), True)


def set_up(desk: Desk) -> Desk:
    """Make `desk.path` a desk. What is already there stays as it is; the settings come last, so a torn start is none.

    Raises OrderflowError `folder-unwritable`.
    """
    from orderflow.sheets.blanks import put_blank

    settings = desk.settings.model_copy(update={"desk": desk.settings.desk.model_copy(update={"language": desk.lang})})
    try:
        for name in FOLDERS:
            (desk.path / name).mkdir(parents=True, exist_ok=True)
        for workbook in (*WORKBOOKS, *REFERENCES):
            target = desk.path / f"{workbook.name}.xlsx"
            if not target.exists():
                put_blank(workbook, desk.lang, target)
        desk.ledger().close()
        (desk.path / SETTINGS).write_text(explained(settings, desk.lang), encoding="utf-8", newline="\n")
    except (PermissionError, FileExistsError, NotADirectoryError) as refused:
        raise OrderflowError("folder-unwritable", path=str(desk.path), why=str(refused)) from refused
    return replace(desk, settings=settings)


def take_down(desk: Desk) -> None:
    """Take back what `set_up` made just now, where the command that needed it came to nothing."""
    made = [f"{workbook.name}.xlsx" for workbook in (*WORKBOOKS, *REFERENCES)]
    for name in (*made, "ledger.db", "ledger.db-wal", "ledger.db-shm", SETTINGS):
        (desk.path / name).unlink(missing_ok=True)
    for folder in (*(desk.path / name for name in FOLDERS), desk.path):
        with suppress(OSError):  # something else is in it
            folder.rmdir()


@contextmanager
def desk_for(given: Path | None, actor: str | None, lang: str | None, *, keep: bool) -> Iterator[tuple[Desk, bool]]:
    """The desk, set up where none is yet; it stays only if the work does, and if it is to be kept."""
    desk, created = open_or_create_desk(given, actor, lang)
    try:
        yield desk, created and keep
    except BaseException:
        keep = False
        raise
    finally:
        if created and not keep:
            take_down(desk)


def write_templates(folder: Path, lang: str) -> list[Path]:
    """Write every blank workbook into `folder`, under its title in `lang`."""
    from orderflow.sheets.blanks import put_blank

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (PermissionError, FileExistsError) as refused:
        raise OrderflowError("folder-unwritable", path=str(folder), why=str(refused)) from refused
    files = []
    for workbook in (*WORKBOOKS, *REFERENCES):
        target = folder / f"{workbook.title.of(lang)}.xlsx"
        put_blank(workbook, lang, target)
        files.append(target.absolute())
    return files
