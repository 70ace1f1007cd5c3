"""Every workbook of the corpus, gathered from other projects' test suites, ends in rows or in one refusal."""

from __future__ import annotations

import csv
import warnings
from datetime import datetime, time
from pathlib import Path

import openpyxl
import psutil
import pytest

from orderflow.records.errors import Unreadable
from orderflow.sheets.book import Cell, Trouble, open_book

CORPUS = Path(__file__).parent / "corpus"
INDEX = (CORPUS / "index.tsv").read_text("utf-8").splitlines()
FILES = [entry["file"] for entry in csv.DictReader(INDEX, delimiter="\t")]
REFUSED = {
    "calamine__pass_protected.ods": "file-encrypted-ods",
    "calamine__pass_protected.xlsb": "file-encrypted",
    "calamine__pass_protected.xlsx": "file-encrypted",
    "closedxml__LOCKFILE_LoadPivotTables.xlsx": "file-is-lock",
    "excelize__BadWorkbook.xlsx": "file-damaged",
    "excelize__encryptAES.xlsx": "file-encrypted",
    "excelize__encryptSHA512.xlsx": "file-encrypted",
    "openpyxl__null_file.xlsx": "file-empty",
    "poi__54764-2.xlsx": "file-damaged",
    "poi__clusterfuzz-testcase-minimized-POIHSSFFuzzer-5816431116615680.xls": "file-damaged",
    "poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-4828727001088000.xlsx": "file-damaged",
    "poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": "file-damaged",
    "poi__poc-shared-strings.xlsx": "file-damaged",
    "python-calamine__password.xls": "file-encrypted",
}
BEYOND_THE_PEER = {  # openpyxl cannot open these, or reads dates before 1900 that Excel does not show
    "exceljs__invalid-xml.xlsx",
    "phpspreadsheet__Zip-Windows-Directory-Separator.xlsx",
    "phpspreadsheet__issue.3982.xlsx",
    "roo__type_openoffice.xlsx",
    "sheetjs__LONumbers.xlsx",
    "calamine__has_x000D_.xlsx",
}
Table = dict[tuple[int, int], Cell]


def tables(path: Path) -> dict[str, Table]:
    with open_book(path) as book:
        return {
            sheet.name: {
                (line.row, column): cell
                for chunk in sheet.chunks
                for line in chunk
                for column, cell in enumerate(line.cells)
                if cell is not None
            }
            for sheet in book.sheets()
        }


def test_the_index_lists_the_corpus() -> None:
    assert set(FILES) == {path.name for path in CORPUS.iterdir()} - {"index.tsv"}


@pytest.mark.parametrize("file", FILES)
def test_every_file_ends_in_rows_or_in_the_refusal_it_deserves(file: str) -> None:
    """The children's limits stand for time and memory: 2 GiB, and seconds by what a file holds."""
    children = psutil.Process().children()
    if file in REFUSED:
        with pytest.raises(Unreadable, match=REFUSED[file]):
            tables(CORPUS / file)
    else:
        assert tables(CORPUS / file)
    assert psutil.Process().children() == children


@pytest.mark.parametrize(
    "file", [f for f in FILES if f.endswith((".xlsx", ".xlsm")) and f not in REFUSED and f not in BEYOND_THE_PEER]
)
def test_values_agree_with_a_second_reader(file: str) -> None:
    ours = tables(CORPUS / file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = openpyxl.load_workbook(CORPUS / file, data_only=True)
    for sheet in peer.worksheets:
        theirs = {
            (cell.row or 0, (cell.column or 0) - 1): value
            for row in sheet.iter_rows()
            for cell in row
            if (value := comparable(cell.value)) is not None
        }
        mine = {place: value for place, cell in ours[sheet.title].items() if (value := comparable(cell)) is not None}
        assert mine == theirs


def comparable(value: object) -> object:
    """As both readers mean it: midnight is a date, an error its text, an uncalculated formula nothing."""
    if isinstance(value, Trouble):
        return value.text if value.kind == "error-value" else None
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    return value
