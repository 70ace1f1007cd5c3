"""What follows a delivery: when it was, what the customer said of it, and what is still owed (PROCESS.md, step 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from orderflow.records.rows import Feedback

SCORES = ("score", "response", "quality", "timeliness", "service")
"""The overall score and the four dimensions, as fields of a row of the feedback workbook."""
DIMENSIONS = SCORES[1:]
WORDS = ("acceptance", "comment", "suggestion")
"""What else a customer says in such a row."""
DONE = ("resolution", "satisfied")
"""What the desk does about it."""
SURVEY, WORKBOOK, MARK, WINDOW = "survey", "workbook", "mark", "window"
"""How an answer came in: an export, a filled-in file, `mark`, or the desk's own workbook."""


@dataclass(slots=True)
class Answer:
    """One answer of a customer: a row of the feedback workbook, of a survey, or what somebody marked.

    `origin` says which; `identity` is what the same answer of a survey is known by
    when the export is handed in again; `complains` says whether a case was opened, or joined, for it. `unread` and
    `extra` are as an order has them.
    """

    row: Feedback
    origin: str
    seq: int = 0
    identity: str | None = None
    complains: bool = False
    unread: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_scores(self) -> bool:
        """Whether the customer scored anything."""
        return any(getattr(self.row, name) is not None for name in SCORES)

    @property
    def is_said(self) -> bool:
        """Whether the customer said anything in it."""
        return any(getattr(self.row, name) is not None for name in (*WORDS, *SCORES))


@dataclass(slots=True)
class Delivery:
    """How the end of an order went, as far as it has come.

    `accepted_at` is when the acceptance was recorded, `surveyed_at` when the survey was sent, `answered_at` when its
    answer was in, `reminded_at` when the one reminder went out.
    """

    number: str
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    accepted_at: datetime | None = None
    surveyed_at: datetime | None = None
    answered_at: datetime | None = None
    reminded_at: datetime | None = None
    closed_at: datetime | None = None
    closed_how: str | None = None


class Amount(NamedTuple):
    """A number of things and their unit."""

    number: Decimal
    unit: str | None


@dataclass(slots=True)
class Case:
    """What is open until a customer is satisfied (首问负责): one for each order that the customer complained of.

    `causes` say why it was opened, `owner` received the complaint first, `offered_by` wants to hand it over. `proposed`
    is the amount that the opinion names, for a person to confirm; `remedies` what was agreed, 换货, 补发 or 退款, with
    `None` where no amount was said.
    """

    number: str
    opened_at: datetime
    causes: Sequence[str]
    owner: str | None = None
    offered_by: str | None = None
    offer_reason: str | None = None
    helpers: Sequence[str] = ()
    proposed: Amount | None = None
    remedies: dict[str, Decimal | None] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the customer is not satisfied yet."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done for an order by a time: `delivery`, `after-sales`, `survey` or `survey-reminder`."""

    number: str
    code: str
    due: datetime
    owner: str | None = None
