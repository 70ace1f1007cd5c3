"""The level of an order from customer, amount and days to delivery (the source document's step 2; PROCESS.md, step 2).

Each dimension scores 高 3, 中 2, 低 1. *points*: the weighted sum against two bounds; *all*: the lowest of the three;
*any*: the highest. A floor lifts what is below it. Amounts are decimals in 万元 and compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from orderflow.records.choices import Level
from orderflow.records.judgement import Judgement, Told, Verdict
from orderflow.settings import Priority

T = TypeVar("T")
SCORES: Mapping[Level, int] = {Level.HIGH: 3, Level.MEDIUM: 2, Level.LOW: 1}
CUSTOMERS: Mapping[str, Level] = {"vip": Level.HIGH, "regular": Level.MEDIUM, "new": Level.LOW}
"""What a customer's level counts as; 小客户 is read as 新."""
_TEN_THOUSAND = Decimal(10_000)
_CENT = Decimal("0.000001")  # 分, in 万元


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a judgement rests on; `urgency` as a person wrote it, `floor` the confirmed kind of order that has one."""

    customer: Told[str] | None
    amount: Told[Decimal] | None
    delivery_date: date | None
    urgency: Level | None = None
    floor: str | None = None


def first_told(*values: tuple[T | None, str]) -> Told[T] | None:
    """The first value there is, with its source: the order of trust."""
    return next((Told(value, source) for value, source in values if value is not None), None)


def priced(price: Decimal | None, quantity: Decimal | None) -> Decimal | None:
    """Price (元) × quantity as an amount in 万元, rounded half up to the 分; `None` where one is not known."""
    if price is None or quantity is None:
        return None
    return (price * quantity / _TEN_THOUSAND).quantize(_CENT, ROUND_HALF_UP)


def lacking(grounds: Grounds) -> tuple[str, ...]:
    """What is missing for a judgement, by field; nothing is assumed."""
    absent = (
        ("level", grounds.customer is None),
        ("amount", grounds.amount is None),
        ("delivery_date", grounds.delivery_date is None and grounds.urgency is None),
    )
    return tuple(field for field, is_absent in absent if is_absent)


def grounds_of(judgement: Judgement, day: date) -> Grounds:
    """What a judgement of `day` was made from."""
    days, declared = judgement.verdict.days, judgement.declared.urgency
    due = None if days is None else day + timedelta(days)
    return Grounds(judgement.customer, judgement.amount, due, Level(declared) if declared else None, judgement.floor)


def rests_on(grounds: Grounds, rules: str) -> str:
    """A digest of all that a verdict is made from but the day: time passing alone judges nothing again.

    `rules` are the settings as text, the same for every order.
    """
    customer, amount = grounds.customer or (None, None), grounds.amount or (None, None)
    plain = None if amount[0] is None else f"{amount[0].normalize():f}"
    said = (*customer, plain, amount[1], grounds.delivery_date, grounds.urgency, grounds.floor, rules)
    return blake2b(repr(said).encode(), digest_size=12).hexdigest()


def judge(grounds: Grounds, day: date, rules: Priority) -> Verdict:
    """The verdict of the rules on `day`. An urgency that a person wrote counts before the computed one.

    Raises `ValueError` where something is `lacking`.
    """
    if grounds.customer is None or grounds.amount is None or lacking(grounds):
        raise ValueError(f"not judgeable without {lacking(grounds)}")
    days = None if grounds.delivery_date is None else (grounds.delivery_date - day).days
    by_days = None if days is None else urgency_level(days, rules)
    urgency = grounds.urgency or by_days
    assert urgency is not None
    dimensions = dimensions_of(grounds.customer.value, grounds.amount.value, urgency, rules)
    level = combined(dimensions, rules)
    least = rules.floors.get(grounds.floor or "")
    floor = grounds.floor if least is not None and _is_below(level, least) else None
    in_force = Level(least) if floor and least else level
    return Verdict(in_force, points(dimensions, rules), dimensions, rules.strategy, days, by_days, floor)


def dimensions_of(customer: str, amount: Decimal, urgency: Level, rules: Priority) -> dict[str, Level]:
    """The level of each dimension."""
    return {"customer": CUSTOMERS[customer], "amount": amount_level(amount, rules), "urgency": urgency}


def _is_below(level: Level, floor: str) -> bool:
    return SCORES[level] < SCORES[Level(floor)]


def amount_level(amount: Decimal, rules: Priority) -> Level:
    """≥ 10 万 高, ≥ 1 万 中, below 低 (as configured)."""
    if amount >= rules.high_amount:
        return Level.HIGH
    return Level.MEDIUM if amount >= rules.medium_amount else Level.LOW


def urgency_level(days: int, rules: Priority) -> Level:
    """≤ 3 days 高, ≤ 7 中, more 低 (as configured); an order that is due already is urgent."""
    if days <= rules.high_days:
        return Level.HIGH
    return Level.MEDIUM if days <= rules.medium_days else Level.LOW


def points(dimensions: Mapping[str, Level], rules: Priority) -> int:
    """The weighted sum of the three scores."""
    weights = {"customer": rules.customer_weight, "amount": rules.amount_weight, "urgency": rules.urgency_weight}
    return sum(weights[name] * SCORES[level] for name, level in dimensions.items())


def combined(dimensions: Mapping[str, Level], rules: Priority) -> Level:
    """The level that the three make by the desk's strategy."""
    if rules.strategy == "all":
        return min(dimensions.values(), key=SCORES.__getitem__)
    if rules.strategy == "any":
        return max(dimensions.values(), key=SCORES.__getitem__)
    total = points(dimensions, rules)
    if total >= rules.high_points:
        return Level.HIGH
    return Level.MEDIUM if total >= rules.medium_points else Level.LOW


class Turn(NamedTuple):
    """What would change a level: a dimension at another value makes `level`.

    `by` is the step in that dimension: the customer's level, the amount in 万元 from which (or below which) it holds,
    or by how many days the delivery would have to come earlier (above zero) or later.
    """

    dimension: str
    to: Level
    level: Level
    by: str | Decimal | int


def turns(grounds: Grounds, verdict: Verdict, rules: Priority) -> Iterator[Turn]:
    """What would change the verdict, one dimension at a time, the nearest step up and down of each.

    A delivery date changes nothing while an urgency is written beside it.
    """
    for name, now in verdict.dimensions.items():
        for side in (1, -1):
            others = [level for level in SCORES if (SCORES[level] - SCORES[now]) * side > 0]
            for other in sorted(others, key=lambda level: abs(SCORES[level] - SCORES[now])):
                changed = combined({**verdict.dimensions, name: other}, rules)
                if verdict.floor or changed is verdict.level:
                    continue
                step = _step(name, now, other, grounds, verdict, rules)
                if step is not None:
                    yield Turn(name, other, changed, step)
                    break


def _step(
    name: str, now: Level, other: Level, grounds: Grounds, verdict: Verdict, rules: Priority
) -> str | Decimal | int | None:
    up = SCORES[other] > SCORES[now]
    if name == "customer":
        return next(code for code, level in CUSTOMERS.items() if level is other)
    if name == "amount":
        reached = other if up else Level.HIGH if other is Level.MEDIUM else Level.MEDIUM
        return rules.high_amount if reached is Level.HIGH else rules.medium_amount
    if verdict.days is None or grounds.urgency is not None:
        return None
    if up:
        return verdict.days - (rules.high_days if other is Level.HIGH else rules.medium_days)
    return verdict.days - (rules.high_days if other is Level.MEDIUM else rules.medium_days) - 1
