"""The row of the registration workbook: one order, with the headers that real order files use for its columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from orderflow.records import choices as c
from orderflow.records.column import Column, Kind

OrderNumber = Annotated[
    str | None,
    Column("订单编号", "訂單編號", "Order number", Kind.NUMBER, width=14),
]


@dataclass(slots=True)
class Registration:
    """One order, a row of the registration workbook (订单信息登记表)."""

    number: OrderNumber = None
    customer: Annotated[
        str | None,
        Column(
            "客户名称", "客戶名稱", "Customer", required=True, personal=True, width=20,
            aliases=("客户", "客户姓名", "客名", "公司", "公司名称", "单位名称", "购货单位", "买家", "买家会员名", "买家昵称",
                     "买家姓名", "下单人", "customer name", "client", "company", "buyer", "billing name"),
            weak=("姓名", "收货人姓名", "收货人", "收件人", "收件人姓名", "收货单位", "shipping name", "recipient"),
        ),
    ] = None  # fmt: skip
    contact_person: Annotated[
        str | None,
        Column(
            "联系人", "聯繫人", "Contact person", personal=True, width=12,
            aliases=("联络人", "客户联系人", "对接人", "contact name", "attention", "attn"),
            weak=("收货人姓名", "收货人", "收件人", "收件人姓名", "shipping name", "recipient"),
        ),
    ] = None  # fmt: skip
    contact: Annotated[
        str | None,
        Column(
            "联系方式", "聯繫方式", "Contact", Kind.PHONE, personal=True, width=16,
            aliases=("联系手机", "手机", "手机号", "手机号码", "客户电话", "收货人手机", "收件人手机", "收货人手机号",
                     "收件人手机号", "mobile", "phone number", "contact number"),
            weak=("联系电话", "电话", "电话号码", "收货人电话", "收件人电话", "shipping phone", "phone", "tel", "telephone",
                  "billing phone"),
        ),
    ] = None  # fmt: skip
    product: Annotated[
        str | None,
        Column(
            "产品名称/型号", "產品名稱/型號", "Product", required=True, width=22,
            aliases=("产品名称", "产品", "品名", "宝贝标题", "选购商品", "商品名称", "商品标题", "商品", "物料名称", "货品名称",
                     "品名规格", "名称型号", "product name", "item", "item name", "lineitem name", "product/model"),
            weak=("产品型号", "配件型号", "型号", "规格型号", "料号", "物料编码", "商品编码", "货号", "model", "lineitem sku",
                  "sku", "description"),
        ),
    ] = None  # fmt: skip
    quantity: Annotated[
        Decimal | None,
        Column(
            "订单数量", "訂單數量", "Quantity", Kind.QUANTITY, required=True, width=11,
            aliases=("数量", "商品数量", "订购数量", "采购量", "采购数量", "宝贝总数量", "购买数量", "订货数量", "需求数量",
                      "qty", "order quantity", "lineitem quantity", "ordered quantity"),
            weak=("件数",),
        ),
    ] = None  # fmt: skip
    unit: Annotated[
        str | None,
        Column(
            "单位", "單位", "Unit", template=False, width=7,
            aliases=("计量单位", "uom", "unit of measure"),
        ),
    ] = None  # fmt: skip
    delivery_date: Annotated[
        date | None,
        Column(
            "交付日期", "交付日期", "Delivery date", Kind.DATE, required=True, width=13,
            aliases=("交期", "交货日期", "交货期", "货期", "需求日", "需求日期", "计划交期", "客户交期", "要求交期", "期望交期", "交货时间",
                     "交付时间", "due date", "due", "delivery", "required date", "need by", "requested delivery date"),
            weak=("到货日期", "送货日期", "出货日期", "发货日期", "ship date"),
        ),
    ] = None  # fmt: skip
    source: Annotated[
        str | None,
        Column(
            "订单来源", "訂單來源", "Source", Kind.CHOICE, choices=c.SOURCE, width=12,
            aliases=("来源", "渠道", "销售渠道", "来源渠道", "平台", "订单渠道", "channel", "sales channel", "order source"),
            weak=("店铺名称", "店铺"),
        ),
    ] = None  # fmt: skip
    payment: Annotated[
        str | None,
        Column(
            "付款状态", "付款狀態", "Payment", Kind.CHOICE, choices=c.PAYMENT, required=True, width=11,
            aliases=("付款", "付款情况", "支付状态", "收款状态", "是否付款", "货款状态", "payment status", "financial status"),
            weak=("订单状态", "付款方式", "支付方式"),
        ),
    ] = None  # fmt: skip
    remark: Annotated[
        str | None,
        Column(
            "备注(特殊需求)", "備註(特殊需求)", "Remark (special request)", personal=True, width=26,
            aliases=("备注", "特殊需求", "特殊要求", "订单备注", "客户备注", "附注", "说明", "remark", "remarks", "note",
                     "notes", "special request", "comment", "comments"),
            weak=("买家留言", "客户留言", "卖家备注"),
        ),
    ] = None  # fmt: skip
    state: Annotated[str | None, Column("状态", "狀態", "State", computed=True, desk=True, width=9)] = None
    anomaly: Annotated[
        str | None,
        Column(
            "异常说明",
            "異常說明",
            "Anomaly",
            computed=True,
            desk=True,
            width=34,
            aliases=("异常原因", "anomalies"),
        ),
    ] = None
    received_at: Annotated[
        datetime | None,
        Column(
            "接单时间", "接單時間", "Received at", Kind.MOMENT, desk=True, width=17,
            aliases=("下单时间", "接单日期", "下单日期", "订单日期", "订单时间", "订单创建时间", "创建时间", "订货日期",
                     "拍下时间", "订单提交时间", "订单成交时间", "order date", "order time", "created at", "received", "date received"),
        ),
    ] = None  # fmt: skip
    entered_by: Annotated[
        str | None,
        Column(
            "录入人",
            "錄入人",
            "Entered by",
            desk=True,
            width=10,
            aliases=("登记人", "制单人", "制单", "录单员", "clerk"),
        ),
    ] = None
    checked_by: Annotated[
        str | None,
        Column(
            "核对人",
            "核對人",
            "Checked by",
            desk=True,
            width=10,
            aliases=("复核人", "审核人", "审核", "checker"),
        ),
    ] = None
    checked_at: Annotated[
        datetime | None,
        Column(
            "核对时间",
            "核對時間",
            "Checked at",
            Kind.MOMENT,
            desk=True,
            width=17,
            aliases=("复核时间", "审核时间"),
        ),
    ] = None
    level: Annotated[
        str | None,
        Column(
            "客户等级", "客戶等級", "Customer level", Kind.CHOICE, choices=c.CUSTOMER_LEVEL, desk=True, width=10,
            aliases=("客户级别", "客户类型", "会员等级", "customer class", "customer type"),
        ),
    ] = None  # fmt: skip
    amount: Annotated[
        Decimal | None,
        Column(
            "订单金额(万元)", "訂單金額(萬元)", "Amount (10k CNY)", Kind.AMOUNT, desk=True, width=13,
            aliases=("金额", "订单金额", "总金额", "订单总额", "合同金额", "amount", "order amount"),
            weak=("买家实际支付金额(元)", "实付金额(元)", "应付金额(元)", "订单总价(元)", "商品总价(元)", "含税金额", "含税价"),
        ),
    ] = None  # fmt: skip
    external_number: Annotated[
        str | None,
        Column(
            "来源单号", "來源單號", "External number", desk=True, width=22,
            aliases=("订单号", "主订单编号", "采购订单号", "销售订单号", "客户订单号", "平台订单号", "PO号", "PO", "合同号",
                     "外部单号", "原始单号", "交易号", "po number", "order id", "order no", "external order number"),
            weak=("单号", "子订单编号"),
        ),
    ] = None  # fmt: skip
    external_line: Annotated[
        str | None,
        Column(
            "来源行号", "來源行號", "External line", desk=True, width=10,
            aliases=("行号", "订单行号", "行项目", "项次", "子订单号", "line", "line number", "line no"),
        ),
    ] = None  # fmt: skip
    address: Annotated[
        str | None,
        Column(
            "收货地址", "收貨地址", "Address", personal=True, desk=True, width=30,
            aliases=("地址", "送货地址", "交货地址", "收件地址", "客户地址", "详细地址", "delivery address",
                     "shipping address", "ship to"),
        ),
    ] = None  # fmt: skip
    delivery_method: Annotated[
        str | None,
        Column(
            "交付方式", "交付方式", "Delivery method", Kind.CHOICE, choices=c.DELIVERY_METHOD, desk=True, width=10,
            aliases=("送货方式", "运送方式", "配送方式", "提货方式", "shipping method"),
        ),
    ] = None  # fmt: skip
    confirmation: Annotated[
        str | None,
        Column(
            "客户确认凭证", "客戶確認憑證", "Customer's confirmation", computed=True, desk=True, width=18,
            aliases=("确认凭证", "确认函"),
        ),
    ] = None  # fmt: skip
    owner: Annotated[
        str | None,
        Column(
            "首位接收人",
            "首位接收人",
            "First receiver",
            desk=True,
            width=11,
            aliases=("首问人", "首接人", "首问负责人"),
        ),
    ] = None
    late_reason: Annotated[
        str | None,
        Column("超时原因", "超時原因", "Reason for lateness", desk=True, width=18, aliases=("延误原因",)),
    ] = None
