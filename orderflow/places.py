"""Where a desk is, and the folders and files in it (CLI.md, "Where things lie"); nothing heavy is imported here."""

from __future__ import annotations

import os
from pathlib import Path

SETTINGS = "orderflow.toml"
FOLDERS = ("inbox", "outbox", "evidence", "reports", "archive")


def find_desk(given: Path | None) -> Path:
    """The desk as given, else `$ORDERFLOW_DESK`, else the nearest folder upwards that is one, else `./desk`."""
    if given is not None:
        return given.absolute()
    if named := os.environ.get("ORDERFLOW_DESK"):
        return Path(named).absolute()
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if is_desk(folder)), here / "desk")


def is_desk(path: Path) -> bool:
    """Whether a desk has been set up in `path`."""
    return (path / SETTINGS).is_file()
