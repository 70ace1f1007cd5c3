"""What is said of many orders alike is kept as if it were said of each by itself; rows are read without objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ledgers import NINE, a_run, an_order, registered
from sqlalchemy import func, select

from orderflow.ledger import attached, chain, history
from orderflow.ledger.alike import OWN, Addition, Alike, add
from orderflow.ledger.attached import PLAN, SORTS, STAGE, Edit, RowEdit
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.schema import orders

NUMBERS = [f"202405-{nth:03d}" for nth in (3, 1, 4, 2)]
NUMBERED = select(orders.c.number).order_by(orders.c.number)
SAID = Alike(
    [
        RowEdit(PLAN, {"kind": "standard", "planned_at": 5, "rests_on": OWN, "promise": None}),
        RowEdit(STAGE, {"due": "2024-05-12", "note": "等料"}, ("production", 1)),
        RowEdit(STAGE, {"due": "2024-05-15"}, ("logistics", 1)),
    ]
)
LESS = Alike([RowEdit(PLAN, {"kind": "custom", "rests_on": OWN})])


def beside(book: Book) -> list[list[dict[str, Any]]]:
    """All rows beside the orders but the run that stored them."""
    found = ([dict(row) for row in attached.of_orders(book, sort, NUMBERS)] for sort in SORTS.values())
    return [[{name: value for name, value in row.items() if name != "run"} for row in rows] for rows in found]


def told(ledger: Ledger) -> tuple[Any, ...]:
    """The rows, the history of each order, whether the chain holds and the rows are what it says."""
    with ledger.read() as book:
        past = [[change for _, change in history.changes_of(book, number)] for number in NUMBERS]
        assert (chain.verify(book).broken, list(attached.differences(book))) == (None, [])
        return beside(book), past


def with_orders(ledger: Ledger) -> Ledger:
    """Four orders, of which one had a plan that was emptied."""
    registered(ledger, *(an_order(number) for number in sorted(NUMBERS)))
    for values in ({"kind": "standard"}, {"kind": None}):
        with a_run(ledger, "plan") as run:
            attached.change(run, [Edit(NUMBERS[2], "planned", NINE, [RowEdit(PLAN, values)])])
    return ledger


def test_what_is_said_alike_is_kept_as_if_said_of_each_order(ledger_url: str, tmp_path: Path) -> None:
    said = [Addition(number, LESS if nth == 1 else SAID, f"digest{nth}") for nth, number in enumerate(NUMBERS)]
    with with_orders(open_ledger("sqlite:///one.db", tmp_path)) as one_by_one:
        with a_run(one_by_one, "plan") as run:
            attached.change(run, [Edit(one.number, "planned", NINE, one.alike.of(one.own)) for one in said])
        expected = told(one_by_one)
    with with_orders(open_ledger(ledger_url, tmp_path)) as ledger:
        with a_run(ledger, "plan") as run:
            add(run, "planned", NINE, said)
        assert told(ledger) == expected


def broken_off(ledger: Ledger) -> None:
    """Rows are read, and others asked for meanwhile, until something goes wrong."""
    with ledger.read() as book:
        for _ in book.tuples(NUMBERED):
            assert book.connection.execute(select(func.count()).select_from(orders)).scalar_one() == len(NUMBERS)
            raise OSError("the disk is full")


def test_rows_that_are_left_in_between_leave_the_ledger_free(ledger_url: str, tmp_path: Path) -> None:
    with with_orders(open_ledger(ledger_url, tmp_path)) as ledger:
        with pytest.raises(OSError, match="full"):
            broken_off(ledger)
        with ledger.read() as book:
            assert [row for (row,) in book.tuples(NUMBERED)] == [202405000000000 + nth for nth in (1, 2, 3, 4)]
