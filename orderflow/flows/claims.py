"""A row on its way into the ledger: what it says, and which order it claims to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import repeat
from typing import Any, NamedTuple

from orderflow.flows.keys import Key
from orderflow.records.account import Outcome
from orderflow.records.finding import Finding
from orderflow.records.registration import Registration
from orderflow.sheets.layout import Value
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.typed import NOTHING
from orderflow.sheets.values import Cell


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

    What was typed stands in `lines` and what it says in `rows`, both in the place `at`: those of another process are
    unpacked only where one is asked for.
    `desk_number` stands in the number's cell, `key` in the hidden column of a workbook handed back. `received` is the
    time of receipt as the row says it, the day alone where it says no more; `month` is the one that a new number is
    given for. `checked` is what the checks find, `originals` the orders whose goods it replaces, `purchase` the source
    and its number. What becomes of the row is filled in on the way: `outcome`, the `number` of the order it turned out
    to be, the cells where the order's own value is `standing`.
    """

    lines: Stretch = field(compare=False)
    rows: Sequence[Registration] = field(compare=False)
    at: int = field(compare=False)
    line: int
    content: str
    identity: str
    desk_number: str | None
    channel: str | None
    received: date | None
    received_time_known: bool
    month: str = ""
    says_nothing: bool = False
    purchase: tuple[str | None, str] | None = None
    key: Key | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
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

    @property
    def cells(self) -> list[Cell]:
        """What was typed."""
        return self.lines.cells(self.at)


class Claimed(NamedTuple):
    """What lines claim, by column, as `Claim` names it; what few of them have stands by their place, from 0."""

    line: Sequence[int]
    content: Sequence[str]
    identity: Sequence[str]
    desk_number: Sequence[str | None]
    channel: Sequence[str | None]
    received: Sequence[date | None]
    received_time_known: Sequence[bool]
    month: Sequence[str]
    says_nothing: Sequence[bool]
    purchase: Sequence[tuple[str | None, str] | None]
    key: Mapping[int, Key]
    unread: Mapping[int, Mapping[str, str]]
    extra: Mapping[int, Mapping[str, str]]
    findings: Mapping[int, list[Finding]]


class Checked(NamedTuple):
    """What the checks found of lines, by their place, from 0; the second persons whom they name; what they replace.

    What is only worth a count stands apart, by its code: many rows have it, and it need not cross as findings.
    """

    found: Mapping[int, Sequence[Finding]]
    noted: Mapping[int, Sequence[str]]
    originals: Mapping[int, Sequence[str]]
    second: Mapping[int, Second]


def purchases(
    channels: Iterable[str | None], sources: Iterable[str | None], numbers: Iterable[str | None]
) -> list[tuple[str | None, str] | None]:
    """What lines bought together are known by: where, and under which number; the channel says more than the source."""
    bought = zip(channels, sources, numbers, strict=True)
    return [None if number is None else (channel or source, number) for channel, source, number in bought]


_DENSE = Claimed._fields.index("key")


def claims_of(claimed: Claimed, checked: Checked, lines: Stretch, rows: Sequence[Registration]) -> list[Claim]:
    """What is claimed and was found of some lines, line by line."""
    places = range(len(claimed.line))
    findings = [claimed.findings.get(at) or [] for at in places]
    return list(
        map(
            Claim,
            repeat(lines),
            repeat(rows),
            places,
            *claimed[:_DENSE],
            _at(places, claimed.key, None),
            _at(places, claimed.unread, NOTHING),
            _at(places, claimed.extra, NOTHING),
            findings,
            _at(places, checked.found, ()),
            _at(places, checked.originals, ()),
            _at(places, checked.second, None),
        )
    )


def _at(places: range, found: Mapping[int, Any], nothing: Any) -> Iterator[Any]:
    return map(found.get, places, repeat(nothing))
