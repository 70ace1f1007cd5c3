"""`demo`: a desk with three months of invented orders, made by the real steps one day after the other."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from orderflow.flows.deliveries import clocks_without_reason
from orderflow.flows.demo_orders import Invented, Inventor
from orderflow.flows.desk import Desk, desk_at
from orderflow.flows.feedback import feedback
from orderflow.flows.improving import add, decided
from orderflow.flows.intake import take_in
from orderflow.flows.laying import lay_out
from orderflow.flows.marks import Marking, record
from orderflow.flows.month import work_out
from orderflow.flows.planning import Edit
from orderflow.flows.request import Request
from orderflow.flows.setup import set_up
from orderflow.flows.steps import plan_orders, prioritize, track
from orderflow.flows.sync import sync
from orderflow.flows.tracking import Report
from orderflow.ledger import lookup, plans
from orderflow.places import is_desk
from orderflow.records.errors import OrderflowError
from orderflow.report.progress import Progress
from orderflow.rules.calendar import Calendar
from orderflow.rules.figures import before

FOLDER = "demo"
CLERK, CHECKER, HEAD, AFTER_SALES = "*专员", "*组长", "*经理", "*售后"
REASONS = ("订单集中，人手不足", "等客户补充资料", "等客户补充资料", "系统故障")
DECIDED = (
    ("质检经常延迟", "备用检测设备，每周保养一次", "delivery_cycle"),
    ("异常订单多", "下单页面增加必填项", "anomaly_rate"),
)
_EVERY, _LEAST = 3, 5  # orders come on every third working day, or more rarely: at least so many a day


def demo(path: Path, lang: str, count: int, progress: Progress) -> Desk:
    """Set up the desk in `path` and walk so many orders through three months, the last ones that are over.

    Raises OrderflowError `demo-exists` where a desk is there.
    """
    desk = desk_at(path, None, lang)
    if is_desk(path):
        raise OrderflowError("demo-exists", path=str(path))
    set_up(desk)
    desk = desk_at(path, None, lang)
    intake = desk.settings.intake.model_copy(update={"registration_rows": 0})
    settings = desk.settings.model_copy(update={"intake": intake})
    _Walk(replace(desk, settings=settings, writes_later=True), count, progress).all()
    sync(desk, [], progress)
    with desk.ledger() as ledger:
        lay_out(desk, ledger)
    return desk


@dataclass
class _Walk:
    """The months as they go by; `numbers` are the desk's for what was taken in, by 来源单号."""

    desk: Desk
    count: int
    progress: Progress
    orders: dict[str, Invented] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    mended: list[dict[str, Any]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    raised: int = 0

    def all(self) -> None:
        """Every day on which something happens; on a month's first one, the month before is reported."""
        inventor, days = Inventor(), self._days()
        share = inventor.share(days, self.count)
        month = days[0].month
        for day in days:
            self.progress.begin("demo", f"{day:%Y-%m-%d}")
            if day.month != month:
                self._review(day)
                month = day.month
            self._day(day, inventor.orders(day, share[day]))
        for later in (7, 14, 21):
            self._evening(min(days[-1] + timedelta(days=later), self.desk.now.date() - timedelta(days=1)))
        self._explain(self.desk.now.date())

    def _days(self) -> list[date]:
        """The working days of the three months before this one on which orders come."""
        is_working = Calendar(self.desk.settings.calendar.off, self.desk.settings.calendar.worked).is_working
        first = before(f"{self.desk.now:%Y%m}", 4)[0]
        day, end = date(int(first[:4]), int(first[4:]), 1), self.desk.now.date().replace(day=1)
        working = [one for at in range((end - day).days) if is_working(one := day + timedelta(days=at))]
        return working[:: max(_EVERY, len(working) * _LEAST // self.count)]

    def _at(self, day: date, hour: int, minute: int = 0, by: str = CLERK) -> Desk:
        """The desk at that time, with somebody at it."""
        moment = datetime.combine(day, time(hour, minute), self.desk.zone)
        return replace(self.desk, now=min(moment, self.desk.now), actor=by)

    def _day(self, day: date, orders: Sequence[Invented]) -> None:
        rows = [*self.mended, *(one.typed for one in orders)]
        self.mended = []
        if rows:
            self._take(day, orders, rows)
        is_busy = len(orders) > 4 * self.count // max(len(self._days()), 1)
        prioritize(self._at(day, 10, 50, HEAD))
        plan_orders(self._at(day, 16 if is_busy else 11, 10))
        self._confirm(day, 17 if is_busy else 11, 50)
        self._evening(day)

    def _take(self, day: date, orders: Sequence[Invented], rows: Sequence[dict[str, Any]]) -> None:
        file = self._file(f"{day:%Y%m%d}-orders.csv", rows)
        outcome = take_in(self._at(day, 10, 20), Request([file], checked="none"), Progress(self.desk.lang, shown=False))
        self.orders |= {one.key: one for one in orders}
        with self.desk.ledger() as ledger, ledger.read() as book:
            known = lookup.by_external_number(book, [one.key for one in orders])
        self.numbers |= {key: found[0].number for key, found in known.items()}
        if outcome.run is not None:
            self._mark(self._at(day, 10, 40, CHECKER), [], "checked", run=outcome.run)
        flawed = [one for one in orders if one.flaw]
        self.mended = [one.row for one in flawed]
        for nth, one in enumerate(flawed):
            at = self._at(day, 15 if nth % 4 == 3 else 11)
            self._mark(at, [self.numbers[one.key]], "contacted", note="已电话联系，补充资料")

    def _confirm(self, day: date, hour: int, minute: int) -> None:
        """Every department confirms the plans of the day."""
        desk = self._at(day, hour, minute)
        with desk.ledger() as ledger, ledger.read() as book:
            found = plans.of_orders(book, plans.under_way(book))
        edits = [
            Edit(plan.number, stage.stage, {"confirmed_by": stage.owner, "confirmed_at": desk.now})
            for plan in found.values()
            for stage in plan.stages
            if stage.confirmed_at is None
        ]
        if edits:
            plan_orders(desk, edits)

    def _evening(self, day: date) -> None:
        """Departments report what is done, customers answer, surveys are sent."""
        desk = self._at(day, 17, 40)
        reports = list(self._reports(desk))
        late = [one.plan.number for one in track(desk, reports).tracked if one.delays and one.outcome == "updated"]
        if late:
            self._mark(self._at(day, 17, 55), late, "seen")
        arrived = feedback(desk).orders
        numbers = [whole.order.row.number or "" for whole in arrived]
        asked = {whole.order.row.number for whole in arrived if whole.delivery and whole.delivery.surveyed_at}
        delivered = [number for number in numbers if number not in asked]
        if delivered:
            self._mark(self._at(day, 17, 50, AFTER_SALES), delivered, "surveyed")
        self._answers(day, numbers)

    def _reports(self, desk: Desk) -> Iterator[Report]:
        """The stages that were done by this day, the late ones with why."""
        by_number = {number: self.orders[key] for key, number in self.numbers.items()}
        with desk.ledger() as ledger, ledger.read() as book:
            found = plans.of_orders(book, plans.under_way(book))
        for plan in found.values():
            behind = 0
            for stage in plan.stages:
                days, why = by_number[plan.number].late.get(stage.stage, (0, None))
                caught_up = 1 if stage.stage == "logistics" else 0
                behind = max(behind - caught_up, 0) + days
                if stage.due is None or stage.actual is not None:
                    continue
                done = stage.due + timedelta(days=behind)
                if done > desk.now.date():
                    break
                said = {"actual": done} | ({"note": why or "上一阶段延迟"} if behind else {})
                yield Report(plan.number, stage.stage, said | ({"measure": "已加班赶工"} if behind else {}))

    def _answers(self, day: date, delivered: Sequence[str]) -> None:
        """The answers that are in by now, as a feedback workbook."""
        by_number = {number: key for key, number in self.numbers.items()}
        self.said |= {by_number[number] for number in delivered if number in by_number}
        due = [key for key in sorted(self.said) if self.orders[key].answer is not None]
        noted = {"记录人": AFTER_SALES, "记录时间": f"{day:%Y-%m-%d} 17:55"}
        rows = [{"订单编号": self.numbers[key], **noted, **(self.orders[key].answer or {})} for key in due]
        self.said -= set(due)
        if rows:
            feedback(self._at(day, 18), self._file(f"{day:%Y%m%d}-feedback.csv", rows))
            self._satisfy(day, rows)

    def _satisfy(self, day: date, rows: Sequence[dict[str, Any]]) -> None:
        """Customers who complained are called; most are satisfied."""
        numbers = [row["订单编号"] for row in rows if row["验收结果"] != "合格"]
        for nth, number in enumerate(numbers):
            self._mark(self._at(day, 18, 30, AFTER_SALES), [number], "contacted", note="已致歉，商定处理办法")
            if nth % 3 != 2:
                self._mark(self._at(day, 18, 40, AFTER_SALES), [number], "satisfied")

    def _review(self, day: date) -> None:
        """Clocks that ran out get their reasons, the month's report is issued, and an improvement decided."""
        self._explain(day)
        desk = self._at(day, 8, 10, HEAD)
        work_out(desk, "last", issue=True)
        if self.raised < len(DECIDED):
            problem, measure, metric = DECIDED[self.raised]
            due = (day + timedelta(days=20)).isoformat()
            add(desk, decided(desk, problem, measure, HEAD, due, metric))
            self.raised += 1

    def _explain(self, day: date) -> None:
        desk = self._at(day, 8)
        numbers = [*self.numbers.values()]
        with desk.ledger() as ledger, ledger.read() as book:
            broken = [*clocks_without_reason(desk, book, numbers)]
        for nth, reason in enumerate(REASONS):
            meant = broken[nth :: len(REASONS) + 1]  # some stay without one
            if meant:
                self._mark(desk, meant, "reason", note=reason)

    def _mark(
        self, desk: Desk, numbers: Sequence[str], what: str, *, run: int | None = None, note: str | None = None
    ) -> None:
        record(desk, Marking(numbers, run, what, note, None, None))

    def _file(self, name: str, rows: Sequence[dict[str, Any]]) -> Path:
        """A file as somebody hands it in."""
        folder = self.desk.path / FOLDER
        folder.mkdir(exist_ok=True)
        path = folder / name
        headers = list(dict.fromkeys(header for row in rows for header in row))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            lines = csv.DictWriter(file, headers)
            lines.writeheader()
            lines.writerows(rows)
        return path
