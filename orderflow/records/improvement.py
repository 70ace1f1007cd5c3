"""An improvement decided in a monthly review: a row of the sixth workbook (改进措施表; PROCESS.md, step 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from orderflow.records import choices as c
from orderflow.records.column import Column, Kind

OPEN, DONE, DROPPED = (choice.code for choice in c.IMPROVEMENT)


@dataclass(slots=True)
class Improvement:
    """One measure: what is wrong, what is done about it, by whom and when, and which figure it is meant to move.

    `raised` is the day on which it was decided: the month before that is the one it was decided about.
    """

    number: Annotated[str | None, Column("编号", "編號", "No.", width=8, aliases=("序号",))] = None
    problem: Annotated[str | None, Column("问题", "問題", "Problem", width=34, aliases=("问题描述", "存在问题"))] = None
    measure: Annotated[str | None, Column("改进措施", "改進措施", "Measure", width=34, aliases=("措施", "对策"))] = None
    owner: Annotated[str | None, Column("责任人", "責任人", "Owner", width=12, aliases=("负责人",))] = None
    due: Annotated[
        date | None, Column("完成期限", "完成期限", "Due", Kind.DATE, width=13, aliases=("期限", "截止日期"))
    ] = None
    metric: Annotated[
        str | None, Column("指标", "指標", "Metric", Kind.CHOICE, choices=c.METRIC, width=22, aliases=("对应指标",))
    ] = None
    status: Annotated[str | None, Column("状态", "狀態", "Status", Kind.CHOICE, choices=c.IMPROVEMENT, width=10)] = None
    effect: Annotated[str | None, Column("效果", "效果", "Effect", width=34, aliases=("改进效果", "效果说明"))] = None
    raised: Annotated[
        date | None, Column("提出日期", "提出日期", "Raised", Kind.DATE, width=13, aliases=("提出时间",))
    ] = None
    done: Annotated[
        date | None, Column("完成日期", "完成日期", "Done", Kind.DATE, width=13, aliases=("实际完成日期",))
    ] = None

    def is_overdue(self, today: date) -> bool:
        """Open, and past its day."""
        return self.status == OPEN and self.due is not None and self.due < today

    def about(self) -> str | None:
        """The month it was decided about, `202405`: the one before it was raised."""
        if self.raised is None:
            return None
        before = self.raised.year * 12 + self.raised.month - 2
        return f"{before // 12:04d}{before % 12 + 1:02d}"
