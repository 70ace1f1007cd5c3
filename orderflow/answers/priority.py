"""The answer of `prioritize`: every level there is, what was judged anew, what cannot be judged and who could help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow import text
from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.judging import Judged, Judging, Unjudged
from orderflow.report import sentences as said
from orderflow.report.console import console
from orderflow.report.grounds import arithmetic, level_word

_SHOWN = 20
_LEVELS = ("high", "medium", "low")


class JudgedJson(BaseModel):
    """One order's level; `outcome` says what became of it in this run: new, updated or unchanged."""

    number: str
    level: str
    points: int
    dimensions: dict[str, str]
    overridden: bool
    outcome: str
    reasons: list[str]


class UnjudgedJson(BaseModel):
    """An order that cannot be judged: the missing fields, and who could supply each."""

    number: str
    missing: list[str]
    who: list[str]


class PrioritizeJson(BaseModel):
    """`orderflow prioritize --json`."""

    run: int | None
    dry_run: bool
    orders: list[JudgedJson]
    unjudged: list[UnjudgedJson]
    workbook: str | None
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class PrioritizeAnswer:
    """What `prioritize` came to."""

    desk: Desk
    outcome: Judging

    @property
    def exit_code(self) -> int:
        """1 where an override lacks its reason."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.outcome.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """Every order judged, by level and delivery date, and every one that cannot be."""
        lang = self.desk.lang
        return PrioritizeJson(
            run=self.outcome.run,
            dry_run=self.outcome.dry,
            orders=[_judged(one) for one in self.outcome.judged],
            unjudged=[_unjudged(one, lang) for one in self.outcome.unjudged],
            workbook=str(self.outcome.workbook) if self.outcome.workbook else None,
            findings=[as_json(finding, lang) for finding in self.outcome.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """How many orders have which level, those judged now with their arithmetic, what a person has to do."""
        out, say, outcome = console(), self.desk.say, self.outcome
        if not call.quiet:
            title = "dry" if outcome.dry else "done" if outcome.run else "nothing"
            at = f"{self.desk.now:%Y-%m-%d %H:%M}"
            out.print(say(f"messages.prioritize.{title}", run=outcome.run, at=at, actor=self.desk.actor), style="bold")
            out.print("  " + self._counts())
            self._show_judged([one for one in outcome.judged if one.outcome != "unchanged"], call.verbose)
        show_findings(self.desk, outcome.findings, call)
        if not call.quiet and outcome.judged:
            out.print()
            out.print(say("messages.next.plan"))

    def _counts(self) -> str:
        lang, judged = self.desk.lang, [one.judgement.level.value for one in self.outcome.judged]
        parts = [f"{level_word(level, lang)} {judged.count(level)}" for level in _LEVELS]
        if self.outcome.unjudged:
            parts.append(self.desk.say("messages.prioritize.unjudged", count=len(self.outcome.unjudged)))
        return "  ".join(parts)

    def _show_judged(self, moved: Sequence[Judged], verbose: bool) -> None:
        from rich.table import Table

        if not moved:
            return
        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False, show_edge=False)
        lang, rules = self.desk.lang, self.desk.settings.priority
        for one in moved if verbose else moved[:_SHOWN]:
            level = level_word(one.judgement.level, lang)
            style = "red" if one.judgement.level == "high" else None
            table.add_row(one.judgement.number, level, arithmetic(one.judgement, rules, lang), style=style)
        console().print(table)
        if len(moved) > _SHOWN and not verbose:
            console().print("  " + self.desk.say("messages.intake.more", count=len(moved) - _SHOWN), style="dim")


def _judged(one: Judged) -> JudgedJson:
    judgement = one.judgement
    return JudgedJson(
        number=judgement.number,
        level=judgement.level,
        points=judgement.verdict.points,
        dimensions=judgement.verdict.dimensions,
        overridden=judgement.overridden,
        outcome=one.outcome,
        reasons=[finding.code for finding in one.reasons],
    )


def _unjudged(one: Unjudged, lang: str) -> UnjudgedJson:
    who = [text.say(lang, f"messages.suppliers.{field}") for field in one.missing]
    return UnjudgedJson(number=one.number, missing=list(one.missing), who=who)
