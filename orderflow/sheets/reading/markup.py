"""Tables in web pages that bear a workbook's name: HTML, Excel's single-file pages (MHT), Excel 2003 XML.

Platforms and banks hand these out as `.xls`. A page's cells are the text that is shown; every table is a
sheet. Runs in a child: the HTML parser is C, and pages come from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.serving import Rows, Source, serve
from orderflow.sheets.reading.spreadsheet2003 import worksheets

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
SPACE = re.compile(r"[ \t\r\f\xa0]*\n[ \t\r\f\xa0\n]*|[ \t\r\f\xa0]+")
LINE_BREAK = "\u2028"
HEAD = 4096
MOST_ACROSS, MOST_DOWN = 1000, 65_534  # the HTML standard's own limits for spans


def open_markup(settings: Any, content: bytes) -> Sequence[Source]:
    """The tables of a page in its order; `settings` is its kind."""
    sheets: Iterable[Rows]
    if settings == "xml":
        sheets = worksheets(content)
    else:
        pages = _single_file(content) if settings == "mht" else [content]
        sheets = chain.from_iterable(map(tables, pages))
    found = list(sheets)
    for number, sheet in enumerate(found, 1):
        sheet.facts["name"] = sheet.facts["name"] or f"Table {number}"
    if not found:
        raise Unreadable("page-without-table")
    return found


def tables(page: bytes) -> Iterator[Rows]:
    """Each table of an HTML page; a table within a table counts as one of its own."""
    from lxml import html

    text = PROLOGUE.sub("", _decoded(page))
    if not text.strip():
        return
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    for table in html.document_fromstring(text, parser=parser).iter("table"):
        lines, merged = _laid_out(table)
        if lines:
            caption = table.find("caption")
            name = _text(caption) if caption is not None else None
            yield Rows({"name": name or "", "hidden": False}, list(enumerate(lines, 1)), merged)


def _laid_out(table: HtmlElement) -> tuple[list[list[object]], list[tuple[int, int, int, int]]]:
    """The cells in their columns: a spanning cell's value stands first, the rest of its area is blank."""
    lines: list[list[object]] = []
    merged: list[tuple[int, int, int, int]] = []
    taken: dict[int, int] = {}  # column: the row from which it is free again
    rows = (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)
    for number, row in enumerate(rows):
        line: list[object] = []
        for cell in row.iterchildren("td", "th"):
            while taken.get(len(line), 0) > number:
                line.append("")
            across, down = _span(cell, "colspan", MOST_ACROSS), _span(cell, "rowspan", MOST_DOWN)
            if across > 1 or down > 1:
                merged.append((number + 1, len(line), number + down, len(line) + across - 1))
            if down > 1:
                taken |= dict.fromkeys(range(len(line), len(line) + across), number + down)
            line += [_text(cell), *[""] * (across - 1)]
        lines.append(line)
    return lines, merged


def _span(cell: HtmlElement, name: str, most: int) -> int:
    text = cell.get(name, "1").strip()
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 10 else 1


def _text(cell: HtmlElement) -> str:
    """What the cell shows: white space folded as a browser does, line breaks kept, inner tables left out."""
    text = SPACE.sub(" ", "".join(_words(cell)))
    return "\n".join(line.strip() for line in text.split(LINE_BREAK)).strip()


def _words(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in ("br", "p", "div"):
            yield LINE_BREAK
        if child.tag not in ("table", "script", "style"):
            yield from _words(child)
        yield child.tail or ""


def _decoded(page: bytes) -> str:
    if page.startswith((b"\xff\xfe", b"\xfe\xff")):
        return page.decode("utf-16", "replace")
    declared = CHARSET.search(page[:HEAD])
    names = [declared[1].decode().lower()] if declared else []
    for name in [*names, "utf-8-sig"]:
        try:
            return page.decode("gb18030" if name in ("gb2312", "gbk") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return page.decode("gb18030", "replace")


def _single_file(content: bytes) -> Iterator[bytes]:
    from email import message_from_bytes

    for part in message_from_bytes(content).walk():
        page = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(page, bytes):
            yield page


def main(memory: int) -> None:
    """Serve one page; `memory` in bytes, 0 for no limit."""
    serve(memory, open_markup)
