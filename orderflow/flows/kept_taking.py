"""Rows of a workbook that people changed, of those that the ledger keeps beside the orders: merged, or added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orderflow.flows.keys import KEY_HEADER, read_key
from orderflow.flows.request import Intake
from orderflow.flows.sides import is_said, shown_side, side
from orderflow.flows.sifting import base_of
from orderflow.flows.updating import EDITED
from orderflow.flows.window_kind import Part, Sifted, Stored, Took
from orderflow.ledger import conflicts, intake, kept, orders
from orderflow.ledger.kept import Name
from orderflow.ledger.origin import first_link
from orderflow.records.account import Outcome
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding, Place
from orderflow.records.rows import columns
from orderflow.rules.merge import Merge, merge
from orderflow.sheets.typed import TypedRow

if TYPE_CHECKING:
    from orderflow.flows.kept_window import KeptRows


@dataclass(slots=True)
class KeptTaking:
    """Takes the rows of one sheet of such a workbook."""

    kind: KeptRows
    context: Intake
    part: Part
    took: Took = field(default_factory=Took)
    _outcomes: Counter[Outcome] = field(default_factory=Counter)
    _written: list[intake.Line] = field(default_factory=list)
    _asked: set[tuple[str, str, str]] = field(default_factory=set)
    _sealed: dict[str | None, str] = field(default_factory=dict)

    def take(self, lines: Sequence[Sifted]) -> Took:
        """Take them in their order."""
        run = self.context.run
        numbers = {line.typed.row.number for line in lines} | {line.name[0] for line in lines if line.name}
        known = orders.load(run, sorted(filter(None, numbers)))
        live = {order.row.number for order in known if not order.undone}
        self._sealed = {order.row.number: order.archived for order in known if order.archived is not None}
        self._asked = conflicts.asked(run, sorted(filter(None, numbers)))
        for line in lines:
            outcome, name = self._take(line, live)
            self._outcomes[outcome] += 1
            if name is not None:
                self.took.names[line.line.row] = name
            number = name[0] if name else None
            self._written.append(intake.Line(self.part.source, line.line.row, str(outcome), number))
        intake.add_lines(run, self._written)
        self.took.outcomes = dict(self._outcomes)
        return self.took

    def _take(self, line: Sifted, live: set[str | None]) -> tuple[Outcome, Name | None]:
        """What becomes of one line, and the row that it is then."""
        typed = line.typed
        number = line.name[0] if line.name else typed.row.number
        if number in self._sealed:
            self._find(line, "order-archived", None, None, {"number": number, "bag": self._sealed[number]}, number)
            return Outcome.UNCHANGED, None
        if line.row is not None and line.name is not None and not line.row.undone:
            return self._update(line, line.name, line.row), line.name
        if line.row is not None and not self._differs(line, line.row):
            return Outcome.UNCHANGED, None  # a row that was taken back, in a workbook older than that
        if line.copied is not None and not self.kind.several and not self._is_empty(line.copied):
            return self._say(line, "duplicate-row-differs"), None
        number = typed.row.number
        if number is None or number not in live:
            return self._say(line, "row-without-order"), None
        if "stage" in self.kind.identity and typed.row.stage is None:
            return self._say(line, "row-without-stage"), None
        name = self._new_name(number, typed)
        self._say_doubts(line, number)
        self._change(line, name, kept.ADDED, self._said(typed))
        return Outcome.NEW, name

    def _is_empty(self, name: Name) -> bool:
        """Whether nothing is stored of a row that has its place in the workbook."""
        return not self.kind.load(self.context.run, [name[0]])[name].revision

    def _new_name(self, number: str, typed: TypedRow) -> Name:
        rest = kept.REST[self.kind.table]
        stage = (typed.row.stage,) if "stage" in rest else ()
        seq = (str(kept.next_seq(self.context.run, self.kind.table, number, *stage)),) if "seq" in rest else ()
        return (number, *stage, *seq)

    def _said(self, typed: TypedRow) -> dict[str, Any]:
        """Everything that a new row says, by field; of one that was taken back before, nothing else is left."""
        nothing = dict.fromkeys(name for name in columns(self.kind.workbook.row) if self._is_filled_in(name))
        said = {name: self._aware(getattr(typed.row, name)) for name in self._fields()}
        extra = {header: text for header, text in typed.extra.items() if header != KEY_HEADER}
        return nothing | said | {"unread": dict(typed.unread), "extra": extra}

    def _update(self, line: Sifted, name: Name, row: Stored) -> Outcome:
        base = self._base(line, row)
        values, disputed = self._merged(line, name, row, base)
        self._say_doubts(line, name[0])
        self._say_renamed(line, name, row)
        conflicts.add(self.context.run, disputed)
        for conflict in disputed:
            ours, theirs = (shown_side(conflict.field, one, self.context.desk.lang) for one in conflict[3:5])
            self._find(line, "changed-on-both-sides", conflict.field, theirs, {"ours": ours, "theirs": theirs}, name[0])
        changed = self._change(line, name, kept.ADDED if not row.revision else EDITED, values) if values else False
        return Outcome.UPDATED if changed else Outcome.UNCHANGED

    def _merged(
        self, line: Sifted, name: Name, row: Stored, base: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[conflicts.Conflict]]:
        """What is to be taken, and what a person has to decide."""
        values: dict[str, Any] = {}
        disputed, unread, typed = [], dict(row.unread), line.typed
        for column in self._fields():
            if column in self.kind.identity:
                continue
            said = self._aware(getattr(typed.row, column))
            start = side(column, base.get(column), base.get("unread") or {})
            ours = side(column, getattr(row.row, column), row.unread)
            theirs = side(column, said, typed.unread)
            verdict = merge(start, ours, theirs)
            if verdict is Merge.TAKE or (verdict is Merge.CONFLICT and not is_said(ours)):
                values[column] = said
                unread.pop(column, None)
                unread |= {column: typed.unread[column]} if column in typed.unread else {}
            elif verdict is Merge.CONFLICT and is_said(theirs):
                told = f"{kept.title(self.kind.table, name)}.{column}"
                place = self.part.source, line.line.row
                was = start if is_said(start) else None
                conflict = conflicts.Conflict(name[0], told, was, ours, theirs, *place)
                disputed += [conflict] if conflicts.question(conflict) not in self._asked else []
        extra = self._extra(typed, row, base.get("extra") or {})
        return values | self._beside(row, unread, extra), disputed

    def _beside(self, row: Stored, unread: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, Any]:
        changed = {"unread": unread} if unread != row.unread else {}
        return changed | ({"extra": extra} if extra != row.extra else {})

    def _extra(self, typed: TypedRow, row: Stored, before: Mapping[str, str]) -> dict[str, str]:
        """The columns that people added: what the row says anew, and without what was emptied in it."""
        extra, headers = dict(row.extra), set(self.part.table.layout.extra.values()) - {KEY_HEADER}
        for header in headers:
            said = typed.extra.get(header)
            if said == before.get(header):
                continue
            if said is not None:
                extra[header] = said
            elif extra.get(header) == before[header]:
                del extra[header]
        return extra

    def _base(self, line: Sifted, row: Stored) -> Mapping[str, Any]:
        """What the row was written with; a row typed anew is compared with what the ledger says."""
        key = read_key(first_link(self.context.run), line.typed.extra.get(KEY_HEADER))
        return base_of(self.context.run, self.kind, row, key) if key is not None else {}

    def _differs(self, line: Sifted, row: Stored) -> bool:
        base = self._base(line, row)
        return any(self._aware(getattr(line.typed.row, name)) != base.get(name) for name in self._fields())

    def _change(self, line: Sifted, name: Name, kind: str, values: Mapping[str, Any]) -> bool:
        at, source = self.context.desk.now, self.part.source
        edit = kept.Edit(name, kind, values, at, source, line.line.row)
        return bool(kept.change(self.context.run, self.kind.table, [edit]))

    def _fields(self) -> list[str]:
        """The columns of the sheet that people fill in."""
        return list(filter(self._is_filled_in, self.part.table.layout.fields.values()))

    def _is_filled_in(self, name: str) -> bool:
        """Whether people fill a column in: it neither names the row nor is computed."""
        rest = ("number", *kept.REST[self.kind.table])
        return name not in rest and not columns(self.kind.workbook.row)[name].computed

    def _aware(self, value: Any) -> Any:
        return self.context.desk.aware(value) if isinstance(value, datetime) else value

    def _say_doubts(self, line: Sifted, number: str) -> None:
        """What cannot be read, where it was not said before."""
        declared = columns(self.kind.workbook.row)
        known = line.row.unread if line.row is not None else {}
        for doubt in line.typed.doubts:
            if known.get(doubt.field) == doubt.text:
                continue
            severity = CATALOGUE[doubt.code].severity_in(declared[doubt.field].required)
            found = Finding(doubt.code, severity, self._titled(doubt.field), doubt.text, dict(doubt.params))
            self._put(found, line, doubt.column, number)

    def _say_renamed(self, line: Sifted, name: Name, row: Stored) -> None:
        """A cell that names the row was written over: it is put back."""
        for column in self.kind.identity:
            said = getattr(line.typed.row, column)
            if column in self.part.table.layout.fields.values() and said != getattr(row.row, column):
                self._find(line, "computed-cell-changed", self._titled(column), str(said or ""), {}, name[0])

    def _say(self, line: Sifted, code: str) -> Outcome:
        number = line.typed.row.number
        params = {"row": line.line.row, "number": number or "—"}
        self._find(line, code, None, number, params, None)
        return Outcome.REJECTED

    def _find(
        self, line: Sifted, code: str, field: str | None, value: str | None, params: dict[str, Any], number: str | None
    ) -> None:
        found = Finding(code, CATALOGUE[code].severity_in(False), field, value, params)
        name = field.rpartition(".")[2] if field else "number"
        self._put(found, line, self.part.table.layout.column_of(name), number)

    def _put(self, found: Finding, line: Sifted, column: int | None, number: str | None) -> None:
        found.number = number
        found.place = Place(str(self.part.path), self.part.sheet.name, line.line.row, column)
        self.took.findings.append(found)

    def _titled(self, column: str) -> str:
        return f"{self.kind.workbook.name}.{column}"
