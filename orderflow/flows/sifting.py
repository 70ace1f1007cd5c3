"""The rows of a workbook that came back, sifted: those that say just what they were written with are left alone.

What is left bears the right key before it is taken: keys travel with their rows when these are sorted, but are copied
with them too, stay behind when only a part is sorted, and are lost when rows are typed anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderflow.flows.claims import Occurrence
from orderflow.flows.deciding import Seen
from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER, Key, computed_digest, key_text, looks_like_key, read_key
from orderflow.flows.sides import side
from orderflow.ledger import history, orders
from orderflow.ledger.book import Book
from orderflow.records.order import Order
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.rules.identity import is_desk_number
from orderflow.sheets.headers import Layout
from orderflow.sheets.typed import TypedRow
from orderflow.sheets.values import Line

_NOT_COMPARED = frozenset({"number"}) | {name for name, column in columns(Registration).items() if column.computed}
_COMPUTED = tuple(name for name, column in columns(Registration).items() if column.computed)


@dataclass(slots=True)
class Suspect:
    """A row that is not just what was written: the order its key names, and the one its number names."""

    line: Line
    typed: TypedRow
    key: Key | None
    number: str | None
    owner: str | None = None


@dataclass(slots=True)
class Sifting:
    """Sifts the rows of one sheet, chunk by chunk.

    `clean` are the orders whose rows are as written, with the row; `written_over` what people wrote into columns that
    are not theirs.
    """

    desk: Desk
    book: Book
    desk_id: str
    layout: Layout
    clean: dict[str, int] = field(default_factory=dict)
    suspects: list[Suspect] = field(default_factory=list)
    written_over: list[tuple[TypedRow, str, str]] = field(default_factory=list)
    _revisions: dict[str, int] = field(default_factory=dict)
    _computed: dict[str, str] = field(default_factory=dict)
    _known: dict[str, Order] = field(default_factory=dict)

    def sift(self, rows: Sequence[tuple[Line, TypedRow]]) -> None:
        """Look at the next rows; what people did not touch is done with."""
        found = [Suspect(line, typed, self._key(typed), _number(typed)) for line, typed in rows]
        wanted = {s.key.number for s in found if s.key} | {s.number for s in found if s.number}
        known = {order.row.number or "": order for order in orders.load(self.book, sorted(wanted))}
        for suspect in found:
            if suspect.key is not None:
                self._revisions.setdefault(suspect.key.number, suspect.key.revision)
                self._computed.setdefault(suspect.key.number, suspect.key.computed)
            if self._is_clean(suspect, known):
                number = suspect.key.number if suspect.key else ""
                self.clean[number] = suspect.line.row
                self._watch(suspect.typed, number)
            else:
                self.suspects.append(suspect)
                for number in filter(None, (suspect.number, suspect.key.number if suspect.key else None)):
                    if number in known:
                        self._known[number] = known[number]

    def numbers(self) -> set[str]:
        """The orders that have a row in the sheet."""
        return set(self.clean) | {suspect.owner for suspect in self.suspects if suspect.owner}

    def settle(self, seen: Seen) -> list[tuple[Line, TypedRow]]:
        """The rows to be taken, each with the key of the order it is; the first of each order before its copies."""
        for number, row in self.clean.items():
            seen.first[number] = Occurrence(row, "", number)
        claimed: dict[str | None, list[Suspect]] = defaultdict(list)
        for suspect in self.suspects:
            suspect.owner = self._owner(suspect)
            claimed[suspect.owner].append(suspect)
        first, copies = claimed.pop(None, []), []
        for owner, several in claimed.items():
            if owner not in self.clean:
                best = max(several, key=lambda suspect: self._likeness(suspect, owner or ""))
                first.append(best)
                self._watch(best.typed, owner or "")
                several = [suspect for suspect in several if suspect is not best]
            copies += several
        for copy in copies:
            copy.owner = None
        self._put_keys(first)
        self._put_keys(copies)
        rows = [*sorted(first, key=_row), *sorted(copies, key=_row)]
        return [(suspect.line, suspect.typed) for suspect in rows]

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

    def _is_clean(self, suspect: Suspect, known: Mapping[str, Order]) -> bool:
        """Whether the row says what it was written with; what merely reads back otherwise is put as it was."""
        key, typed = suspect.key, suspect.typed
        order = known.get(key.number) if key is not None else None
        if key is None or order is None or order.undone:
            return False
        base = base_of(self.book, order, key)
        same = [self._as_written(name, typed, base) for name in self.layout.fields.values()]
        others = {header: said for header, said in (base.get("extra") or {}).items() if header in self._others()}
        extra = {header: said for header, said in typed.extra.items() if header != KEY_HEADER}
        moved = suspect.number != key.number and "number" in self.layout.fields.values()
        return all(same) and extra == others and not moved and key.number not in self.clean

    def _others(self) -> set[str]:
        return set(self.layout.extra.values())

    def _as_written(self, name: str, typed: TypedRow, base: Mapping[str, Any]) -> bool:
        if name in _NOT_COMPARED:
            return True
        unread = base.get("unread") or {}
        theirs, was = getattr(typed.row, name), base.get(name)
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

    def _watch(self, typed: TypedRow, number: str) -> None:
        """Note what people wrote into the columns that the desk fills in."""
        digest = self._computed.get(number)
        if not digest or not set(self.layout.fields.values()).issuperset(_COMPUTED):
            return
        said = [typed.computed.get(name, "") for name in _COMPUTED]
        if computed_digest(said) != digest:
            self.written_over.append((typed, _COMPUTED[0], "；".join(filter(None, said))))

    def _owner(self, suspect: Suspect) -> str | None:
        """The order that a row is: by its key, unless it says more of what the order of its number says."""
        by_key = suspect.key.number if suspect.key and suspect.key.number in self._known else None
        by_number = suspect.number if suspect.number in self._known else None
        if by_key is None or by_number is None or by_key == by_number:
            return by_key or by_number
        return max((by_key, by_number), key=lambda number: self._likeness(suspect, number))

    def _likeness(self, suspect: Suspect, number: str) -> tuple[int, int]:
        """How many cells of a row say what an order says; a higher row goes first where two say as much."""
        order, row = self._known[number].row, suspect.typed.row
        names = [name for name in self.layout.fields.values() if name not in _NOT_COMPARED]
        same = sum(getattr(row, name) == getattr(order, name) is not None for name in names)
        return same, -suspect.line.row

    def _put_keys(self, suspects: Iterable[Suspect]) -> None:
        """Let each row bear the key of its order and of no other; a row that is no order's bears none."""
        for suspect in suspects:
            extra = {header: said for header, said in suspect.typed.extra.items() if header != KEY_HEADER}
            number = suspect.owner
            if number is not None:
                revision = self._revisions.get(number, self._known[number].revision)
                extra[KEY_HEADER] = key_text(self.desk_id, number, revision)
            suspect.typed.extra = extra


def base_of(book: Book, order: Order, key: Key) -> Mapping[str, Any]:
    """What an order said at the revision of a key, by field."""
    if key.revision != order.revision:
        return history.as_of(book, key.number, key.revision)
    said = {name: getattr(order.row, name) for name in columns(Registration)}
    return {**said, "unread": order.unread, "extra": order.extra, "channel": order.channel}


def _number(typed: TypedRow) -> str | None:
    number = typed.row.number
    return number if number and is_desk_number(number) else None


def _minute(desk: Desk, moment: datetime) -> datetime:
    local = desk.local(desk.aware(moment)) or moment
    return local.replace(second=0, microsecond=0)


def _row(suspect: Suspect) -> int:
    return suspect.line.row
