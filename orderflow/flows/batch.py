"""Claims made together, and what the ledger would be told of them: made before anybody knows which of them are new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import repeat
from operator import attrgetter
from typing import Any

from orderflow.flows.checking import Checking
from orderflow.flows.claims import Claim, Second
from orderflow.ledger.told import Columns, Told, row_columns, told
from orderflow.ledger.values import seconds
from orderflow.records.registration import Registration
from orderflow.rules.duplicate import Portrait, twin_keys
from orderflow.rules.identity import is_same_person

_COMPARED = ("customer", "contact", "product", "channel", "source", "external_number", "received_at")
_BESIDE = {"channel": "channel", "identity": "identity", "fingerprint": "content", "sheet_row": "line"}


@dataclass(slots=True)
class Batch:
    """Some claims, checked, and what the ledger is `told` of them as new orders, with two of its columns as read."""

    claims: list[Claim]
    told: Told
    quantities: Sequence[Decimal | None]
    dates: Sequence[date | None]

    def portraits(self, places: Sequence[int], numbers: Iterable[str]) -> list[Portrait]:
        """The portraits of the claims at these places, which are to bear these numbers."""
        columns = _compared(self.told.columns, self.quantities, self.dates)
        if len(places) < len(self.claims):
            columns = [[column[at] for at in places] for column in columns]
        return list(map(Portrait, numbers, *columns))


def batch_of(claims: list[Claim], checking: Checking, enterer: str, now: datetime) -> Batch:
    """Check claims, and make ready what is told of them; `enterer` entered those that do not name who did, `now`."""
    rows = [claim.row for claim in claims]
    for claim, row in zip(claims, rows, strict=True):
        claim.checked = checking.findings(row, claim.unread)
        if row.remark is not None:
            claim.originals = checking.originals(row.remark)
        if row.checked_by is not None:
            claim.second = _second(row, enterer, now, checking.zone)
    fields = row_columns(rows, _settled(rows, claims, enterer))
    beside = {name: list(map(attrgetter(said), claims)) for name, said in _BESIDE.items()}
    quantities, dates = [row.quantity for row in rows], [row.delivery_date for row in rows]
    twin_a, twin_b = _twin_keys(_compared(fields | beside, quantities, dates), len(claims))
    unread, extra = [claim.unread for claim in claims], [claim.extra for claim in claims]
    known = [claim.received_time_known for claim in claims]
    new = told(fields, beside | {"twin_a": twin_a, "twin_b": twin_b}, unread, extra, known)
    return Batch(claims, new, quantities, dates)


def _second(row: Registration, enterer: str, now: datetime, zone: tzinfo) -> Second:
    """The second person whom a row names as having checked it: never who entered it."""
    name, at = row.checked_by or "", row.checked_at or now
    refused = is_same_person(name, row.entered_by or enterer)
    return Second(name, at if at.tzinfo is not None else at.replace(tzinfo=zone), refused)


def _settled(rows: Sequence[Registration], claims: Sequence[Claim], enterer: str) -> Columns:
    """Who entered each order, and the checks that count."""
    checks = [claim.second if claim.second is not None and not claim.second.refused else None for claim in claims]
    return {
        "entered_by": [row.entered_by or enterer for row in rows],
        "checked_by": [check.name if check is not None else None for check in checks],
        "checked_at": [seconds(check.at) if check is not None else None for check in checks],
    }


def _compared(told: Columns, quantities: Sequence[Decimal | None], dates: Sequence[date | None]) -> list[Sequence[Any]]:
    """The columns of portraits, without the number."""
    nothing: Sequence[Any] = [None] * len(quantities)
    customer, contact, product, channel, source, number, received = (told.get(name, nothing) for name in _COMPARED)
    channels = [named or kind for named, kind in zip(channel, source, strict=True)]
    return [customer, contact, product, quantities, dates, channels, number, [moment or 0 for moment in received]]


def _twin_keys(compared: Sequence[Sequence[Any]], count: int) -> tuple[Sequence[str | None], Sequence[str | None]]:
    keys = [twin_keys(portrait) for portrait in map(Portrait, repeat("", count), *compared)]
    return [key for key, _ in keys], [key for _, key in keys]
