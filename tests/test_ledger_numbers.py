"""Desk numbers: no twin, no unexplained gap, whoever writes and whatever kills them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import NINE, TRULY, a_run, an_order, at_once, give_and_register, register, registered

from orderflow.ledger import checks, numbers, orders, troubles
from orderflow.ledger.checks import Missing
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.values import number_of, serial_of
from orderflow.records.errors import OrderflowError


def missing(ledger: Ledger) -> list[Missing]:
    with ledger.read() as book:
        return checks.numbers(book)


def test_a_month_counts_from_001_and_grows_past_999(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, a_run(ledger) as run:
        assert numbers.give(run, "202411", 2) == ["202411-001", "202411-002"]
        assert numbers.give(run, "202412", 1) == ["202412-001"]
        assert numbers.give(run, "202411", 998)[-1] == "202411-1000"
        assert numbers.give(run, "202411", 0) == []


@given(st.integers(190001, 999912), st.integers(1, 99_999_999))
def test_a_number_stands_in_sql_as_a_whole_number_and_comes_back(month: int, count: int) -> None:
    number = f"{month}-{count:03d}"
    assert number_of(serial_of(number)) == number


def test_1000_comes_after_999(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            numbers.adopt(run, ["202411-999"])
            register(run, an_order("202411-999"), an_order(), month="202411")
        with ledger.read() as book:
            assert [order.row.number for order in orders.live(book)] == ["202411-999", "202411-1000"]


def test_an_adopted_number_moves_the_counter_and_what_it_passes_over_is_explained(
    ledger_url: str, tmp_path: Path
) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            numbers.adopt(run, ["202405-005", "202405-003"])
            register(run, an_order("202405-003"), an_order("202405-005"), an_order())
        with ledger.read() as book:
            assert [order.row.number for order in orders.live(book)] == ["202405-003", "202405-005", "202405-006"]
        assert missing(ledger) == []


def test_a_number_in_a_gap_can_still_be_adopted_but_never_one_that_an_order_has(
    ledger_url: str, tmp_path: Path
) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            numbers.adopt(run, ["202405-005"])
            register(run, an_order("202405-005"))
        with a_run(ledger) as run:
            numbers.adopt(run, ["202405-002"])
            register(run, an_order("202405-002"))
        assert missing(ledger) == []
        for taken in ("202405-005", "202405-002"):
            with pytest.raises(ValueError, match=taken), a_run(ledger) as run:
                numbers.adopt(run, [taken])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(1, 30)), max_size=12))
def test_whatever_is_given_and_adopted_every_number_is_explained(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[int | None]
) -> None:
    with open_ledger("sqlite:///ledger.db", tmp_path_factory.mktemp("desk")) as ledger:
        taken: set[str] = set()
        for serial in wanted:
            number = None if serial is None else f"202405-{serial:03d}"
            if number in taken:
                continue
            with a_run(ledger) as run:
                if number:
                    numbers.adopt(run, [number])
                taken.update(register(run, an_order(number)))
        assert missing(ledger) == []


def test_a_missing_number_is_named(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            numbers.give(run, "202405", 3)  # given, and no order stored
            register(run, an_order())
            numbers.give(run, "202405", 1)
        assert missing(ledger) == [Missing("202405", 1, 3), Missing("202405", 5, 5)]


def test_numbers_that_were_taken_and_then_left_are_explained(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            numbers.leave(run, numbers.give(run, "202405", 2), "discarded")
        assert missing(ledger) == []


def test_eight_processes_at_once_give_no_twin_and_leave_no_gap(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path):
        pass
    given = [number for numbers_ in at_once(give_and_register, ledger_url) for number in numbers_]
    assert sorted(given) == [f"202405-{serial:03d}" for serial in range(1, 241)]
    with open_ledger(ledger_url, tmp_path) as ledger, ledger.read() as book:
        assert {order.row.number for order in orders.live(book)} == set(given)
        assert checks.numbers(book) == []
        assert list(checks.orders_told(book)) == []


def die_in_the_middle(url: str, which: int) -> None:
    """Registers orders, and is gone before the run ends."""
    ledger = open_ledger(url, Path())
    with ledger.write(command="intake", actor="王五", at=NINE, entered_at=TRULY) as run:
        register(run, *(an_order(external_number=str(nth)) for nth in range(50)))
        os._exit(9)


def test_a_run_that_is_killed_leaves_nothing_and_its_numbers_are_given_again(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, an_order())
        with pytest.raises(Exception, match="terminated abruptly"):
            at_once(die_in_the_middle, ledger_url, 1)
        assert registered(ledger, an_order()) == ["202405-002"]
        assert missing(ledger) == []


def test_a_run_that_raises_or_is_discarded_leaves_nothing(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with pytest.raises(ValueError, match="desk number"), a_run(ledger) as run:
            register(run, an_order(), an_order("no number"))
        with a_run(ledger) as run:
            register(run, an_order())
            run.discard()
        assert registered(ledger, an_order()) == ["202405-001"]
        with ledger.read() as book:
            assert checks.told(book) == []


def test_a_command_that_waits_too_long_for_another_says_so(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, a_run(ledger) as run:
        monkeypatch.setattr(troubles, "PATIENCE", 0)
        with open_ledger(ledger_url, tmp_path) as other:
            with pytest.raises(OrderflowError) as refused, a_run(other):
                pass
            assert (refused.value.code, refused.value.params) == ("ledger-busy", {"seconds": 0})
        assert register(run, an_order()) == ["202405-001"]
