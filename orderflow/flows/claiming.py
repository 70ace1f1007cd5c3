"""From typed rows to claims, column by column: which orders the rows of one sheet speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from orderflow import text
from orderflow.flows.claims import Claimed, purchases
from orderflow.flows.keys import KEY_HEADER, Key, read_key
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding, Place
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.rules.identity import fingerprints, identity, is_desk_number
from orderflow.sheets.typed import TypedColumns


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

    def claim(self, typed: TypedColumns) -> Claimed:
        """What some rows claim; what they leave to the desk is settled in `typed`: number, source, time of receipt."""
        keys, numbers, channels = self._keys(typed), self._numbers(typed), self._channels(typed)
        column = typed.column
        named = [channel or source for channel, source in zip(channels, column("source"), strict=True)]
        content = fingerprints(column, typed.unread, typed.extra)
        said = _received(typed)
        known = self._settle_receipt(typed, numbers)
        bought = column("external_number")
        sources = (source or "" for source in named)
        return Claimed(
            line=typed.lines,
            content=content,
            identity=list(map(identity, sources, bought, column("external_line"), column("product"), content)),
            desk_number=numbers,
            channel=channels,
            received=said,
            received_time_known=known,
            month=[_month((moment or self.now).year, (moment or self.now).month) for moment in column("received_at")],
            says_nothing=_say_nothing(typed),
            purchase=purchases(channels, column("source"), bought),
            key=keys,
            unread=typed.unread,
            extra=typed.extra,
            findings=self._findings(typed, keys),
        )

    def _keys(self, typed: TypedColumns) -> dict[int, Key]:
        """The keys in the hidden column of a workbook handed back, which is no column of the order."""
        written = {at: said[KEY_HEADER] for at, said in typed.extra.items() if KEY_HEADER in said}
        if written:
            rest = (
                (at, {name: text for name, text in said.items() if name != KEY_HEADER})
                for at, said in typed.extra.items()
            )
            typed.extra = {at: said for at, said in rest if said}
        keys = ((at, read_key(self.desk_id, text)) for at, text in written.items())
        return {at: key for at, key in keys if key is not None}

    def _numbers(self, typed: TypedColumns) -> Sequence[str | None]:
        """The desk numbers in the rows; any other text under 订单编号 is the source's own number."""
        written = typed.column("number")
        foreign = [at for at, text in enumerate(written) if text is not None and not is_desk_number(text)]
        typed.values.pop("number", None)
        if not foreign:
            return written
        self.noticed["number-read-as-external"] += len(foreign)
        numbers, bought = list(written), list(typed.column("external_number"))
        for at in foreign:
            bought[at], numbers[at] = bought[at] or numbers[at], None
        typed.values["external_number"] = bought
        return numbers

    def _channels(self, typed: TypedColumns) -> Sequence[str | None]:
        """The channels that the rows name; where they say no source, it is the one that the file is said to be of."""
        channels, sources = list(map(typed.channels.get, range(len(typed.lines)))), typed.column("source")
        if self.source is None:
            return channels
        silent = [
            at for at, source in enumerate(sources) if source is None and "source" not in typed.unread.get(at, ())
        ]
        settled = list(sources)
        for at in silent:
            settled[at], channels[at] = self.source, self.channel
        typed.values["source"] = settled
        return channels

    def _findings(self, typed: TypedColumns, keys: Mapping[int, Key]) -> dict[int, list[Finding]]:
        lines = typed.lines
        found = {at: [self._doubt(lines[at], doubt) for doubt in doubts] for at, doubts in typed.doubts.items()}
        for at in keys.keys() & typed.computed.keys():
            if written_over := _written_over(typed.computed[at]):
                found[at] = [*found.get(at, ()), *written_over]
        return found

    def _settle_receipt(self, typed: TypedColumns, numbers: Sequence[str | None]) -> list[bool]:
        """Settle when the orders were received; whether the time of day is known (PROCESS.md, "Response clocks")."""
        given, untimed = typed.column("received_at"), typed.untimed
        timed = [at not in untimed or "received_at" not in untimed[at] for at in range(len(given))]
        pairs = list(zip(given, timed, strict=True))
        said = {pair: self._receipt(*pair) for pair in set(pairs) if pair[0] is not None}
        receipts = [said.get(pair) or self._unsaid_receipt(number) for pair, number in zip(pairs, numbers, strict=True)]
        typed.values["received_at"] = [moment for moment, _ in receipts]
        known = [known for _, known in receipts]
        if unknown := known.count(False):
            self.noticed["received-time-unknown"] += unknown
        return known

    def _unsaid_receipt(self, desk_number: str | None) -> tuple[datetime | None, bool]:
        month_is_now = desk_number is None or desk_number[:6] == f"{self.now:%Y%m}"
        return (self.now, True) if month_is_now else (None, False)

    def _receipt(self, given: datetime, timed: bool) -> tuple[datetime, bool]:
        received = given if given.tzinfo else given.replace(tzinfo=self.now.tzinfo)
        if timed:
            return received, True
        if received.date() == self.now.date():
            return self.now, True
        return datetime.combine(received.date(), time(), self.now.tzinfo), False

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


def _received(typed: TypedColumns) -> Sequence[date | None]:
    """When the rows say that their orders were received: the day alone where they say no more."""
    said = typed.column("received_at")
    if not typed.untimed:
        return said
    days = {at for at, fields in typed.untimed.items() if "received_at" in fields}
    return [moment.date() if at in days and moment is not None else moment for at, moment in enumerate(said)]


def _say_nothing(typed: TypedColumns) -> list[bool]:
    """Neither customer nor contact nor product: not a row about an order (PROCESS.md, step 1)."""
    told_by = map(typed.column, ("customer", "product", "contact", "contact_person"))
    return [
        one is None and two is None and three is None and four is None
        for one, two, three, four in zip(*told_by, strict=True)
    ]


def _written_over(computed: Mapping[str, str]) -> list[Finding]:
    """What people wrote into the desk's own columns of a workbook handed back: 状态 and 异常说明."""
    own = (("state", _states), ("anomaly", _reasons))
    said = ((name, computed.get(name), known) for name, known in own)
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
