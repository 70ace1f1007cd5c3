"""需求冲突: what contradicts itself or the stock (the source document's step 1; PROCESS.md, step 1, "Conflict")."""

from __future__ import annotations

from collections.abc import Iterable

from orderflow.records.choices import Payment
from orderflow.records.finding import Finding
from orderflow.records.folding import fold
from orderflow.rules.facts import NOTHING, Facts, Yardstick, found

_SETTLED = (Payment.PAID, Payment.PREPAID)


def over_stock_unpaid(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """More than the stock, and neither paid nor a prepayment noted; without a stock figure it cannot be checked."""
    row = facts.row
    if row.quantity is None or row.payment in _SETTLED:
        return NOTHING
    if row.remark is not None and words.prepaid.first_in(row.remark):
        return NOTHING
    product = facts.product
    if product is None or product.stock is None:
        return found("stock-unknown", "quantity", row.quantity) if row.product is not None else NOTHING
    if row.quantity <= product.stock:
        return NOTHING
    unit = row.unit or product.unit or ""
    return found("over-stock-unpaid", "quantity", row.quantity, quantity=row.quantity, stock=product.stock, unit=unit)


def delivery_before_receipt(facts: Facts, _: Yardstick) -> Iterable[Finding]:
    """An order cannot be due before the day it came in."""
    due, received = facts.row.delivery_date, facts.received
    if due is None or received is None or due >= received:
        return NOTHING
    return found("delivery-before-receipt", "delivery_date", due, date=due.isoformat(), received=received.isoformat())


def quantity_not_positive(facts: Facts, _: Yardstick) -> Iterable[Finding]:
    """A quantity is above zero."""
    quantity = facts.row.quantity
    return NOTHING if quantity is None or quantity > 0 else found("quantity-not-positive", "quantity", quantity)


def unit_mismatch(facts: Facts, _: Yardstick) -> Iterable[Finding]:
    """The unit written is the unit the product is sold in."""
    unit, product = facts.row.unit, facts.product
    if unit is None or product is None or product.unit is None or fold(unit) == fold(product.unit):
        return NOTHING
    return found("unit-mismatch", "quantity", unit, unit=unit, expected=product.unit)


def amount_implausible(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """An amount of 1000 万 and more is likely one of 元 under a header of 万元."""
    amount = facts.row.amount
    if amount is None or amount < words.implausible_amount:
        return NOTHING
    return found("amount-implausible", "amount", amount, amount=amount, limit=words.implausible_amount)
