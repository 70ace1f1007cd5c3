"""What is to be done for deliveries soon: checklists, calls to customers, surveys and their one reminder (step 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from orderflow.records.feedback import Delivery, Due
from orderflow.records.registration import Registration

CHECKED = ("product", "quantity", "address", "delivery_method", "contact")
"""What is checked before a delivery: specification and quantity, where to, 送货 or 自提, whom to call."""
_AHEAD = timedelta(hours=24)


class Rate(NamedTuple):
    """How many customers answered of how many were asked."""

    answered: int
    asked: int

    @property
    def share(self) -> float | None:
        """The answer rate from 0 to 1; `None` where nobody was asked."""
        return self.answered / self.asked if self.asked else None


def delivered_soon(day: date | None, now: datetime) -> datetime | None:
    """When a delivery planned for `day` is to be prepared for: the day's beginning, from 24 h before until it is over.

    A delivery that is late already is the tracking's.
    """
    if day is None or day < now.date():
        return None
    begins = datetime.combine(day, time(), now.tzinfo)
    return begins if begins - _AHEAD <= now else None


def unknown(row: Registration) -> list[str]:
    """What the checklist of a delivery lacks, by field. Who picks the goods up needs no address."""
    needed = [name for name in CHECKED if name != "address" or row.delivery_method != "pickup"]
    return [name for name in needed if getattr(row, name) is None and (name != "contact" or row.contact_person is None)]


def survey_due(delivery: Delivery, days: float, reminder_days: float) -> Due | None:
    """The survey that is still to be sent, within `days` of the delivery; or its one reminder, where no answer came."""
    if delivery.delivered_at is None or delivery.answered_at is not None or delivery.closed_at is not None:
        return None
    if delivery.surveyed_at is None:
        return Due(delivery.number, "survey", delivery.delivered_at + timedelta(days=days))
    if delivery.reminded_at is None:
        return Due(delivery.number, "survey-reminder", delivery.surveyed_at + timedelta(days=reminder_days))
    return None


def answer_rate(deliveries: Iterable[Delivery]) -> Rate:
    """The answers among the surveys sent; who answered was asked."""
    asked = [one for one in deliveries if one.surveyed_at is not None or one.answered_at is not None]
    return Rate(sum(one.answered_at is not None for one in asked), len(asked))
