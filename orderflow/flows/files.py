"""Which files an intake is about, the named ones or a folder's new ones, and what is said of an unreadable one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 -- as classes are named

from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import OrderflowError, Unreadable
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.storable import storable
from orderflow.sheets.reading.zipped import NO_DIRECTORY

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv", ".txt", ".xltx", ".ett"})
NO_WORKBOOK = (*NO_DIRECTORY, ZlibError, RuntimeError)
"""What looking into a file raises that is no workbook, is damaged, or has a password."""
_HIDDEN = ("~$", ".~", ".")  # Excel's and LibreOffice's lock files, half-written and hidden ones
_NOBODY_S = frozenset({"desktop.ini", "thumbs.db"})  # which Windows puts into folders
_ON_THEIR_WAY = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp"})


def named_files(paths: Sequence[Path]) -> list[tuple[Path, bool]]:
    """The files to take, each with whether it was named itself (else found in a folder), none twice.

    Raises OrderflowError `nothing-given` where a folder holds no workbook at all, `file-name-unreadable` where a name
    is no text, so that no history could tell of it.
    """
    found: dict[Path, bool] = {}
    for path in paths:
        absolute = path.absolute()
        if not absolute.is_dir():
            found[absolute] = True
            continue
        inside = list(files_in(absolute))
        if not inside:
            raise OrderflowError("nothing-given", path=str(path))
        for file in inside:
            found.setdefault(file, False)
    for path in found:
        if (name := str(path)) != (told := storable(name)):
            raise OrderflowError("file-name-unreadable", path=told)
    return list(found.items())


def files_in(folder: Path) -> Iterator[Path]:
    """The workbooks and tables in a folder, by name; no lock files, and nothing half-written."""
    return (file for file in put_into(folder) if file.suffix.lower() in ENDINGS)


def put_into(folder: Path) -> Iterator[Path]:
    """Every file that people put into a folder, of whatever kind, by name; not what programs leave there."""
    for file in sorted(folder.iterdir()):
        name, ending = file.name.lower(), file.suffix.lower()
        if file.is_file() and not name.startswith(_HIDDEN) and name not in _NOBODY_S and ending not in _ON_THEIR_WAY:
            yield file


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file as it stands now, as hex; `None` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def finding_of_refusal(refusal: Unreadable, path: Path, severity: Severity = Severity.ERROR) -> Finding:
    """The finding that a file could not be read, where the others go in."""
    code = refusal.code if refusal.code in CATALOGUE else "file-damaged"
    sheet = str(refusal.params["sheet"]) if refusal.params.get("sheet") else None
    return Finding(code, severity, None, None, dict(refusal.params), Place(str(path), sheet))
