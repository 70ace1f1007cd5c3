"""A written workbook opens everywhere, looks as described, and is the same bytes for the same content."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from orderflow.sheets.layout import (
    Cell,
    ColumnLayout,
    Highlight,
    Limits,
    Link,
    Page,
    Row,
    Shared,
    SharedRow,
    SheetLayout,
    Visibility,
    WorkbookLayout,
)
from orderflow.sheets.palette import JHENGHEI, Look, Pattern
from orderflow.sheets.writer import Written, write_workbook
from orderflow.sheets.writing.names import SheetNames

WHEN = datetime(2024, 5, 10, 9, 0)
# The elements of a worksheet in the standard's order; Excel "repairs" files that break it.
ORDER = ["sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter"]
ORDER += ["conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"]
ORDER += ["headerFooter", "ignoredErrors", "drawing", "legacyDrawing"]


def opened(path: Path) -> Any:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(path)


def orders(count: int) -> Iterator[Row]:
    for index in range(count):
        contact = Cell("1395678", Look.ERROR, "联系方式不完整\n请写完整的手机号") if index == 1 else "139****5678"
        yield [f"202405-{index + 1:03d}", contact, date(2024, 5, 20), "未付款", "请送到后门，卸货需叉车" * index]


def registration(count: int = 3, **changes: Any) -> SheetLayout:
    columns = [
        ColumnLayout("订单编号", note="由系统填写", look=Look.SHADED, header_look=Look.DESK_HEADER),
        ColumnLayout("联系方式"),
        ColumnLayout("交付日期", Pattern.DATE),
        ColumnLayout("付款状态", choices=("已付款", "未付款", "预付")),
        ColumnLayout("备注", width=20, wrap=True),
    ]
    described: dict[str, Any] = {
        "name": "订单信息登记表",
        "columns": columns,
        "rows": orders(count),
        "highlights": [Highlight('{3}="未付款"', Look.WARNING, (3,))],
        "frozen_columns": 1,
        "page": Page(footer="登记 R&D"),
    }
    return SheetLayout(**described | changes)


def summary() -> SheetLayout:
    return SheetLayout(
        "核对结果",
        [ColumnLayout("单元格"), ColumnLayout("问题")],
        [[Cell("B3", link=Link("订单信息登记表", 1, 1)), "联系方式不完整"]],
        above=[[Cell("接收核对", Look.TITLE)], [], ["读取", 3]],
        below=[["完"]],
        frozen_header=False,
        gridlines=False,
    )


def write(path: Path, *sheets: SheetLayout, **changes: Any) -> Written:
    described: dict[str, Any] = {"created": WHEN, "author": "orderflow"} | changes
    return write_workbook(WorkbookLayout(sheets, **described), path)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", summary(), registration())
    write(tmp_path / "b.xlsx", summary(), registration())
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_only_time_in_the_file_is_the_one_given(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, registration(), created=datetime(2024, 5, 10, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    properties = opened(path).properties
    assert properties.created == properties.modified == datetime(2024, 5, 10, 1, 0)
    with zipfile.ZipFile(path) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_part_is_well_formed_and_in_the_order_that_excel_demands(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, summary(), registration(spare_rows=50, tab_colour="#1F4E79"))
    for name, content in parts_of(path).items():
        root = ElementTree.fromstring(content)
        if name.startswith("xl/worksheets/sheet"):
            found = [ORDER.index(child.tag.partition("}")[2]) for child in root]
            assert found == sorted(found), name


def test_every_relation_of_a_sheet_leads_to_a_part_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, summary(), registration())
    parts = parts_of(path)
    for name in [name for name in parts if name.startswith("xl/worksheets/_rels/")]:
        for target in re.findall(rb'Target="\.\./([^"]+)"', parts[name]):
            assert f"xl/{target.decode()}" in parts


def test_addresses_count_up_without_gap_or_repetition(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, summary(), registration(40))
    for name, content in parts_of(path).items():
        if name.startswith("xl/worksheets/sheet"):
            rows = [int(row) for row in re.findall(rb'<row r="(\d+)"', content)]
            assert rows == sorted(set(rows))
            cells = re.findall(rb'<c r="([A-Z]+\d+)"', content)
            assert len(cells) == len(set(cells))


def test_the_ranges_fit_rows_whose_number_nobody_knew_beforehand(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, registration(30, above=[["标题"], []], spare_rows=10))
    sheet = opened(path).active
    assert sheet.dimensions == "A1:E33"
    assert sheet.auto_filter.ref == "A3:E33"
    assert sheet.freeze_panes == "B4"
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["D4:D43"]
    ((area, rules),) = ((str(found.sqref), found.rules) for found in sheet.conditional_formatting)
    assert (area, rules[0].formula) == ("D4:D43", ['$D4="未付款"'])
    assert sheet.print_title_rows == "$3:$3"


def test_a_blank_template_has_dropdowns_for_rows_to_come_and_notes_on_its_headers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, registration(0, spare_rows=500), choice_warning="不在可选项中，仍要填写吗？")
    sheet = opened(path).active
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("D2:D501", '"已付款,未付款,预付"')
    assert (rule.errorStyle, rule.error) == ("warning", "不在可选项中，仍要填写吗？")
    assert sheet["A1"].comment.text == "由系统填写"
    assert sheet.column_dimensions["B"].width > 8
    assert sheet.row_dimensions[1].height > 20


@pytest.mark.parametrize(
    "choices",
    [tuple(f"第{n}车间备用生产线" for n in range(60)), ("A,B", "C"), ('12"', "14"), ("=1+1", "2")],
    ids=["more than 255 characters", "a comma", "a quotation mark", "a formula"],
)
def test_choices_that_a_rule_cannot_hold_stand_on_a_hidden_sheet(tmp_path: Path, choices: tuple[str, ...]) -> None:
    path = tmp_path / "a.xlsx"
    column = ColumnLayout("车间", choices=choices)
    write(path, SheetLayout("lists", [ColumnLayout("甲"), column], [["", ""]]))
    book = opened(path)
    (rule,) = book["lists"].data_validations.dataValidation
    assert rule.formula1 == f"'lists 2'!$A$1:$A${len(choices)}"
    assert tuple(cell.value for cell in book["lists 2"]["A"]) == choices
    assert book["lists 2"].sheet_state == "veryHidden"


def test_a_doubtful_cell_is_coloured_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, registration())
    cell = opened(path).active["B3"]
    assert cell.fill.fgColor.rgb == "FFF9CFC9"
    assert cell.font.b
    assert cell.comment.text == "联系方式不完整\n请写完整的手机号"
    assert cell.comment.author == "orderflow"


def test_a_comment_box_grows_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    short, long = Cell("a", comment="短"), Cell("b", comment="请写完整的手机号，或带区号的座机号。" * 8)
    write(path, SheetLayout("表", [ColumnLayout("值")], [[short], [long]]))
    heights = [float(h) for h in re.findall(rb"height:([\d.]+)pt", parts_of(path)["xl/drawings/vmlDrawing1.vml"])]
    assert heights[1] > 3 * heights[0]


def test_comments_are_capped_and_what_was_left_out_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [[Cell(f"{n}", Look.ERROR, "请改")] for n in range(9)]
    account = write(path, SheetLayout("表", [ColumnLayout("值")], rows), limits=Limits(comments=5))
    cells = [cell for (cell,) in opened(path).active.iter_rows(min_row=2)]
    assert [bool(cell.comment) for cell in cells] == [True] * 5 + [False] * 4
    assert all(cell.fill.fgColor.rgb == "FFF9CFC9" for cell in cells)
    assert account.comments_left_out == 4


def test_a_sheet_that_is_full_goes_on_in_numbered_ones_each_with_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    finding = SheetLayout("核对", [ColumnLayout("格")], [[Cell("往下", link=Link("订单信息登记表", 24, 1))]])
    account = write(path, finding, registration(25), limits=Limits(rows=10))
    assert [(sheet.name, sheet.rows) for sheet in account.sheets] == [
        ("核对", 1),
        ("订单信息登记表", 10),
        ("订单信息登记表 2", 10),
        ("订单信息登记表 3", 5),
    ]
    book = opened(path)
    assert [sheet["A1"].value for sheet in book.worksheets[1:]] == ["订单编号"] * 3
    assert book["订单信息登记表 3"]["A6"].value == "202405-025"
    assert book["订单信息登记表 3"].auto_filter.ref == "A1:E6"
    assert book["核对"]["A2"].hyperlink.location == "'订单信息登记表 3'!B6"


def test_a_link_leads_to_the_cell_below_titles_and_header(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    detailed = registration(3, above=[["标题"], []])
    write(path, summary(), detailed)
    cell = opened(path)["核对结果"]["A5"]
    assert cell.hyperlink.location == f"'订单信息登记表'!B{detailed.first_row + 1}"
    assert cell.value == "B3"


def test_links_beyond_the_limit_are_left_out_and_counted_but_their_words_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [[Cell("去", link=Link("表"))] for _ in range(9)]
    account = write(path, SheetLayout("表", [ColumnLayout("值")], rows), limits=Limits(links=5))
    assert account.links_left_out == 4
    assert [cell.value for cell in opened(path).active["A"]][1:] == ["去"] * 9


def test_hidden_columns_sheets_names_and_properties_are_there_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    keys = SheetLayout("键", [ColumnLayout("key", hidden=True), ColumnLayout("值")], [["k1", 1]])
    meta = SheetLayout("meta", [ColumnLayout("k")], [["1"]], visibility=Visibility.VERY_HIDDEN)
    back = SheetLayout("备", [ColumnLayout("k")], [["1"]], visibility=Visibility.HIDDEN)
    write(path, meta, back, keys, names={"版本": "meta!$A$2"}, properties={"orderflow": "1"})
    book = opened(path)
    assert [sheet.sheet_state for sheet in book.worksheets] == ["veryHidden", "hidden", "visible"]
    assert book.active.title == "键"
    assert book["键"].column_dimensions["A"].hidden
    assert book.defined_names["版本"].attr_text == "meta!$A$2"
    assert book.custom_doc_props["orderflow"].value == "1"


def test_pages_print_on_a4_as_wide_as_the_table_with_a_footer(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, registration())
    sheet = opened(path).active
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert b"R&amp;&amp;D" in parts_of(path)["xl/worksheets/sheet1.xml"]


def test_a_column_is_as_wide_as_its_chinese_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [ColumnLayout("甲"), ColumnLayout("乙"), ColumnLayout("丙")]
    write(path, SheetLayout("表", columns, [["深圳市明远科技有限公司", "Shenzhen Ltd", "长" * 90]]))
    width = opened(path).active.column_dimensions
    assert 22 < width["A"].width < 28
    assert 12 < width["B"].width < 18
    assert width["C"].width < 46


def test_a_wrapped_row_is_as_high_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, registration(8))
    heights = opened(path).active.row_dimensions
    assert heights[2].height is None
    assert heights[9].height > heights[4].height > 19.5


@pytest.mark.parametrize("has_header", [True, False])
def test_a_sheet_without_rows_opens(tmp_path: Path, has_header: bool) -> None:
    path = tmp_path / "a.xlsx"
    write(path, SheetLayout("表", [ColumnLayout("甲")], has_header=has_header), SheetLayout("空", []))
    book = opened(path)
    assert [sheet.dimensions for sheet in book.worksheets] == ["A1:A1", "A1:A1"]
    assert book["表"]["A1"].value == ("甲" if has_header else None)


def test_rows_that_cannot_be_read_are_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield ["好"]
        raise FileNotFoundError("the source")

    with pytest.raises(FileNotFoundError, match="the source"):
        write(tmp_path / "a.xlsx", SheetLayout("表", [ColumnLayout("甲")], rows()))


def test_the_font_is_the_one_asked_for_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, SheetLayout("表", [ColumnLayout("甲")], [["值"]]), font=JHENGHEI)
    styles = parts_of(path)["xl/styles.xml"]
    assert set(re.findall(rb'<name val="([^"]+)"', styles)) == {JHENGHEI.encode()}
    assert b"<scheme" not in styles


def test_a_chart_can_be_drawn_beside_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    def draw(workbook: Any, worksheet: Any) -> None:
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "='月报'!$B$2:$B$3", "values_data": [3, 4]})
        worksheet.insert_chart("D2", chart)

    columns = [ColumnLayout("阶段"), ColumnLayout("天", Pattern.INTEGER)]
    write(path, SheetLayout("月报", columns, [["生产", 3], ["物流", 4]], draw=draw))
    book = opened(path)
    assert len(book["月报"]._charts) == 1
    assert [cell.value for cell in book["月报"]["B"]] == ["天", 3, 4]


def test_missing_cells_at_the_end_of_a_row_are_blank_and_surplus_ones_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [ColumnLayout("甲"), ColumnLayout("乙")]
    write(path, SheetLayout("表", columns, [["1"]]))
    cell = opened(path).active["B2"]
    assert (cell.value, cell.border.left.style) == (None, "thin")
    with pytest.raises(ValueError, match="longer"):
        write(path, SheetLayout("表", columns, [["1", "2", "3"]]))


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["订单/2024:5*"], ["订单 2024 5"]),
        (["a", "A", "a"], ["a", "A 2", "a 3"]),
        (["字" * 40], ["字" * 31]),
        (["😀" * 20], ["😀" * 15]),
        (["'引号'"], ["引号"]),
        (["", "[]"], ["Sheet", "Sheet 2"]),
        (["History"], ["History 2"]),
        (["a\x00b\nc"], ["ab c"]),
        (["长" * 31, "长" * 31], ["长" * 31, "长" * 29 + " 2"]),
    ],
)
def test_sheet_names_are_ones_that_excel_takes(tmp_path: Path, wanted: list[str], given: list[str]) -> None:
    assert SheetNames(wanted).given == given
    write(tmp_path / "a.xlsx", *(SheetLayout(name, [ColumnLayout("甲")]) for name in wanted))
    assert opened(tmp_path / "a.xlsx").sheetnames == given


def test_a_time_with_an_offset_is_kept_as_universal_time(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", registration(), created=datetime(2024, 5, 10, 1, 0, tzinfo=UTC))
    write(tmp_path / "b.xlsx", registration(), created=datetime(2024, 5, 10, 1, 0))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_rows_that_end_as_others_do_are_written_to_the_byte_as_if_each_stood_by_itself(tmp_path: Path) -> None:
    ends: list[Row] = [
        [date(2024, 5, 20), "未付款", "请送到后门，卸货需叉车" * 3],
        ["=1+1", Cell(5, Look.GOOD)],
        [None, Cell("预付", comment="请核对"), "很长" * 20_000],
    ]
    shared = [Shared(end) for end in ends]
    numbers = [(f"202405-{index + 1:03d}", "139****5678") for index in range(700)]
    apart = registration(rows=[[*own, *ends[index % 3]] for index, own in enumerate(numbers)])
    together = registration(rows=[SharedRow(own, shared[index % 3]) for index, own in enumerate(numbers)])
    for name, sheet in (("apart", apart), ("together", together)):
        layout = WorkbookLayout([sheet], WHEN, limits=Limits(rows=300, comments=50))
        written = write_workbook(layout, tmp_path / f"{name}.xlsx")
        assert [one.rows for one in written.sheets] == [300, 300, 100]
        assert len(written.cut) == 233
        assert written.comments_left_out == 2 * 51  # the header's own is one of the 50
    assert (tmp_path / "apart.xlsx").read_bytes() == (tmp_path / "together.xlsx").read_bytes()
