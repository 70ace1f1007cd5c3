"""What became of an order after its delivery, as JSON has it and as a terminal tells it (`show`, `feedback`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from orderflow.flows.desk import Desk
from orderflow.flows.queries import WholeOrder
from orderflow.records.choices import ACCEPTANCE
from orderflow.records.feedback import DIMENSIONS, SCORES, Amount, Case
from orderflow.records.rows import Feedback, columns
from orderflow.report.cases import causes, outlook
from orderflow.report.sentences import word_of
from orderflow.rules.clocks import AFTER_SALES
from orderflow.rules.closing import said


class FeedbackJson(BaseModel):
    """What the customer said: of several answers the last one counts, part by part; `answers` is how many there are."""

    acceptance: str | None
    score: int | None
    scores: dict[str, int | None]
    comment: str | None
    suggestion: str | None
    by: str | None
    at: str | None
    answers: int


class AmountJson(BaseModel):
    """A number of things."""

    quantity: str
    unit: str | None


class CaseJson(BaseModel):
    """A case: why it was opened (`code` is the first cause), who owns it, what is done about it.

    `due` is when the customer has to be called, where nobody has yet; `proposed` is read from the opinion, for a person
    to confirm; of the `remedies` an amount is null where none was said. `remaining` is what is still to be delivered.
    """

    number: str
    code: str
    state: str
    due: str | None
    owner: str | None
    causes: list[str]
    opened: str
    closed: str | None
    offered_by: str | None
    reason: str | None
    helpers: list[str]
    proposed: AmountJson | None
    remedies: dict[str, str | None]
    unit: str | None
    remaining: str | None
    replacements: list[str]


def feedback_json(whole: WholeOrder, desk: Desk) -> FeedbackJson | None:
    """What counts of all answers to an order; `None` where there is none."""
    counts = said(whole.answers)
    if counts is None:
        return None
    return FeedbackJson(
        acceptance=counts.acceptance,
        score=counts.score,
        scores={name: getattr(counts, name) for name in DIMENSIONS},
        comment=counts.comment,
        suggestion=counts.suggestion,
        by=counts.recorded_by,
        at=_iso(counts.recorded_at, desk),
        answers=_times(whole),
    )


def case_json(whole: WholeOrder, case: Case, desk: Desk) -> CaseJson:
    """One case with its order's replacements."""
    return CaseJson(
        number=case.number,
        code=case.causes[0],
        state="open" if case.is_open else "closed",
        due=_iso(call_due(whole), desk),
        owner=case.owner,
        causes=list(case.causes),
        opened=case.opened_at.astimezone(desk.zone).isoformat(),
        closed=_iso(case.closed_at, desk),
        offered_by=case.offered_by,
        reason=case.offer_reason,
        helpers=list(case.helpers),
        proposed=None if case.proposed is None else _amount(case.proposed),
        remedies={name: _plain(amount) for name, amount in case.remedies.items()},
        unit=whole.order.row.unit,
        remaining=_plain(whole.remaining),
        replacements=list(whole.replaced_by),
    )


def call_due(whole: WholeOrder) -> datetime | None:
    """When the customer has to be called, where nobody has yet."""
    waiting = (clock for clock in whole.clocks if clock.clock == AFTER_SALES and clock.stopped is None)
    return next((clock.due for clock in waiting), None)


def _amount(amount: Amount) -> AmountJson:
    return AmountJson(quantity=f"{amount.number:f}", unit=amount.unit)


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _iso(moment: datetime | None, desk: Desk) -> str | None:
    return None if moment is None else moment.astimezone(desk.zone).isoformat()


def story(whole: WholeOrder, desk: Desk) -> Iterator[str]:
    """How an order ended, in lines: the delivery, what the customer said, the case, replacements, the close."""
    say, delivery = desk.say, whole.delivery
    if delivery is not None and delivery.delivered_at is not None:
        by = say(f"messages.delivered_by.{delivery.delivered_by}")
        yield say("messages.after.delivered", at=short(delivery.delivered_at, desk), by=by)
    yield from _said(whole, desk)
    if whole.case is not None:
        yield from case_lines(whole, whole.case, desk)
    if whole.replaces is not None:
        yield say("messages.after.replaces", number=whole.replaces)
    if whole.replaced_by:
        yield say("messages.after.replaced_by", numbers=list(whole.replaced_by))
    if delivery is not None and delivery.closed_at is not None:
        how = say(f"messages.closed_how.{delivery.closed_how}")
        yield say("messages.after.closed", at=short(delivery.closed_at, desk), how=how)


def _said(whole: WholeOrder, desk: Desk) -> Iterator[str]:
    counts, lang = said(whole.answers), desk.lang
    if counts is None:
        return
    declared = columns(Feedback)
    parts = [
        word_of(ACCEPTANCE, counts.acceptance, lang) if counts.acceptance else desk.say("messages.after.unaccepted")
    ]
    parts += [
        f"{declared[name].words.of(lang)} {score}" for name in SCORES if (score := getattr(counts, name)) is not None
    ]
    yield desk.say("messages.after.said", parts=parts, by=counts.recorded_by or "—", at=short(counts.recorded_at, desk))
    for name in ("comment", "suggestion"):
        if text := getattr(counts, name):
            yield desk.say("messages.after.text", what=declared[name].words.of(lang), text=text)
    if (times := _times(whole)) > 1:
        yield desk.say("messages.after.several", count=times)


def _times(whole: WholeOrder) -> int:
    """How often the customer said something."""
    return sum(answer.is_said for answer in whole.answers)


def case_lines(whole: WholeOrder, case: Case, desk: Desk) -> Iterator[str]:
    """A case in lines: why and whose it is, what was proposed and agreed, what is left."""
    say = desk.say
    state = say("messages.after.open") if case.is_open else say("messages.after.shut", at=short(case.closed_at, desk))
    owner = case.owner or say("messages.after.unowned")
    yield say(
        "messages.after.case", causes=causes(case, desk.lang), owner=owner, at=short(case.opened_at, desk), state=state
    )
    if case.offered_by is not None:
        yield say("messages.after.offered", by=case.offered_by, why=case.offer_reason)
    if case.helpers:
        yield say("messages.after.helpers", names=list(case.helpers))
    if left := outlook(case, whole.order.row.unit, whole.remaining, desk.lang):
        yield left


def short(moment: datetime | None, desk: Desk) -> str:
    """A moment as people read it."""
    return f"{moment.astimezone(desk.zone):%m-%d %H:%M}" if moment else "—"
