"""What stands in a bag under which name, when bags may go, and which have to stay (PROCESS.md, step 6)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

TERM, OPEN, CASE, UNSOUND, GAP = "term", "open", "case", "unsound", "gap"
"""Why the bags of a month stay: their term runs, orders of the month are open or not sealed, a case is open, a bag did
not verify, or an older month stays."""


def sealable_name(name: str) -> str:
    """A file's name as every list of checksums can hold it: `%` stands for other characters in a BagIt manifest."""
    return name.replace("%", "_")


def end_of_term(last_closing: datetime, months: int) -> datetime:
    """When bags may go: so many months after the last of their orders closed, on the last day of a shorter month."""
    years, month = divmod(last_closing.month - 1 + months, 12)
    year = last_closing.year + years
    return last_closing.replace(year=year, month=month + 1, day=min(last_closing.day, monthrange(year, month + 1)[1]))


class Standing(NamedTuple):
    """The bags of a month as they stand: the end of their term, and how many of its orders and cases are open."""

    month: str
    until: datetime
    open_orders: int
    open_cases: int


class Ruling(NamedTuple):
    """Whether the bags of a month may go; `reason` is why they stay, `None` where they may."""

    month: str
    until: datetime
    reason: str | None


def rulings(months: Sequence[Standing], now: datetime) -> list[Ruling]:
    """Which of the months, the oldest first, may go: none whose older one stays, so that no gap is left."""
    found: list[Ruling] = []
    for month in months:
        reason = _own_reason(month, now)
        if reason is None and found and found[-1].reason is not None:
            reason = GAP
        found.append(Ruling(month.month, month.until, reason))
    return found


def _own_reason(month: Standing, now: datetime) -> str | None:
    if now < month.until:
        return TERM
    if month.open_cases:
        return CASE
    return OPEN if month.open_orders else None
