"""From the lines of a sheet to claims: all that is done with a row before the ledger is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from orderflow.flows.batch import Batch, batch_of
from orderflow.flows.checking import Checking
from orderflow.flows.claims import Claiming
from orderflow.sheets.continued import continues, with_continuations
from orderflow.sheets.headers import Layout
from orderflow.sheets.typed import compile_reader
from orderflow.sheets.values import Line


@dataclass(frozen=True, slots=True)
class Claimer:
    """Reads, claims and checks the lines of one sheet, which are to come in their order.

    `on` is the desk's day, `enterer` who enters what the lines do not say who entered.
    """

    layout: Layout
    on: date
    date1904: bool
    claiming: Claiming
    checking: Checking
    enterer: str

    def reader(self) -> Callable[[Iterable[Line]], Batch]:
        """What makes claims of lines; one for all lines of the sheet, as it remembers those before."""
        read = compile_reader(self.layout, self.on, self.date1904, self.checking.zone)
        if continues(self.layout):
            read = with_continuations(read)
        claim, now = self.claiming.claim, self.claiming.now

        def make(lines: Iterable[Line]) -> Batch:
            return batch_of([claim(line, read(line)) for line in lines], self.checking, self.enterer, now)

        return make
