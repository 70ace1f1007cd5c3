"""The rows of the priority workbook: what people declared, else what the order was judged by; the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from orderflow.flows.desk import Desk
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.window_kind import Alike, Stored, WindowRow
from orderflow.ledger import judgements, kept
from orderflow.ledger.book import Book
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.judgements import Judged, Standing
from orderflow.ledger.kept import ALIKE, KeptRow, Live, Name
from orderflow.ledger.values import json_value
from orderflow.records.choices import Level
from orderflow.records.judgement import Judgement
from orderflow.records.rows import Priority
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
        showing, disputed = self._showing(desk, asked), {conflict.number for conflict in asked}

        def shown(row: KeptRow, judgement: Judgement | None) -> WindowRow:
            found = showing(_in_force(row, judgement))
            if judgement is not None:
                level = found.cells.get("priority")
                marked = level if isinstance(level, Cell) else Cell(level, _LOOKS[judgement.level])
                sum_of = arithmetic(judgement, desk.settings.priority, desk.lang)
                found.cells = {**found.cells, "basis": sum_of, "priority": marked}
            return found

        @lru_cache(ALIKE)
        def alike(judged: Judged) -> Alike:
            return Alike(shown(Live("", judged.said, None, None, 0).kept(Priority), judged.judgement).cells)

        for number, _, row, judged in sorted(judgements.standing(book), key=_turn):
            if row is None or judged is None:
                yield showing(self._empty(number))
            elif row.unread or row.extra or number in disputed:
                yield shown(row.kept(Priority), judged.judgement)
            else:
                yield WindowRow((number,), row.revision, alike=alike(judged))

    def load(self, book: Book, numbers: Iterable[str]) -> Mapping[Name, Stored]:
        """The rows of these orders with what is in force."""
        found = cast("Mapping[Name, KeptRow]", KeptRows.load(self, book, numbers))
        judged = judgements.of_orders(book, [name[0] for name in found])
        return {name: _in_force(row, judged.get(name[0])) for name, row in found.items()}

    def as_of(self, book: Book, name: Name, revision: int) -> Mapping[str, Any]:
        """What stood in a row that was written at an earlier revision."""
        said = kept.as_of(book, self.table, name, revision)
        return {**said, **_shown(said)}


def _turn(one: Standing) -> tuple[int, str, str]:
    judgement = one.judged.judgement if one.judged else None
    return -SCORES[judgement.level] if judgement else 0, one.due or _NEVER, one.number


def _in_force(row: KeptRow, judgement: Judgement | None) -> KeptRow:
    """The row with what the order was judged by where nobody declared anything; the priority is the one in force."""
    if judgement is None:
        return row
    judged = {
        "level": judgement.customer.value,
        "amount": judgement.amount.value,
        "urgency": judgement.verdict.dimensions["urgency"].value,
        "priority": judgement.level.value,
    }
    for name, value in judged.items():
        if name not in row.unread and getattr(row.row, name) is None:
            setattr(row.row, name, value)
    return row


_NEVER = "9999-99-99"
_SHOWN = ("level", "amount", "urgency", "priority")


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
