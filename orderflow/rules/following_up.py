"""What became of improvements: each beside the figure that it was meant to move, before and now (step 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from orderflow.records.improvement import DONE, DROPPED, OPEN, Improvement
from orderflow.records.month import Followed, Measured, Metric
from orderflow.rules.figures import before

_FOLLOWED = 3
"""For so many months after the one it was decided about is an improvement shown that is done."""


def in_order(rows: Iterable[Improvement], today: date) -> list[Improvement]:
    """Overdue ones first, then those that are open by their day, then the others."""
    return sorted(rows, key=lambda row: (not row.is_overdue(today), row.status != OPEN, row.due or date.max, _nth(row)))


def _nth(row: Improvement) -> int:
    return int(row.number or 0)


def followed(rows: Iterable[Improvement], figures: Sequence[Measured], month: str, today: date) -> list[Followed]:
    """The improvements that a month's report tells of, overdue ones first.

    `before` is the figure of the month that it was decided about, `after` that of `month`, where it is a later one.
    """
    told = [row for row in in_order(rows, today) if _is_told(row, month)]
    return [_followed(row, {one.metric.value: one for one in figures}, month, today) for row in told]


def _is_told(row: Improvement, month: str) -> bool:
    about = row.about()
    if row.status == DROPPED or about is None or about > month:
        return False
    return row.status != DONE or about in before(month, _FOLLOWED + 1)


def _followed(row: Improvement, figures: Mapping[str, Measured], month: str, today: date) -> Followed:
    about = row.about() or month
    figure = figures.get(row.metric or "")
    past: dict[str, Decimal | None] = dict(figure.trend) if figure is not None else {}
    return Followed(
        row.number or "",
        row.problem,
        row.measure,
        row.owner,
        row.due,
        row.status or OPEN,
        row.effect,
        row.is_overdue(today),
        Metric(row.metric) if row.metric else None,
        about,
        past.get(about),
        past.get(month) if about < month else None,
    )
