"""Claims made together, and what the ledger would be told of them: made before anybody knows which of them are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple

from orderflow.flows.checking import Checking, parted
from orderflow.flows.claiming import Claiming
from orderflow.flows.claims import Checked, Claim, Claimed, Second, claims_of
from orderflow.ledger.told import Columns, Told, read_column, row_columns, told
from orderflow.ledger.values import seconds
from orderflow.records.finding import Finding
from orderflow.records.registration import Registration
from orderflow.rules.duplicate import LIKENED, Portrait, twin_keys
from orderflow.rules.identity import is_same_person
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.typed import NOTHING, TypedColumns

_COMPARED = ("customer", "contact", "product", "channel", "source", "external_number", "received_at")


class Made(NamedTuple):
    """What is made of lines, by column: what they claim, what the checks found, what the ledger is to be `told`.

    `rows` are what the lines say.
    """

    claimed: Claimed
    checked: Checked
    told: Told
    rows: Sequence[Registration]


@dataclass(slots=True)
class Batch:
    """Some claims, checked, and what the ledger is `told` of them as new orders.

    `noted` is what the checks found that is only worth a count, by the claim's place.
    """

    claims: list[Claim]
    told: Told
    noted: Mapping[int, Sequence[str]]

    def portraits(self, places: Sequence[int], numbers: Iterable[str]) -> list[Portrait]:
        """The portraits of the claims at these places, which are to bear these numbers."""
        told, nothing = self.told.columns, [None] * len(self.claims)
        quantities, dates = (read_column(name, told.get(name, nothing)) for name in ("quantity", "delivery_date"))
        columns = _compared(told, quantities, dates)
        if len(places) < len(self.claims):
            columns = [[column[at] for at in places] for column in columns]
        return list(map(Portrait, numbers, *columns))


def batch_of(made: Made, lines: Stretch) -> Batch:
    """The batch of these lines, of which that was made."""
    return Batch(claims_of(made.claimed, made.checked, lines, made.rows), made.told, made.checked.noted)


def made_of(typed: TypedColumns, claiming: Claiming, checking: Checking, enterer: str) -> Made:
    """Claim and check typed rows, and make ready what is told of them; `enterer` entered those that name nobody."""
    claimed = claiming.claim(typed)
    rows: list[Registration] = typed.rows(Registration)
    second = _seconds(typed, enterer, claiming.now, checking.zone)
    fields = row_columns(typed.column, _settled(typed, second, enterer))
    beside = {
        "channel": claimed.channel,
        "identity": claimed.identity,
        "fingerprint": claimed.content,
        "sheet_row": claimed.line,
    }
    keys = list(map(twin_keys, *map(typed.column, LIKENED)))
    new = told(
        fields | beside | {"twin_a": [key for key, _ in keys], "twin_b": [key for _, key in keys]},
        claimed.unread,
        claimed.extra,
        claimed.received_time_known,
    )
    return Made(claimed, _checked(rows, claimed.unread, checking, second), new, rows)


def _checked(
    rows: Sequence[Registration],
    unread: Mapping[int, Mapping[str, str]],
    checking: Checking,
    second: Mapping[int, Second],
) -> Checked:
    found, noted = dict[int, Sequence[Finding]](), dict[int, Sequence[str]]()
    for at, row in enumerate(rows):
        if several := checking.findings(row, unread.get(at, NOTHING)):
            grave, notes = parted(several)
            if grave:
                found[at] = grave
            if notes:
                noted[at] = notes
    remarks = ((at, row.remark) for at, row in enumerate(rows) if row.remark is not None)
    originals = ((at, checking.originals(remark)) for at, remark in remarks)
    return Checked(
        found,
        noted,
        {at: numbers for at, numbers in originals if numbers},
        second,
    )


def _seconds(typed: TypedColumns, enterer: str, now: datetime, zone: tzinfo) -> dict[int, Second]:
    """The second persons whom rows name as having checked them: never who entered them."""
    if "checked_by" not in typed.values:
        return {}
    named = zip(typed.column("checked_by"), typed.column("checked_at"), typed.column("entered_by"), strict=True)
    return {
        at: _second(name, moment or now, entered_by or enterer, zone)
        for at, (name, moment, entered_by) in enumerate(named)
        if name is not None
    }


def _second(name: str, at: datetime, entered_by: str, zone: tzinfo) -> Second:
    return Second(name, at if at.tzinfo is not None else at.replace(tzinfo=zone), is_same_person(name, entered_by))


def _settled(typed: TypedColumns, second: Mapping[int, Second], enterer: str) -> Columns:
    """Who entered each order, and the checks that count."""
    counting = {at: one for at, one in second.items() if not one.refused}
    places = range(len(typed.lines))
    return {
        "entered_by": [name or enterer for name in typed.column("entered_by")],
        "checked_by": [counting[at].name if at in counting else None for at in places],
        "checked_at": [seconds(counting[at].at) if at in counting else None for at in places],
    }


def _compared(told: Columns, quantities: Sequence[Decimal | None], dates: Sequence[date | None]) -> list[Sequence[Any]]:
    """The columns of portraits, without the number."""
    nothing: Sequence[Any] = [None] * len(quantities)
    customer, contact, product, channel, source, number, received = (told.get(name, nothing) for name in _COMPARED)
    channels = [named or kind for named, kind in zip(channel, source, strict=True)]
    return [customer, contact, product, quantities, dates, channels, number, [moment or 0 for moment in received]]
