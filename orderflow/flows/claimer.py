"""From the lines of a sheet to claims: all that is done with a row before the ledger is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from orderflow.flows.batch import Made, made_of
from orderflow.flows.checking import Checking
from orderflow.flows.claiming import Claiming
from orderflow.sheets.continued import Continuations, continues
from orderflow.sheets.headers import Layout
from orderflow.sheets.reader import TableReader
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.typed import TypedColumns


@dataclass(frozen=True, slots=True)
class Claimer:
    """Reads, claims and checks the lines of one sheet, which are to come in their order unless they may in any.

    `on` is the desk's day, `enterer` who enters what the lines do not say who entered.
    """

    layout: Layout
    on: date
    date1904: bool
    claiming: Claiming
    checking: Checking
    enterer: str

    @property
    def in_any_order(self) -> bool:
        """Whether no line says anything about the next ones, so that several makers may share the lines."""
        return not continues(self.layout)

    def maker(self) -> Callable[[Stretch], Made]:
        """What makes claims of lines; one for all lines of the sheet, as it remembers those before."""
        reader = TableReader(self.layout, self.on, self.date1904, self.checking.zone)
        going_on = None if self.in_any_order else Continuations()

        def make(lines: Stretch) -> Made:
            typed = reader.columns(lines) if going_on is None else TypedColumns.of(going_on.filled(reader.rows(lines)))
            return made_of(typed, self.claiming, self.checking, self.enterer)

        return make
