"""Setting a desk up: its folders, its settings, its ledger, blank and reference workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from orderflow.flows.configuration import explained
from orderflow.flows.desk import Desk, desk_at
from orderflow.flows.files import digest_of
from orderflow.notices.compose import FOLDER as NOTICES
from orderflow.notices.compose import shipped_template
from orderflow.places import FOLDERS, SETTINGS, find_desk, is_desk
from orderflow.records.errors import OrderflowError
from orderflow.records.events import EVENTS
from orderflow.records.rows import EVERY

_LEDGER_FILES = ("ledger.db", "ledger.db-wal", "ledger.db-shm", ".~turns")


def open_or_create_desk(
    given: Path | None = None, actor: str | None = None, lang: str | None = None
) -> tuple[Desk, bool]:
    """As `open_desk`, setting a desk up where none is yet; the second value says whether it did."""
    path = find_desk(given)
    desk = desk_at(path, actor, lang)
    if is_desk(path):
        return desk, False
    before = _standing_in(path)
    try:
        return set_up(desk), True
    except BaseException:
        take_down(desk, before)
        raise


def set_up(desk: Desk) -> Desk:
    """Make `desk.path` a desk. What is already there stays as it is; the settings come last, so a torn start is none.

    Raises OrderflowError `folder-unwritable`.
    """
    from orderflow.sheets.blanks import put_blank

    blank: list[Path] = []
    settings = desk.settings.model_copy(update={"desk": desk.settings.desk.model_copy(update={"language": desk.lang})})
    try:
        for name in FOLDERS:
            (desk.path / name).mkdir(parents=True, exist_ok=True)
        for workbook in EVERY:
            target = desk.path / f"{workbook.name}.xlsx"
            if not target.exists():
                put_blank(workbook, desk.lang, target)
                blank.append(target)
        _note_blank(desk, blank)
        (desk.path / SETTINGS).write_text(explained(settings, desk.lang), encoding="utf-8", newline="\n")
    except OSError as refused:
        raise OrderflowError("folder-unwritable", path=str(desk.path), why=str(refused)) from refused
    return replace(desk, settings=settings)


def _note_blank(desk: Desk, blank: Sequence[Path]) -> None:
    """Make the ledger, which knows the blank workbooks for the desk's own: untouched, they may be written afresh."""
    from orderflow.ledger import outputs

    with desk.ledger() as ledger, ledger.amend() as book:
        for path in blank:
            outputs.note(book, desk.place_of(path), digest_of(path) or "", "blank", desk.now)


def take_down(desk: Desk, before: Set[str]) -> None:
    """Take back what `set_up` made just now, where the command that needed it came to nothing.

    What was there `before` stays: a ledger whose settings got lost, a workbook that only has the name of ours; and
    everything stays where another command has stored orders meanwhile.
    """
    if _LEDGER_FILES[0] not in before and _holds_orders(desk):
        return
    made = [f"{workbook.name}.xlsx" for workbook in EVERY]
    for name in (*made, SETTINGS, *(_LEDGER_FILES if _LEDGER_FILES[0] not in before else ())):
        if name not in before:
            with suppress(OSError):
                (desk.path / name).unlink(missing_ok=True)
    for folder in (*(desk.path / name for name in FOLDERS if name not in before), desk.path):
        with suppress(OSError):  # something else is in it
            folder.rmdir()


def _holds_orders(desk: Desk) -> bool:
    from orderflow.ledger import search

    if not (desk.path / _LEDGER_FILES[0]).is_file():
        return False
    try:
        with desk.ledger() as ledger, ledger.read() as book:
            return bool(search.find(book, search.Search(), limit=1))
    except OrderflowError:
        return False


def _standing_in(folder: Path) -> frozenset[str]:
    """The names of everything in a folder."""
    try:
        return frozenset(path.name for path in folder.iterdir())
    except OSError:
        return frozenset()


@contextmanager
def desk_for(given: Path | None, actor: str | None, lang: str | None, *, keep: bool) -> Iterator[tuple[Desk, bool]]:
    """The desk, set up where none is yet; it stays only if the work does, and if it is to be kept."""
    before = _standing_in(find_desk(given))
    desk, created = open_or_create_desk(given, actor, lang)
    try:
        yield desk, created and keep
    except BaseException:
        keep = False
        raise
    finally:
        if created and not keep:
            take_down(desk, before)


def write_templates(folder: Path, lang: str) -> list[Path]:
    """Write every blank workbook into `folder`, under its title in `lang`, and the text of every notice."""
    from orderflow.sheets.blanks import put_blank

    try:
        (folder / NOTICES).mkdir(parents=True, exist_ok=True)
        notices = [_put_text(folder / NOTICES / f"{event}.txt", shipped_template(event, lang)) for event in EVENTS]
    except OSError as refused:
        raise OrderflowError("folder-unwritable", path=str(folder), why=str(refused)) from refused
    files = []
    for workbook in EVERY:
        target = folder / f"{workbook.title.of(lang)}.xlsx"
        put_blank(workbook, lang, target)
        files.append(target.absolute())
    return files + notices


def _put_text(target: Path, content: str) -> Path:
    """A text as Notepad reads it; one that is there stays, as somebody may have changed it."""
    if not target.exists():
        target.write_text(content, encoding="utf-8-sig", newline="\r\n")
    return target.absolute()
