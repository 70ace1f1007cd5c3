"""The answer of `log`: who did what, when, from which cell of which file, from what to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from orderflow.answers.fields import BOOKKEEPING, read, shown, titled
from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.flows.queries import Entry
from orderflow.records.column import Kind
from orderflow.records.finding import column_letters
from orderflow.records.masking import masked, masked_contact
from orderflow.records.rows import column_of
from orderflow.report.console import console

_PLAIN = frozenset({"external_number", "external_line", "product", "sha256", "path"})  # long figures, but no phones


class ValueJson(BaseModel):
    """One value that changed; `cell` is where the file said so."""

    field: str
    before: Any
    after: Any
    cell: str | None


class ChangeJson(BaseModel):
    """One entry of the history."""

    run: int
    command: str
    code: str
    number: str | None
    at: str
    owner: str
    file: str | None
    sha256: str | None
    sheet: str | None
    row: int | None
    saved_by: str | None
    values: list[ValueJson]
    note: str | None


class HistoryJson(BaseModel):
    """`log`."""

    changes: list[ChangeJson]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """What `log` was asked for, the oldest first."""

    desk: Desk
    entries: Sequence[Entry]

    @property
    def exit_code(self) -> int:
        """Looking back never needs a person."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """Every entry with its values before and after."""
        return HistoryJson(changes=self.changes()).model_dump(mode="json")

    def changes(self) -> list[ChangeJson]:
        """The entries for `--json`."""
        return [self._change(entry) for entry in self.entries]

    def _change(self, entry: Entry) -> ChangeJson:
        change = entry.change
        return ChangeJson(
            run=entry.run,
            command=entry.command,
            code=change.kind,
            number=change.number,
            at=change.at.astimezone(self.desk.zone).isoformat(),
            owner=entry.actor,
            file=entry.file,
            sha256=entry.sha256,
            sheet=entry.sheet,
            row=change.sheet_row,
            saved_by=entry.saved_by,
            values=[
                ValueJson(
                    field=name,
                    before=self._plain(name, before),
                    after=self._plain(name, after),
                    cell=_cell(entry, name),
                )
                for name, before, after in _values(entry)
            ],
            note=masked(change.note),
        )

    def _plain(self, name: str, stored: Any) -> Any:
        value = read(name, stored, self.desk)
        if isinstance(value, datetime):
            return value.astimezone(self.desk.zone).isoformat()
        return f"{value:f}" if isinstance(value, Decimal) else value

    def show(self, call: Call) -> None:
        """One block an entry: the newest is at the end, where the eye is."""
        out, say = console(), self.desk.say
        if not self.entries:
            out.print(say("messages.log.none"))
        self.show_entries()

    def show_entries(self) -> None:
        """The entries alone."""
        out, say = console(), self.desk.say
        for entry in self.entries:
            change = entry.change
            at = f"{change.at.astimezone(self.desk.zone):%Y-%m-%d %H:%M}"
            title = say("messages.log.entry", at=at, actor=entry.actor, run=entry.run, kind=self._kind(change.kind))
            out.print(f"{title}  {change.number or ''}".rstrip(), style="bold")
            if entry.file is not None and change.sheet_row is not None:
                saved = f"  ({entry.saved_by})" if entry.saved_by else ""
                place = f"{entry.file} {entry.sheet or ''}!{change.sheet_row}{saved}"
                out.print(f"  {place}", style="cyan", overflow="fold")
            for name, before, after in _values(entry):
                out.print(self._line(entry, name, before, after), overflow="fold")
            if change.note:
                out.print(f"  {masked(change.note)}", style="dim", overflow="fold")

    def _kind(self, kind: str) -> str:
        from orderflow import text

        known = text.domain(self.desk.lang, "messages")["kinds"]
        return str(known.get(kind, kind))

    def _line(self, entry: Entry, name: str, before: Any, after: Any) -> str:
        title = titled(name, self.desk)
        cell = _cell(entry, name)
        place = f" [{cell}]" if cell else ""
        new = shown(name, after, self.desk)
        return (
            f"  {title}{place}: {shown(name, before, self.desk)} → {new}"
            if before is not None
            else f"  {title}{place}: {new}"
        )


def _values(entry: Entry) -> list[tuple[str, Any, Any]]:
    """The values that an entry tells of, contacts masked, without the desk's bookkeeping."""
    before, after = entry.change.before, entry.change.after
    if entry.change.kind.startswith("improvement-"):
        before, after = _of_improvement(before), _of_improvement(after)
        before.pop("improvements.number", None)
    names = [name for name in dict.fromkeys((*after, *before)) if name.rpartition(".")[2] not in BOOKKEEPING]
    return [(name, _discreet(name, before.get(name)), _discreet(name, after.get(name))) for name in names]


def _of_improvement(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an improvement by the names of their columns."""
    return {f"improvements.{'number' if name == 'improvement' else name}": value for name, value in values.items()}


def _discreet(name: str, value: Any) -> Any:
    column = column_of(name)
    if column is not None and column.kind is Kind.PHONE and isinstance(value, str):
        return masked_contact(value)
    return value if name in _PLAIN else masked(value)


def _cell(entry: Entry, name: str) -> str | None:
    """The cell of the file that said a value."""
    column = entry.columns.get(name.rpartition(".")[2])
    if column is None or entry.change.sheet_row is None:
        return None
    return f"{column_letters(column)}{entry.change.sheet_row}"
