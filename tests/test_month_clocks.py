"""A month's clocks, worked out for plain orders together, are those that each order's own story gives (step 6)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from desks import Office
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from months import START, fill, invented

from orderflow.flows.month_clocks import clocks_of_month
from orderflow.flows.progress_notices import told_as
from orderflow.ledger import stories
from orderflow.ledger.book import Run
from orderflow.ledger.month import Span
from orderflow.ledger.schema import changes
from orderflow.ledger.values import serial_of
from orderflow.rules.clocks import clocks_of
from orderflow.rules.limits import limits

JUNE = "202406"
KINDS = (
    "checked",
    "plan-complete",
    "delivered",
    "surveyed",
    "checked",
    "plan-complete",
    "contacted",
    "asked",
    "delayed",
)
happened = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-2, 40).map(lambda n: n * 1_800)), max_size=6)
orders = st.lists(st.tuples(invented, happened), max_size=10)


@pytest.fixture(params=["elapsed", "working"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    return Office(tmp_path, settings=f'[desk]\n[clocks]\ncount = "{request.param}"\n').at("2024-06-20T09:00")


def note(run: Run, number: str, at: int, told: list[tuple[str, int]], seq: int) -> int:
    for kind, later in told:
        seq += 1
        body = '{"after":{"stage":"production"}}' if kind == "delayed" else "{}"
        entry = {"seq": seq, "run": run.id, "number": number, "kind": kind, "at": at + later, "body": body, "link": b""}
        run.connection.execute(changes.insert().values(entry))
    return seq


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(orders)
def test_together_they_are_what_each_story_says(
    office: Office, those: list[tuple[object, list[tuple[str, int]]]]
) -> None:
    desk = office.desk
    with desk.ledger() as ledger, desk.begin(ledger, "intake") as run:
        run.discard()
        own = [one for one, _ in those]
        numbers = fill(run, own, desk.zone)  # type: ignore[arg-type]
        seq = 1_000
        for number, (one, told) in zip(numbers, those, strict=True):
            seq = note(run, number, int(getattr(one, "received", START).timestamp()), told, seq)
        tally, broken = clocks_of_month(desk, run, Span(JUNE, JUNE, desk.zone, desk.now))
        meant = [n for n, one in zip(numbers, own, strict=True) if n.startswith(JUNE) and one.measured]  # type: ignore[attr-defined]
        found = stories.of_orders(run, meant, told_as)
        slow = {number: clocks_of(found[number], limits(desk.settings, desk.zone), desk.now) for number in meant}
    counted = Counter(clock.clock for each in slow.values() for clock in each if clock.state != "unmeasurable")
    assert +tally.measured == counted
    assert +tally.broken == Counter(clock.clock for each in slow.values() for clock in each if clock.state == "broken")
    names = {serial_of(number): {c.clock for c in each if c.state == "broken"} for number, each in slow.items()}
    assert {number: set(said.split()) for number, said in broken.items()} == {n: b for n, b in names.items() if b}
