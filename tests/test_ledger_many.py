"""Many orders go in beside the Python that goes on: none is lost, none is kept of a run that fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledgers import a_run, an_order

from orderflow.ledger import chain, orders
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger
from orderflow.records.order import Order

COUNT = 450


def many(first: int = 1) -> list[Order]:
    """So many orders that SQLite stores them beside."""
    return [an_order(f"202405-{serial:03d}") for serial in range(first, first + COUNT)]


def store(ledger: Ledger, batches: int, *, begun: bool, broken_off: bool = False) -> None:
    """One run that stores the same orders so often."""
    with a_run(ledger) as run:
        for _ in range(batches):
            orders.insert(run, many())
        if begun:
            run.beside.go()
        if broken_off:
            raise KeyboardInterrupt


def stored(ledger: Ledger) -> int:
    """How many orders a later command finds."""
    with ledger.read() as book:
        return sum(1 for _ in orders.live(book))


def test_chunk_after_chunk_is_stored_and_the_history_holds(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            orders.insert(run, many())
            run.beside.go()
            orders.insert(run, many(COUNT + 1))
            run.beside.go()
        assert stored(ledger) == 2 * COUNT
        with ledger.read() as book:
            assert chain.verify(book).broken is None


def test_what_is_stored_beside_is_found_by_the_next_question(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, a_run(ledger) as run:
        orders.insert(run, many())
        run.beside.go()
        assert len(orders.load(run, ["202405-001", f"202405-{COUNT}"])) == 2


@pytest.mark.parametrize("begun", [True, False])
def test_a_number_given_twice_fails_the_run_and_keeps_nothing(ledger_url: str, tmp_path: Path, begun: bool) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with pytest.raises(Exception, match=r"(?i)unique"):
            store(ledger, 2, begun=begun)
        assert stored(ledger) == 0


@pytest.mark.parametrize("begun", [True, False])
def test_a_run_broken_off_or_discarded_keeps_nothing(ledger_url: str, tmp_path: Path, begun: bool) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with pytest.raises(KeyboardInterrupt):
            store(ledger, 1, begun=begun, broken_off=True)
        with a_run(ledger) as run:
            orders.insert(run, many())
            if begun:
                run.beside.go()
            run.discard()
        assert stored(ledger) == 0
