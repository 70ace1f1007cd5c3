"""What counts of several answers, and when an order closes by itself (PROCESS.md, step 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from orderflow.records.feedback import DONE, SCORES, WORDS, Answer, Case, Delivery
from orderflow.records.rows import Feedback
from orderflow.settings import Feedback as Rules

ANSWERED, UNANSWERED, LAPSED = "answered", "unanswered", "lapsed"
"""How an order closed by itself: its survey was in, was too old, or nothing came after the delivery."""


class Closing(NamedTuple):
    """When an order closes by itself, and why."""

    at: datetime
    how: str


def in_order(answers: Iterable[Answer]) -> list[Answer]:
    """Answers as they were given, one after the other."""
    return sorted(answers, key=lambda one: (_time(one), one.seq))


def said(answers: Iterable[Answer]) -> Feedback | None:
    """What counts of the answers to one order, as one row; `None` without any.

    The last answer counts, part by part: each of the words from the last one that says it, the overall score and the
    four dimensions together from the last one that scores anything. What is done, and whether the customer is
    satisfied, is asked anew with every complaint.
    """
    counts: Feedback | None = None
    for answer in in_order(answers):
        counts, row = counts or Feedback(number=answer.row.number), answer.row
        if answer.complains:
            counts.resolution = counts.satisfied = None
        recorded = ("recorded_by", "recorded_at") if answer.is_said else ()
        for part in (*WORDS, *DONE, *recorded):
            setattr(counts, part, getattr(row, part) or getattr(counts, part))
        for name in SCORES if answer.has_scores else ():
            setattr(counts, name, getattr(row, name))
    return counts


def _time(answer: Answer) -> float:
    return answer.row.recorded_at.timestamp() if answer.row.recorded_at is not None else 0.0


def closing(delivery: Delivery, case: Case | None, rules: Rules) -> Closing | None:
    """When an order closes by itself; `None` while nothing says so.

    Accepted and with no open case: once its survey is in, or so many days after it was sent. Without an acceptance, or
    where no survey was ever sent: so many days after the delivery; what was not said stays unknown.
    """
    if case is not None and case.is_open:
        return None
    ends = [at for at in (delivery.accepted_at, case.closed_at if case is not None else None) if at is not None]
    if delivery.accepted_at is not None and delivery.answered_at is not None:
        return Closing(max(*ends, delivery.answered_at), ANSWERED)
    if delivery.accepted_at is not None and delivery.surveyed_at is not None:
        return Closing(max(*ends, delivery.surveyed_at + timedelta(days=rules.survey_old_days)), UNANSWERED)
    if delivery.delivered_at is None:
        return None
    return Closing(max([*ends, delivery.delivered_at + timedelta(days=rules.close_days)]), LAPSED)
