"""The level of an order: three dimensions, three strategies, floors; every boundary exact (PROCESS.md, step 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from orderflow.records.choices import Level
from orderflow.records.judgement import Told
from orderflow.rules.priority import (
    Grounds,
    Turn,
    amount_level,
    combined,
    first_told,
    judge,
    lacking,
    priced,
    rests_on,
    turns,
    urgency_level,
)
from orderflow.settings import Priority

RULES = Priority()
DAY = date(2024, 5, 10)
H, M, L = Level.HIGH, Level.MEDIUM, Level.LOW
LETTERS = {"H": H, "M": M, "L": L}

# customer, amount, urgency: the level by points, all, any; counted by hand
WRITTEN = """
HHH H H H   HHM H M H   HHL H L H
HMH H M H   HMM H M H   HML M L H
HLH H L H   HLM M L H   HLL L L H
MHH H M H   MHM H M H   MHL M L H
MMH H M H   MMM M M M   MML L L M
MLH M L H   MLM L L M   MLL L L M
LHH H L H   LHM M L H   LHL L L H
LMH M L H   LMM L L M   LML L L M
LLH L L H   LLM L L M   LLL L L L
"""
TABLE = [cells.split() for line in WRITTEN.strip().splitlines() for cells in line.split("   ")]


def grounds(customer: str = "regular", amount: str = "5", days: int = 5, **others: Any) -> Grounds:
    return Grounds(Told(customer, "x"), Told(Decimal(amount), "x"), DAY + timedelta(days), **others)


def test_the_written_table_holds_every_combination_once() -> None:
    assert sorted(cells[0] for cells in TABLE) == sorted(map("".join, product("HML", repeat=3)))


@pytest.mark.parametrize(("combination", "by_points", "by_all", "by_any"), TABLE, ids=[cells[0] for cells in TABLE])
def test_every_combination_has_the_level_of_the_written_table(
    combination: str, by_points: str, by_all: str, by_any: str
) -> None:
    dimensions = dict(zip(("customer", "amount", "urgency"), map(LETTERS.__getitem__, combination), strict=True))
    for strategy, level in (("points", by_points), ("all", by_all), ("any", by_any)):
        assert combined(dimensions, Priority.model_validate({"strategy": strategy})) is LETTERS[level], strategy


@pytest.mark.parametrize(
    ("amount", "level"),
    [("10", H), ("10.00", H), ("9.9999", M), ("9.999999", M), ("1", M), ("0.9999", L), ("0", L), ("-1", L)],
)
def test_amounts_are_compared_as_decimals(amount: str, level: Level) -> None:
    assert amount_level(Decimal(amount), RULES) is level


@pytest.mark.parametrize(("days", "level"), [(-2, H), (0, H), (3, H), (4, M), (7, M), (8, L), (400, L)])
def test_days_to_delivery_are_bounded_inclusively_and_an_order_due_already_is_urgent(days: int, level: Level) -> None:
    assert urgency_level(days, RULES) is level
    assert judge(grounds(days=days), DAY, RULES).days == days


def test_the_first_judgement_of_the_source_document_by_hand() -> None:
    said = Grounds(Told("vip", "priority"), Told(Decimal(15), "priority"), date(2024, 5, 20), H)
    by_paper = judge(said, DAY, RULES)
    assert (by_paper.level, by_paper.points, by_paper.days, by_paper.by_days) == (H, 9, 10, L)
    by_dates = judge(replace(said, urgency=None), DAY, RULES)
    assert (by_dates.level, by_dates.points) == (H, 7)


def test_the_second_judgement_of_the_source_document_by_hand() -> None:
    said = Grounds(Told("regular", "priority"), Told(Decimal("0.8"), "priority"), date(2024, 5, 15), M)
    for one in (said, replace(said, urgency=None)):
        verdict = judge(one, DAY, RULES)
        assert (verdict.level, verdict.points, verdict.dimensions) == (
            L,
            5,
            {"customer": M, "amount": L, "urgency": M},
        )


def test_an_urgency_written_by_a_person_needs_no_date() -> None:
    verdict = judge(replace(grounds(urgency=M), delivery_date=None), DAY, RULES)
    assert (verdict.dimensions["urgency"], verdict.days, verdict.by_days) == (M, None, None)


def test_nothing_is_assumed_where_something_is_missing() -> None:
    bare = Grounds(None, None, None)
    assert lacking(bare) == ("level", "amount", "delivery_date")
    assert lacking(replace(bare, urgency=H)) == ("level", "amount")
    assert lacking(grounds()) == ()
    with pytest.raises(ValueError, match="not judgeable"):
        judge(bare, DAY, RULES)


def test_the_first_source_that_says_something_is_trusted() -> None:
    assert first_told((None, "priority"), ("vip", "registration"), ("new", "customers")) == ("vip", "registration")
    assert first_told((None, "priority"), (None, "customers")) is None
    assert first_told((Decimal(0), "priority"), (Decimal(5), "registration")) == (Decimal(0), "priority")


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [("8000", "5", "4"), ("0.01", "1", "0.000001"), ("0.005", "1", "0.000001"), ("0.004", "1", "0")],
)  # fmt: skip
def test_price_times_quantity_is_rounded_half_up_to_the_cent(price: str, quantity: str, amount: str) -> None:
    assert priced(Decimal(price), Decimal(quantity)) == Decimal(amount)
    assert priced(None, Decimal(quantity)) is priced(Decimal(price), None) is None


def test_a_floor_lifts_what_is_below_it_and_nothing_else() -> None:
    low = grounds("new", "0.1", 30, floor="售后紧急补单")
    lifted = judge(low, DAY, RULES)
    assert (lifted.level, lifted.points, lifted.floor) == (H, 3, "售后紧急补单")
    urgent = judge(grounds("vip", "20", 1, floor="售后紧急补单"), DAY, RULES)
    assert (urgent.level, urgent.floor) == (H, None)
    own = Priority.model_validate({"floors": {"样机": "medium"}})
    assert judge(replace(low, floor="样机"), DAY, own).level is M


def test_weights_and_bounds_are_the_desks() -> None:
    rules = Priority(customer_weight=3, amount_weight=0, high_points=12, medium_points=9)
    assert judge(grounds("vip", "0.1", 1), DAY, rules).points == 12
    assert judge(grounds("vip", "0.1", 1), DAY, rules).level is H
    assert judge(grounds("vip", "99", 9), DAY, rules).level is M


@pytest.mark.parametrize(
    "wrong",
    [{"high_points": 5}, {"high_amount": "0.5"}, {"medium_days": 2}, {"strategy": "sum"}, {"floors": {"x": "a"}}],
)
def test_bounds_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Priority.model_validate(wrong)


def test_another_input_or_rule_is_another_ground_and_another_day_is_not() -> None:
    rules = RULES.model_dump_json()
    first = rests_on(grounds(), rules)
    assert first == rests_on(grounds(), Priority().model_dump_json())
    others = (grounds("vip"), grounds(amount="5.1"), grounds(days=6), grounds(urgency=M), grounds(floor="售后补单"))
    assert all(rests_on(other, rules) != first for other in others)
    assert rests_on(grounds(), Priority(high_days=2).model_dump_json()) != first


def test_what_would_change_the_level_is_the_nearest_step_of_each_dimension() -> None:
    medium = grounds("regular", "5", 5)  # 2 + 2 + 2 = 6
    assert list(turns(medium, judge(medium, DAY, RULES), RULES)) == [
        Turn("customer", H, H, "vip"),
        Turn("customer", L, L, "new"),
        Turn("amount", H, H, Decimal(10)),
        Turn("amount", L, L, Decimal(1)),
        Turn("urgency", H, H, 2),
        Turn("urgency", L, L, -3),
    ]


def test_every_turn_turns_the_level() -> None:
    for customer, amount, days in product(("vip", "regular", "new"), ("12", "5", "0.2"), (1, 5, 20)):
        said = grounds(customer, amount, days)
        for turn in turns(said, judge(said, DAY, RULES), RULES):
            if turn.dimension == "urgency":
                assert isinstance(turn.by, int)
                assert judge(grounds(customer, amount, days - turn.by), DAY, RULES).level is turn.level
                short = days - turn.by + (1 if turn.by > 0 else -1)
                assert judge(grounds(customer, amount, short), DAY, RULES).level is not turn.level


def test_a_written_urgency_is_not_turned_by_days_and_a_floor_by_nothing() -> None:
    written = grounds(urgency=M)
    assert {turn.dimension for turn in turns(written, judge(written, DAY, RULES), RULES)} == {"customer", "amount"}
    lifted = grounds("new", "0.1", 30, floor="售后补单")
    assert list(turns(lifted, judge(lifted, DAY, RULES), RULES)) == []
