"""The answer of `feedback`: what was taken in, which cases are open, what is to be done next, who answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.aftersales import CaseJson, case_json, short
from orderflow.answers.checklists import CHECKED, checklist
from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.answers.orders import OrderJson, order_json
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.agenda import Item
from orderflow.flows.desk import Desk
from orderflow.flows.feedback import FeedbackOutcome
from orderflow.flows.feedback_files import Answers
from orderflow.records.masking import masked
from orderflow.records.registration import Registration
from orderflow.report import sentences as said
from orderflow.report.cases import causes, outlook
from orderflow.report.console import console, indented

_SHOWN = 20
_OUTCOMES = ("new", "updated", "unchanged", "rejected")


class AnswersJson(BaseModel):
    """One sheet of answers: the rows read are the sum of what became of them; a rejected one is no known order's."""

    path: str
    sha256: str
    sheet: str | None
    kind: str
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int


class DueJson(BaseModel):
    """Something to be done by a time; a delivery with its `checklist`, and what of it is `missing`."""

    number: str
    code: str
    due: str
    owner: str | None
    checklist: dict[str, str | None] | None
    missing: list[str]


class SurveyJson(BaseModel):
    """How many customers were asked, how many answered, and the share from 0 to 1; nothing is imputed."""

    asked: int
    answered: int
    rate: float | None


class SentenceJson(BaseModel):
    """What a customer said, and of which order."""

    number: str
    text: str


class TopicJson(BaseModel):
    """What opinions of this month are about, with the sentences behind the count."""

    topic: str
    count: int
    sentences: list[SentenceJson]


class FeedbackAnswerJson(BaseModel):
    """`orderflow feedback --json`: orders that changed, every open case, what is due, the desk's own `workbook`."""

    run: int | None
    dry_run: bool
    files: list[AnswersJson]
    orders: list[OrderJson]
    cases: list[CaseJson]
    due: list[DueJson]
    survey: SurveyJson
    topics: list[TopicJson]
    workbook: str | None
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class FeedbackAnswer:
    """What `feedback` came to."""

    desk: Desk
    outcome: FeedbackOutcome

    @property
    def exit_code(self) -> int:
        """1 where an answer is no known order's."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.outcome.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """Everything that a program needs to go on with."""
        outcome, desk = self.outcome, self.desk
        return FeedbackAnswerJson(
            run=outcome.run,
            dry_run=outcome.dry,
            files=[_answers(sheet) for sheet in outcome.sheets],
            orders=[order_json(whole, desk) for whole in outcome.orders],
            cases=[case_json(whole, whole.case, desk) for whole in outcome.cases if whole.case is not None],
            due=[_due(item, desk) for item in outcome.due],
            survey=SurveyJson(asked=outcome.rate.asked, answered=outcome.rate.answered, rate=outcome.rate.share),
            topics=[
                TopicJson(
                    topic=topic.name,
                    count=len(topic.sentences),
                    sentences=[SentenceJson(number=one.number, text=masked(one.text)) for one in topic.sentences],
                )
                for topic in outcome.topics
            ],
            workbook=str(outcome.workbook) if outcome.workbook else None,
            findings=[as_json(finding, desk.lang) for finding in outcome.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The accounting of the file, open cases, what to do next, the answer rate, this month's topics."""
        out, say, outcome = console(), self.desk.say, self.outcome
        if not call.quiet:
            at = f"{self.desk.now:%Y-%m-%d %H:%M}"
            title = "dry" if outcome.dry else "done" if outcome.run else "nothing"
            out.print(say(f"messages.feedback.{title}", run=outcome.run, at=at, actor=self.desk.actor), style="bold")
            for sheet in outcome.sheets:
                out.print(f"  {sheet.path.name} {sheet.sheet.name}", style="cyan", overflow="fold")
                out.print(f"  {self._accounting(sheet)}")
            self._show_cases()
            self._show_due(outcome.due if call.verbose else outcome.due[:_SHOWN])
            self._show_share()
        show_findings(self.desk, outcome.findings, call)

    def _accounting(self, sheet: Answers) -> str:
        outcomes, say = sheet.outcomes, self.desk.say
        parts = [f"{say(f'messages.answers.{name}')} {outcomes[name]}" for name in _OUTCOMES if outcomes[name]]
        return f"{say('messages.intake.read')} {outcomes.total()} = {' + '.join(parts) or 0}"

    def _show_cases(self) -> None:
        cases, desk = self.outcome.cases, self.desk
        if not cases:
            return
        console().print()
        console().print(desk.say("messages.feedback.cases", count=len(cases)), style="bold")
        for whole in cases:
            case = whole.case
            assert case is not None
            owner = case.owner or desk.say("messages.after.unowned")
            why = causes(case, desk.lang)
            console().print(f"  {case.number}  {why}  {owner}  {short(case.opened_at, desk)}")
            if left := outlook(case, whole.order.row.unit, whole.remaining, desk.lang):
                indented(left, 4, style="dim")

    def _show_due(self, items: Sequence[Item]) -> None:
        desk = self.desk
        if not items:
            return
        console().print()
        console().print(desk.say("messages.feedback.due", count=len(self.outcome.due)), style="bold")
        for item in items:
            due = item.due
            what = desk.say(f"messages.due.{due.code}")
            late = due.due < desk.now and due.code != "delivery"
            line = f"  {short(due.due, desk)}  {due.number}  {what}  {due.owner or ''}".rstrip()
            console().print(line, style="red" if late else None)
            if item.row is not None:
                indented(checklist(item.row, item.missing, desk), 4, style="dim")
        if len(items) < len(self.outcome.due):
            more = len(self.outcome.due) - len(items)
            console().print("  " + desk.say("messages.intake.more", count=more), style="dim")

    def _show_share(self) -> None:
        rate, say = self.outcome.rate, self.desk.say
        if rate.share is not None:
            console().print()
            share = f"{rate.share:.0%}"
            console().print(say("messages.feedback.rate", asked=rate.asked, answered=rate.answered, share=share))
        if self.outcome.topics:
            counted = [f"{topic.name} {len(topic.sentences)}" for topic in self.outcome.topics]
            console().print(say("messages.feedback.topics", topics=" · ".join(counted)))


def _answers(sheet: Answers) -> AnswersJson:
    outcomes = sheet.outcomes
    return AnswersJson(
        path=str(sheet.path),
        sha256=sheet.sha256,
        sheet=sheet.sheet.name,
        kind=sheet.kind,
        read=outcomes.total(),
        **{name: outcomes[name] for name in _OUTCOMES},
    )


def _due(item: Item, desk: Desk) -> DueJson:
    due, row = item.due, item.row
    return DueJson(
        number=due.number,
        code=due.code,
        due=due.due.astimezone(desk.zone).isoformat(),
        owner=due.owner,
        checklist=None if row is None else {name: _said(row, name) for name in (*CHECKED, "unit")},
        missing=item.missing,
    )


def _said(row: Registration, name: str) -> str | None:
    value = getattr(row, name)
    return None if value is None else f"{value:f}" if name == "quantity" else str(value)
