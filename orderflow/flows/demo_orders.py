"""Three invented months of orders: a season, a promotion day, a department that is often late, customers who complain.

Everything is drawn from one seed, so that the same demo comes out everywhere. Contacts are masked, people are roles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

SEED = 20_240_501
CUSTOMERS = ("南湖医院", "潮汐贸易", "麦田学校", "太岭机械厂", "谷雨餐饮店", "银杏物业", "晴川电子", "苍鹭研究所", "云杉酒店",
             "白塔印务", "海桐超市", "青禾农场")  # fmt: skip
LEVELS = ("VIP", "普通", "普通", "普通", "新", "新")
PRODUCTS = {"A型设备-2024款": ("台", 3.2), "B型耗材": ("箱", 0.4), "C型支架": ("件", 0.9), "D型控制柜": ("台", 11.5)}
SOURCES = ("电商平台", "电商平台", "线下", "直报")
FAULTS = {
    "inspection": ("设备故障", "设备故障", "人手不足"),
    "production": ("缺料", "返工"),
    "logistics": ("承运商延误",),
}
LATE = {"inspection": 0.42, "production": 0.05, "logistics": 0.04}
"""How often each stage is late: inspection stands out."""
COMPLAINTS = (
    ("表面有划痕", "建议加强包装防护"),
    ("外箱破损，两件受潮", "包装要厚一点"),
    ("送货太慢，催了三次", "希望物流能实时跟进"),
)
PRAISE = (("很满意", None), ("交付及时", "希望增加物流实时跟进功能"), (None, None), (None, None))
SEASON = (0.8, 1.0, 1.25)
"""How busy each of the three months is."""
PROMOTION = 3
"""How many times as many orders the promotion day brings."""


@dataclass
class Invented:
    """One order: its row as a clerk types it, and what will happen to it."""

    row: dict[str, Any]
    flaw: dict[str, Any] = field(default_factory=dict)
    late: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    answer: dict[str, Any] | None = None
    answered_after: int = 0

    @property
    def key(self) -> str:
        """来源单号, by which the desk's number is found again."""
        return str(self.row["来源单号"])

    @property
    def typed(self) -> dict[str, Any]:
        """The row as it is handed in first."""
        return {**self.row, **self.flaw}


class Inventor:
    """Draws orders, one after the other."""

    def __init__(self) -> None:
        self._random = Random(SEED)
        self._count = 0

    def share(self, days: Sequence[date], count: int) -> dict[date, int]:
        """So many orders on these days, by season; the middle day of the last month is the promotion day."""
        months = sorted({(day.year, day.month) for day in days})
        last = [day for day in days if (day.year, day.month) == months[-1]]
        weights = [SEASON[months.index((day.year, day.month))] * self._random.uniform(0.7, 1.3) for day in days]
        weights[days.index(last[len(last) // 2])] *= PROMOTION
        drawn = self._random.choices(range(len(days)), weights, k=count)
        return {day: drawn.count(at) for at, day in enumerate(days)}

    def orders(self, day: date, count: int) -> list[Invented]:
        """The orders of one day, received from 8:30 to 10:15, the earliest first."""
        minutes = sorted(self._random.randrange(0, 105) for _ in range(count))
        morning = datetime.combine(day, time(8, 30))
        return [self._order(morning + timedelta(minutes=minute)) for minute in minutes]

    def _order(self, at: datetime) -> Invented:
        draw = self._random
        self._count += 1
        nth = draw.randrange(len(CUSTOMERS))
        product, (unit, price) = draw.choice([*PRODUCTS.items()])
        amount = draw.randrange(1, 10)
        row = {
            "客户名称": CUSTOMERS[nth],
            "联系人": "*经理",
            "联系方式": f"1{30 + nth}****{1000 + self._count * 7919 % 9000}",
            "产品名称/型号": product,
            "订单数量": f"{amount}{unit}",
            "交付日期": (at + timedelta(days=draw.choice((3, 7, 9, 12, 15)))).date().isoformat(),
            "订单来源": draw.choice(SOURCES),
            "付款状态": draw.choice(("已付", "已付", "预付", "未付")),
            "备注(特殊需求)": "",
            "接单时间": f"{at:%Y-%m-%d %H:%M}",
            "客户等级": LEVELS[nth % len(LEVELS)],
            "订单金额(万元)": f"{amount * price:.2f}",
            "来源单号": f"DEMO-{self._count:05d}",
        }
        flaw = draw.choice(({"订单数量": ""}, {"付款状态": ""}, {"交付日期": ""})) if draw.random() < 0.08 else {}
        late = {
            stage: (draw.choice((1, 1, 2, 3)), draw.choice(FAULTS[stage]))
            for stage, share in LATE.items()
            if draw.random() < share
        }
        return Invented(row, flaw, late, *self._answer(late))

    def _answer(self, late: Mapping[str, object]) -> tuple[dict[str, Any] | None, int]:
        """What the customer will say, if anything, and how many days after delivery."""
        draw = self._random
        if draw.random() > 0.6:
            return None, 0
        bad = draw.random() < (0.25 if late else 0.08)
        comment, suggestion = draw.choice(COMPLAINTS if bad else PRAISE)
        score = draw.choice((1, 2, 2)) if bad else draw.choice((3, 4, 4, 5, 5))
        around = [min(max(score + draw.choice((-1, 0, 0, 1)), 1), 5) for _ in range(4)]
        answer = {
            "验收结果": "部分合格" if bad else "合格",
            "客户意见": comment,
            "满意度评分": score,
            "改进建议": suggestion,
        }
        scores = dict(zip(("响应速度", "产品质量", "交付时效", "服务态度"), around, strict=True))
        scores["交付时效"] = max(scores["交付时效"] - (1 if late else 0), 1)
        return answer | scores, draw.randrange(1, 5)
