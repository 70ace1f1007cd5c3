"""A row on its way into the ledger: what it says, and which order it claims to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from orderflow import text
from orderflow.flows.keys import KEY_HEADER, Key, read_key
from orderflow.records.account import Outcome
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding, Place
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.rules.identity import fingerprint, identity, is_desk_number
from orderflow.sheets.book import Cell, Line
from orderflow.sheets.layout import Value
from orderflow.sheets.typed import TypedRow


@dataclass(slots=True)
class Occurrence:
    """Where a file first spoke of an order, and what it said there.

    With the order's number once it has one, and what files had said of it before (`was`, a fingerprint too).
    """

    line: int
    content: str
    number: str | None
    was: str | None = None


class Second(NamedTuple):
    """Whom a row names as having checked it, and when; `refused` where that is who entered it (双人核对)."""

    name: str
    at: datetime
    refused: bool


@dataclass(slots=True)
class Claim:
    """One row read. `content` is the digest of what it says, `identity` the key of the order it speaks of.

    What it says stands in `rows`, in the place `at`: those of another process are unpacked only where one is asked for.
    `desk_number` stands in the number's cell, `key` in the hidden column of a workbook handed back. `received` is the
    time of receipt as the row says it, the day alone where it says no more; `month` is the one that a new number is
    given for. `checked` is what the checks find, `originals` the orders whose goods it replaces, `purchase` the source
    and its number. What becomes of the row is filled in on the way: `outcome`, the `number` of the order it turned out
    to be, the cells where the order's own value is `standing`.
    """

    line: int
    cells: Sequence[Cell]
    rows: Sequence[Registration] = field(compare=False)
    at: int = field(compare=False)
    content: str
    identity: str
    desk_number: str | None
    key: Key | None
    channel: str | None
    received: date | None
    received_time_known: bool
    unread: dict[str, str]
    extra: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    month: str = ""
    says_nothing: bool = False
    purchase: tuple[str | None, str] | None = None
    checked: Sequence[Finding] = ()
    originals: Sequence[str] = ()
    second: Second | None = None
    outcome: Outcome | None = None
    number: str | None = None
    twin: str | None = None
    state: str | None = None
    revision: int = 1
    occurrence: Occurrence | None = None
    standing: Mapping[str, Value] = field(default_factory=dict)

    @property
    def row(self) -> Registration:
        """What the row says."""
        return self.rows[self.at]


@dataclass(frozen=True, slots=True)
class Claiming:
    """How the rows of one sheet become claims: the file's place, the run's time, and what was said for the file."""

    file: str
    sheet: str | None
    now: datetime
    desk_id: str
    source: str | None
    channel: str | None
    noticed: Counter[str]

    def claim(self, line: Line, typed: TypedRow) -> Claim:
        """Make the claim of one row."""
        row: Registration = typed.row
        extra = dict(typed.extra) if typed.extra else {}
        key = read_key(self.desk_id, extra.pop(KEY_HEADER, None)) if extra else None
        desk_number = self._number(row)
        channel = typed.channel
        if row.source is None and "source" not in typed.unread and self.source is not None:
            row.source, channel = self.source, self.channel
        content = fingerprint(row, typed.unread, extra)
        said = row.received_at
        known = self._receive(row, typed, desk_number)
        number, at = row.external_number, row.received_at or self.now
        return Claim(
            line=typed.line,
            cells=line.cells,
            rows=(row,),
            at=0,
            content=content,
            identity=identity(row, channel, content),
            desk_number=desk_number,
            key=key,
            channel=channel,
            received=said if said is None or typed.received_time_known else said.date(),
            received_time_known=known,
            unread=dict(typed.unread) if typed.unread else {},
            extra=extra,
            findings=self._findings(typed, key),
            month=_month(at.year, at.month),
            says_nothing=_says_nothing(row),
            purchase=(channel or row.source, number) if number is not None else None,
        )

    def _findings(self, typed: TypedRow, key: Key | None) -> list[Finding]:
        found = [self._doubt(typed.line, doubt) for doubt in typed.doubts] if typed.doubts else []
        return found + _written_over(typed) if key is not None and typed.computed else found

    def _number(self, row: Registration) -> str | None:
        """The desk number in the row; any other text under 订单编号 is the source's own number."""
        written, row.number = row.number, None
        if written is None or is_desk_number(written):
            return written
        self.noticed["number-read-as-external"] += 1
        if row.external_number is None:
            row.external_number = written
        return None

    def _receive(self, row: Registration, typed: TypedRow, desk_number: str | None) -> bool:
        """Settle when the order was received; whether the time of day is known (PROCESS.md, "Response clocks")."""
        given = row.received_at
        if given is None:
            month_is_now = desk_number is None or desk_number[:6] == f"{self.now:%Y%m}"
            row.received_at = self.now if month_is_now else None
            if not month_is_now:
                self.noticed["received-time-unknown"] += 1
            return month_is_now
        row.received_at = given if given.tzinfo else given.replace(tzinfo=self.now.tzinfo)
        if typed.received_time_known:
            return True
        if row.received_at.date() == self.now.date():
            row.received_at = self.now
            return True
        row.received_at = datetime.combine(row.received_at.date(), time(), self.now.tzinfo)
        self.noticed["received-time-unknown"] += 1
        return False

    def _doubt(self, line: int, doubt: Any) -> Finding:
        column = columns(Registration)[doubt.field]
        return Finding(
            code=doubt.code,
            severity=CATALOGUE[doubt.code].severity_in(column.required),
            field=doubt.field,
            value=doubt.text,
            params=dict(doubt.params),
            place=self.place(line, doubt.column),
        )

    def place(self, line: int | None, column: int | None) -> Place:
        """A cell of this sheet."""
        return Place(self.file, self.sheet, line, column)


@cache
def _month(year: int, month: int) -> str:
    return f"{year:04}{month:02}"


def _says_nothing(row: Registration) -> bool:
    """Neither customer nor contact nor product: not a row about an order (PROCESS.md, step 1)."""
    return row.customer is None and row.contact is None and row.contact_person is None and row.product is None


def _written_over(typed: TypedRow) -> list[Finding]:
    """What people wrote into the desk's own columns of a workbook handed back: 状态 and 异常说明."""
    own = (("state", _states), ("anomaly", _reasons))
    said = ((name, typed.computed.get(name), known) for name, known in own)
    return [
        Finding("computed-cell-changed", CATALOGUE["computed-cell-changed"].severity_in(False), name, written)
        for name, written, known in said
        if written is not None and not known().issuperset(part.strip() for part in written.split("；"))
    ]


@cache
def _states() -> frozenset[str]:
    """Every word for a state, in all languages: what the desk itself may have written, however long ago."""
    return frozenset(word for lang in text.LANGUAGES for word in text.domain(lang, "messages")["states"].values())


@cache
def _reasons() -> frozenset[str]:
    """The title of every finding, in all languages."""
    return frozenset(f["title"] for lang in text.LANGUAGES for f in text.domain(lang, "findings").values())
