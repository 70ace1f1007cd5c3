"""What people put on cells of an Excel 2007 sheet beside values: comments, colours, formulas. Read in a child.

For each sheet one message after another: (row from 1, column from 0, comment or None, colour or None, whether the cell
holds a formula). Cells that do not say where they are, which no office program writes, are passed over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, join
from typing import Any

from orderflow.sheets.reading.colours import fills_of, theme_colours
from orderflow.sheets.reading.marks_xlsx import REFERENCE, column_number
from orderflow.sheets.reading.ooxml import Package, look_at, parse, part_links, strict_parser
from orderflow.sheets.reading.serving import Source, serve
from orderflow.sheets.reading.zipped import Archive
from orderflow.sheets.values import Limits

CHUNK = 1000
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>(<(?:\w+:)?f[\s>/])?")
_STYLE = re.compile(rb'\bs="(\d+)"')
_WHERE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')

Found = dict[tuple[int, int], list[Any]]


class Annotated(Source):
    """One sheet's annotations, found when asked for."""

    def __init__(self, archive: Archive, part: str, fills: dict[int, str]) -> None:
        self.facts = {}
        self._archive, self._part, self._fills = archive, part, fills

    def messages(self) -> Iterator[object]:
        """The annotations in chunks, rows in order."""
        found: Found = defaultdict(lambda: [None, None, False])
        if self._part and self._archive.has(self._part):
            self._look_at_cells(found)
            for row, column, comment in _comments(self._archive, self._part):
                found[row, column][0] = comment
        ordered = [(row, column, *rest) for (row, column), rest in sorted(found.items())]
        for at in range(0, len(ordered), CHUNK):
            yield ordered[at : at + CHUNK]

    def _look_at_cells(self, found: Found) -> None:
        """Cells in a colour and cells with a formula: one search over the bytes, as most cells have neither."""
        tail = b""
        for piece in self._archive.pieces(self._part):
            text = tail + piece
            end = max(text.rfind(b"<c "), text.rfind(b"<x:c "), 0)
            for cell in _CELL.finditer(text, 0, end):
                self._note(cell, found)
            tail = text[end:]
        for cell in _CELL.finditer(tail):
            self._note(cell, found)

    def _note(self, cell: re.Match[bytes], found: Found) -> None:
        style = _STYLE.search(cell[1])
        fill = self._fills.get(int(style[1])) if style else None
        if fill is None and cell[2] is None:
            return
        where = _WHERE.search(cell[1])
        if where is not None:
            noted = found[int(where[2]), column_number(where[1].decode())]
            noted[1], noted[2] = fill, cell[2] is not None


def open_workbook(settings: Any, content: bytes) -> Sequence[Source]:
    """The sheets of a workbook in the file's order; `settings` says what to note of some colours, if anything."""
    archive = Archive(content, Limits())
    package = look_at(archive)
    noted = {style: settings.get(colour, colour) for style, colour in _fills(archive, package).items()}
    fills = {style: colour for style, colour in noted.items() if colour is not None}
    return [Annotated(archive, part, fills) for part in package.sheets]


def _fills(archive: Archive, package: Package) -> dict[int, str]:
    if not archive.has(package.styles_part):
        return {}
    theme = theme_colours(archive.read(package.theme)) if package.theme and archive.has(package.theme) else []
    return fills_of(archive.read(package.styles_part), theme)


def _comments(archive: Archive, part: str) -> Iterator[tuple[int, int, str]]:
    """The comments of a sheet; of a thread what was said in it, in place of the notice for older programs."""
    relations = join(dirname(part), "_rels", f"{basename(part)}.rels")
    if not archive.has(relations):
        return
    links = part_links(archive, relations, dirname(part))
    said: dict[str, str] = {}
    for kind, element in (("comments", "comment"), ("threadedComment", "threadedComment")):
        for _, found, path in links:
            if found == kind and archive.has(path):
                said |= _texts(archive, path, element)
    for reference, text in said.items():
        if (at := REFERENCE.fullmatch(reference)) and text.strip():
            yield int(at[2]), column_number(at[1]), text


def _texts(archive: Archive, part: str, element: str) -> dict[str, str]:
    """What a part with comments says of each cell; several entries about one cell follow each other."""
    said: dict[str, list[str]] = defaultdict(list)
    reference, inside, skipped = "", False, 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal reference, inside, skipped
        name = name.rpartition(":")[2]
        if name == element:
            reference = attributes.get("ref", "")
            said[reference].append("")
        skipped += name == "rPh"  # how a word is pronounced
        inside = name in ("t", "text") and not skipped

    def end(name: str) -> None:
        nonlocal inside, skipped
        skipped -= name.rpartition(":")[2] == "rPh"
        inside = False

    def characters(text: str) -> None:
        if inside and reference:
            said[reference][-1] += text

    parser = strict_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, characters
    parse(parser, archive.pieces(part))
    return {cell: "\n".join(texts) for cell, texts in said.items()}


def main(memory: int) -> None:
    """Serve one workbook's annotations; `memory` in bytes, 0 for no limit."""
    serve(memory, open_workbook)
