"""Nothing that a file holds takes the tool down, hangs it, or fills the machine: it is read or refused."""

from __future__ import annotations

import random
from contextlib import suppress
from functools import cache
from pathlib import Path

import hostile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderflow.records.errors import Unreadable
from orderflow.sheets.book import Cell, Limits, open_book
from orderflow.sheets.values import MIB

CORPUS = Path(__file__).parent / "corpus"
ACROSS = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="5"/>'
FIVE = '<table:table-cell office:value-type="float" office:value="5"/>'
ONE_OF_EACH = ["calamine__errors.xlsx", "calamine__issue_419.xlsb", "sheetjs__fn.et", "calamine__date.ods"]
SMALL = Limits(memory=256 * MIB, seconds=6)
WATCHED = Limits(memory=256 * MIB, seconds=6, watch=True)  # as where the kernel sets no limit


def read(folder: Path, content: bytes, limits: Limits = SMALL, name: str = "orders.xlsx") -> dict[int, list[Cell]]:
    """The rows of the first sheet."""
    path = folder / name
    path.write_bytes(content)
    with open_book(path, limits=limits) as book:
        return {line.row: line.cells for chunk in next(book.sheets()).chunks for line in chunk}


@cache
def strings_bomb() -> bytes:
    return hostile.strings_bomb(80)


def refusal(folder: Path, content: bytes, limits: Limits = SMALL) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        read(folder, content, limits)
    return refused.value


@pytest.mark.parametrize("limits", [SMALL, WATCHED], ids=["kernel", "watched"])
@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ60000"])
def test_a_cell_far_from_all_others_is_named(tmp_path: Path, limits: Limits, cell: str) -> None:
    refused = refusal(tmp_path, hostile.far_cell(cell), limits)
    assert (refused.code, refused.params["sheet"], refused.params["cell"]) == ("file-far-cell", "订单", cell)


def test_far_cells_that_cost_little_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, hostile.far_cell("XFD2"))[2][-1] == 1
    assert read(tmp_path, hostile.far_cell("A1048576"))[1048576][0] == 1


def test_far_cells_that_are_only_formatted_do_not_matter(tmp_path: Path) -> None:
    tail = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert list(read(tmp_path, hostile.workbook(hostile.ORDERS + tail))) == [1]


def test_a_false_dimension_changes_nothing(tmp_path: Path) -> None:
    for claimed in ("A1", "A1:XFD1048576"):
        sheet = hostile.worksheet(hostile.ORDERS, before=f'<dimension ref="{claimed}"/>')
        assert read(tmp_path, hostile.workbook(sheet=sheet)) == {1: ["客户名称", 12]}


def test_a_false_count_of_strings_is_refused(tmp_path: Path) -> None:
    strings = f'<sst xmlns="{hostile.MAIN}" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    assert refusal(tmp_path, hostile.workbook(strings=strings)).code == "file-damaged"


def test_bombs_are_refused_by_what_they_inflate_to(tmp_path: Path) -> None:
    assert refusal(tmp_path, strings_bomb()).code == "file-too-large"
    small = Limits(inflated=16 * MIB)
    assert refusal(tmp_path, hostile.sheet_bomb(20), small).code == "file-too-large"


@pytest.mark.parametrize(("watch", "mib"), [(False, 90), (True, 40)], ids=["kernel", "watched"])
def test_a_child_that_outgrows_its_memory_is_ended(tmp_path: Path, watch: bool, mib: int) -> None:
    limits = Limits(memory=mib * MIB, ratio=100_000, watch=watch)
    assert refusal(tmp_path, strings_bomb(), limits).code == "file-too-large"


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.far_cell("N1048576"), Limits(seconds=0.1)).code == "file-too-slow"


def test_entities_are_refused_before_they_expand(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.laughing()).code == "file-damaged"
    assert refusal(tmp_path, hostile.reaching_out(Path(__file__).as_uri())).code == "file-damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.twice()).code == "file-damaged"
    assert refusal(tmp_path, hostile.twice(alias="xl\\worksheets\\SHEET1.xml")).code == "file-damaged"
    assert read(tmp_path, hostile.twice("docProps/app.xml"))


@pytest.mark.parametrize(("field", "value"), [(20, 5), (24, 5), (24, 0xFFFFFFFF), (42, 7)])
def test_lies_about_sizes_and_places_are_refused(tmp_path: Path, field: int, value: int) -> None:
    content = hostile.lying(hostile.workbook(), "xl/worksheets/sheet1.xml", field, value)
    assert refusal(tmp_path, content).code == "file-damaged"


def test_names_that_lead_out_of_the_archive_lead_nowhere(tmp_path: Path) -> None:
    parts = hostile.parts() | {"../../evil.xml": "x", "/etc/evil": "x", "C:\\evil": "x"}
    assert read(tmp_path, hostile.zipped(parts)) == {1: ["客户名称", 12]}
    assert [path.name for path in tmp_path.iterdir()] == ["orders.xlsx"]


def test_a_sheet_that_leads_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    parts = hostile.parts()
    parts["xl/_rels/workbook.xml.rels"] = hostile.links(("rId1", "worksheet", "../../../../etc/passwd"))
    assert refusal(tmp_path, hostile.zipped(parts)).code == "file-damaged"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (f'<table:table-row table:number-rows-repeated="200000">{FIVE}</table:table-row>', None),
        (f"<table:table-row>{ACROSS}</table:table-row>", None),
        (
            f"<table:table-row>{FIVE}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
            f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{FIVE}</table:table-row>',
            "file-far-cell",
        ),
    ],
    ids=["rows", "columns", "far"],
)
def test_repeated_open_document_cells_end(tmp_path: Path, rows: str, code: str | None) -> None:
    content = hostile.open_document(rows)
    if code:
        assert refusal(tmp_path, content).code == code
    else:
        assert read(tmp_path, content, Limits())[1][0] == 5


def test_an_open_document_broken_off_inside_is_refused_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.open_document(f"<table:table-row>{FIVE}", ending="")).code == "file-damaged"


def test_deeply_nested_pages_end(tmp_path: Path) -> None:
    ends(tmp_path, b"<table><tr><td>" * 20_000 + b"x")


@pytest.mark.parametrize("file", ONE_OF_EACH)
def test_files_broken_off_anywhere_end(tmp_path: Path, file: str) -> None:
    for content in hostile.cut((CORPUS / file).read_bytes(), 9):
        ends(tmp_path, content)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(ONE_OF_EACH),
    seed=st.integers(0, 2**32),
    changes=st.integers(1, 40),
)
def test_files_with_bytes_changed_end(tmp_path: Path, file: str, seed: int, changes: int) -> None:
    content, dice = bytearray((CORPUS / file).read_bytes()), random.Random(seed)
    for _ in range(changes):
        content[dice.randrange(len(content))] = dice.randrange(256)
    ends(tmp_path, bytes(content))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_random_bytes_end(tmp_path: Path, content: bytes) -> None:
    ends(tmp_path, content)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0k\0b\0o\0o\0k\0\0\0", b"<table>"]),
    content=st.binary(max_size=400),
)
def test_random_bytes_after_a_promising_start_end(tmp_path: Path, start: bytes, content: bytes) -> None:
    ends(tmp_path, start + content)


def ends(folder: Path, content: bytes) -> None:
    """In rows or in one refusal; anything else is an error of the test."""
    path = folder / "orders.xls"
    path.write_bytes(content)
    with suppress(Unreadable), open_book(path, limits=SMALL) as book:
        for sheet in book.sheets():
            for _ in sheet.chunks:
                pass
