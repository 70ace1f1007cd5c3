"""The values of choice columns: stable codes (CLI.md, "Codes"), their words, and what people write for them."""

from __future__ import annotations

from enum import StrEnum

from orderflow.records.column import Choice, Words


class Payment(StrEnum):
    """Has the customer paid (付款状态)."""

    PAID = "paid"
    UNPAID = "unpaid"
    PREPAID = "prepaid"


class Source(StrEnum):
    """Where an order came from (订单来源)."""

    PLATFORM = "platform"
    OFFLINE = "offline"
    DIRECT = "direct"


class Level(StrEnum):
    """High, medium or low: an order's priority, and each dimension of it (优先级等级)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


PAYMENT = (
    Choice(
        Payment.PAID.value,
        Words("已付", "已付", "Paid"),
        ("已付款", "已支付", "已付清", "付清", "全款", "已付全款", "已收款", "已结清", "付款成功", "支付成功",
         "买家已付款", "买家已付款，等待卖家发货", "等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "待发货",
         "等待出库", "待出库", "正在出库", "已出库", "备货中", "待揽收", "已揽收", "部分发货", "卖家部分发货", "已发货", "待收货",
         "待签收", "已签收", "已收货", "确认收货", "已确认收货", "等待确认收货", "已发货，待收货", "已发货，待签收", "已发货待签收",
         "待评价", "已评价", "已完成", "完成", "交易完成", "订单完成", "fully paid", "payment received"),
    ),
    Choice(
        Payment.UNPAID.value,
        Words("未付", "未付", "Unpaid"),
        ("未付款", "未支付", "待付款", "待支付", "没付", "欠款", "货到付款", "月结", "等待买家付款", "等待付款", "待买家付款",
         "not paid", "pending", "authorized", "cod", "cash on delivery"),
    ),
    Choice(
        Payment.PREPAID.value,
        Words("预付", "預付", "Prepaid"),
        ("预付款", "已预付", "部分付款", "部分已付", "已付定金", "定金", "订金", "已付订金", "deposit",
         "deposit paid", "partially paid", "partially_paid", "partly paid"),
    ),
)  # fmt: skip

CLOSED = (
    "交易关闭", "订单关闭", "已关闭", "关闭", "已取消", "取消", "订单取消", "订单已取消", "退款成功", "已退款", "全额退款",
    "退款完成", "未发货，退款成功", "已发货，退款成功", "已签收，退款成功", "已取消，退款成功", "部分退款", "退款中", "售后中",
    "申请退款", "未发货，退款中", "已发货，退款中", "refunded", "partially_refunded", "partially refunded", "voided",
    "cancelled", "canceled", "expired",
)  # fmt: skip
"""What platforms write for an order that is off, or whose money goes back: no payment status, and a person has to look."""

SOURCE = (
    Choice(
        Source.PLATFORM.value,
        Words("电商平台", "電商平台", "Platform"),
        ("平台", "电商", "线上", "网店", "线上商城", "商城", "官网", "天猫", "天猫旗舰店", "天猫商城", "淘宝", "淘宝店",
         "京东", "京东自营", "京东旗舰店", "京东商城", "抖音", "抖店", "抖音小店", "拼多多", "快手", "小红书", "阿里巴巴",
         "1688", "亚马逊", "Amazon", "Shopify", "Tmall", "Taobao", "JD", "Douyin", "online", "web shop", "web"),
    ),
    Choice(
        Source.OFFLINE.value,
        Words("线下", "線下", "Offline"),
        ("门店", "线下门店", "实体店", "店铺", "柜台", "展会", "上门", "shop", "store", "counter", "pos"),
    ),
    Choice(
        Source.DIRECT.value,
        Words("直报", "直報", "Direct"),
        ("客户直报", "直接下单", "电话", "电话下单", "来电", "微信", "邮件", "传真", "业务员", "phone", "e-mail",
         "email", "wechat", "fax"),
    ),
)  # fmt: skip

# words for a source that name no channel: 天猫 does, 线上 says no more than 电商平台
NO_CHANNEL = (
    "平台", "电商", "线上", "网店", "商城", "线上商城", "online", "web shop", "web", "实体店", "店铺", "shop", "store",
    "客户直报", "直接下单",
)  # fmt: skip

MEASURES = (
    Words("协调备用生产线", "協調備用生產線", "Spare production line"),
    Words("外协加工", "外協加工", "Outsourcing"),
    Words("备用供应商", "備用供應商", "Second supplier"),
    Words("替代物料（客户已同意）", "替代物料（客戶已同意）", "Other material (customer agrees)"),
    Words("备用设备或加班检验", "備用設備或加班檢驗", "Spare equipment or overtime"),
    Words("更换物流渠道", "更換物流渠道", "Other carrier"),
    Words("客户自提", "客戶自提", "Customer picks up"),
    Words("压缩后续环节", "壓縮後續環節", "Compress what follows"),
    Words("与客户商定新交期", "與客戶商定新交期", "New date agreed with the customer"),
)
"""What is done about a late stage (the source document's contingencies), as departments are offered it."""

CUSTOMER_LEVEL = (
    Choice("vip", Words("VIP", "VIP", "VIP"), ("VIP客户", "贵宾", "贵宾客户", "VIP customer")),
    Choice("regular", Words("普通", "普通", "Regular"), ("普通客户", "一般客户", "regular customer", "normal")),
    Choice(
        "new",
        Words("新", "新", "New"),
        ("新客户", "小客户", "新客", "new customer", "small", "small customer"),
    ),
)

URGENCY = (
    Choice(Level.HIGH.value, Words("紧急", "緊急", "Urgent"), ("加急", "急", "紧急≤3天", "特急")),
    Choice(Level.MEDIUM.value, Words("常规", "常規", "Normal"), ("一般", "正常", "常规4-7天")),
    Choice(Level.LOW.value, Words("宽松", "寬鬆", "Relaxed"), ("不急", "宽松≥8天")),
)

PRIORITY = (
    Choice(Level.HIGH.value, Words("高", "高", "High"), ("高优先级",)),
    Choice(Level.MEDIUM.value, Words("中", "中", "Medium"), ("中优先级",)),
    Choice(Level.LOW.value, Words("低", "低", "Low"), ("低优先级",)),
)

STAGE = (
    Choice("evaluation", Words("技术评估", "技術評估", "Evaluation"), ("评估", "可行性评估", "技术")),
    Choice("production", Words("生产", "生產", "Production"), ("加工", "制造", "生产加工")),
    Choice("purchasing", Words("采购", "採購", "Purchasing"), ("备料", "外购", "procurement")),
    Choice("inspection", Words("质检", "質檢", "Inspection"), ("检验", "品检", "质量检验", "QC", "quality check")),
    Choice("logistics", Words("物流", "物流", "Logistics"), ("发货", "配送", "运输", "shipping")),
)

PLAN_KIND = (
    Choice("standard", Words("标准", "標準", "Standard"), ("标准订单",)),
    Choice("custom", Words("定制", "訂製", "Custom"), ("定制订单", "客製")),
)

STATUS = (
    Choice("on-time", Words("正常", "正常", "On time"), ("按时", "准时", "on-time")),
    Choice("late", Words("延迟", "延遲", "Late"), ("延期", "延误", "delayed")),
)

ACCEPTANCE = (
    Choice("qualified", Words("合格", "合格", "Qualified"), ("验收合格", "通过", "accepted", "passed")),
    Choice("unqualified", Words("不合格", "不合格", "Unqualified"), ("验收不合格", "拒收", "rejected", "failed")),
    Choice(
        "partial",
        Words("部分合格", "部分合格", "Partly qualified"),
        ("部分通过", "partial", "partly accepted"),
    ),
)

DELIVERY_METHOD = (
    Choice("delivery", Words("送货", "送貨", "Delivery"), ("送货上门", "配送", "快递", "物流", "发货", "deliver")),
    Choice("pickup", Words("自提", "自提", "Pick-up"), ("客户自提", "上门自提", "自取", "pickup", "pick up")),
)

RESOLUTION = (
    Choice("exchange", Words("换货", "換貨", "Exchange"), ("更换", "replace")),
    Choice("resend", Words("补发", "補發", "Resend"), ("补货", "补寄", "reship")),
    Choice("refund", Words("退款", "退款", "Refund"), ("退货退款", "退钱")),
)

SUPPLY = (
    Choice("stock", Words("现货", "現貨", "Stock"), ("库存", "in stock")),
    Choice("production", Words("生产", "生產", "Made"), ("自产", "made to order")),
    Choice("purchasing", Words("采购", "採購", "Bought"), ("外购", "purchased")),
)

METRIC = (
    Choice("response_time", Words("平均响应时长", "平均響應時長", "Response time"), ("响应时长", "响应速度")),
    Choice(
        "response_time_working",
        Words("工作时间平均响应时长", "工作時間平均響應時長", "Response time, working hours"),
    ),
    Choice("anomaly_rate", Words("异常订单占比", "異常訂單佔比", "Doubtful orders"), ("异常占比", "异常率")),
    Choice("satisfaction", Words("平均满意度", "平均滿意度", "Satisfaction"), ("满意度", "客户满意度")),
    Choice("delivery_cycle", Words("平均交付周期", "平均交付週期", "Delivery cycle"), ("交付周期",)),
    Choice("orders", Words("订单数量", "訂單數量", "Orders"), ("订单数",)),
)
"""The month's figures, by the names that `monthly-report --json` gives them."""

IMPROVEMENT = (
    Choice("open", Words("进行中", "進行中", "Open"), ("未完成", "待办")),
    Choice("done", Words("已完成", "已完成", "Done"), ("完成",)),
    Choice("dropped", Words("已取消", "已取消", "Dropped"), ("取消", "作废")),
)

YES_NO = (
    Choice("yes", Words("是", "是", "Yes"), ("对", "满意", "已确认", "√", "Y", "true")),
    Choice("no", Words("否", "否", "No"), ("不是", "不满意", "未确认", "×", "N", "false")),
)
