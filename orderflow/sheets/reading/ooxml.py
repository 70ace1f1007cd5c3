"""How an Excel 2007 package is put together: its sheets, styles and strings, under whatever names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath
from typing import NoReturn
from xml.parsers import expat

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.formats import meaning
from orderflow.sheets.reading.zipped import Archive, canonical

USUAL = {"sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
WORKBOOK = {"officeDocument": "workbook.xml", "relations": "_rels/workbook.xml.rels"}


@dataclass
class Package:
    """The parts of a workbook: the sheets' in the workbook's order, and what its styles mean by index."""

    sheets: list[str] = field(default_factory=list)
    strings: str = ""
    styles: dict[int, str] = field(default_factory=dict)
    date1904: bool = False
    renamed: dict[str, str] = field(default_factory=dict)
    styles_part: str = ""
    theme: str = ""


def look_at(archive: Archive) -> Package:
    """Read the small parts. Raises Unreadable: file-damaged."""
    links = part_links(archive, "_rels/.rels", "")
    workbook = next((path for _, kind, path in links if kind == "officeDocument"), None)
    if workbook is None:
        raise Unreadable("file-damaged", detail="no workbook")
    folder, relations = dirname(workbook), join(dirname(workbook), "_rels", basename(workbook) + ".rels")
    links = part_links(archive, relations, folder)
    by_id = {id_: path for id_, _, path in links}
    parts = {kind: join(folder, usual) for kind, usual in USUAL.items()} | {
        kind: path for _, kind, path in links if kind in USUAL
    }
    theme = next((path for _, kind, path in links if kind == "theme"), "")
    package = Package(strings=parts["sharedStrings"], styles_part=parts["styles"], theme=theme)
    for element, attributes, _ in elements(archive.read(workbook)):
        if element == "sheet":
            package.sheets.append(by_id.get(_id(attributes), ""))
        elif element == "workbookPr":
            package.date1904 = attributes.get("date1904") in ("1", "true")
    if archive.has(parts["styles"]):
        package.styles = _meanings(archive.read(parts["styles"]))
    moves = parts | {"officeDocument": workbook, "relations": relations}
    package.renamed = _renamed(folder, {kind: path for kind, path in moves.items() if archive.has(path)})
    return package


def elements(xml: bytes) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each element of a small part as (name, attributes, parent's name), prefixes dropped, in order."""
    found: list[tuple[str, dict[str, str], str]] = []
    open_ones = [""]

    def begin(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        found.append((name, attributes, open_ones[-1]))
        open_ones.append(name)

    parser = strict_parser()
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: open_ones.pop()
    parse(parser, [xml])
    return iter(found)


def strict_parser() -> expat.XMLParserType:
    """An XML parser that refuses a document type: no office program writes one, entity bombs need one."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def parse(parser: expat.XMLParserType, pieces: Iterator[bytes] | list[bytes]) -> None:
    """Run the parser over a part. Raises Unreadable: file-damaged."""
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable("file-damaged", detail=str(error)) from error


def repacked(archive: Archive, renamed: dict[str, str]) -> bytes:
    """The archive with parts renamed: the parser finds workbook, strings and styles by their usual names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in archive.names():
            with new.open(renamed.get(canonical(name), name), "w") as part:
                for piece in archive.pieces(name):
                    part.write(piece)
    return target.getvalue()


def _refuse_doctype(*_: object) -> NoReturn:
    raise Unreadable("file-damaged", detail="document type declared")


def part_links(archive: Archive, part: str, folder: str) -> list[tuple[str, str, str]]:
    """What a `.rels` part names: (id, last word of the type, path in the archive)."""
    return [
        (attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], _path(folder, attributes))
        for element, attributes, _ in elements(archive.read(part))
        if element == "Relationship" and attributes.get("TargetMode") != "External"
    ]


def _path(folder: str, attributes: dict[str, str]) -> str:
    target = attributes.get("Target", "")
    return target[1:] if target.startswith("/") else normpath(join(folder, target))


def _id(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")


def _meanings(styles: bytes) -> dict[int, str]:
    codes: dict[int, str] = {}
    formats: list[int] = []
    for element, attributes, parent in elements(styles):
        if element == "numFmt":
            codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif element == "xf" and parent == "cellXfs":
            formats.append(_number(attributes.get("numFmtId")))
    found = {index: meaning(number, codes) for index, number in enumerate(formats)}
    return {index: what for index, what in found.items() if what}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _renamed(folder: str, parts: dict[str, str]) -> dict[str, str]:
    """What to call each part that the parser would look for elsewhere, by its canonical name."""
    usual = USUAL | WORKBOOK
    moves = {canonical(path): join(folder, usual[kind]) for kind, path in parts.items()}
    return {name: wanted for name, wanted in moves.items() if name != canonical(wanted)}
