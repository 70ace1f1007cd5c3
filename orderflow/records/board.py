"""What is to be done next: one line of the board that `today` shows (PROCESS.md, step 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Step = Literal[
    "call", "contact", "check", "judge", "plan", "assign",
    "acknowledge", "report", "update", "delivery", "after-sales", "survey", "survey-reminder",
    "approve", "unsent", "question",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done, by `due` where a time is known, by `owner` where somebody is in charge.

    `number` is the order's; without one it is the whole desk's. `facts` are what its sentence needs
    (`messages.board.<step>`).
    """

    step: Step
    number: str | None
    due: datetime | None
    owner: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
