"""Is a workbook open somewhere? Excel, WPS and LibreOffice each leave a small file beside it while it is."""

from __future__ import annotations

from pathlib import Path

_LOCKS = ("~${name}", ".~{name}", ".~lock.{name}#")


def lock_of(path: Path) -> Path | None:
    """The file by which another program says that it has `path` open; a crash may have left it behind."""
    locks = (path.with_name(form.format(name=path.name)) for form in _LOCKS)
    return next((lock for lock in locks if lock.exists()), None)
