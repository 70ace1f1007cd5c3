"""A desk with a June to report on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from desks import Office, a_row

from orderflow.flows.tracking import Report

FEEDBACK = ("订单编号", "验收结果", "客户意见", "满意度评分", "改进建议", "记录人", "记录时间", "产品质量", "交付时效")


def a_june(folder: Path) -> Office:
    """A desk that had twelve orders in June; inspection was late with half of them, two customers complained."""
    office = Office(folder).at("2024-06-11T09:30")
    levels = {n: "VIP" if n % 3 == 0 else "普通" for n in range(1, 12)}
    rows = [a_row(n, 接单时间=f"2024-06-11 08:{10 + n}", 客户等级=level) for n, level in levels.items()]
    run = office.take("orders.xlsx", *rows, a_row(12, 接单时间="2024-06-11 08:30", 联系方式=None, 联系人=None))
    numbers = run.numbers
    office.by("老李").mark("checked", run=run.run)
    office.prioritize()
    office.at("2024-06-11T11:00").plan()
    later = office.at("2024-06-20T10:00")
    late = [n for at, n in enumerate(numbers[:11]) if at % 2]
    days = {"production": 13, "inspection": 14, "logistics": 16}
    later.progress(
        *(
            Report(n, stage, {"actual": date(2024, 6, day + 2 * (n in late and stage == "inspection")), "note": note})
            for n in numbers[:11]
            for stage, day in days.items()
            for note in ["设备故障" if n in late and stage == "inspection" else None]
        )
    )
    later.mark(*numbers[:3], "reason", note="等物料")
    later.mark(*numbers[:6], "delivered", at="2024-06-16T12:00")
    at = "2024-06-19 10:00"
    said: list[tuple[Any, ...]] = [(n, "合格", None, 5, None, "*售后", at, 5, 4) for n in numbers[:4]]
    said += [(n, "部分合格", "表面有划痕", 2, "希望包装好一点", "*售后", at, 2, 4) for n in numbers[4:6]]
    later.feedback(office.file("feedback.xlsx", [dict(zip(FEEDBACK, row, strict=True)) for row in said]))
    return office.at("2024-07-03T09:00")
