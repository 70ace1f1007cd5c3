"""How an order was judged: its level, what that rests on, who judged and when (PROCESS.md, step 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from orderflow.records.choices import Level
from orderflow.records.rows import Priority

T = TypeVar("T")
DIMENSIONS = ("customer", "amount", "urgency")
"""The three dimensions of a judgement, in the order in which they are told."""


class Told(NamedTuple, Generic[T]):
    """A value and who gave it: `priority`, `registration`, `customers` or `products`, the workbook it stands in."""

    value: T
    source: str


@dataclass(slots=True)
class Verdict:
    """What the rules make of an order. `days` are those from the judgement to delivery, `None` without a date."""

    level: Level
    points: int
    dimensions: dict[str, Level]
    strategy: str
    days: int | None
    by_days: Level | None
    floor: str | None = None


@dataclass(slots=True)
class Judgement:
    """One order's judgement: the level in force beside the verdict of the rules.

    `declared` is what people wrote into the priority workbook; `rests_on` says in short what the verdict was made
    from, so that the same is not judged twice. `floor` is the confirmed kind of order that has a least level.
    """

    number: str
    level: Level
    verdict: Verdict
    customer: Told[str]
    amount: Told[Decimal]
    by: str
    at: datetime
    rests_on: str
    declared: Priority = field(default_factory=Priority)
    floor: str | None = None
    revision: int = 0

    @property
    def overridden(self) -> bool:
        """Whether a person's level stands in place of the computed one."""
        return self.level is not self.verdict.level
