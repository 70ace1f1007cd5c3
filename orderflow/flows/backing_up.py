"""`ledger backup`: a copy of the ledger while others write, and how old the newest one is."""

from __future__ import annotations

from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.ledger import upkeep
from orderflow.sheets.atomic import disk_trouble, settle


def back_up(desk: Desk, path: Path) -> Path:
    """Copies the ledger as it stands into a new SQLite ledger, which opens anywhere; the copy's absolute path.

    Raises OrderflowError `backup-exists` (path), `disk-full` or `cannot-write`.
    """
    target = path.absolute()
    with desk.ledger() as ledger:
        with disk_trouble(target):
            ledger.backup(target)
            settle(target)
        with ledger.amend() as book:
            upkeep.note(book, upkeep.BACKUP, upkeep.Done(desk.entered_at, str(target)))
    return target
