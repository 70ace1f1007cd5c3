"""Makers of files that no office program writes, and of small honest ones with one thing wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ORDERS = '<row r="1"><c r="A1" t="inlineStr"><is><t>客户名称</t></is></c><c r="B1"><v>12</v></c></row>'


def worksheet(rows: str, before: str = "", after: str = "") -> str:
    return f'{PROLOGUE}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(
    rows: str = ORDERS, *, sheet: str | None = None, strings: str | None = None, styles: str | None = None
) -> dict[str, str | bytes]:
    """The parts of a small Excel 2007 package by name."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{PROLOGUE}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": links(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{PROLOGUE}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="订单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet or worksheet(rows),
    }
    if strings:
        found["xl/sharedStrings.xml"] = strings
    if styles:
        found["xl/styles.xml"] = styles
    return found


def links(*targets: tuple[str, str, str]) -> str:
    """A part of relations: (id, last word of the type, target)."""
    inner = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in targets)
    return f'{PROLOGUE}<Relationships xmlns="{LINKS}">{inner}</Relationships>'


def styles(*formats: str | int) -> str:
    """Cell formats from index 0 on: a number is one of Excel's own, a text a code of the workbook's."""
    numbers = {code: 164 + place if isinstance(code, str) else code for place, code in enumerate(formats)}
    codes = [(number, code) for code, number in numbers.items() if isinstance(code, str)]
    own = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in codes)
    cells = "".join(f'<xf numFmtId="{numbers[code]}"/>' for code in formats)
    return f'{PROLOGUE}<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>'


def zipped(contents: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(rows: str = ORDERS, **others: str | None) -> bytes:
    """A small workbook of one sheet."""
    return zipped(parts(rows, **others))


def far_cell(reference: str = "XFD1048576") -> bytes:
    row = "".join(filter(str.isdigit, reference))
    return workbook(f'{ORDERS}<row r="{row}"><c r="{reference}"><v>1</v></c></row>')


def inflating(unit: str, times: int, before: str, after: str) -> bytes:
    """A part of one unit over and over, written without holding it in memory."""
    target = io.BytesIO()
    block = unit.encode() * 10_000
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts().items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(before.encode())
            for _ in range(times // 10_000):
                part.write(block)
            part.write(after.encode())
    return target.getvalue()


def sheet_bomb(mib: int) -> bytes:
    unit = "<row/>" + " " * 1018
    ends = worksheet("|").split("|")
    return inflating(unit, mib * 1024, ends[0], ends[1])


def strings_bomb(mib: int) -> bytes:
    strings = f'{PROLOGUE}<sst xmlns="{MAIN}">' + "<si><t>" + "甲" * 332 + "</t></si>"
    body = strings + ("<si><t>" + "a" * 1008 + "</t></si>") * (mib * 1024) + "</sst>"
    return zipped(parts(strings=body))


def laughing() -> bytes:
    entities = '<!ENTITY a0 "哈">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>'
    sheet = worksheet(text).replace("<worksheet", f"<!DOCTYPE worksheet [{entities}]><worksheet", 1)
    return workbook(sheet=sheet)


def reaching_out(target: str) -> bytes:
    """An external entity that would bring a file of this machine into a cell."""
    doctype = f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "{target}">]><worksheet'
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    return workbook(sheet=worksheet(text).replace("<worksheet", doctype, 1))


def twice(name: str = "xl/worksheets/sheet1.xml", alias: str | None = None) -> bytes:
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(zipfile.ZipInfo(alias or name), worksheet('<row r="1"><c r="A1"><v>2</v></c></row>'))
    return target.getvalue()


def lying(content: bytes, name: str, field: int, value: int) -> bytes:
    """The central directory's entry for a part with four bytes changed: 20 its packed, 24 its true size."""
    changed = bytearray(content)
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    changed[at + field : at + field + 4] = value.to_bytes(4, "little")
    return bytes(changed)


CLOSED = "</table:table></office:spreadsheet></office:body></office:document-content>"


def open_document(rows: str, ending: str = CLOSED) -> bytes:
    spaces = "".join(f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
    head = f'{PROLOGUE}<office:document-content{spaces} xmlns:calcext="c"><office:body><office:spreadsheet>'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'{head}<table:table table:name="订单">{rows}{ending}',
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def cut(content: bytes, pieces: int) -> Iterable[bytes]:
    """The file broken off at so many places."""
    return (content[: len(content) * n // pieces] for n in range(1, pieces))
