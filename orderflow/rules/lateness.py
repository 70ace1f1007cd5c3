"""Late stages of a whole month at once, by the same rule as `tracking.delays` looks at one order (step 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from orderflow.records.month import Late
from orderflow.records.report import Shape
from orderflow.rules.figures import median_of

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_MOST_REASONS = 5


def late_stages(doubtful: DataFrame, today: int, least: int) -> DataFrame:
    """Of stages past their day, those that count as late, with `days`; days are counted from 1970.

    A stage that nobody reported is over once a later one is done. One that is expected to end late counts by the day
    that is expected, unless that has passed too.
    """
    is_open = doubtful["actual"].isna()
    passed = is_open & (doubtful["done_to"] > doubtful["rank"])
    days = (doubtful["actual"].fillna(today) - doubtful["due"]).clip(lower=0)
    foreseen = is_open & (doubtful["expected"] >= today)
    expected = (doubtful["expected"] - doubtful["due"]).where(foreseen)
    found = doubtful.assign(days=days.where(~(expected > days), expected))
    return found[~passed & (found["days"] >= least)]


def by_stage(late: DataFrame, planned: Mapping[str, int]) -> list[Late]:
    """How late each stage was, the one that was late most often first; stages that were never late too."""
    named = late.groupby("stage")
    groups = {str(stage): rows for stage, rows in named}
    return _ranked([_late(stage, groups.get(stage), count) for stage, count in planned.items()])


def by_department(late: DataFrame, planned: Mapping[str, int], of: Callable[[str], Sequence[str]]) -> list[Late]:
    """The same by department; a stage that two carry out counts for both."""
    names = dict.fromkeys(name for stage in planned for name in of(stage))
    found = []
    for name in names:
        own = [stage for stage in planned if name in of(stage)]
        found.append(_late(name, late[late["stage"].isin(own)], sum(planned[stage] for stage in own)))
    return _ranked(found)


def _ranked(found: Sequence[Late]) -> list[Late]:
    return sorted(found, key=lambda one: (-one.late, one.name))


def _late(name: str, rows: DataFrame | None, planned: int) -> Late:
    if rows is None or rows.empty:
        return Late(name, 0, planned)
    return Late(name, len(rows), planned, median_of(rows["days"], Shape.DAYS), counted(rows["note"]))


def counted(texts: Series, most: int = _MOST_REASONS) -> list[tuple[str, int]]:
    """What people wrote and how often, the most frequent first; of equals the one that comes first in the alphabet."""
    counts = texts.dropna().value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return [(str(words), int(count)) for words, count in ranked[:most]]
