"""A look at an Excel 2007 package before anything read from it is believed.

Every part that the parser reads is inflated here under the limits and searched for a few bytes. What the
parser is known to lose, errors, formulas never calculated, hidden rows, padding zeros, sends the sheet
through the slow pass (`marks`); most sheets have none of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.hints import Hints, is_unusual
from orderflow.sheets.reading.ooxml import Package, look_at, repacked
from orderflow.sheets.reading.zipped import Archive, canonical
from orderflow.sheets.values import Limits

OVERLAP = 16 << 10  # a formula has at most 8,192 characters
COUNT = re.compile(rb'uniqueCount="(\d+)"')
SHORTEST_STRING = 5  # <si/>


@dataclass
class Examined:
    """What the look showed: the bytes to read, the parts, and which sheets need the slow pass."""

    content: bytes
    package: Package
    inflated: int
    slow: frozenset[int]


def examine(content: bytes, limits: Limits) -> Examined:
    """Inflate and search. Raises Unreadable: file-damaged, file-too-large."""
    archive = Archive(content, limits)
    package = look_at(archive)
    if package.renamed:
        content = repacked(archive, package.renamed)
        archive = Archive(content, limits)
        package.strings = package.renamed.get(canonical(package.strings), package.strings)
    if archive.has(package.strings):
        _check_strings(archive, package.strings)
    hints = Hints(package.styles)
    parts = [(index, part) for index, part in enumerate(package.sheets) if part and archive.has(part)]
    slow = frozenset(index for index, part in parts if _hit(archive, part, hints))
    return Examined(content, package, archive.inflated, slow)


def _check_strings(archive: Archive, part: str) -> None:
    claimed = size = 0
    for number, piece in enumerate(archive.pieces(part)):
        if number == 0:
            _refuse_doctype(part, piece)
            count = COUNT.search(piece)
            claimed = int(count[1]) if count else 0
        size += len(piece)
    if claimed * SHORTEST_STRING > size:  # the parser reserves memory for what is claimed
        raise Unreadable("file-damaged", detail=f"{part}: uniqueCount")


def _hit(archive: Archive, part: str, hints: Hints) -> bool:
    """Whether the sheet holds something that the parser loses; reads it to the end either way."""
    hit, tail = False, b""
    for number, piece in enumerate(archive.pieces(part)):
        if number == 0:
            _refuse_doctype(part, piece)
            hit = is_unusual(piece)
        if not hit:
            hit = hints.anywhere(tail + piece)
            tail = piece[-OVERLAP:]
    return hit


def _refuse_doctype(part: str, piece: bytes) -> None:
    if b"<!DOCTYPE" in piece:
        raise Unreadable("file-damaged", detail=f"{part}: document type declared")
