"""What still names a person after the ledger has forgotten them: said place by place, for a person to decide."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from orderflow.flows.bag_reading import ARCHIVE
from orderflow.flows.desk import Desk
from orderflow.ledger import mentions
from orderflow.ledger.book import Book

_LEDGER, _OWN = "ledger.db", ".~"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


class Place(NamedTuple):
    """A file of the desk, or a table of the ledger with how many of its rows."""

    where: str
    what: str
    rows: int | None = None


def places(desk: Desk, book: Book, said: Sequence[str]) -> list[Place]:
    """Where one of these texts still stands: in the ledger, and in the desk's files but for sealed bags."""
    rows = mentions.counted(book, said).items()
    tables = (Place("ledger", name, count) for name, count in rows)
    return [*tables, *(Place("file", name) for name in _files(desk, said))]


def _files(desk: Desk, said: Sequence[str]) -> Iterator[str]:
    for path in sorted(desk.path.rglob("*")):
        inside = path.relative_to(desk.path)
        own = path.name.startswith((_LEDGER, _OWN)) or inside.parts[0] == ARCHIVE
        if not own and path.is_file() and (any(one in path.name for one in said) or _says(path, said)):
            yield inside.as_posix()


def _says(path: Path, said: Sequence[str]) -> bool:
    """Whether a file says one of these texts; of a workbook, its parts are looked into."""
    if not zipfile.is_zipfile(path):
        return _holds(path.read_bytes(), said)
    with zipfile.ZipFile(path) as parts:
        return any(_holds(parts.read(part), said) for part in parts.infolist())


def _holds(content: bytes, said: Sequence[str]) -> bool:
    if any(one.encode(encoding, "replace") in content for one in said for encoding in _ENCODINGS):
        return True
    return b"&#" in content and any(one in html.unescape(content.decode("utf-8", "replace")) for one in said)
