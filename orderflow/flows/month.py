"""`monthly-report`: a month's figures and where it hurts, worked out from the ledger (PROCESS.md, step 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from orderflow.flows import issuing
from orderflow.flows.across import months_in_bags
from orderflow.flows.desk import Desk
from orderflow.flows.month_clocks import clocks_of_month
from orderflow.flows.month_frames import frame
from orderflow.flows.months import month_of
from orderflow.ledger import improvements, issued
from orderflow.ledger import month as ledger_month
from orderflow.ledger.book import Book
from orderflow.ledger.lookup import has_orders_of
from orderflow.ledger.month import Span
from orderflow.ledger.values import number_of
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.records.month import Metric, Month, Restated
from orderflow.report.month_orders import LISTED
from orderflow.rules.figures import CONTRIBUTION, Total, before, measured
from orderflow.rules.following_up import followed
from orderflow.rules.groups import dimensions, groups, subjects
from orderflow.rules.lateness import by_department, by_stage, late_stages
from orderflow.rules.limits import hours_of
from orderflow.rules.standouts import Counts, standouts
from orderflow.rules.tallies import Tally
from orderflow.rules.worked import worked_between

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from orderflow.ledger.ledger import Ledger

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Worked:
    """A month as the report tells it, and every order of the month with what it contributes.

    `restated` is set where it was issued: then both are as they were then.
    """

    month: Month
    orders: DataFrame
    restated: Restated | None = None


def work_out(desk: Desk, typed: str, listed: str | None = None, *, issue: bool = False, send: bool = False) -> Worked:
    """The month (`2024-05`, `last`, `this`): as it was issued, else as the ledger has it now.

    `listed` is the figure whose orders are wanted. With `issue` the month is kept as it is now; with `send` last
    month's report goes to the desk's group, where a channel takes it there and it was not told of that month yet.
    Raises WrongUsage `month-unreadable`, `metric-unknown`, `month-to-come` for a month that has not begun;
    OrderflowError `report-not-over` where one under way is to be issued.
    """
    month = month_of(desk, typed)
    if month > f"{desk.now:%Y%m}":
        raise WrongUsage("month-to-come", month=typed)
    if listed is not None and listed not in LISTED:
        raise WrongUsage("metric-unknown", value=listed, known=list(LISTED))
    if issue and month == f"{desk.now:%Y%m}":
        raise OrderflowError("report-not-over", month=typed)
    with desk.ledger() as ledger:
        if issue or (send and desk.settings.routes and month == month_of(desk, "last")):
            _let_out(desk, ledger, month, issue=issue)
        with ledger.read() as book:
            return _as_issued(desk, book, worked_out(desk, book, month))


def _let_out(desk: Desk, ledger: Ledger, month: str, *, issue: bool) -> None:
    """Issue the report of a month, or only send it; what that takes is loaded for it alone."""
    from orderflow.flows import month_sending

    (month_sending.issue if issue else month_sending.send)(desk, ledger, month)


def _as_issued(desk: Desk, book: Book, worked: Worked) -> Worked:
    """The report as it was issued, with what has changed since; else as it is now."""
    kept = issued.of_month(book, worked.month.month)
    if kept is None:
        return worked
    then = issuing.read(kept, worked.orders)
    return Worked(*then, issuing.restated(desk, book, kept, then, (worked.month, worked.orders)))


def worked_out(desk: Desk, book: Book, month: str) -> Worked:
    """A month (`202405`) from a ledger that is open; from sealed bags where the ledger has no order of it."""
    with months_in_bags(desk, book, before(month, 13)) as sealed:
        return _Working(desk, book, sealed, month).all()


class _Working:
    """One month being worked out of an open ledger and, for months that it never had, of their bags' excerpt."""

    def __init__(self, desk: Desk, ledger: Book, sealed: Book | None, month: str) -> None:
        self.desk, self.ledger, self.month = desk, ledger, month
        self.books = [ledger] if sealed is None else [ledger, sealed]
        self.book = next((book for book in self.books if has_orders_of(book, month)), ledger)
        self.span = Span(month, month, desk.zone, desk.now)
        *earlier, _ = before(month, 13)
        self.earlier = self.span._replace(first=earlier[0], last=earlier[-1])
        self.hours = hours_of(desk.settings, desk.zone)

    def all(self) -> Worked:
        """The whole month."""
        facts = self._facts()
        late, (tally, broken) = self._late(), clocks_of_month(self.desk, self.book, self.span)
        facts["late_stages"] = facts["number"].map(_joined(late["number"], late["stage"]))
        facts["broken_clocks"] = facts["number"].map(broken)
        for name in ("late", "broken"):
            listed = facts[f"{name}_stages" if name == "late" else f"{name}_clocks"]
            facts[name] = listed.notna().astype(int)
        month = self._month(facts, late, tally)
        facts["number"] = [number_of(number) for number in facts["number"]]
        return Worked(month, facts)

    def _facts(self) -> DataFrame:
        facts = frame(ledger_month.facts(self.book, self.span))
        responded = facts["response"].notna()
        facts["worked"] = worked_between(
            facts["received_at"].where(responded), facts["completed_at"].where(responded), self.hours
        ).astype("float64")
        return facts

    def _late(self) -> DataFrame:
        doubtful = frame(ledger_month.doubtful_stages(self.book, self.span))
        today = self.desk.now.date().toordinal() - _EPOCH
        return late_stages(doubtful, today, self.desk.settings.tracking.delay_days)

    def _month(self, facts: DataFrame, late: DataFrame, tally: Tally) -> Month:
        settings, trend = self.desk.settings, self._trend()
        planned = ledger_month.planned_stages(self.book, self.span)
        stages, shared = by_stage(late, planned), groups(facts)
        scored, said = dimensions(facts, settings.feedback.low_score), self._subjects()
        ran, why = tally.clocks(), {one.clock: tally.reasons(one.clock) for one in tally.clocks()}
        counts = Counts(stages, shared, ran, why, said, scored)
        figures = [measured(metric, facts, trend[metric], self.month) for metric in Metric]
        rows = improvements.all_of(self.ledger).values()
        return Month(
            self.month,
            self.desk.now,
            figures,
            shared,
            stages,
            by_department(late, planned, lambda stage: getattr(settings.plan.departments, stage)),
            ran,
            tally.reasons(),
            said,
            scored,
            standouts(counts, settings.report.small_sample),
            followed(rows, figures, self.month, self.desk.now.date()),
            settings.desk.double_check == "off",
        )

    def _subjects(self) -> Any:
        said = ledger_month.opinions(self.book, self.span)
        return subjects(said, self.desk.settings.feedback.topics)

    def _trend(self) -> dict[Metric, dict[str, Total]]:
        """The totals of the twelve months before, by figure and month."""
        several = [ledger_month.sums(book, self.earlier) for book in self.books]
        found = {
            metric: {
                str(int(month)): Total(int(n), int(total) if n else 0)
                for sums in several
                for month, n, total in zip(sums["month"], sums[f"n_{name}"], sums[f"sum_{name}"], strict=True)
            }
            for metric, name in CONTRIBUTION.items()
            if metric is not Metric.RESPONSE_WORKING
        }
        return found | {Metric.RESPONSE_WORKING: self._trend_worked()}

    def _trend_worked(self) -> dict[str, Total]:
        found: dict[str, Total] = {}
        for book in self.books:
            pairs = frame(ledger_month.responses(book, self.earlier))
            worked = worked_between(pairs["received_at"], pairs["completed_at"], self.hours)
            named = worked.groupby(pairs["month"].astype("int64"))
            found |= {str(int(month)): Total(len(values), int(values.sum())) for month, values in named}
        return found


def _joined(numbers: Series, names: Series) -> dict[int, str]:
    """By number, the names that go with it beside each other."""
    found: dict[int, str] = {}
    for number, name in zip(numbers.tolist(), names.tolist(), strict=True):
        found[number] = f"{found[number]} {name}" if number in found else name
    return found
