"""Text files of rows: whatever encoding and delimiter an export has, its cells arrive as the text they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderflow.records.errors import Unreadable
from orderflow.sheets.book import Book, Cell, open_book
from orderflow.sheets.reading.delimited import recognise

CORPUS = Path(__file__).parent / "corpus"
ROWS = "客户名称,订单数量,备注\n甲公司,12台,加急\n乙公司,5件,\n"
TABLE = {1: ["客户名称", "订单数量", "备注"], 2: ["甲公司", "12台", "加急"], 3: ["乙公司", "5件", None]}


def read(path: Path) -> tuple[Book, dict[int, list[Cell]]]:
    with open_book(path) as book:
        (sheet,) = book.sheets()
        return book, {line.row: line.cells for chunk in sheet.chunks for line in chunk}


def table(folder: Path, content: str | bytes, name: str = "orders.csv") -> dict[int, list[Cell]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path)[1]


def refusal(folder: Path, content: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        table(folder, content)
    return refused.value


@pytest.mark.parametrize(
    ("written", "recognised"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_recognised(tmp_path: Path, written: str, recognised: str, delimiter: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(ROWS.replace(",", delimiter).encode(written))
    book, rows = read(path)
    assert rows == TABLE
    assert (book.kind, book.encoding, book.delimiter) == ("csv", recognised, delimiter)


def test_text_named_xls_is_read_as_text(tmp_path: Path) -> None:
    assert table(tmp_path, ROWS.replace(",", "\t").encode("gbk"), "订单.xls") == TABLE


def test_twenty_lines_of_preamble_do_not_hide_the_delimiter() -> None:
    _, rows = read(CORPUS / "deg__example-jd-records.csv")
    assert max(map(len, rows.values())) == 12


def test_ids_lose_the_tabs_and_formulas_that_guard_them(tmp_path: Path) -> None:
    rows = table(tmp_path, '订单号,日期,单号\n\t4200001,"=""20230212""",="00123"\n4200002\t,x,=1+1\n')
    assert rows[2] == ["4200001", "20230212", "00123"]
    assert rows[3] == ["4200002", "x", "=1+1"]


def test_a_sep_line_names_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    assert table(tmp_path, "sep=|\n客户|备注\n甲,乙,丙|a,b\n") == {1: ["客户", "备注"], 2: ["甲,乙,丙", "a,b"]}
    assert read(CORPUS / "phpspreadsheet__sep.csv")[0].delimiter == ";"


def test_a_line_break_in_quotes_does_not_begin_a_row_and_a_blank_line_counts(tmp_path: Path) -> None:
    rows = table(tmp_path, 'a,b\r\n"一行\r\n二行",2\r\n\r\n3,4\r\n')
    assert rows == {1: ["a", "b"], 2: ["一行\r\n二行", "2"], 4: ["3", "4"]}


def test_decimal_commas_do_not_win_over_semicolons(tmp_path: Path) -> None:
    assert table(tmp_path, "a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n")[2] == ["1,5", "2,5", "3,5"]


def test_a_quotation_mark_never_closed_is_said_with_its_row_and_nothing_is_swallowed(tmp_path: Path) -> None:
    refused = refusal(tmp_path, b'a,b\n1,2\n"3,4\n5,6\n')
    assert (refused.code, refused.params["row"]) == ("text-quote-open", 3)


def test_a_quotation_mark_within_a_cell_is_a_character(tmp_path: Path) -> None:
    assert table(tmp_path, 'a,b\n5" 管,x\n"大"号,y\n') == {1: ["a", "b"], 2: ['5" 管', "x"], 3: ["大号", "y"]}


def test_text_that_no_encoding_fits_is_refused_with_its_line(tmp_path: Path) -> None:
    refused = refusal(tmp_path, "客户,数量\n甲,1\n乙".encode() + b"\xff\xff,2\n")
    assert (refused.code, refused.params["line"]) == ("text-undecodable", 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,\0\n", "file-unknown"),
        (b"a,b\n" + b"1,2\n" * 100_000 + b"1,\0\n", "file-unknown"),
        (b"x" * (100 << 20), "text-cell-too-long"),
        (b'a,b\n"' + b"x\n" * 200_000, "text-cell-too-long"),
    ],
    ids=["nul", "late nul", "100 MB in one line", "a cell without end"],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content).code == code


def test_old_systems_end_of_file_mark_is_no_row(tmp_path: Path) -> None:
    assert table(tmp_path, b"a,b\n1,2\n\x1a") == {1: ["a", "b"], 2: ["1", "2"]}


CELLS = st.text("甲乙丙𠮷é,'\"\r\n =1a", min_size=1, max_size=12).filter(lambda text: text[0] != "=")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=4, max_size=8),
    encoding=st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_whatever_is_written_quoted_is_read_back(tmp_path: Path, rows: list[list[str]], encoding: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = "".join(",".join(map(quoted, row)) + "\r\n" for row in rows)
    read_back = table(tmp_path, text.encode(encoding))
    assert list(read_back.values()) == rows


TRADITIONAL = (
    "訂單編號,客戶名稱,聯繫方式,產品名稱/型號,訂單數量,交付日期,付款狀態\n"
    ",香港某某有限公司,139****5678,激光打印機,5台,2024-05-20,已付\n"
)
SIMPLIFIED = (
    "订单编号,客户名称,联系方式,产品名称/型号,订单数量,交付日期,付款状态\n"
    ",杭州某某有限公司,139****5678,激光打印机,5台,2024-05-20,已付\n"
)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (TRADITIONAL, "cp950", "cp950"),
        (TRADITIONAL, "big5", "cp950"),
        (TRADITIONAL + ",尖沙咀啲嘢公司,,𨋢,1部,2024-05-20,已付\n", "big5hkscs", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-8", "utf-8"),
        ("客户,数量\n王,1\n", "gbk", "gb18030"),
        ("客戶,數量\n王,1\n", "big5", "cp950"),
        ("name,qty\nA,1\n", "big5", "utf-8"),
    ],
)
def test_text_of_each_country_is_read_in_its_own_encoding(text: str, encoding: str, found: str) -> None:
    read = recognise(text.encode(encoding))
    assert read.encoding == found
    (lines,) = read.chunks()
    assert lines[0].cells == [cell or None for cell in text.splitlines()[0].split(",")]
