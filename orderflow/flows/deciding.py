"""Which order is a row? The row's own content decides before any number written beside it (PROCESS.md, step 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderflow.flows.claims import Claim, Occurrence
from orderflow.ledger.lookup import Known
from orderflow.records.account import Outcome
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding
from orderflow.records.folding import bare

_MENDED = 60  # of 100: how much of a name or product stays when it is mended


@dataclass(slots=True)
class Seen:
    """The orders that one file has spoken of so far, by number or identity, and where it did first."""

    first: dict[str, Occurrence] = field(default_factory=dict)


@dataclass(slots=True)
class Ledgered:
    """The stored orders that a chunk of rows may be about."""

    numbers: Mapping[str, Known]
    identities: Mapping[str, Known]


def resolve(claim: Claim, stored: Ledgered) -> Known | None:
    """The stored order that the row is, or `None` for one not seen before; says where numbers and content disagree."""
    by_content = stored.identities.get(claim.identity)
    by_key = _living(stored.numbers.get(claim.key.number)) if claim.key else None
    written = stored.numbers.get(claim.desk_number) if claim.desk_number else None
    by_number = _living(written)
    if claim.desk_number and written is not None and by_number is None:
        _say(claim, "number-retired", claim.desk_number)
        claim.desk_number = None
    own = by_content or by_key
    if own is not None:
        _compare(claim, own, by_number)
        claim.desk_number = None
        return own
    if by_number is not None:
        if _speaks_of(claim, by_number):
            return by_number
        _say(claim, "number-of-another-order", by_number.number)
        claim.desk_number = None
    return None


def _living(known: Known | None) -> Known | None:
    return None if known is None or known.undone else known


def _compare(claim: Claim, own: Known, by_number: Known | None) -> None:
    """The number written against the order that the row's content (or hidden key) belongs to."""
    if claim.desk_number is None:
        if claim.key is not None:
            _say(claim, "number-removed", own.number)
    elif claim.desk_number != own.number:
        _say(claim, "number-swapped" if by_number is not None else "number-changed", own.number)


def _speaks_of(claim: Claim, known: Known) -> bool:
    """Whether a row that bears a known number can be that order: its own number fits, else customer and product."""
    row = claim.row
    if row.external_number and known.external_number:
        return row.external_number == known.external_number
    return _alike(row.customer, known.customer) and _alike(row.product, known.product)


def _alike(one: str | None, other: str | None) -> bool:
    """Whether one can be the other, misspelt or mended; what is not said contradicts nothing."""
    if one is None or other is None or bare(one) == bare(other):
        return True
    from rapidfuzz.fuzz import ratio

    return ratio(bare(one), bare(other)) >= _MENDED


def _say(claim: Claim, code: str, number: str) -> None:
    severity = CATALOGUE[code].severity_in(False)
    claim.findings.append(Finding(code, severity, "number", claim.desk_number, {"number": number}))


def first_outcome(claim: Claim, known: Known | None, seen: Seen) -> tuple[Outcome | None, Occurrence | None]:
    """What can be told without looking closer: rejected, or a second occurrence within the file (with the first)."""
    if claim.says_nothing:
        return Outcome.REJECTED, None
    key = known.number if known is not None else claim.desk_number or claim.identity
    first = seen.first.get(key)
    if first is not None:
        return Outcome.DUPLICATE, first
    claim.occurrence = seen.first[key] = Occurrence(claim.line, claim.content, known.number if known else None)
    return None, None
