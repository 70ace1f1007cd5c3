"""Any workbook a clerk hands in becomes the same rows, whatever kind of file it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import hostile
import psutil
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.errors import Unreadable
from orderflow.sheets.book import Cell, Limits, Line, Sheet, Trouble, open_book
from orderflow.sheets.reading import marks_xlsx

CORPUS = Path(__file__).parent / "corpus"
KINDS = Path(__file__).parent / "kinds"


def lines(sheet: Sheet) -> dict[int, list[Cell]]:
    return {line.row: line.cells for chunk in sheet.chunks for line in chunk}


def read(path: Path, password: str | None = None, limits: Limits | None = None) -> dict[str, dict[int, list[Cell]]]:
    with open_book(path, password, limits or Limits()) as book:
        return {sheet.name: lines(sheet) for sheet in book.sheets()}


def refusal(path: Path, password: str | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        read(path, password)
    assert refused.value.params["path"] == str(path)
    return refused.value.code


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return tmp_path / "orders.xlsx"


def sheet_of(path: Path, content: bytes) -> dict[int, list[Cell]]:
    path.write_bytes(content)
    return next(iter(read(path).values()))


def write_orders(path: Path) -> None:
    """The same table as `kinds/orders.xls` and `.ods`, which LibreOffice made from it."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("登记表")
        formats = {code: book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "00000", "hh:mm", 31, 58)}
        sheet.merge_range(0, 0, 0, 5, "订单信息登记表", book.add_format({"bold": True}))
        sheet.write_row(1, 0, ["客户名称", "订单数量", "交付日期", "来源单号", "金额", "时间"])
        sheet.write_row(2, 0, ["甲公司", 12])
        sheet.write_datetime(2, 2, datetime(2024, 5, 20), formats["yyyy-mm-dd"])
        sheet.write_number(2, 3, 6083, formats["00000"])
        sheet.write_number(2, 4, 0.8)
        sheet.write_number(2, 5, 0.5, formats["hh:mm"])
        sheet.write_string(3, 0, "乙公司")
        sheet.write_formula(3, 1, "=NA()", None, "#N/A")
        sheet.write_datetime(3, 2, datetime(2024, 5, 21), formats[31])
        sheet.write_string(3, 3, "6083")
        sheet.write_formula(3, 4, "=1/4", None, 0.25)
        sheet.write_number(3, 5, 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_row(4, 0, ["丙公司", True])
        sheet.write_datetime(4, 2, datetime(2024, 5, 22), formats[58])
        sheet.write_number(4, 3, 1234567890123456789)
        sheet.write_number(4, 4, 13812345678)
        sheet.write_datetime(4, 5, datetime(2024, 5, 20, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_string(5, 0, "第一行\n第二行")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(4, 4, None, None, {"hidden": True})
        hidden = book.add_worksheet("隐藏")
        hidden.write(0, 0, "x")
        hidden.hide()


@pytest.fixture(params=["xlsx", "xls", "ods"])
def orders(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "xlsx":
        write_orders(tmp_path / "orders.xlsx")
        return tmp_path / "orders.xlsx"
    return KINDS / f"orders.{request.param}"


def test_the_same_table_reads_the_same_from_every_kind_of_workbook(orders: Path) -> None:
    table = read(orders)["登记表"]
    assert [cell for cell in table[1] if cell is not None] == ["订单信息登记表"]
    assert table[2] == ["客户名称", "订单数量", "交付日期", "来源单号", "金额", "时间"]
    assert table[3] == ["甲公司", 12, date(2024, 5, 20), "06083", 0.8, time(12)]
    assert table[4][2:] == [date(2024, 5, 21), "6083", 0.25, timedelta(days=1.5)]
    assert table[5][0] == "丙公司"
    assert table[5][4:] == [13812345678, datetime(2024, 5, 20, 9, 30)]
    assert table[6][0] == "第一行\n第二行"


def test_an_error_is_trouble_at_its_cell_in_every_kind_of_workbook(orders: Path) -> None:
    assert read(orders)["登记表"][4][1] == Trouble("error-value", "#N/A")


def test_what_is_hidden_or_merged_is_read_and_said_in_every_kind_of_workbook(orders: Path) -> None:
    with open_book(orders) as book:
        (sheet, hidden) = ((s, lines(s)) for s in book.sheets())
    assert (hidden[0].name, hidden[0].hidden, hidden[1]) == ("隐藏", True, {1: ["x"]})
    assert (sheet[0].name, sheet[0].hidden) == ("登记表", False)
    assert sheet[0].hidden_columns == {4}
    assert [row for row in range(1, 8) if row in sheet[0].hidden_rows] == [4]
    assert list(sheet[0].merged) == [(1, 0, 1, 5)]


def test_a_number_of_nineteen_digits_stays_a_float_so_that_the_loss_can_be_said(orders: Path) -> None:
    number = read(orders)["登记表"][5][3]
    assert isinstance(number, float)
    assert number == pytest.approx(1234567890123456789)


def test_the_1904_date_system_is_counted_and_said() -> None:
    with open_book(CORPUS / "calamine__date_1904.xlsx") as book:
        (sheet,) = book.sheets()
        assert sheet.date1904
    assert read(CORPUS / "calamine__date_1904.xlsx")["Sheet1"][1][0] == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("file", "row", "cells"),
    [
        ("calamine__has_x000D_.xlsx", 1, ["ABC\r\nDEF"]),
        ("calamine__rph.xlsx", 1, ["課きく　毛こ"]),
        ("calamine__nonstandard-xml-ns-prefix.xlsx", 3, [2, 4]),
        ("calamine__inlineStr_with_value.xlsx", 2, [1, "+", None, "1.", "RQ11610", "requirement"]),
        ("poi__sample.strict.xlsx", 2, ["ipsum", 222]),
        ("phpspreadsheet__Zip-Windows-Directory-Separator.xlsx", 1, ["Key ID", "Key", "English"]),
        ("poi__59746_NoRowNums.xlsx", 2, [True, "[M+Na]+1", 1, 644.24222]),
        ("roo__wrong_coordinates.xlsx", 1, ["PBer"]),
        ("roo__type_openoffice.xlsx", 4, [date(2007, 5, 7), 9.25, 10.25, 0, 1, "Task 1"]),
        ("readxl__iris-google-doc.xlsx", 3, [4.9, 3, 1.4, 0.2, "setosa"]),
        ("sheetjs__fn.et", 3, ["FIELDVALUE", '=FIELDVALUE(A2,"Result")', Trouble("error-value", "#VALUE!")]),
        ("deg__example-spdb_debit-records.xls", 3, ["1", "2025/12/03  14:06:51", "网上支付-支付宝", None, "3.88"]),
        ("calamine__issue_419.xlsb", 1, ["Hello"]),
    ],
)
def test_unusual_workbooks_give_their_values(file: str, row: int, cells: list[Cell]) -> None:
    assert next(iter(read(CORPUS / file).values()))[row][: len(cells)] == cells


def test_formulas_never_calculated_are_trouble_and_calculated_ones_are_values(made: Path) -> None:
    cells = (
        '<c r="A1"><f>SUM(B1:C1)</f></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>B1</f><v></v></c>'
        '<c r="D1" t="str"><f>IF(1,"","")</f><v></v></c><c r="E1"><f t="shared" si="0"/></c>'
    )
    (row,) = sheet_of(made, hostile.workbook(f'<row r="1">{cells}</row>')).values()
    assert row[0] == Trouble("formula-not-calculated", "=SUM(B1:C1)")
    assert row[1] == 2
    assert row[2] == Trouble("formula-not-calculated", "=B1")
    assert row[3] is None
    assert isinstance(row[4], Trouble)


def test_trouble_in_rows_of_its_own_appears_in_its_place(made: Path) -> None:
    cells = {n: "<f>X</f>" if n in (2, 4, 9) else f"<v>{n}</v>" for n in (2, 3, 4, 7, 9)}
    rows = "".join(f'<row r="{n}"><c r="B{n}">{cell}</c></row>' for n, cell in cells.items())
    table = sheet_of(made, hostile.workbook(rows))
    assert list(table) == [2, 3, 4, 7, 9]
    assert table[4] == [None, Trouble("formula-not-calculated", "=X")]
    assert table[7] == [None, 7]


def test_marks_reach_cells_without_references(made: Path) -> None:
    rows = '<row><c><v>1</v></c><c t="e"><v>#REF!</v></c></row><row/><row><c/><c t="b"><v>false</v></c></row>'
    assert sheet_of(made, hostile.workbook(rows)) == {1: [1, Trouble("error-value", "#REF!")], 3: [None, False]}


def test_apostrophes_and_prefixes_in_the_xml_hide_nothing(made: Path) -> None:
    rows = "<x:row r='1'><x:c r='A1' t='e'><x:v>#N/A</x:v></x:c></x:row>"
    data = f"<x:sheetData>{rows}</x:sheetData>"
    sheet = f"<?xml version='1.0'?><x:worksheet xmlns:x='{hostile.MAIN}'>{data}</x:worksheet>"
    assert sheet_of(made, hostile.workbook(sheet=sheet)) == {1: [Trouble("error-value", "#N/A")]}


@pytest.mark.parametrize(
    ("style", "number", "shown"),
    [
        ("00000", "6083", "06083"),
        ("00000", "123456", "123456"),
        ("00000", "1.5", 1.5),
        ("0", "7", 7),
        (57, "45432", date(2024, 5, 20)),
        (32, "0.5", time(12)),
        (31, "45432.75", datetime(2024, 5, 20, 18)),
        (31, "99999999", 99999999),
        (14, "45432", date(2024, 5, 20)),
        ("yyyy&quot;年&quot;m&quot;月&quot;", "45432", date(2024, 5, 20)),
        ("0.00", "45432", 45432),
    ],
)
def test_a_number_reads_as_its_format_shows_it(made: Path, style: str | int, number: str, shown: Cell) -> None:
    rows = f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>'
    assert sheet_of(made, hostile.workbook(rows, styles=hostile.styles(0, style))) == {1: [shown]}


def test_one_format_among_many_is_not_missed(made: Path) -> None:
    looks = hostile.styles(0, *("0" * width for width in range(2, 30)))
    rows = '<row r="1"><c r="A1" s="0"><v>1</v></c></row><row r="2"><c r="A2" s="20"><v>1</v></c></row>'
    assert sheet_of(made, hostile.workbook(rows, styles=looks)) == {1: [1], 2: ["1".zfill(21)]}


CELL = st.sampled_from(
    [
        '<c r="{at}"><v>1</v></c>',
        '<c r="{at}" t="e"><v>#N/A</v></c>',
        '<c r="{at}"><f>A1</f></c>',
        '<c r="{at}"><f>A1</f><v>2</v></c>',
        '<c r="{at}" t="str"><f>A1</f><v></v></c>',
        '<c r="{at}" s="1"><v>12</v></c>',
        '<c r="{at}" s="1"/>',
        '<c t="b"><v>false</v></c>',
        '<c r="{at}" t="inlineStr"><is><t>&lt;f t="e"</t></is></c>',
    ]
)
ROW = st.tuples(
    st.sampled_from(['<row r="{n}">', '<row r="{n}" hidden="1">', '<row r="{n}"/><row r="{n}">', "<row>"]),
    st.lists(CELL, max_size=4),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ROW, max_size=8))
def test_what_the_slow_pass_passes_over_holds_nothing_to_say(rows: list[tuple[str, list[str]]]) -> None:
    xml = ""
    for n, (tag, cells) in enumerate(rows, 1):
        inside = (cell.format(at=f"{'ABCD'[column]}{n}") for column, cell in enumerate(cells))
        xml += tag.format(n=n) + "".join(inside) + "</row>"
    about = {"sheets": ["xl/worksheets/sheet1.xml"], "styles": {1: "pad5"}, "date1904": False}
    content = hostile.workbook(xml)
    quick, whole = (marks_xlsx.sheets(about | {"whole": whole}, content)[0]() for whole in (False, True))
    assert sorted(quick.marks) == sorted(whole.marks)
    assert quick.hidden_rows == whole.hidden_rows


def test_parts_under_unusual_names_are_found(made: Path) -> None:
    parts = hostile.parts(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="0"><v>45432</v></c></row>',
        strings=f'<sst xmlns="{hostile.MAIN}"><si><t>甲公司</t></si></sst>',
        styles=hostile.styles(14),
    )
    for old, new in (("workbook", "workbook22"), ("sharedStrings", "strings7"), ("styles", "looks")):
        parts[f"xl/{new}.xml"] = parts.pop(f"xl/{old}.xml")
    links = str(parts.pop("xl/_rels/workbook.xml.rels"))
    links = links.replace("sharedStrings.xml", "strings7.xml").replace("styles.xml", "looks.xml")
    parts["xl/_rels/workbook22.xml.rels"] = links
    parts["_rels/.rels"] = hostile.links(("rId1", "officeDocument", "/xl/workbook22.xml"))
    assert sheet_of(made, hostile.zipped(parts)) == {1: ["甲公司", date(2024, 5, 20)]}


def test_rows_stream_in_chunks_and_blank_ones_keep_their_numbers(made: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(3, 5000, 2))
    made.write_bytes(hostile.workbook(rows))
    with open_book(made) as book:
        (chunks,) = [list(sheet.chunks) for sheet in book.sheets()]
    assert max(map(len, chunks)) <= 4000
    assert [line for chunk in chunks for line in chunk] == [Line(n, [None, n]) for n in range(3, 5000, 2)]


def test_moving_on_skips_what_is_left_of_a_sheet(orders: Path) -> None:
    with open_book(orders) as book:
        assert [sheet.name for sheet in book.sheets()] == ["登记表", "隐藏"]


@pytest.mark.parametrize(
    ("file", "password"),
    [
        ("calamine__pass_protected.xlsx", "123"),
        ("calamine__pass_protected.xlsb", "1234"),
        ("excelize__encryptSHA512.xlsx", "password"),
        ("python-calamine__password.xls", "1234"),
    ],
)
def test_encrypted_workbooks_open_with_their_password_only(file: str, password: str) -> None:
    assert read(CORPUS / file, password)
    assert refusal(CORPUS / file) == "file-encrypted"
    assert refusal(CORPUS / file, "不对") == "password-wrong"


def test_an_encrypted_open_document_is_named_as_such() -> None:
    assert refusal(CORPUS / "calamine__pass_protected.ods", "password") == "file-encrypted-ods"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "file-is-pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file-is-picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "file-is-picture"),
        (b"{\\rtf1\\ansi}", "file-is-document"),
        (b"Rar!\x1a\x07\x01\0", "file-is-archive"),
        (hostile.zipped({"订单.xlsx": b"PK"}), "file-is-archive"),
        (hostile.zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "file-is-document"),
        (hostile.zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "file-is-presentation"),
        (hostile.zipped({"Index/Document.iwa": b"", "Metadata/Properties.plist": b""}), "file-is-numbers"),
        (hostile.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "file-is-document"),
        (b"\x09\x04\x06\x00\0\0\x10\0\x02\0", "file-too-old"),
        (b"PK\x03\x04 and then nothing", "file-damaged"),
        (b"<?xml version='1.0'?><invoice/>", "file-unknown"),
        (bytes(range(256)) * 40, "file-unknown"),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(made: Path, content: bytes, code: str) -> None:
    made.write_bytes(content)
    assert refusal(made) == code


def test_excels_lock_file_is_not_taken_for_the_workbook() -> None:
    assert refusal(CORPUS / "closedxml__LOCKFILE_LoadPivotTables.xlsx") == "file-is-lock"


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "file-missing"
    assert refusal(tmp_path) == "file-is-folder"


@contextmanager
def as_nobody() -> Iterator[None]:
    """For the superuser no permission is missing: what follows is done as nobody."""
    privileged = os.geteuid() == 0
    if privileged:
        os.seteuid(65534)
    try:
        yield
    finally:
        if privileged:
            os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_file_without_permission_is_locked() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "a.xlsx"
        file.write_bytes(hostile.workbook())
        file.chmod(0)
        with as_nobody():
            assert refusal(file) == "file-locked"


def test_a_file_replaced_while_it_is_read_makes_no_difference(made: Path) -> None:
    made.write_bytes(hostile.workbook())
    with open_book(made) as book:
        made.write_bytes(b"something else")
        (sheet,) = book.sheets()
        assert book.kind == "xlsx"
        assert sheet.name == "订单"


def test_leaving_early_leaves_no_child_and_no_file_behind(orders: Path, tmp_path: Path) -> None:
    before, children = set(tmp_path.iterdir()), psutil.Process().children()
    with open_book(orders) as book:
        next(book.sheets())
        assert set(psutil.Process().children()) > set(children)
    assert psutil.Process().children() == children
    assert set(tmp_path.iterdir()) == before


def test_an_exception_of_the_consumer_ends_the_children_too(orders: Path) -> None:
    def stumble() -> None:
        with open_book(orders) as book:
            next(book.sheets())
            raise KeyError

    children = psutil.Process().children()
    with pytest.raises(KeyError):
        stumble()
    assert psutil.Process().children() == children


def test_the_child_starts_with_nothing_but_the_standard_library() -> None:
    """A one-row workbook waits for the child, so what it imports is part of every run."""
    modules = "orderflow.sheets.reading.child, orderflow.sheets.reading.marks_xlsx"
    heavy = f"import sys; sys.path.append(sys.argv[1]); import {modules}"
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{heavy}; print(*sys.modules)", str(Path(__file__).parents[1])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"pydantic", "sqlalchemy", "lxml", "openpyxl", "psutil"} & {n.split(".")[0] for n in said.stdout.split()}
