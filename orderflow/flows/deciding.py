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
from orderflow.records.registration import Registration

_MENDED = 60  # of 100: how much of a name or product stays when it is mended
_SLIP = 85  # of 100: how much of a name stays where it is typed twice in one file


@dataclass(slots=True)
class Seen:
    """The orders that one file has spoken of so far, by number or identity, and where it did first.

    `bearers` are the new orders of the rows at hand that bear a number: the ledger does not know them yet. `is_all`
    where the ledger had no order before the file, so that it has spoken of all there are.
    """

    is_all: bool = False
    first: dict[str, Occurrence] = field(default_factory=dict)
    bearers: dict[str, Registration] = field(default_factory=dict)


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
    own = by_content or (by_key if by_key is not None and _may_be(claim, by_key) else None)
    if by_number is not None and by_number.identity == claim.identity:
        return by_number
    if own is not None:
        _compare(claim, own, by_number)
        claim.desk_number = None
        return own
    if by_number is not None:
        other = None if _is_exactly(claim, by_number) else _said_to_be(claim, stored)
        if other is not None:
            _compare(claim, other, by_number)
            claim.desk_number = None
            return other
        if _speaks_of(claim, by_number):
            return by_number
        _say(claim, "number-of-another-order", by_number.number, "other")
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


def _is_exactly(claim: Claim, known: Known) -> bool:
    return (bare(claim.row.customer or ""), bare(claim.row.product or "")) == (
        bare(known.customer or ""),
        bare(known.product or ""),
    )


def _said_to_be(claim: Claim, stored: Ledgered) -> Known | None:
    """The one order, of those whose numbers stand in the rows around, that has exactly the row's customer and product.

    Two firms' names may differ in one character, as a name and its slip do: numbers swapped are not a name mended.
    """
    alike = [known for known in stored.numbers.values() if _living(known) and _is_exactly(claim, known)]
    return alike[0] if len(alike) == 1 else None


def _speaks_of(claim: Claim, known: Known) -> bool:
    """Whether a row that bears a known number can be that order: its own number fits, else customer and product."""
    row = claim.row
    if row.external_number and known.external_number:
        return row.external_number == known.external_number
    return _alike(row.customer, known.customer) and _alike(row.product, known.product)


def _may_be(claim: Claim, known: Known) -> bool:
    """Whether a row that bears an order's hidden key can still be it: not where another was written over the copy."""
    return _alike(claim.row.customer, known.customer) or _alike(claim.row.product, known.product)


def _alike(one: str | None, other: str | None, least: int = _MENDED) -> bool:
    """Whether one can be the other, misspelt or mended; what is not said contradicts nothing."""
    if one is None or other is None or bare(one) == bare(other):
        return True
    from rapidfuzz.fuzz import ratio

    return ratio(bare(one), bare(other)) >= least


def _say(claim: Claim, code: str, number: str, param: str = "number") -> None:
    severity = CATALOGUE[code].severity_in(False)
    claim.findings.append(Finding(code, severity, "number", claim.desk_number, {param: number}))


def reserve(claim: Claim, known: Known, seen: Seen) -> None:
    """A row just as it was handed back is the order, also where a copy of it with other words stands above."""
    if claim.key is not None and claim.content == known.fingerprint and known.number not in seen.first:
        claim.occurrence = seen.first[known.number] = _occurrence(claim, known)


def _occurrence(claim: Claim, known: Known | None) -> Occurrence:
    number, was = (known.number, known.fingerprint) if known is not None else (claim.desk_number, None)
    return Occurrence(claim.line, claim.content, number, was)


def first_outcome(claim: Claim, known: Known | None, seen: Seen) -> tuple[Outcome | None, Occurrence | None]:
    """What can be told without looking closer: rejected, or a second occurrence within the file (with the first)."""
    if claim.says_nothing:
        return Outcome.REJECTED, None
    if claim.occurrence is not None:
        return None, None
    first = _first_new(claim, seen) if known is None else _first_known(known, seen)
    if first is not None:
        return Outcome.DUPLICATE, first
    claim.occurrence = _occurrence(claim, known)
    if known is not None:
        seen.first[known.number] = claim.occurrence
        return None, None
    seen.first.setdefault(claim.identity, claim.occurrence)
    if claim.desk_number is not None:
        seen.first[claim.desk_number] = claim.occurrence
        seen.bearers[claim.desk_number] = claim.row
    return None, None


def _first_known(known: Known, seen: Seen) -> Occurrence | None:
    return seen.first.get(known.number) or seen.first.get(known.identity)


def _first_new(claim: Claim, seen: Seen) -> Occurrence | None:
    """The row above that speaks of the same new order: by the number that both bear, else by what both say."""
    if claim.desk_number is None:
        return seen.first.get(claim.identity)
    first = seen.first.get(claim.desk_number)
    if first is None:
        alike = seen.first.get(claim.identity)
        return alike if alike is not None and alike.number is None else None
    bearer = seen.bearers.get(claim.desk_number)
    if bearer is None or _is_one_order(claim.row, bearer):
        return first
    _say(claim, "number-of-another-order", claim.desk_number, "other")
    claim.desk_number = None
    return seen.first.get(claim.identity)


def _is_one_order(row: Registration, other: Registration) -> bool:
    """Whether two rows of one file that bear one new number are one order; one clerk typed both, so slips are small."""
    if row.external_number and other.external_number:
        return row.external_number == other.external_number
    return bare(row.product or "") == bare(other.product or "") and _alike(row.customer, other.customer, _SLIP)
