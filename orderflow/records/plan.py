"""The plan of an order: its stages with their owners and dates, and what the customer is told (PROCESS.md, step 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(slots=True)
class Stage:
    """One stage of a plan, and how it goes; the fields are those of the plan and progress workbooks."""

    stage: str
    owner: str | None = None
    start: date | None = None
    due: date | None = None
    milestone: date | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    actual: date | None = None
    status: str | None = None
    note: str | None = None
    measure: str | None = None
    found_at: datetime | None = None
    expected: date | None = None
    tracking_number: str | None = None
    revision: int = 0


@dataclass(slots=True)
class OrderPlan:
    """The plan of one order.

    `completed_at` is the moment from which every stage had an owner and dates: it stops the plan clock. `promise` is
    the planned end, of which the customer is told then. `rests_on` says in short what was planned, so that a change
    shows; `unknown_years` are those whose holidays were not published.
    """

    number: str
    kind: str
    rush: bool
    planned_by: str
    planned_at: datetime
    rests_on: str
    stages: list[Stage] = field(default_factory=list)
    completed_at: datetime | None = None
    promise: date | None = None
    unknown_years: tuple[int, ...] = ()
    revision: int = 0

    @property
    def ownerless(self) -> list[str]:
        """The stages that nobody is in charge of."""
        return [stage.stage for stage in self.stages if not stage.owner]
