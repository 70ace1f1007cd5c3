"""The table in a sheet is found wherever it begins, and what stands under its header is told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from orderflow.records.registration import Registration
from orderflow.records.rows import REFERENCES, WORKBOOKS, Customer, Priority, Product, Progress, columns
from orderflow.sheets.lines import LineKind
from orderflow.sheets.table import Table, open_table
from orderflow.sheets.values import Line, Runs, Sheet, Trouble

KINDS = [workbook.row for workbook in (*WORKBOOKS, *REFERENCES)]
HEADER = ["客户名称", "联系方式", "产品名称", "数量", "交期", "付款状态", "备注"]
ROW = ["甲公司", "139****5678", "A型设备", 5, date(2024, 5, 20), "已付", None]


def sheet_of(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    lines = [Line(number, list(cells)) for number, cells in enumerate(rows, 1)]

    def chunks() -> Iterator[list[Line]]:
        yield from (lines[start : start + 7] for start in range(0, len(lines), 7))

    return Sheet("订单", False, False, frozenset(), Runs(), merged, chunks())


def opened(*rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()) -> Table:
    table = open_table(sheet_of(rows, merged), KINDS)
    assert table is not None
    return table


def rows_of(table: Table) -> list[int]:
    return [line.row for chunk in table.chunks() for line in chunk]


def test_a_table_that_begins_in_the_first_line_is_read_from_the_second() -> None:
    table = opened(HEADER, ROW, ROW)
    assert table.header_rows == (1,)
    assert rows_of(table) == [2, 3]
    assert table.skipped == []


def test_titles_contact_lines_and_a_long_preamble_stand_above_the_header() -> None:
    preamble: list[list[Any]] = [
        ["订单信息登记表"],
        ["联系人：*经理  电话：139****5678", None, "日期：", date(2024, 5, 10)],
        [],
    ]
    preamble += [[f"{number}. 客户名称、产品名称、数量必须填写"] for number in range(1, 41)]
    table = opened(*preamble, HEADER, ROW, merged=[(1, 0, 1, 6)])
    assert table.header_rows == (44,)
    assert rows_of(table) == [45]


@pytest.mark.parametrize("order", [slice(None, None, -1), slice(None)])
def test_columns_may_stand_in_any_order(order: slice) -> None:
    assert set(opened(HEADER[order], ROW[order]).layout.fields.values()) >= {"customer", "product", "quantity"}


def test_a_header_over_two_rows_is_read_as_one() -> None:
    table = opened(
        ["订单登记", None, None, None, None, None, None],
        ["订单编号", "客户", None, None, "产品", "数量", "交期"],
        [None, "名称", "联系人", "电话", "名称", None, None],
        [None, "甲公司", "*经理", "139****5678", "A型设备", 5, date(2024, 5, 20)],
        merged=[(1, 0, 1, 6), (2, 1, 2, 3), (2, 0, 3, 0), (2, 5, 3, 5), (2, 6, 3, 6)],
    )
    assert table.header_rows == (2, 3)
    assert list(table.layout.fields.values()) == [
        "number", "customer", "contact_person", "contact", "product", "quantity", "delivery_date",
    ]  # fmt: skip
    assert rows_of(table) == [4]


def test_a_group_row_above_a_complete_header_is_no_part_of_it() -> None:
    groups = ["客户", None, "产品", None, "订单", None, None]
    table = opened(groups, HEADER, ROW, merged=[(1, 0, 1, 1), (1, 2, 1, 3), (1, 4, 1, 6)])
    assert table.header_rows[-1] == 2
    assert table.layout.missing == ()
    assert rows_of(table) == [3]


def test_the_first_row_of_orders_is_never_taken_for_the_second_half_of_a_header() -> None:
    words = ["客户名称", None, "产品", None, None, "已付", "备注"]
    table = opened(HEADER, words, ROW)
    assert table.header_rows == (1,)
    assert rows_of(table) == [2, 3]


def test_a_header_that_is_merged_downwards_leaves_one_blank_line() -> None:
    table = opened(HEADER, [None] * 7, ROW, merged=[(1, column, 2, column) for column in range(7)])
    assert rows_of(table) == [3]
    assert [(one.row, one.kind, one.last) for one in table.skipped] == [(2, LineKind.BLANK, 2)]


def test_english_and_traditional_headers_are_known() -> None:
    english = opened(["Customer", "Phone", "Product", "Qty", "Due date", "Payment status"], ROW[:6])
    traditional = opened(["客戶名稱", "聯繫電話", "產品名稱", "數量", "交貨日期", "付款狀態"], ROW[:6])
    assert list(english.layout.fields.values()) == list(traditional.layout.fields.values())


def test_a_row_of_orders_that_holds_header_words_does_not_win() -> None:
    odd = ["产品", "客户", "数量", 3, date(2024, 5, 20), "已付", "交期"]
    table = opened(HEADER, odd, odd)
    assert table.header_rows == (1,)
    assert rows_of(table) == [2, 3]


def test_a_sheet_without_a_header_is_no_table() -> None:
    assert open_table(sheet_of([ROW, ROW]), KINDS) is None
    assert open_table(sheet_of([["封面"], ["编制", "审核"], []]), KINDS) is None
    assert open_table(sheet_of([]), KINDS) is None


def test_a_form_with_values_beside_its_labels_is_no_table() -> None:
    form = [
        ["客户名称", "甲公司", "产品名称", "A型设备", "数量", "五台"],
        ["交期", "待定", "付款状态", "已付", "备注", "无"],
        ["联系人", "*经理", "联系方式", "139****5678"],
    ]
    assert open_table(sheet_of(form), KINDS) is None


@pytest.mark.parametrize("workbook", [*WORKBOOKS, *REFERENCES], ids=lambda workbook: workbook.name)
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_every_workbook_of_the_desk_is_told_by_its_headers(workbook: Any, lang: str) -> None:
    headers = [column.words.of(lang) for column in columns(workbook.row).values()]
    source_only = [column.words.of(lang) for column in columns(workbook.row).values() if not column.desk]
    for written in (headers, source_only):
        table = opened([workbook.title.of(lang)], [], written, [])
        assert table.layout.row is workbook.row
        assert len(table.layout.fields) == len(written)
        assert table.layout.unclear == ()


def test_a_list_of_customers_or_products_is_not_taken_for_orders() -> None:
    assert opened(["客户名称", "客户等级", "联系人", "联系电话"], ["甲", "VIP", "*", "1"]).layout.row is Customer
    assert opened(["产品名称", "单位", "单价", "库存"], ["A", "台", 3, 4]).layout.row is Product
    assert open_table(sheet_of([["客户名称", "客户等级", "联系人", "联系电话"]]), [Registration]) is None


def test_a_list_of_payments_is_not_taken_for_orders() -> None:
    payments = ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "备注"]
    assert (
        open_table(sheet_of([payments, ["2024-05-10", "消费", "甲", "乙", "支出", 5, "零钱", "成功", "/"]]), KINDS)
        is None
    )


def test_the_seeds_tables_are_each_known_for_what_they_are() -> None:
    priority = "订单编号 客户等级(VIP/普通/新) 订单金额(万元) 交付紧急度(紧急≤3天/常规4-7天/宽松≥8天) 判定人"
    progress = "订单编号 执行阶段(生产/采购/质检/物流) 负责人 计划完成时间 实际完成时间 进度状态(正常/延迟)"
    for header, kind in ((priority, Priority), (progress, Progress)):
        assert opened(header.split(), ["202405-001"]).layout.row is kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([None] * 7, LineKind.BLANK),
        (["", " ", "\u3000", None, None, None, None], LineKind.BLANK),
        (["-", None, "—", None, None, None, "/"], LineKind.BLANK),
        (HEADER, LineKind.HEADER),
        (["客户名称 ", "联系方式", "产品名称", "数量", "交 期", None, None], LineKind.HEADER),
        (["合计", None, None, 105, None, None, None], LineKind.TOTAL),
        (["合 计：", None, None, "105件", None, "¥8,000.00", None], LineKind.TOTAL),
        ([None, None, "小计", 105, None, None, None], LineKind.TOTAL),
        (["Total", None, None, 105, None, None, None], LineKind.TOTAL),
        (["总计（大写）：捌仟元整", None, None, None, None, None, None], LineKind.TOTAL),
        ([None, None, None, "合计：105", None, None, None], LineKind.TOTAL),
        (["备注：以上价格含税，以合同为准", None, None, None, None, None, None], LineKind.NOTE),
        (["制表人：*专员", None, "审核：*经理", None, "日期：2024-05-10", None, None], LineKind.NOTE),
        (["第1页/共2页", None, None, None, None, None, None], LineKind.NOTE),
        ([None, None, None, None, None, None, "以上订单请于本周内全部确认，有问题请联系销售部。"], LineKind.NOTE),
        (["总计科技", None, None, None, None, None, None], LineKind.ROW),
        (["合计科技公司", "139****5678", "A型设备", 5, None, None, None], LineKind.ROW),
        (["合计", None, "A型设备", 5, None, None, None], LineKind.ROW),
        (["甲公司", None, "A型设备", None, None, None, None], LineKind.ROW),
        (["甲公司", None, None, None, None, None, None], LineKind.ROW),
        ([None, None, None, 5, None, None, None], LineKind.ROW),
        (["说明书印刷厂", None, None, None, None, None, None], LineKind.ROW),
        (["甲：乙公司", None, "A型设备", 5, None, None, None], LineKind.ROW),
        ([Trouble("error-value", "#REF!"), None, None, None, None, None, None], LineKind.ROW),
    ],
)  # fmt: skip
def test_a_line_under_the_header_is_told_for_what_it_is(cells: list[Any], kind: LineKind) -> None:
    table = opened(HEADER, ROW, cells, ROW)
    read = rows_of(table)
    assert read == ([2, 3, 4] if kind is LineKind.ROW else [2, 4])
    assert [(one.row, one.kind) for one in table.skipped] == ([] if kind is LineKind.ROW else [(3, kind)])


def test_skipped_lines_are_listed_with_their_row_and_text_and_blank_ones_as_runs() -> None:
    table = opened(HEADER, ROW, [None] * 7, [None] * 7, ROW, ["合计", None, None, 10], *[[None] * 7] * 30)
    assert rows_of(table) == [2, 5]
    assert [tuple(one) for one in table.skipped] == [(3, LineKind.BLANK, "", 4), (6, LineKind.TOTAL, "合计", 6)]


def test_a_repeated_two_row_header_is_skipped_whole() -> None:
    top, bottom = ["订单编号", "客户", None, "产品", "数量"], [None, "名称", "电话", "名称", None]
    row = [None, "甲公司", "139****5678", "A型设备", 5]
    table = opened(top, bottom, row, top, bottom, row, merged=[(1, 1, 1, 2)])
    assert rows_of(table) == [3, 6]
    assert [one.kind for one in table.skipped] == [LineKind.HEADER, LineKind.HEADER]


def test_lines_may_be_shorter_or_longer_than_the_header() -> None:
    table = opened(HEADER, ["甲公司"], [*ROW, None, None, "右边的字"])
    assert rows_of(table) == [2, 3]


def test_a_pinned_header_helps_to_find_the_table() -> None:
    rows: list[list[Any]] = [["甲方", "货", "多少"], ["甲公司", "A型设备", 5]]
    assert open_table(sheet_of(rows), KINDS) is None
    table = open_table(sheet_of(rows), KINDS, {"甲方": "customer", "货": "product", "多少": "quantity"})
    assert table is not None
    assert list(table.layout.fields.values()) == ["customer", "product", "quantity"]
