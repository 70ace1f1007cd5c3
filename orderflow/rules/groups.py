"""Where it hurts: the month's orders by what they share, what customers say, which clocks ran out (step 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from orderflow.records.feedback import DIMENSIONS
from orderflow.records.month import Dimension, Group, Metric, Subject
from orderflow.records.report import Shape
from orderflow.rules.figures import Total, rounded, value_of
from orderflow.rules.topics import by_topic, sentences

if TYPE_CHECKING:
    from pandas import DataFrame

GROUPED_BY = ("product", "level", "channel", "weekday")
_EXAMPLES = 3


def groups(facts: DataFrame) -> list[Group]:
    """The orders that are measured by product, customer level, channel and weekday of receipt (1 is Monday).

    Weekdays in their order, of the other kinds the group with the most late orders first. `facts` bears `late` and
    `broken` for each order.
    """
    live = facts[facts["flagged"].notna()]
    live = live.assign(weekday=(live["received_on"] + 3) % 7 + 1)
    return [group for kind in GROUPED_BY for group in _by(kind, live)]


def _by(kind: str, live: DataFrame) -> list[Group]:
    """One pass of the database's kind: sums by group, exact, as contributions are whole numbers."""
    columns = ["flagged", "late", "broken", "complained", "response", "score"]
    named = live[[kind, *columns]].groupby(kind, dropna=False, sort=False)
    sizes = named.size()
    sums, counts = (made[columns].to_dict("records") for made in (named.sum(), named.count()))
    found = [_group(kind, *each) for each in zip(sizes.index, sizes.tolist(), sums, counts, strict=True)]
    if kind == "weekday":
        return sorted(found, key=lambda one: one.name or "")
    return sorted(found, key=lambda one: (-one.late, -one.orders, str(one.name)))


def _group(kind: str, name: object, size: int, sums: Mapping[Any, float], counts: Mapping[Any, float]) -> Group:
    known = None if name is None or name != name else str(int(name)) if isinstance(name, float | int) else str(name)
    return Group(
        kind,
        known,
        size,
        int(sums["flagged"]),
        int(sums["late"]),
        int(sums["broken"]),
        int(sums["complained"]),
        value_of(Metric.RESPONSE, Total(int(counts["response"]), int(sums["response"]))),
        value_of(Metric.SATISFACTION, Total(int(counts["score"]), int(sums["score"]))),
    )


def dimensions(facts: DataFrame, low: int) -> list[Dimension]:
    """What customers scored each dimension; a score of `low` or less is a complaint about it."""
    found = []
    for name in DIMENSIONS:
        scores = facts.loc[facts["flagged"].notna(), f"scored_{name}"].dropna().astype("int64")
        mean = rounded(Fraction(int(scores.sum()), len(scores)), Shape.SCORE) if len(scores) else None
        found.append(Dimension(name, mean, len(scores), int((scores <= low).sum())))
    return found


def subjects(wrote: Sequence[tuple[str, str | None, str | None]], topics: Mapping[str, Sequence[str]]) -> list[Subject]:
    """What opinions and suggestions (each with its order) are about, by topic, the most frequent first."""
    said = [one for number, *texts in wrote for one in sentences(number, *texts)]
    return [
        Subject(
            topic.name,
            len(topic.sentences),
            len({one.number for one in topic.sentences}),
            list(dict.fromkeys(one.text for one in topic.sentences))[:_EXAMPLES],
        )
        for topic in by_topic(said, topics)
    ]
