"""Saved pages and Excel 2003 XML that bear a workbook's name are read as the tables they hold."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest

from orderflow.records.errors import Unreadable
from orderflow.sheets.book import Cell, Trouble, open_book

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset={charset}"><style>td {{color: red}}</style></head><body>
<table border=1><caption>订单</caption>
<tr><th colspan=3>订单信息登记表</th></tr>
<tr><td>客户名称<td>数量<td>备注</tr>
<tr><td rowspan=2>甲公司</td><td style="vnd.ms-excel.numberformat:@">0012</td><td>第一行<br>第二行</td></tr>
<tr><td>5&nbsp;件</td><td>&nbsp;</td></tr>
</table><p>之间</p><table><tr><td>一<table><tr><td>内</td></tr></table></td></tr></table></body></html>"""
BOUND = """MIME-Version: 1.0
Content-Type: multipart/related; boundary="X"

--X
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64
Content-Location: file:///C:/sheet001.htm

PHRhYmxlPjx0cj48dGQ+55Sy5YWs5Y+4PC90ZD48L3RyPjwvdGFibGU+
--X--
"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="订单"><Table><Column ss:Index="2" ss:Hidden="1" ss:Span="1"/>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">订单信息登记表</Data></Cell></Row>
<Row ss:Index="4" ss:Hidden="1">
<Cell><Data ss:Type="String">甲公司</Data><Comment><ss:Data>问</ss:Data></Comment></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">12</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-05-20T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-05-20T09:30:00.000</Data></Cell>
<Cell><Data ss:Type="DateTime">1899-12-31T09:30:00.000</Data></Cell>
<Cell><Data ss:Type="Boolean">1</Data></Cell>
<Cell ss:Formula="=NA()"><Data ss:Type="Error">#N/A</Data></Cell><Cell ss:Formula="=RC[-1]"/></Row></Table></Worksheet>
<Worksheet ss:Name="藏"><Table/><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>"""


def read(path: Path) -> dict[str, dict[int, list[Cell]]]:
    with open_book(path) as book:
        return {s.name: {line.row: line.cells for chunk in s.chunks for line in chunk} for s in book.sheets()}


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "orders.xls"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "utf-16"])
def test_every_table_of_a_page_is_a_sheet_of_what_it_shows(tmp_path: Path, charset: str) -> None:
    sheets = read(saved(tmp_path, PAGE.format(charset=charset).encode(charset)))
    assert list(sheets) == ["订单", "Table 2", "Table 3"]
    assert sheets["订单"] == {
        1: ["订单信息登记表", None, None],
        2: ["客户名称", "数量", "备注"],
        3: ["甲公司", "0012", "第一行\n第二行"],
        4: [None, "5 件", None],
    }
    assert (sheets["Table 2"], sheets["Table 3"]) == ({1: ["一"]}, {1: ["内"]})


def test_spanning_cells_are_said_to_be_merged(tmp_path: Path) -> None:
    with open_book(saved(tmp_path, PAGE.format(charset="utf-8").encode())) as book:
        assert book.kind == "html"
        assert next(book.sheets()).merged == [(1, 0, 1, 2), (3, 0, 4, 0)]


def test_a_page_without_a_charset_may_be_in_gbk(tmp_path: Path) -> None:
    page = "<table><tr><td>甲公司</td></tr></table>".encode("gbk")
    assert read(saved(tmp_path, page)) == {"Table 1": {1: ["甲公司"]}}


def test_a_single_file_page_gives_its_tables(tmp_path: Path) -> None:
    assert read(saved(tmp_path, BOUND.encode())) == {"Table 1": {1: ["甲公司"]}}


def test_a_page_without_a_table_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="page-without-table"):
        read(saved(tmp_path, "<html><body>请先登录</body></html>".encode()))


def test_excel_2003_xml_keeps_types_gaps_and_what_is_hidden(tmp_path: Path) -> None:
    with open_book(saved(tmp_path, XML.encode())) as book:
        (orders, hidden) = ((s, [line for chunk in s.chunks for line in chunk]) for s in book.sheets())
    assert (book.kind, orders[0].name, hidden[0].name, hidden[0].hidden) == ("xml", "订单", "藏", True)
    assert orders[0].hidden_columns == frozenset({1, 2})
    assert 4 in orders[0].hidden_rows
    assert list(orders[0].merged) == [(1, 0, 1, 2)]
    assert [line.row for line in orders[1]] == [1, 4]
    assert orders[1][1].cells == [
        "甲公司",
        None,
        12,
        date(2024, 5, 20),
        datetime(2024, 5, 20, 9, 30),
        time(9, 30),
        True,
        Trouble("error-value", "#N/A"),
        Trouble("formula-not-calculated", "=RC[-1]"),
    ]


def test_excel_2003_xml_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = XML.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "哈哈">]><Workbook', 1)
    with pytest.raises(Unreadable, match="file-damaged"):
        read(saved(tmp_path, bomb.encode()))


def test_pages_reach_for_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密", "utf-8")
    entity = f'<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">'
    page = f"<!DOCTYPE html [{entity}]><table><tr><td>&x;</td></tr></table>"
    assert "秘密" not in str(read(saved(tmp_path, page.encode())))
