"""Rows of the feedback workbook that people changed: each is an answer of a customer, with what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from orderflow.flows.answering import FIELDS, Answering, Incoming
from orderflow.flows.deliveries import close_what_is_due
from orderflow.flows.feedback_window import ONLY
from orderflow.flows.kept_taking import KeptTaking
from orderflow.flows.request import Intake
from orderflow.flows.window_kind import Sifted, Stored, Took
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import Name
from orderflow.records.feedback import SCORES, WINDOW
from orderflow.records.rows import Feedback
from orderflow.sheets.typed import TypedRow


@dataclass(slots=True)
class FeedbackTaking(KeptTaking):
    """Takes the rows of one sheet of the feedback workbook."""

    answering: Answering = field(init=False)

    def take(self, lines: Sequence[Sifted]) -> Took:
        """Take them in their order, then close what has come to its end by them."""
        desk, run = self.context.desk, self.context.run
        self.answering = Answering(desk, run)
        took = KeptTaking.take(self, lines)
        self.answering.commit(self.part.source)
        close_what_is_due(desk, run, list(dict.fromkeys(edit.number for edit in self.answering.edits)))
        return took

    def _new_name(self, number: str, typed: TypedRow) -> Name:
        return number, ONLY

    def _change(self, line: Sifted, name: Name, kind: str, values: Mapping[str, Any]) -> bool:
        had = line.row.row if line.row is not None else Feedback(number=name[0])
        one = _incoming(had, values, line.line.row, has_time="recorded_at" not in line.typed.untimed)
        beside = _beside(values)
        if line.row is None or line.row.undone:
            return self.answering.add(one, beside)
        return self.answering.write(one, _fields(values), beside)


def taken_side(context: Intake, row: Stored, conflict: Conflict) -> None:
    """Take the other side of a conflict about a cell of a row, as if it had been written now."""
    name = conflict.field.rpartition(".")[2]
    values = {name: conflict.theirs, "unread": {one: typed for one, typed in row.unread.items() if one != name}}
    answering = Answering(context.desk, context.run)
    answering.write(_incoming(row.row, values, conflict.sheet_row), _fields(values), _beside(values))
    answering.commit(conflict.source)


def _incoming(had: Feedback, values: Mapping[str, Any], line: int | None, *, has_time: bool = True) -> Incoming:
    row = replace(had, **{name: value for name, value in values.items() if name in FIELDS})
    return Incoming(row, WINDOW, has_time=has_time, line=line)


def _fields(values: Mapping[str, Any]) -> list[str]:
    """The fields that were written; who scores anything anew has said all five."""
    names = [name for name in FIELDS if name in values]
    return [*names, *(name for name in SCORES if name not in names)] if set(SCORES) & set(names) else names


def _beside(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("unread", "extra") if name in values}
