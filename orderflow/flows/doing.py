"""What a command did to orders, and how a command that is not an intake writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.following import follow, queue_window
from orderflow.flows.laying import lay_out
from orderflow.flows.queries import WholeOrder
from orderflow.flows.turns import Turns
from orderflow.ledger.book import Run
from orderflow.records.account import IntakeOutcome
from orderflow.records.finding import Finding


@dataclass(slots=True)
class Done:
    """What a command did: the run it was, the orders it touched as they stand now, what is worth saying.

    `more` are orders that it touched too and that nobody asked to be told of.
    """

    run: int
    orders: list[WholeOrder] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    more: int = 0


@contextmanager
def one_run(desk: Desk, command: str, options: Mapping[str, Any]) -> Iterator[Run]:
    """A run that changes orders: one transaction; what waits from earlier runs is done before, what follows after.

    A run that its block discards leaves no trace.
    """
    with without_collecting(), desk.ledger() as ledger, Turns(desk.path) as turns:
        follow(desk, ledger, turns, IntakeOutcome())
        with desk.begin(ledger, command, options) as run:
            yield run
            if not run.discarded:
                queue_window(desk, run)
                turns.take(run.id)
        if not run.discarded:
            follow(desk, ledger, turns, IntakeOutcome(), only=run.id)
            lay_out(desk, ledger)
