"""Can the delivery date be met? Said at planning, and at intake already where it can be known (PROCESS.md, step 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from orderflow.records.choices import Level
from orderflow.records.finding import Finding
from orderflow.records.registration import Registration
from orderflow.records.rows import Product
from orderflow.rules.clarity import custom_word
from orderflow.rules.facts import NOTHING, Facts, Yardstick, found
from orderflow.rules.priority import amount_level, combined, dimensions_of, priced, urgency_level
from orderflow.rules.schedule import Groups, groups_of, schedule


def groups_for(row: Registration, product: Product | None, words: Yardstick) -> Groups:
    """The stages that an order goes through."""
    custom = custom_word(row, words) is not None
    parts = custom and row.remark is not None and words.parts.first_in(row.remark) is not None
    return groups_of(custom=custom, supply=product.supply if product else None, parts=parts)


def date_not_feasible(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """The earliest end of a plan made on the day of receipt is after the delivery date.

    Where the level is not known yet, an urgent order is given the green channel: only what is certain is said.
    """
    due, received = facts.row.delivery_date, facts.received
    if due is None or received is None or due < received:
        return NOTHING
    groups = groups_for(facts.row, facts.product, words)
    earliest = _end(groups, received, words, rush=False)
    if earliest > due and _may_rush(facts, due, received, words):
        earliest = _end(groups, received, words, rush=True)
    return NOTHING if earliest <= due else not_feasible(due, earliest)


def not_feasible(due: date, earliest: date) -> tuple[Finding, ...]:
    """The finding that an order cannot be ready before `earliest`; many orders share what it says."""
    return (_not_feasible(due, earliest).again(),)


@lru_cache(10_000)
def _not_feasible(due: date, earliest: date) -> Finding:
    said = {"date": due.isoformat(), "earliest": earliest.isoformat()}
    (finding,) = found("date-not-feasible", "delivery_date", due, **said)
    return finding


def _end(groups: Groups, day: date, words: Yardstick, *, rush: bool) -> date:
    asked = groups, day, rush
    end = words.ends.get(asked)
    if end is None:
        end = words.ends[asked] = schedule(groups, day, words.terms, rush=rush)[-1].due
    return end


def _may_rush(facts: Facts, due: date, received: date, words: Yardstick) -> bool:
    rules = words.settings.priority
    if urgency_level((due - received).days, rules) is not Level.HIGH:
        return False
    row, price = facts.row, facts.product.price if facts.product else None
    level = row.level or facts.known_level
    amount = row.amount if row.amount is not None else priced(price, row.quantity)
    if level is None or amount is None:
        return True
    asked = level, amount_level(amount, rules)
    green = words.green.get(asked)
    if green is None:
        green = words.green[asked] = combined(dimensions_of(level, amount, Level.HIGH, rules), rules) is Level.HIGH
    return green
