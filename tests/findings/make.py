"""Makes the reproducing files that no text file can be: workbooks with something hidden or amiss, and no workbooks.

python tests/findings/make.py

The CSV files beside it are written by hand.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
PASSWORD = "请进"
HEADERS = (
    "客户名称", "联系人", "联系方式", "产品名称/型号", "订单数量", "交付日期", "订单来源", "付款状态", "备注(特殊需求)",
    "客户等级", "订单金额(万元)",
)  # fmt: skip
ROWS = (
    ("A公司", "*经理", "139****5678", "A型设备-2024款", "5台", "2024-05-20", "电商平台", "已付", None, "VIP", 8),
    ("B学校", "*主任", "138****1234", "B型设备-2024款", "3台", "2024-05-24", "直报", "已付", None, "普通", 2),
)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
CALM = (1980, 1, 1, 0, 0, 0)  # the time of every part, so that the same script makes the same bytes
SAVED_AT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MIB = 1 << 20


def workbook() -> tuple[openpyxl.Workbook, Worksheet]:
    """A workbook of two orders with nothing to object to, and its sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "订单"
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    return book, sheet


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, CALM)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, content)
    return target.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    return zipped(parts_of(book))


def parts_of(book: openpyxl.Workbook) -> dict[str, bytes]:
    """The parts of a workbook by name, the same whenever it is saved."""
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        return {name: SAVED_AT.sub(b"2024-05-10T09:00:00Z", archive.read(name)) for name in archive.namelist()}


def open_document(remark: str, manifest: str = "") -> bytes:
    """An OpenDocument workbook of one order with this remark."""
    spaces = "".join(f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
    order = (*ROWS[0][:8], remark, *ROWS[0][9:])
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    cells = ("".join(map(cell.format, row)) for row in (HEADERS, order))
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    content = f'<table:table table:name="订单">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>"
    return zipped(
        {
            "mimetype": OPEN_DOCUMENT,
            "content.xml": f'<?xml version="1.0"?><office:document-content{spaces}>{body}</office:document-content>',
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


def encrypted() -> bytes:
    """A workbook that opens with a password only; salted, so no two are alike."""
    target = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(saved(workbook()[0]))).encrypt(PASSWORD, target)
    return target.getvalue()


def with_trouble() -> dict[str, bytes]:
    """Workbooks with a cell, a row, a column or a sheet that is not what it seems."""
    made = {}
    for code, cell, content in (
        ("error-value", "E2", "#N/A"),
        ("formula-not-calculated", "E2", "=2+3"),
        ("file-far-cell", "XFD1048576", "见背面"),
    ):
        book, sheet = workbook()
        sheet[cell] = content
        made[code] = saved(book)
    book, sheet = workbook()
    sheet.sheet_state = "hidden"
    book.create_sheet("说明")
    book.active = 1
    made["hidden-sheet"] = saved(book)
    book, sheet = workbook()
    sheet.row_dimensions[3].hidden = True
    made["hidden-rows"] = saved(book)
    book, sheet = workbook()
    sheet.column_dimensions["K"].hidden = True
    made["hidden-columns"] = saved(book)
    return made


def bomb() -> bytes:
    """A workbook whose sheet inflates to more than any sheet of its size does."""
    rows = "<worksheet><sheetData>" + " " * (65 * MIB) + "</sheetData></worksheet>"
    return zipped({**parts_of(workbook()[0]), "xl/worksheets/sheet1.xml": rows})


def everything() -> dict[str, bytes]:
    """Every file by its name."""
    plain = saved(workbook()[0])
    lock = b"\x05Clerk".ljust(55) + b"\x05\0" + "Clerk".encode("utf-16-le").ljust(108)
    return {
        **{f"{code}.xlsx": made for code, made in with_trouble().items()},
        "text-too-long.ods": open_document("长" * 32_768),
        "file-empty.xlsx": b"",
        "file-unknown.xlsx": bytes(range(256)) * 4,
        "file-is-lock.xlsx": lock,
        "file-is-pdf.pdf": b"%PDF-1.7\n%\xe2\xe3\n",
        "file-is-picture.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "file-is-archive.zip": zipped({"订单.csv": "客户名称"}),
        "file-is-document.docx": zipped({"[Content_Types].xml": "", "word/document.xml": ""}),
        "file-is-presentation.pptx": zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
        "file-is-numbers.numbers": zipped({"Index/Document.iwa": ""}),
        "file-too-old.xls": b"\x09\x04\x06\x00\0\0\x10\0\x02\0",
        "file-encrypted.xlsx": encrypted(),
        "password-wrong.xlsx": encrypted(),
        "file-encrypted-ods.ods": open_document("", "<encryption-data/>"),
        "file-damaged.xlsx": plain[: len(plain) // 2],
        "file-too-large.xlsx": bomb(),
        "file-too-slow.xlsx": plain,
        "page-without-table.html": "<html><body>请先登录</body></html>".encode(),
        "text-cell-too-long.csv": b'a,b\n"' + b"1" * 140_000 + b'",2\n',
    }


if __name__ == "__main__":
    for name, content in everything().items():
        (HERE / name).write_bytes(content)
