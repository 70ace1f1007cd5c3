"""The answer of `monthly-report`: figures, where it hurts, the orders behind one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderflow.answers.month_json import BehindJson, month_json
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.flows.month import Worked
from orderflow.records.report import Report, Table
from orderflow.report.console import console
from orderflow.report.month import report_of
from orderflow.report.month_orders import behind, orders_table
from orderflow.report.month_words import Words
from orderflow.report.screen import show_report, show_table


@dataclass(frozen=True, slots=True)
class MonthAnswer:
    """What `monthly-report` came to.

    `listed` is the figure whose orders are asked for, `out` the file that was written.
    """

    desk: Desk
    worked: Worked
    listed: str | None = None
    out: Path | None = None

    @property
    def exit_code(self) -> int:
        """A report is read, not mended."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The month by codes; sentences and definitions in the desk's language."""
        found = month_json(self.worked, Words(self.desk.lang))
        if self.listed is not None:
            found.orders = [*_behind(behind(self.listed, self.worked.orders, Words(self.desk.lang)))]
        found.out = str(self.out) if self.out is not None else None
        return found.model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The whole report, or the orders behind one figure."""
        words = Words(self.desk.lang)
        if self.listed is not None:
            show_table(behind(self.listed, self.worked.orders, words), self.desk.lang)
        elif not call.quiet:
            show_report(self._report(words), whole=call.verbose)
        if self.out is not None:
            console().print(words.say("written", path=self.out))

    def _report(self, words: Words) -> Report:
        none = orders_table(self.worked.orders.head(0), words, 0)  # a terminal lists them on demand
        desk, worked = self.desk, self.worked
        return report_of(worked.month, desk.settings.desk.name, desk.lang, none, worked.restated)


def _behind(table: Table) -> Iterable[BehindJson]:
    """The orders of a table behind a figure: what follows the channel is a value, then why it is left out."""
    for row in table.rows:
        value, *reason = row[5:]
        said = float(value) if isinstance(value, int | float | Decimal) else value if isinstance(value, str) else None
        yield BehindJson(number=str(row[0]), value=said, left_out=str(reason[0]) if reason and reason[0] else None)
