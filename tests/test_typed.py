"""Lines of a table become typed rows: what could be read, what could not and why, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.registration import Registration
from orderflow.records.rows import (
    REFERENCES,
    WORKBOOKS,
    Customer,
    Feedback,
    Plan,
    Priority,
    Product,
    Progress,
    RowType,
    columns,
)  # fmt: skip
from orderflow.sheets.headers import layout
from orderflow.sheets.reader import TableReader
from orderflow.sheets.typed import TypedRow
from orderflow.sheets.values import Line, Trouble

ON = date(2024, 5, 10)
ALL = [*WORKBOOKS, *REFERENCES]


def typed(cells: Mapping[str, Any], row: RowType = Registration, **options: Any) -> TypedRow:
    """One line under the given headers."""
    (read,) = TableReader(layout(list(cells), row), ON, **options).rows([Line(2, list(cells.values()))])
    return read


def table(row: RowType, headers: str, *lines: Sequence[Any]) -> list[TypedRow]:
    reader = TableReader(layout(headers.split(), row), ON)
    return reader.rows([Line(number, list(cells)) for number, cells in enumerate(lines, 2)])


def test_the_seeds_registration_rows_are_read_as_they_stand() -> None:
    first, second = table(
        Registration,
        "订单编号 客户名称 联系人(*先生/女士) 联系方式(虚拟) 产品名称/型号 订单数量 交付日期 "
        "订单来源(电商平台/线下/直报) 付款状态 备注(特殊需求)",
        [
            "202405-001",
            "*科技公司",
            "*经理",
            None,
            "A型设备-2024款",
            "5台",
            "2024-05-20",
            "电商平台",
            "已付",
            "需定制LOGO",
        ],
        [
            "202405-002",
            "*个人客户",
            "*女士",
            "1395678",
            "B型耗材-10mm",
            "100件",
            "2024-05-15",
            "直报",
            "未付",
            "加急订单",
        ],
    )
    assert first.row == Registration(
        number="202405-001", customer="*科技公司", contact_person="*经理", product="A型设备-2024款",
        quantity=Decimal(5), unit="台", delivery_date=date(2024, 5, 20), source="platform", payment="paid",
        remark="需定制LOGO",
    )  # fmt: skip
    assert second.row == Registration(
        number="202405-002", customer="*个人客户", contact_person="*女士", contact="1395678", product="B型耗材-10mm",
        quantity=Decimal(100), unit="件", delivery_date=date(2024, 5, 15), source="direct", payment="unpaid",
        remark="加急订单",
    )  # fmt: skip
    assert [one.doubts for one in (first, second)] == [(), ()]


def test_the_seeds_judgements_are_read_as_they_stand() -> None:
    first, second = table(
        Priority,
        "订单编号 客户等级(VIP/普通/新) 订单金额(万元) 交付紧急度(紧急≤3天/常规4-7天/宽松≥8天) "
        "优先级等级(高/中/低) 判定人 判定时间",
        ["202405-001", "VIP", "15", "紧急(3天)", "高", "*经理", "2024-05-1009:00"],
        ["202405-002", "普通", "0.8", "常规(5天)", "低", "*专员", "2024-05-1010:30"],
    )
    assert first.row == Priority(
        "202405-001", "vip", Decimal(15), "high", "high", "*经理", datetime(2024, 5, 10, 9)
    )  # fmt: skip
    assert second.row == Priority(
        "202405-002", "regular", Decimal("0.8"), "medium", "low", "*专员", datetime(2024, 5, 10, 10, 30)
    )
    assert not first.doubts
    assert not second.doubts


def test_the_seeds_progress_is_read_as_it_stands() -> None:
    rows = table(
        Progress,
        "订单编号 执行阶段(生产/采购/质检/物流) 负责人 计划完成时间 实际完成时间 进度状态(正常/延迟) "
        "异常说明(如延迟原因) 处理措施(如调整方案)",
        ["202405-001", "生产", "*主管", "2024-05-12", "2024-05-12", "正常", "-", "-"],
        ["202405-001", "质检", "*质检员", "2024-05-13", "2024-05-14", "延迟1天", "设备故障", "协调备用设备完成质检"],
        ["202405-001", "物流", "*物流专员", "2024-05-15", "2024-05-15", "正常", "-", "-"],
    )
    day = [date(2024, 5, number) for number in range(1, 20)]
    assert [one.row for one in rows] == [
        Progress("202405-001", "production", "*主管", day[11], day[11], "on-time"),
        Progress("202405-001", "inspection", "*质检员", day[12], day[13], "late", "设备故障", "协调备用设备完成质检"),
        Progress("202405-001", "logistics", "*物流专员", day[14], day[14], "on-time"),
    ]
    assert not any(one.doubts for one in rows)


def test_the_seeds_feedback_is_read_as_it_stands() -> None:
    first, second = table(
        Feedback,
        "订单编号 客户名称 验收结果(合格/不合格/部分合格) 客户意见(如产品外观、交付时效) 满意度评分(1-5分) "
        "改进建议(如包装优化、进度提醒) 记录人 记录时间",
        [
            "202405-001",
            "*科技公司",
            "合格",
            "交付及时，产品符合预期",
            "5",
            "希望增加物流实时跟进功能",
            "*专员",
            "2024-05-1614:00",
        ],
        [
            "202405-002",
            "*个人客户",
            "部分合格",
            "10件耗材轻微划痕",
            "3",
            "建议加强包装防护",
            "*售后",
            "2024-05-1616:30",
        ],
    )
    assert (first.row.acceptance, first.row.score, first.row.recorded_at) == (
        "qualified", 5, datetime(2024, 5, 16, 14),
    )  # fmt: skip
    assert (second.row.acceptance, second.row.score, second.row.comment) == ("partial", 3, "10件耗材轻微划痕")
    assert not first.doubts
    assert not second.doubts


def test_what_cannot_be_read_is_said_with_its_place_and_the_rest_is_kept() -> None:
    read = typed({"客户名称": "甲公司", "数量": "约100", "交期": "05/06/2024", "付款状态": "付清了", "产品": "A型设备"})
    assert read.row == Registration(customer="甲公司", product="A型设备")
    assert [(one.field, one.column, one.code, one.text) for one in read.doubts] == [
        ("quantity", 1, "unreadable-quantity", "约100"),
        ("payment", 3, "unknown-choice", "付清了"),
        ("delivery_date", 2, "ambiguous-date", "05/06/2024"),
    ]
    assert read.unread == {"quantity": "约100", "delivery_date": "05/06/2024", "payment": "付清了"}
    assert read.doubts[2].params["readings"] == ("2024-05-06", "2024-06-05")


def test_a_warning_keeps_what_was_typed_and_counts_as_read() -> None:
    read = typed({"客户名称": "甲公司", "联系方式": "13900005678/13900005679", "来源单号": 4123456789012345678})
    assert read.row.contact == "13900005678/13900005679"
    assert read.row.external_number == "4123456789012345678"
    assert {one.code for one in read.doubts} == {"several-contacts", "digits-lost"}
    assert read.unread == {}


def test_error_values_and_formulas_never_become_values() -> None:
    read = typed({"客户名称": Trouble("error-value", "#REF!"), "数量": Trouble("formula-not-calculated", "=B2*2")})
    assert read.row == Registration()
    assert [(one.field, one.code, one.text) for one in read.doubts] == [
        ("customer", "error-value", "#REF!"),
        ("quantity", "formula-not-calculated", "=B2*2"),
    ]


def test_a_date_without_a_year_counts_from_the_rows_own_receipt() -> None:
    assert typed({"交期": "1月3日"}).row.delivery_date == date(2025, 1, 3)
    assert typed({"交期": "1月3日", "接单时间": "2023-12-30 09:00"}).row.delivery_date == date(2024, 1, 3)
    read = table(Registration, "交期 接单时间", *(["1月3日", date(year, 6, 1)] for year in (2022, 2024, 2022)))
    assert [typed.row.delivery_date.year for typed in read] == [2023, 2025, 2023]


def test_a_day_without_a_year_in_a_plan_or_progress_is_the_nearest_one() -> None:
    assert typed({"计划完成时间": "5月8日", "订单编号": "202405-001"}, Progress).row.due == date(2024, 5, 8)
    assert typed({"计划开始时间": "5月12日", "订单编号": "202405-001"}, Plan).row.start == date(2024, 5, 12)


@pytest.mark.parametrize(
    ("cell", "known"),
    [("2024-05-10 09:00", True), ("2024-05-10", False), ("2024-05-10 0:00", False), (date(2024, 5, 10), False),
     (datetime(2024, 5, 10, 9), True), (None, True)],
)  # fmt: skip
def test_a_receipt_without_a_time_of_day_says_so(cell: Any, known: bool) -> None:
    assert typed({"接单时间": cell}).received_time_known is known


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        ({"数量(件)": "5台", "单位": "箱"}, "台"),
        ({"数量(件)": 5, "单位": "箱"}, "箱"),
        ({"数量(件)": 5, "单位": None}, "件"),
        ({"数量": 5}, None),
        ({"数量(件)": None}, None),
        ({"数量(件)": "约5"}, None),
    ],
)
def test_the_unit_is_the_cells_then_the_columns_then_the_headers(cells: dict[str, Any], unit: str | None) -> None:
    assert typed(cells).row.unit == unit


def test_a_products_unit_is_its_own_whatever_its_stock_is_counted_in() -> None:
    read = typed(
        {"产品名称": "A型设备", "单位": "台", "单价(元)": "¥30,000.00", "库存": "5箱", "供应方式": "现货"}, Product
    )
    assert read.row == Product("A型设备", "台", Decimal(30_000), Decimal(5), "stock")


def test_a_unit_that_cannot_be_read_is_not_taken_from_elsewhere() -> None:
    read = typed({"产品名称": "A型设备", "单位": Trouble("error-value", "#N/A"), "库存": "5箱"}, Product)
    assert (read.row.unit, dict(read.unread)) == (None, {"unit": "#N/A"})


def test_the_amounts_unit_comes_from_its_header() -> None:
    assert typed({"商品总价": 8000}).row.amount == Decimal("0.8")
    assert typed({"订单金额(万元)": 8}).row.amount == Decimal(8)
    assert typed({"订单金额": 8}).doubts[0].code == "amount-unit-unclear"


def test_the_channel_is_told_where_it_says_more_than_the_source() -> None:
    assert (typed({"订单来源": "天猫"}).row.source, typed({"订单来源": "天猫"}).channel) == ("platform", "天猫")
    assert typed({"订单来源": "电商平台"}).channel is None
    assert typed({"订单来源": "线上"}).channel is None
    assert typed({"付款状态": "已付款"}).channel is None


def test_other_columns_are_kept_by_their_headers_and_cells_beyond_them_by_letters() -> None:
    reader = TableReader(layout(["客户名称", "颜色", "", "颜色"], Registration), ON)
    (line,) = reader.rows([Line(2, ["甲公司", " 红 ", 5, None, "备用", Trouble("error-value", "#N/A")])])
    assert line.extra == {"颜色 (B)": "红", "C": "5", "E": "备用", "F": "#N/A"}


def test_columns_that_the_desk_writes_are_never_taken_from_a_person() -> None:
    read = typed({"客户名称": "甲公司", "状态": "已核对", "异常说明": "无"})
    assert read.row == Registration(customer="甲公司")
    assert read.computed == {"state": "已核对", "anomaly": "无"}


def test_a_line_shorter_than_the_header_is_read() -> None:
    short, empty = table(Registration, "客户名称 产品 数量", ["甲公司"], [])
    assert short.row == Registration(customer="甲公司")
    assert empty.row == Registration()


def test_true_is_not_one() -> None:
    cells, quantities = [1, True, 1, 0, False], [1, None, 1, 0, None]
    assert [typed.row.quantity for typed in table(Registration, "数量", *([cell] for cell in cells))] == quantities
    reader = TableReader(layout(["数量"], Registration), ON)
    assert [typed.row.quantity for cell in cells for typed in reader.rows([Line(2, [cell])])] == quantities


def test_offsets_count_in_the_desks_zone_and_serials_in_the_sheets_system() -> None:
    cell = {"接单时间": "2024-05-10T01:00:00Z"}
    assert typed(cell).row.received_at == datetime(2024, 5, 10, 9)
    assert typed(cell, zone=UTC).row.received_at == datetime(2024, 5, 10, 1)
    assert typed({"交期": 43970}, date1904=True).row.delivery_date == date(2024, 5, 20)


def test_customers_are_read() -> None:
    read = typed(
        {"客户名称": "甲公司", "客户等级": "小客户", "联系人": "*经理", "联系方式": "+86 139 0000 5678"}, Customer
    )
    assert read.row == Customer("甲公司", "new", "*经理", "13900005678")


@pytest.mark.parametrize("workbook", ALL, ids=lambda workbook: workbook.name)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_line_of_any_workbook_raises_and_reading_again_gives_the_same(workbook: Any, data: st.DataObject) -> None:
    declared = columns(workbook.row)
    reader = TableReader(layout([column.hans for column in declared.values()], workbook.row), ON)
    cell = st.one_of(
        st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
        st.sampled_from(["5台", "2024-5-20", "5月20日", "已付", "高", "15万", "延迟1天", "-", "VIP"]),
        st.just(Trouble("error-value", "#N/A")),
    )  # fmt: skip
    cells = data.draw(st.lists(cell, max_size=len(declared) + 2))
    once, again = reader.rows([Line(2, cells), Line(2, cells)])
    assert once == again
    for doubt in once.doubts:
        kept = getattr(once.row, doubt.field) is not None
        assert kept is (doubt.code in {"several-contacts", "digits-lost", "text-too-long"})
        assert kept is (doubt.field not in once.unread)
