"""The rows of a workbook that came back, sifted: those that say just what they were written with are left alone.

What is left bears the right key before it is taken: keys travel with their rows when these are sorted, but are copied
with them too, stay behind when only a part is sorted, and are lost when rows are typed anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER, Key, computed_digest, key_text, looks_like_key, read_key
from orderflow.flows.sides import side
from orderflow.flows.window_kind import Sifted, Stored, WindowKind
from orderflow.ledger.book import Book
from orderflow.ledger.kept import Name
from orderflow.records.rows import columns
from orderflow.rules.identity import is_desk_number
from orderflow.sheets.cells.text import normal
from orderflow.sheets.headers import Layout
from orderflow.sheets.typed import TypedRow
from orderflow.sheets.values import Line


@dataclass(slots=True)
class Suspect:
    """A row that is not just what was written; `owner` is the row of the ledger that it is."""

    line: Line
    typed: TypedRow
    key: Key | None
    owner: Name | None = None


@dataclass(slots=True)
class Sifting:
    """Sifts the rows of one sheet, chunk by chunk.

    `clean` are the rows that are as written, with where they stand; `written_over` what people wrote into columns that
    are not theirs.
    """

    desk: Desk
    book: Book
    desk_id: str
    layout: Layout
    kind: WindowKind
    clean: dict[Name, int] = field(default_factory=dict)
    suspects: list[Suspect] = field(default_factory=list)
    written_over: list[tuple[TypedRow, str, str]] = field(default_factory=list)
    _keys: dict[Name, Key] = field(default_factory=dict)
    _known: dict[Name, Stored] = field(default_factory=dict)
    _compared: list[str] = field(init=False)
    _computed: list[str] = field(init=False)

    def __post_init__(self) -> None:
        declared = columns(self.kind.workbook.row)
        self._computed = [name for name, column in declared.items() if column.computed]
        left_out = {*self._computed, *self.kind.identity}
        self._compared = [name for name in self.layout.fields.values() if name not in left_out]

    def sift(self, rows: Sequence[tuple[Line, TypedRow]]) -> None:
        """Look at the next rows; what people did not touch is done with."""
        found = [Suspect(line, typed, self._key(typed)) for line, typed in rows]
        wanted = {s.key.number for s in found if s.key} | {s.typed.row.number for s in found}
        known = self.kind.load(self.book, sorted(filter(is_desk_number, filter(None, wanted))))
        for suspect in found:
            name = suspect.key.name if suspect.key else None
            if suspect.key is not None:
                self._keys.setdefault(suspect.key.name, suspect.key)
            if name is not None and suspect.key is not None and self._is_clean(suspect, suspect.key, known.get(name)):
                self.clean[name] = suspect.line.row
                self._watch(suspect.typed, name)
            else:
                self.suspects.append(suspect)
                numbers = {suspect.typed.row.number, suspect.key.number if suspect.key else None}
                self._known.update((name, row) for name, row in known.items() if name[0] in numbers)

    def names(self) -> dict[int, Name]:
        """The rows that the lines of the sheet are, as far as they are ones of the ledger."""
        owned = {suspect.line.row: suspect.owner for suspect in self.suspects if suspect.owner}
        return {row: name for name, row in self.clean.items()} | owned

    def settle(self) -> list[Sifted]:
        """The lines to be taken, each with the row it is; the first of each row before its copies."""
        claimed: dict[Name | None, list[Suspect]] = defaultdict(list)
        for suspect in self.suspects:
            suspect.owner = self._owner(suspect)
            claimed[suspect.owner].append(suspect)
        first, copied = claimed.pop(None, []), list[tuple[Suspect, Name]]()
        for owner, several in claimed.items():
            assert owner is not None
            if owner not in self.clean:
                best = max(several, key=lambda suspect: self._likeness(suspect, owner))
                first.append(best)
                self._watch(best.typed, owner)
                several = [suspect for suspect in several if suspect is not best]
            copied += [(suspect, owner) for suspect in several]
        for copy, _ in copied:
            copy.owner = None
        lines = [self._sifted(suspect, None) for suspect in sorted(first, key=_row)]
        return lines + [self._sifted(copy, owner) for copy, owner in sorted(copied, key=lambda one: _row(one[0]))]

    def _key(self, typed: TypedRow) -> Key | None:
        extra = typed.extra
        text = extra.get(KEY_HEADER)
        if text is None:
            moved = next((header for header, said in extra.items() if looks_like_key(said)), None)
            text = extra[moved] if moved is not None else None
            if moved is not None:
                typed.extra = {header: said for header, said in extra.items() if header != moved} | {
                    KEY_HEADER: text or ""
                }
        return read_key(self.desk_id, text)

    def _is_clean(self, suspect: Suspect, key: Key, row: Stored | None) -> bool:
        """Whether the line says what it was written with; what merely reads back otherwise is put as it was."""
        typed = suspect.typed
        if row is None or row.undone:
            return False
        base = base_of(self.book, self.kind, row, key)
        same = [self._as_written(name, typed, base) for name in self._compared]
        theirs = set(self.layout.extra.values())
        others = {header: said for header, said in (base.get("extra") or {}).items() if header in theirs}
        extra = {header: said for header, said in typed.extra.items() if header != KEY_HEADER}
        return all(same) and extra == others and self._is_named(typed, row) and key.name not in self.clean

    def _is_named(self, typed: TypedRow, row: Stored) -> bool:
        """Whether the columns that name a row name this one."""
        named = [name for name in self.kind.identity if name in self.layout.fields.values()]
        return all(getattr(typed.row, name) == getattr(row.row, name) for name in named)

    def _as_written(self, name: str, typed: TypedRow, base: Mapping[str, Any]) -> bool:
        unread = base.get("unread") or {}
        theirs, was = getattr(typed.row, name), base.get(name)
        if was is None and name in unread and isinstance(theirs, str) and theirs == normal(unread[name]):
            setattr(typed.row, name, None)  # a formula or an error that was written back as the text it is
            typed.unread = {**typed.unread, name: unread[name]}
            return True
        if name == "source":
            return (theirs, typed.channel) == (was, base.get("channel")) and "source" not in typed.unread
        if name == "quantity" and theirs is not None and typed.row.unit is None:
            typed.row.unit = base.get("unit")
        if name == "quantity" and typed.row.unit != base.get("unit") and theirs is not None:
            return False
        if (
            isinstance(theirs, datetime)
            and isinstance(was, datetime)
            and _minute(self.desk, theirs) == _minute(self.desk, was)
        ):
            setattr(typed.row, name, was)
            return True
        return bool(side(name, theirs, typed.unread) == side(name, was, unread))

    def _watch(self, typed: TypedRow, name: Name) -> None:
        """Note what people wrote into the columns that the desk fills in."""
        digest = self._keys[name].computed if name in self._keys else ""
        if not digest or not set(self.layout.fields.values()).issuperset(self._computed):
            return
        said = [typed.computed.get(column, "") for column in self._computed]
        if computed_digest(said) != digest:
            self.written_over.append((typed, self._computed[0], "；".join(filter(None, said))))

    def _owner(self, suspect: Suspect) -> Name | None:
        """The row that a line is: by its key, unless it says more of what a row of its number says."""
        own = suspect.key.name if suspect.key and suspect.key.name in self._known else None
        if own is not None and self._is_named(suspect.typed, self._known[own]):
            return own
        number = suspect.typed.row.number
        near = {name: row for name, row in self._known.items() if name[0] == number}
        candidates = [*([own] if own else []), *self.kind.alike(suspect.typed, near)]
        return max(candidates, key=lambda name: self._likeness(suspect, name), default=None)

    def _likeness(self, suspect: Suspect, name: Name) -> tuple[int, int]:
        """How many cells of a line say what a row says; a higher line goes first where two say as much."""
        row, typed = self._known[name].row, suspect.typed.row
        same = sum(getattr(typed, column) == getattr(row, column) is not None for column in self._compared)
        return same, -suspect.line.row

    def _sifted(self, suspect: Suspect, copied: Name | None) -> Sifted:
        """The line with the key of its row and of no other; a line that is no row's bears none."""
        extra = {header: said for header, said in suspect.typed.extra.items() if header != KEY_HEADER}
        name = suspect.owner
        row = self._known[name] if name is not None else None
        if name is not None and row is not None:
            revision = self._keys[name].revision if name in self._keys else row.revision
            extra[KEY_HEADER] = key_text(self.desk_id, name[0], revision, name[1:])
        suspect.typed.extra = extra
        return Sifted(suspect.line, suspect.typed, row, name, copied)


def base_of(book: Book, kind: WindowKind, row: Stored, key: Key) -> Mapping[str, Any]:
    """What a row said at the revision of a key, by field."""
    if key.revision != row.revision:
        return kind.as_of(book, key.name, key.revision)
    said = {name: getattr(row.row, name) for name in columns(kind.workbook.row)}
    return {**said, "unread": row.unread, "extra": row.extra, "channel": row.channel}


def _minute(desk: Desk, moment: datetime) -> datetime:
    local = desk.local(desk.aware(moment)) or moment
    return local.replace(second=0, microsecond=0)


def _row(suspect: Suspect) -> int:
    return suspect.line.row
