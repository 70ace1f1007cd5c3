"""The rows of the five workbooks and the two reference workbooks: the only place where a column exists.

From these declarations come header recognition, typed reading, templates, written workbooks, the ledger's SQL
columns and `docs/columns.md`. The order of the fields is the order of the columns (PROCESS.md, "The workbooks").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, NamedTuple, get_type_hints

from orderflow.records import choices as c
from orderflow.records.column import Column, Kind, Words
from orderflow.records.improvement import Improvement
from orderflow.records.registration import OrderNumber, Registration


@dataclass(slots=True)
class Priority:
    """The judgement of one order, a row of the priority workbook (订单优先级判定表)."""

    number: OrderNumber = None
    level: Annotated[
        str | None,
        Column("客户等级", "客戶等級", "Customer level", Kind.CHOICE, choices=c.CUSTOMER_LEVEL, width=10,
               aliases=("客户级别", "客户类型")),
    ] = None  # fmt: skip
    amount: Annotated[
        Decimal | None,
        Column("订单金额(万元)", "訂單金額(萬元)", "Amount (10k CNY)", Kind.AMOUNT, width=13,
               aliases=("金额", "订单金额")),
    ] = None  # fmt: skip
    urgency: Annotated[
        str | None,
        Column(
            "交付紧急度",
            "交付緊急度",
            "Urgency",
            Kind.CHOICE,
            choices=c.URGENCY,
            width=14,
            aliases=("紧急度", "紧急程度"),
        ),
    ] = None
    priority: Annotated[
        str | None,
        Column("优先级等级", "優先級等級", "Priority", Kind.CHOICE, choices=c.PRIORITY, width=11,
               aliases=("优先级", "优先等级", "priority level")),
    ] = None  # fmt: skip
    judged_by: Annotated[str | None, Column("判定人", "判定人", "Judged by", width=10, aliases=("评定人",))] = None
    judged_at: Annotated[
        datetime | None,
        Column("判定时间", "判定時間", "Judged at", Kind.MOMENT, width=17, aliases=("判定日期", "评定时间")),
    ] = None
    basis: Annotated[
        str | None,
        Column("判定依据", "判定依據", "Basis", computed=True, desk=True, width=52, aliases=("依据",)),
    ] = None
    override_reason: Annotated[
        str | None,
        Column("调整原因", "調整原因", "Reason for override", desk=True, width=24, aliases=("调整说明",)),
    ] = None


@dataclass(slots=True)
class Plan:
    """One planned stage of an order, a row of the plan workbook (订单执行方案表)."""

    number: OrderNumber = None
    stage: Annotated[
        str | None,
        Column(
            "执行阶段",
            "執行階段",
            "Stage",
            Kind.CHOICE,
            choices=c.STAGE,
            width=11,
            aliases=("阶段", "环节", "工序"),
        ),
    ] = None
    owner: Annotated[
        str | None, Column("负责人", "負責人", "Owner", width=11, aliases=("责任人", "person in charge"))
    ] = None
    start: Annotated[
        date | None,
        Column(
            "计划开始时间",
            "計劃開始時間",
            "Planned start",
            Kind.DATE,
            width=14,
            aliases=("计划开始日期", "计划开始"),
        ),
    ] = None
    due: Annotated[
        date | None,
        Column("计划结束时间", "計劃結束時間", "Planned end", Kind.DATE, width=14,
               aliases=("计划结束日期", "计划结束", "计划完成时间", "计划完成日期")),
    ] = None  # fmt: skip
    milestone: Annotated[
        date | None,
        Column("交付节点", "交付節點", "Milestone", Kind.DATE, width=13, aliases=("节点", "里程碑")),
    ] = None
    kind: Annotated[
        str | None,
        Column(
            "方案类型",
            "方案類型",
            "Plan kind",
            Kind.CHOICE,
            choices=c.PLAN_KIND,
            desk=True,
            width=12,
            aliases=("方案",),
        ),
    ] = None
    confirmed_by: Annotated[
        str | None,
        Column("部门确认人", "部門確認人", "Confirmed by", desk=True, width=12, aliases=("确认人",)),
    ] = None
    confirmed_at: Annotated[
        datetime | None,
        Column(
            "部门确认时间",
            "部門確認時間",
            "Confirmed at",
            Kind.MOMENT,
            desk=True,
            width=17,
            aliases=("确认时间",),
        ),
    ] = None


@dataclass(slots=True)
class Progress:
    """How one stage of an order goes, a row of the progress workbook (订单执行进度跟踪表)."""

    number: OrderNumber = None
    stage: Annotated[
        str | None,
        Column(
            "执行阶段",
            "執行階段",
            "Stage",
            Kind.CHOICE,
            choices=c.STAGE,
            width=11,
            aliases=("阶段", "环节", "工序"),
        ),
    ] = None
    owner: Annotated[
        str | None, Column("负责人", "負責人", "Owner", width=11, aliases=("责任人", "person in charge"))
    ] = None
    due: Annotated[
        date | None,
        Column(
            "计划完成时间",
            "計劃完成時間",
            "Due",
            Kind.DATE,
            width=14,
            aliases=("计划完成日期", "计划结束时间", "planned end"),
        ),
    ] = None
    actual: Annotated[
        date | None,
        Column("实际完成时间", "實際完成時間", "Completed", Kind.DATE, width=14,
               aliases=("实际完成日期", "完成时间", "完成日期", "actual end")),
    ] = None  # fmt: skip
    status: Annotated[
        str | None,
        Column(
            "进度状态",
            "進度狀態",
            "Status",
            Kind.CHOICE,
            choices=c.STATUS,
            width=11,
            aliases=("进度", "进展"),
        ),
    ] = None
    note: Annotated[
        str | None, Column("异常说明", "異常說明", "Note", width=26, aliases=("延迟原因", "异常原因", "原因"))
    ] = None
    measure: Annotated[
        str | None,
        Column(
            "处理措施", "處理措施", "Measure", width=26, aliases=("措施", "应对措施", "解决措施"), offered=c.MEASURES
        ),
    ] = None
    found_at: Annotated[
        datetime | None,
        Column("发现时间", "發現時間", "Found at", Kind.MOMENT, desk=True, width=17, aliases=("发现日期",)),
    ] = None
    expected: Annotated[
        date | None,
        Column(
            "预计完成时间",
            "預計完成時間",
            "Expected",
            Kind.DATE,
            desk=True,
            width=14,
            aliases=("预计完成日期",),
        ),
    ] = None
    tracking_number: Annotated[
        str | None,
        Column(
            "物流单号",
            "物流單號",
            "Tracking number",
            desk=True,
            width=20,
            aliases=("快递单号", "运单号", "waybill"),
        ),
    ] = None
    outlook: Annotated[
        str | None,
        Column("当前评估", "目前評估", "Outlook", computed=True, desk=True, width=31, aliases=("评估",)),
    ] = None


@dataclass(slots=True)
class Feedback:
    """What a customer said of one delivery, a row of the feedback workbook (客户反馈记录表)."""

    number: OrderNumber = None
    customer: Annotated[
        str | None,
        Column("客户名称", "客戶名稱", "Customer", personal=True, width=20, aliases=("客户", "客户姓名", "公司")),
    ] = None
    acceptance: Annotated[
        str | None,
        Column(
            "验收结果",
            "驗收結果",
            "Acceptance",
            Kind.CHOICE,
            choices=c.ACCEPTANCE,
            width=15,
            aliases=("验收", "验收情况"),
        ),
    ] = None
    comment: Annotated[
        str | None,
        Column(
            "客户意见",
            "客戶意見",
            "Customer's opinion",
            personal=True,
            width=30,
            aliases=("意见", "客户反馈", "反馈"),
        ),
    ] = None
    score: Annotated[
        int | None,
        Column(
            "满意度评分",
            "滿意度評分",
            "Satisfaction",
            Kind.SCORE,
            width=11,
            aliases=("满意度", "评分", "总体评分", "score"),
        ),
    ] = None
    suggestion: Annotated[
        str | None,
        Column("改进建议", "改進建議", "Suggestion", personal=True, width=30, aliases=("建议", "建议改进")),
    ] = None
    recorded_by: Annotated[str | None, Column("记录人", "記錄人", "Recorded by", width=10, aliases=("登记人",))] = None
    recorded_at: Annotated[
        datetime | None,
        Column("记录时间", "記錄時間", "Recorded at", Kind.MOMENT, width=17, aliases=("登记时间", "记录日期")),
    ] = None
    response: Annotated[
        int | None,
        Column("响应速度", "響應速度", "Response", Kind.SCORE, desk=True, width=10, aliases=("response speed",)),
    ] = None
    quality: Annotated[
        int | None,
        Column("产品质量", "產品質量", "Quality", Kind.SCORE, desk=True, width=10, aliases=("product quality",)),
    ] = None
    timeliness: Annotated[
        int | None,
        Column("交付时效", "交付時效", "Timeliness", Kind.SCORE, desk=True, width=10, aliases=("交付及时性",)),
    ] = None
    service: Annotated[
        int | None,
        Column("服务态度", "服務態度", "Service", Kind.SCORE, desk=True, width=10, aliases=("服务",)),
    ] = None
    resolution: Annotated[
        str | None,
        Column("处理方案", "處理方案", "Resolution", Kind.CHOICE, choices=c.RESOLUTION, desk=True, width=18,
               aliases=("解决方案",)),
    ] = None  # fmt: skip
    satisfied: Annotated[
        str | None,
        Column("客户确认满意", "客戶確認滿意", "Customer satisfied", Kind.CHOICE, choices=c.YES_NO, desk=True, width=13,
               aliases=("是否满意",)),
    ] = None  # fmt: skip


@dataclass(slots=True)
class Customer:
    """A customer the desk knows, a row of the reference workbook `customers.xlsx`."""

    customer: Annotated[
        str | None,
        Column("客户名称", "客戶名稱", "Customer", required=True, personal=True, width=24,
               aliases=("客户", "客户姓名", "公司", "公司名称")),
    ] = None  # fmt: skip
    level: Annotated[
        str | None,
        Column("客户等级", "客戶等級", "Customer level", Kind.CHOICE, choices=c.CUSTOMER_LEVEL, width=10,
               aliases=("客户级别", "客户类型", "等级")),
    ] = None  # fmt: skip
    contact_person: Annotated[
        str | None, Column("联系人", "聯繫人", "Contact person", personal=True, width=12, aliases=("联络人",))
    ] = None
    contact: Annotated[
        str | None,
        Column(
            "联系方式",
            "聯繫方式",
            "Contact",
            Kind.PHONE,
            personal=True,
            width=16,
            aliases=("联系电话", "电话", "手机"),
        ),
    ] = None


@dataclass(slots=True)
class Product:
    """A product the desk sells, a row of the reference workbook `products.xlsx`."""

    product: Annotated[
        str | None,
        Column("产品名称/型号", "產品名稱/型號", "Product", required=True, width=24,
               aliases=("产品名称", "产品型号", "产品", "品名", "商品名称", "型号")),
    ] = None  # fmt: skip
    unit: Annotated[str | None, Column("单位", "單位", "Unit", width=8, aliases=("计量单位",))] = None
    price: Annotated[
        Decimal | None,
        Column(
            "单价(元)",
            "單價(元)",
            "Price (CNY)",
            Kind.PRICE,
            width=12,
            aliases=("单价", "价格", "售价", "unit price"),
        ),
    ] = None
    stock: Annotated[
        Decimal | None,
        Column(
            "库存",
            "庫存",
            "Stock",
            Kind.QUANTITY,
            width=10,
            aliases=("库存量", "库存数量", "现有库存", "on hand"),
        ),
    ] = None
    supply: Annotated[
        str | None,
        Column(
            "供应方式",
            "供應方式",
            "Supply",
            Kind.CHOICE,
            choices=c.SUPPLY,
            width=11,
            aliases=("供应类型", "货源"),
        ),
    ] = None


RowType = type[Registration | Priority | Plan | Progress | Feedback | Customer | Product | Improvement]


class Workbook(NamedTuple):
    """One of the desk's workbooks: its file's stem, its title, and what its rows are."""

    name: str
    title: Words
    row: RowType


WORKBOOKS = (
    Workbook("registration", Words("订单信息登记表", "訂單信息登記表", "Order registration"), Registration),
    Workbook("priority", Words("订单优先级判定表", "訂單優先級判定表", "Order priority"), Priority),
    Workbook("plan", Words("订单执行方案表", "訂單執行方案表", "Order plan"), Plan),
    Workbook("progress", Words("订单执行进度跟踪表", "訂單執行進度跟蹤表", "Order progress"), Progress),
    Workbook("feedback", Words("客户反馈记录表", "客戶反饋記錄表", "Customer feedback"), Feedback),
)
REFERENCES = (
    Workbook("customers", Words("客户资料表", "客戶資料表", "Customers"), Customer),
    Workbook("products", Words("产品资料表", "產品資料表", "Products"), Product),
)
IMPROVEMENTS = Workbook("improvements", Words("改进措施表", "改進措施表", "Improvements"), Improvement)
EVERY = (*WORKBOOKS, IMPROVEMENTS, *REFERENCES)
"""All workbooks that a desk has."""


_DECLARED: dict[RowType, dict[str, Column]] = {}


def columns(row: RowType) -> dict[str, Column]:
    """The columns of a row type by field name, in the order of the workbook."""
    if row not in _DECLARED:
        hints = get_type_hints(row, include_extras=True)
        _DECLARED[row] = {
            name: note for name, hint in hints.items() for note in hint.__metadata__ if isinstance(note, Column)
        }
    return _DECLARED[row]


ROWS_OF: dict[str, tuple[RowType, ...]] = {
    "priority": (Priority,),
    "stage": (Plan, Progress),
    "feedback": (Feedback,),
}
"""The rows that the ledger keeps beside the orders, by the name of what is kept; a stage has a row in two workbooks."""


@lru_cache(maxsize=1_024)
def column_of(field: str) -> Column | None:
    """The column of a field: a registration's by its name, another row's with what it is of (`progress.actual`)."""
    owner, dot, name = field.rpartition(".")
    kind = owner.partition("/")[0]
    rows = ROWS_OF.get(kind) or [w.row for w in EVERY if w.name == kind] if dot else [Registration]
    return next((columns(row)[name] for row in rows if name in columns(row)), None)
