"""The links of a written sheet to other places of its workbook, as XML: XlsxWriter takes twenty times as long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from xlsxwriter.utility import xl_rowcol_to_cell

from orderflow.sheets.layout import Link
from orderflow.sheets.writing.body import Body
from orderflow.sheets.writing.names import quoted_name

_AFTER = re.compile(rb"<(?:printOptions|pageMargins)")


def with_links(tail: bytes, body: Body, bodies: Sequence[Body]) -> bytes:
    """What stands below a sheet's rows, with the links where the format wants them; their words stand in the body."""
    links = body.aside.links
    if not links:
        return tail
    found = (_link(xl_rowcol_to_cell(row, column), address(link, bodies)) for (row, column), link in links.items())
    return _AFTER.sub(lambda after: f"<hyperlinks>{''.join(found)}</hyperlinks>".encode() + after[0], tail, count=1)


def address(link: Link, bodies: Sequence[Body]) -> str:
    """The cell that a link means, on whichever of the numbered sheets its row was written."""
    sheets = [body for body in bodies if body.layout.name == link.sheet and body.offset <= link.row]
    body = sheets[-1]
    cell = xl_rowcol_to_cell(body.first_row + link.row - body.offset, link.column)
    return f"{quoted_name(body.name)}!{cell}"


def _link(cell: str, target: str) -> str:
    said = quoteattr(target)
    return f'<hyperlink ref="{cell}" location={said} display={said}/>'
