"""The rows of the priority workbook: what people declared, else what the order was judged by; the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.window_kind import Stored, WindowRow
from orderflow.ledger import judgements, kept, orders
from orderflow.ledger.attached import PRIORITY, of_orders
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import KeptRow, Name
from orderflow.ledger.values import json_value
from orderflow.records.choices import Level
from orderflow.report.grounds import arithmetic
from orderflow.rules.priority import SCORES
from orderflow.sheets.layout import Cell
from orderflow.sheets.palette import Look

_LOOKS = {Level.HIGH: Look.ERROR, Level.MEDIUM: Look.WARNING, Level.LOW: Look.GOOD}


@dataclass(frozen=True, slots=True)
class PriorityRows(KeptRows):
    """A row an order. Level, amount, urgency and priority show what is in force; a person who writes another declares
    it (PROCESS.md, step 2)."""

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """Every live order, by level and delivery date; those that are not judged come last."""
        plain = {row.name: row for row in KeptRows.rows(self, desk, book, asked)}
        judged = judgements.of_orders(book, [name[0] for name in plain])
        due = orders.live_due(book)

        def turn(name: Name) -> tuple[int, date, str]:
            judgement = judged.get(name[0])
            return -SCORES[judgement.level] if judgement else 0, due.get(name[0]) or date.max, name[0]

        for name in sorted(plain, key=turn):
            row, judgement = plain[name], judged.get(name[0])
            if judgement is not None:
                cells = dict(row.cells) | {"basis": arithmetic(judgement, desk.settings.priority, desk.lang)}
                level = cells.get("priority")
                if not isinstance(level, Cell):
                    cells["priority"] = Cell(level, _LOOKS[judgement.level])
                row = replace(row, cells=cells)
            yield row

    def _standing(self, book: Book) -> Iterator[KeptRow]:
        stored = list(KeptRows._standing(self, book))
        yield from self._in_force(book, {row.name: row for row in stored}).values()

    def load(self, book: Book, numbers: Iterable[str]) -> Mapping[Name, Stored]:
        """The rows of these orders with what is in force."""
        return self._in_force(book, KeptRows.load(self, book, numbers))  # type: ignore[arg-type]

    def _in_force(self, book: Book, rows: Mapping[Name, KeptRow]) -> dict[Name, KeptRow]:
        said = {row["number"]: row for row in of_orders(book, PRIORITY, [name[0] for name in rows])}
        found = {}
        for name, row in rows.items():
            values = said.get(name[0], {})
            shown = _shown({**{n: getattr(row.row, n) for n in _SHOWN}, **{n: values.get(n) for n in _JUDGED}})
            readable = {field: value for field, value in shown.items() if field not in row.unread}
            found[name] = replace(row, row=replace(row.row, **readable), said=None)
        return found

    def as_of(self, book: Book, name: Name, revision: int) -> Mapping[str, Any]:
        """What stood in a row that was written at an earlier revision."""
        said = kept.as_of(book, self.table, name, revision)
        return {**said, **_shown(said)}


_SHOWN = ("level", "amount", "urgency", "priority")
_JUDGED = ("in_force", "verdict")


def _shown(said: Mapping[str, Any]) -> dict[str, Any]:
    """The four cells: as declared, else as judged; the priority is the one in force."""
    verdict = json_value(said["verdict"]) if said.get("verdict") else None
    if verdict is None:
        return {name: said.get(name) for name in _SHOWN}
    return {
        "level": said.get("level") or verdict["customer"][0],
        "amount": said["amount"] if said.get("amount") is not None else Decimal(verdict["amount"][0]),
        "urgency": said.get("urgency") or verdict["dimensions"]["urgency"],
        "priority": said.get("priority") or said.get("in_force"),
    }
