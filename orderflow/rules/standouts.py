"""What stands out in a month, each with its evidence and the department whose review it is for (step 6).

A part stands out from the rest where chance would rarely make it so: by a two-proportion test at two standard errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from orderflow.records.month import Broken, Dimension, Group, Late, Standout, Subject

SALES, PRODUCTION, PURCHASING, LOGISTICS, AFTER_SALES = "sales", "production", "purchasing", "logistics", "after-sales"
REVIEW = (SALES, PRODUCTION, PURCHASING, LOGISTICS, AFTER_SALES)
"""Who meets for the monthly review (销售, 生产, 采购, 物流, 售后), in this order."""

_STAGES: Mapping[str, str] = {
    "evaluation": PRODUCTION,
    "production": PRODUCTION,
    "inspection": PRODUCTION,
    "purchasing": PURCHASING,
    "logistics": LOGISTICS,
}
_CLOCKS: Mapping[str, str] = {"acknowledge": PRODUCTION, "after-sales": AFTER_SALES, "survey": AFTER_SALES}
Evidence = dict[str, str | int | float | None]
_LEAST, _FAR, _MOST = 2, 2.0, 3


@dataclass(frozen=True, slots=True)
class Counts:
    """What standouts are looked for in."""

    stages: Sequence[Late]
    groups: Sequence[Group]
    clocks: Sequence[Broken]
    reasons: Mapping[str, Sequence[tuple[str, int]]]
    subjects: Sequence[Subject]
    dimensions: Sequence[Dimension]


def standouts(counts: Counts, small: int) -> list[Standout]:
    """Everything that stands out; what rests on fewer than `small` is marked so."""
    return [
        *_stages(counts.stages, small),
        *_groups(counts.groups, small),
        *_clocks(counts, small),
        *_subjects(counts.subjects, small),
        *_dimensions(counts.dimensions, small),
    ]


def stands_out(part: int, of: int, rest: int, of_rest: int) -> bool:
    """Whether `part` of `of` is far more than `rest` of `of_rest`; with nothing to compare with it is not."""
    if part < _LEAST or not of or not of_rest:
        return False
    pooled = (part + rest) / (of + of_rest)
    error = sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_rest))
    return error > 0 and (part / of - rest / of_rest) / error >= _FAR


def _stages(stages: Sequence[Late], small: int) -> Iterator[Standout]:
    """Stages that are late far more often than the others together."""
    late, planned = sum(one.late for one in stages), sum(one.planned for one in stages)
    for one in stages:
        if stands_out(one.late, one.planned, late - one.late, planned - one.planned):
            reason, count = one.reasons[0] if one.reasons else (None, 0)
            params: Evidence = {
                "stage": one.name,
                "late": one.late,
                "of": late,
                "planned": one.planned,
                "median": None if one.median is None else float(one.median),
            }
            code = "stage-late" if reason else "stage-late-unexplained"
            params |= {"reason": reason, "times": count} if reason else {}
            yield Standout(code, _STAGES.get(one.name, PRODUCTION), params, one.planned < small)


_COUNTED = {"late": ("late", PRODUCTION), "flagged": ("flagged", SALES), "complaints": ("complaints", AFTER_SALES)}


def _groups(groups: Sequence[Group], small: int) -> Iterator[Standout]:
    """Groups of orders that are late, 异常 or complained of far more often than the others of their kind."""
    for kind in dict.fromkeys(one.of for one in groups):
        own = [one for one in groups if one.of == kind]
        orders = sum(one.orders for one in own)
        for name, (field, department) in _COUNTED.items():
            total = sum(getattr(one, field) for one in own)
            far = [
                one
                for one in own
                if stands_out(getattr(one, field), one.orders, total - getattr(one, field), orders - one.orders)
            ]
            for one in sorted(far, key=lambda each: -getattr(each, field))[:_MOST]:
                params: Evidence = {"kind": kind, "group": one.name, "count": getattr(one, field), "orders": one.orders}
                share = 100 * (total - getattr(one, field)) / (orders - one.orders)
                params["others"] = round(share, 1)
                yield Standout(f"group-{name}", department, params, one.orders < small)


def _clocks(counts: Counts, small: int) -> Iterator[Standout]:
    """Clocks that ran out, with the reason that was given most often."""
    for one in counts.clocks:
        if one.broken < _LEAST:
            continue
        params: Evidence = {"clock": one.clock, "broken": one.broken, "of": one.measured}
        told = counts.reasons.get(one.clock, ())
        if told:
            params |= {"reason": told[0][0], "times": told[0][1]}
        params["unexplained"] = one.unexplained
        code = "clock-unexplained" if not told else "clock-broken" if one.unexplained else "clock-explained"
        yield Standout(code, _CLOCKS.get(one.clock, SALES), params, one.measured < small)


def _subjects(subjects: Sequence[Subject], small: int) -> Iterator[Standout]:
    """What customers speak of most, with one sentence as written."""
    for one in [one for one in subjects if one.orders >= _LEAST][:_MOST]:
        params: Evidence = {
            "topic": one.name,
            "sentences": one.sentences,
            "orders": one.orders,
            "example": one.examples[0],
        }
        yield Standout("topic", AFTER_SALES, params, one.orders < small)


def _dimensions(dimensions: Sequence[Dimension], small: int) -> Iterator[Standout]:
    """The dimension that customers score lowest, where they score them differently."""
    scored = [one for one in dimensions if one.mean is not None]
    means = [one.mean for one in scored if one.mean is not None]
    if len(scored) > 1 and min(means) < max(means):
        lowest = min(scored, key=lambda one: one.mean or 0)
        params: Evidence = {
            "dimension": lowest.name,
            "mean": float(min(means)),
            "n": lowest.n,
            "low": lowest.low,
            "best": float(max(means)),
        }
        yield Standout("dimension", AFTER_SALES, params, lowest.n < small)
