"""Who has not updated today: departments with stages under way of which nobody has said anything since midnight."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from orderflow.flows.desk import Desk
from orderflow.ledger import open_stages
from orderflow.ledger.book import Book


class Silent(NamedTuple):
    """A department, and how many stages it has under way."""

    department: str
    stages: int


def silent_departments(desk: Desk, book: Book) -> list[Silent]:
    """The departments that reported on none of their stages today, those with the most stages first."""
    midnight = desk.begins(desk.now.date())
    waiting: Counter[str] = Counter()
    heard: set[str] = set()
    for one in open_stages.reported(book, desk.now.date(), midnight):
        for department in getattr(desk.settings.plan.departments, one.stage):
            waiting[department] += one.waiting
            if one.reported:
                heard.add(department)
    return [Silent(name, count) for name, count in waiting.most_common() if name not in heard]
