"""The life of a case (首问负责; PROCESS.md, step 5): opened, joined, handed over, closed, opened again by its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from orderflow.records.feedback import Amount, Case
from orderflow.rules.identity import is_same_person


def opened(
    had: Case | None, number: str, at: datetime, causes: Sequence[str], owner: str | None, proposed: Amount | None
) -> Case:
    """The case of an order that its customer complains of at `at`.

    A complaint while the case is open joins it. One after it was closed opens it again: it goes back to its owner, and
    what was agreed before is agreed no longer. One that only comes to be known after the customer was satisfied, and
    was made before, opens nothing.
    """
    if had is None:
        return Case(number, at, list(causes), owner, proposed=proposed)
    if had.is_open:
        joined = list(dict.fromkeys((*had.causes, *causes)))
        return replace(had, causes=joined, owner=had.owner or owner, proposed=had.proposed or proposed)
    if had.closed_at is not None and at < had.closed_at:
        return had
    return replace(
        had,
        opened_at=at,
        causes=list(causes),
        owner=had.owner or owner,
        offered_by=None,
        offer_reason=None,
        proposed=proposed,
        remedies={},
        closed_at=None,
    )


def offered(case: Case, by: str, reason: str) -> Case:
    """The owner wants to hand the case over; it stays theirs until somebody accepts it."""
    return replace(case, offered_by=by, offer_reason=reason)


def accepted(case: Case, by: str) -> Case:
    """Somebody accepts a case that is offered, and owns it from now on."""
    return replace(case, owner=by, offered_by=None, offer_reason=None)


def helped(case: Case, by: str) -> Case:
    """Somebody helps; the owner stays the owner."""
    known = any(is_same_person(by, one) for one in (*case.helpers, case.owner))
    return case if known else replace(case, helpers=[*case.helpers, by])


def agreed(case: Case, remedies: dict[str, Decimal | None]) -> Case:
    """What is done for the customer; an amount stays as it was where none is said now."""
    return replace(case, remedies={name: amount or case.remedies.get(name) for name, amount in remedies.items()})


def satisfied(case: Case, at: datetime) -> Case:
    """The customer is recorded as satisfied: nothing else closes a case."""
    return replace(case, offered_by=None, offer_reason=None, closed_at=at)
