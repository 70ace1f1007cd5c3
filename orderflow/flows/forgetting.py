"""`archive forget`: a person's data is erased from the ledger, and the history's chain still holds.

Sealed bags are never changed: those that hold the person's orders are listed, and go when their term ends.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

from orderflow.flows.archiving import at_the_archive
from orderflow.flows.desk import Desk
from orderflow.flows.laying import lay_out
from orderflow.flows.refreshing import refresh
from orderflow.flows.still_said import Place, places
from orderflow.flows.turns import DESK_WORKBOOKS
from orderflow.flows.window_kinds import KINDS
from orderflow.ledger import bags, erasing, mentions, orders
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.bag import ARCHIVED, Bag
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding
from orderflow.rules.state import state_of

COMMAND = "archive forget"
_SHOWN = 5


@dataclass(slots=True)
class Forgotten:
    """Which orders say no more of a person, the bags that still do until their term ends, and what else does.

    `findings` say which of the desk's workbooks could not be written afresh.
    """

    numbers: list[str] = field(default_factory=list)
    bags: list[Bag] = field(default_factory=list)
    run: int | None = None
    left: list[Place] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


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
            said = mentions.of_persons(run, found.numbers, name)
            erasing.erase(run, found.numbers)
            erasing.erase_reference(run, [name])
            mentions.erase_findings(run, said)
            run.summary = {"orders": len(found.numbers)}
            found.run = run.id
        for number in found.numbers:
            shutil.rmtree(desk.path / "evidence" / number, ignore_errors=True)
        turns.wait_for(DESK_WORKBOOKS)
        found.findings = list(_written_afresh(desk, ledger))
        lay_out(desk, ledger)
        with ledger.read() as book:
            found.left = places(desk, book, said)
        return found


def _written_afresh(desk: Desk, ledger: Ledger) -> Iterator[Finding]:
    """The desk's workbooks say no more than the ledger; one that is open, or that people have changed, stays."""
    for kind in KINDS:
        if (desk.path / f"{kind.workbook.name}.xlsx").is_file():
            yield from refresh(desk, ledger, kind.workbook.name)[1]


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
