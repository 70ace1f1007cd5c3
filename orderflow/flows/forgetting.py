"""`archive forget`: a person's data is erased from the ledger, and the history's chain still holds.

Sealed bags are never changed: those that hold the person's orders are listed, and go when their term ends.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

from orderflow.flows.archiving import at_the_archive
from orderflow.flows.desk import Desk
from orderflow.flows.following import follow, queue_window
from orderflow.ledger import bags, erasing, orders
from orderflow.ledger.book import Run
from orderflow.records.account import IntakeOutcome
from orderflow.records.bag import ARCHIVED, Bag
from orderflow.records.errors import OrderflowError
from orderflow.rules.state import state_of

COMMAND = "archive forget"
_SHOWN = 5


@dataclass(slots=True)
class Forgotten:
    """Which orders say no more of a person, and the bags that still do until their term ends."""

    numbers: list[str] = field(default_factory=list)
    bags: list[Bag] = field(default_factory=list)
    run: int | None = None


def forget(desk: Desk, customer: str, *, dry_run: bool = False) -> Forgotten:
    """Erases what the ledger says of a customer.

    Raises OrderflowError `customer-unknown` (customer), or `customer-has-open-orders` (customer, numbers): what is
    still to be delivered needs its name and address.
    """
    name = " ".join(customer.split())
    with desk.ledger() as ledger, at_the_archive(desk) as turns:
        with desk.begin(ledger, COMMAND, {}) as run:
            found = _found(run, name)
            if dry_run:
                run.discard()
                return found
            erasing.erase(run, found.numbers)
            erasing.erase_reference(run, [name])
            run.summary = {"orders": len(found.numbers)}
            found.run = run.id
            queue_window(desk, run)
        for number in found.numbers:
            shutil.rmtree(desk.path / "evidence" / number, ignore_errors=True)
        follow(desk, ledger, turns, IntakeOutcome())
        return found


def _found(run: Run, name: str) -> Forgotten:
    numbers = erasing.of_customer(run, [name])
    if not numbers:
        raise OrderflowError("customer-unknown", customer=name)
    loaded = orders.load(run, numbers)
    still = [one.row.number for one in loaded if not one.undone and state_of(one) not in (*bags.ENDED, ARCHIVED)]
    if still:
        raise OrderflowError("customer-has-open-orders", customer=name, numbers=still[:_SHOWN])
    holding = {one.archived for one in loaded}
    return Forgotten(numbers, [bag for bag in bags.known(run) if bag.name in holding and bag.removed_run is None])
