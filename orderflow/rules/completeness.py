"""信息不全: what an order must say and does not (the source document's step 1; PROCESS.md, step 1, "Missing").

A required cell that holds something unreadable has its own finding, an anomaly that says what stood there, so it is
not called missing once more. A column that the file does not have is said once for the column, beside its rows, which
are flagged all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from orderflow.records.finding import Finding
from orderflow.rules.facts import NOTHING, Facts, Yardstick, found

_REQUIRED = (
    ("customer", "missing-customer"),
    ("product", "missing-product"),
    ("quantity", "missing-quantity"),
    ("delivery_date", "missing-delivery-date"),
    ("payment", "missing-payment"),
)


def missing(facts: Facts, _: Yardstick) -> Iterable[Finding]:
    """Customer, contact (person or number), product, quantity, delivery date and payment status have to be there."""
    row, unread = facts.row, facts.unread
    if (
        row.customer is not None
        and row.product is not None
        and row.quantity is not None
        and row.delivery_date is not None
        and row.payment is not None
        and (row.contact is not None or row.contact_person is not None)
    ):
        return NOTHING
    findings = [
        finding
        for field, code in _REQUIRED
        if getattr(row, field) is None and field not in unread
        for finding in found(code, field)
    ]
    if row.contact is None and row.contact_person is None:  # neither column alone is required, so neither says it
        findings += found("missing-contact", "contact")
    return findings


def level_and_amount(facts: Facts, _: Yardstick) -> Iterable[Finding]:
    """Without a customer level or an amount the order cannot be judged later: worth saying now, not an anomaly."""
    row = facts.row
    findings: tuple[Finding, ...] = NOTHING
    if row.level is None and facts.known_level is None and "level" not in facts.unread:
        findings += found("missing-level", "level")
    if row.amount is None and not _priced(facts) and "amount" not in facts.unread:
        findings += found("missing-amount", "amount")
    return findings


def _priced(facts: Facts) -> bool:
    """Whether price × quantity can stand in for the amount."""
    return facts.product is not None and facts.product.price is not None and facts.row.quantity is not None
