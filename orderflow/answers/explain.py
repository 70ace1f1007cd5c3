"""The answers of `explain` and `what-if`: why an order has its level, and what other rules would make of a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json
from orderflow.answers.orders import OrderJson, clock_line, order_json
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.flows.explaining import Explanation, Moved, WhatIf
from orderflow.records.choices import URGENCY, Level
from orderflow.report import sentences as said
from orderflow.report.console import console, indented
from orderflow.report.grounds import arithmetic, level_word, told, would_change
from orderflow.rules.clocks import CLOCKS
from orderflow.rules.state import state_of


class ExplainJson(BaseModel):
    """`orderflow explain --json`: the order, and why it stands where it stands, in the desk's language."""

    order: OrderJson
    lines: list[str]
    findings: list[FindingJson]


class ChangeOfLevelJson(BaseModel):
    """An order that would have another level."""

    number: str
    before: str
    after: str
    points_before: int
    points_after: int


class BrokenClocksJson(BaseModel):
    """Clocks of the month that ran out, by clock, under both rules; those that cannot be measured are in neither."""

    before: dict[str, int]
    after: dict[str, int]
    unmeasurable: int


class WhatIfJson(BaseModel):
    """`orderflow what-if --json`: orders by level under the desk's rules and under the others."""

    month: str
    rules: str
    changes: list[ChangeOfLevelJson]
    before: dict[str, int]
    after: dict[str, int]
    unjudged: int
    broken_clocks: BrokenClocksJson
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class ExplainAnswer:
    """Why one order stands where it stands."""

    desk: Desk
    found: Explanation

    @property
    def exit_code(self) -> int:
        """An explanation never needs a person."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The order and the lines that a person reads."""
        whole = self.found.whole
        found = [as_json(finding, self.desk.lang) for finding in whole.findings()]
        order = order_json(whole, self.desk)
        return ExplainJson(order=order, lines=list(self._lines()), findings=found).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The number with its state, then one line for each reason."""
        order = self.found.whole.order
        state = self.desk.say(f"messages.states.{state_of(order)}")
        console().print(f"{order.row.number}  {state}", style="bold")
        for line in self._lines():
            indented(line, 2)

    def _lines(self) -> Iterator[str]:
        """Priority, what would change it, what is open, the plan, the clocks."""
        whole, lang = self.found.whole, self.desk.lang
        if whole.judgement is not None:
            yield from self._priority()
        elif self.found.missing is not None:
            yield f"{said.words(self.found.missing, lang, 'message')} {said.words(self.found.missing, lang, 'fix')}"
        for finding in whole.findings():
            yield f"{said.words(finding, lang, 'title')}: {said.words(finding, lang, 'message')}"
        if whole.plan is not None:
            yield self._plan()
        for clock in whole.clocks:
            yield clock_line(clock, self.desk)

    def _priority(self) -> Iterator[str]:
        judgement, desk = self.found.whole.judgement, self.desk
        assert judgement is not None
        assert self.found.grounds is not None
        rules, at = desk.settings.priority, f"{judgement.at.astimezone(desk.zone):%m-%d %H:%M}"
        yield from told(judgement, rules, desk.lang, by=judgement.by, at=at)
        verdict = judgement.verdict
        if verdict.by_days is not None and verdict.by_days is not verdict.dimensions["urgency"]:
            paper = said.word_of(URGENCY, verdict.dimensions["urgency"], desk.lang)
            calendar = said.word_of(URGENCY, verdict.by_days, desk.lang)
            yield desk.say("messages.explain.differs", paper=paper, calendar=calendar, days=verdict.days)
        change = would_change(judgement, self.found.grounds, rules, desk.lang)
        if change is not None:
            yield change

    def _plan(self) -> str:
        plan, due = self.found.whole.plan, self.found.whole.order.row.delivery_date
        assert plan is not None
        late = plan.promise is not None and due is not None and plan.promise > due
        return self.desk.say(f"messages.explain.{'late' if late else 'plan'}", promise=plan.promise, date=due)


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """What other rules would make of a month."""

    desk: Desk
    outcome: WhatIf

    @property
    def exit_code(self) -> int:
        """Nothing was changed."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The counts on both sides, and every order that moves."""
        outcome = self.outcome
        return WhatIfJson(
            month=f"{outcome.month[:4]}-{outcome.month[4:]}",
            rules=str(outcome.rules.absolute()),
            changes=[_change(moved) for moved in outcome.changes],
            before={level.value: count for level, count in outcome.before.items()},
            after={level.value: count for level, count in outcome.after.items()},
            unjudged=outcome.unjudged,
            broken_clocks=BrokenClocksJson(
                before=outcome.broken_before, after=outcome.broken_after, unmeasurable=outcome.unmeasurable
            ),
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """Tables of before and after, then each order that moves with the arithmetic it has now."""
        out, say, outcome = console(), self.desk.say, self.outcome
        month = f"{outcome.month[:4]}-{outcome.month[4:]}"
        out.print(say("messages.what_if.title", month=month, rules=outcome.rules.name), style="bold")
        levels = [(level_word(level, self.desk.lang), outcome.before[level], outcome.after[level]) for level in Level]
        out.print(self._table("level", levels))
        if outcome.unjudged:
            out.print("  " + say("messages.prioritize.unjudged", count=outcome.unjudged), style="dim")
        self._show_clocks()
        out.print(say("messages.what_if.moved", count=len(outcome.changes)))
        for moved in outcome.changes:
            self._show_moved(moved)

    def _show_clocks(self) -> None:
        out, say, outcome = console(), self.desk.say, self.outcome
        broken = [
            (say(f"messages.clock_names.{name}"), outcome.broken_before[name], outcome.broken_after[name])
            for name in CLOCKS
            if outcome.broken_before[name] or outcome.broken_after[name]
        ]
        out.print(self._table("clocks", broken) if broken else "  " + say("messages.what_if.no_clocks"))
        if outcome.unmeasurable:
            out.print("  " + say("messages.what_if.unmeasurable", count=outcome.unmeasurable), style="dim")

    def _table(self, what: str, rows: Sequence[tuple[str, int, int]]) -> Any:
        from rich.table import Table

        table = Table(box=None, padding=(0, 2, 0, 2), show_edge=False)
        for key in (what, "before", "after"):
            table.add_column(self.desk.say(f"messages.what_if.{key}"))
        for name, before, after in rows:
            table.add_row(name, str(before), str(after), style="yellow" if before != after else None)
        return table

    def _show_moved(self, moved: Moved) -> None:
        lang, rules = self.desk.lang, self.desk.settings.priority
        step = f"{level_word(moved.judgement.level, lang)} → {level_word(moved.level, lang)}"
        indented(f"{moved.judgement.number}  {step}  ({arithmetic(moved.judgement, rules, lang)})", 2)


def _change(moved: Moved) -> ChangeOfLevelJson:
    judgement = moved.judgement
    return ChangeOfLevelJson(
        number=judgement.number,
        before=judgement.level,
        after=moved.level,
        points_before=judgement.verdict.points,
        points_after=moved.verdict.points,
    )
