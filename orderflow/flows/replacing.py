"""Replacement orders (补单) are linked to the order whose goods they replace, by its number in their remark."""

from __future__ import annotations

from collections.abc import Sequence

from orderflow.flows.claims import Claim
from orderflow.flows.registering import Registrar
from orderflow.ledger import attached, feedback, lookup, orders
from orderflow.ledger.attached import Edit
from orderflow.records.account import Outcome
from orderflow.records.finding import Finding, Severity

LINKED = "linked"
"""The kind of the change that links an order to its original, or parts them."""
_MOVED = (Outcome.NEW, Outcome.FLAGGED, Outcome.UPDATED)


def link_replacements(registrar: Registrar, claims: Sequence[Claim]) -> None:
    """Link the orders of these rows, as their remarks stand in the ledger now.

    A remark that names no order, or several, links to none; a number that no order has is said.
    """
    run = registrar.run
    moved = {claim.number: claim for claim in claims if claim.outcome in _MOVED and claim.number}
    linked = feedback.original_of(run, [n for n, claim in moved.items() if claim.outcome is Outcome.UPDATED])
    meant = [number for number, claim in moved.items() if number in linked or claim.originals]
    if not meant:
        return
    named = {
        order.row.number or "": registrar.checking.originals(order.row.remark) for order in orders.load(run, meant)
    }
    known = lookup.by_number(run, {number for numbers in named.values() for number in numbers})
    edits = []
    for number, numbers in named.items():
        originals = [one for one in numbers if one in known and not known[one].undone and one != number]
        moved[number].findings += [_unknown(one) for one in numbers if one not in known]
        original = originals[0] if len(originals) == 1 else None
        if original != linked.get(number):
            edits.append(Edit(number, LINKED, registrar.desk.now, [feedback.replacement_row(original)]))
    attached.change(run, edits)


def _unknown(number: str) -> Finding:
    return Finding("original-unknown", Severity.WARNING, "remark", number, {"original": number})
