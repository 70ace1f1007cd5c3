"""疑似重复: two registrations that may be one order (PROCESS.md, step 1, "Suspected twins").

Candidates share a model and the end of a phone number, or a model, quantity, date and the start of a name; a score
over five features, each explained, decides. Nothing is merged by it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from orderflow.records.folding import bare, model_key
from orderflow.settings import Twins

_FIRM_WORDS = re.compile(r"股份有限公司|有限责任公司|有限公司|公司|集团|股份|有限|\b(?:co|ltd|inc|llc)\b")
_MASK = re.compile(r"[*＊xX]")
_DIGITS = re.compile(r"[^0-9*]")


class Portrait(NamedTuple):
    """What of an order is compared with another."""

    number: str
    customer: str | None
    contact: str | None
    product: str | None
    quantity: Decimal | None
    delivery_date: date | None
    channel: str | None
    external_number: str | None
    received: int  # seconds since 1970, UTC


class Likeness(NamedTuple):
    """How alike two orders are: a score from 0 to 1, and the points of each feature that could be compared."""

    score: float
    points: dict[str, tuple[float, int]]


def twin_keys(portrait: Portrait) -> tuple[str | None, str | None]:
    """The two keys that candidates share; `None` where the row says too little."""
    if portrait.product is None:
        return None, None
    model = _short(model_key(portrait.product))
    phone, name = phone_digits(portrait.contact), name_core(portrait.customer)
    by_phone = f"{model}{phone[-4:]}" if phone is not None and phone[-4:].isdigit() else None
    known = portrait.quantity is not None and portrait.delivery_date is not None and name
    by_name = f"{model}{portrait.quantity:f}|{portrait.delivery_date}|{name[:2]}" if known else None
    return by_phone, by_name


def comparable(one: Portrait, other: Portrait, rules: Twins) -> bool:
    """Whether the two may be twins at all: other channels, or a source number missing, and received days apart."""
    if abs(one.received - other.received) > rules.days * 86_400:
        return False
    if one.external_number is None or other.external_number is None:
        return True
    return one.channel != other.channel


def likeness(one: Portrait, other: Portrait, rules: Twins) -> Likeness:
    """Compare feature by feature; what either side does not say is left out of the score."""
    compared = {
        "phone": (_phone_likeness(one.contact, other.contact), rules.phone),
        "name": (_name_likeness(one.customer, other.customer), rules.name),
        "product": (_product_likeness(one.product, other.product), rules.product),
        "quantity": (_equal(one.quantity, other.quantity), rules.quantity),
        "date": (_date_likeness(one.delivery_date, other.delivery_date), rules.date),
    }
    known = {feature: (share, weight) for feature, (share, weight) in compared.items() if share is not None}
    whole = sum(weight for _, weight in known.values())
    if not whole or not {"phone", "name"} & known.keys():
        return Likeness(0.0, {})
    score = sum(share * weight for share, weight in known.values()) / whole
    return Likeness(round(score, 4), {f: (round(share * weight, 1), weight) for f, (share, weight) in known.items()})


@lru_cache(maxsize=65_536)
def name_core(customer: str | None) -> str:
    """A customer's name folded, without the words that every firm's name has; masks stay out of it."""
    if customer is None:
        return ""
    core = bare(_FIRM_WORDS.sub("", customer.casefold()))
    return core or bare(customer)


def phone_digits(contact: str | None) -> str | None:
    """The digits of a phone number with `*` for each masked one; `None` where there are fewer than four digits."""
    if contact is None:
        return None
    digits = _DIGITS.sub("", _MASK.sub("*", contact))
    return digits if sum(character != "*" for character in digits) >= 4 else None


def _phone_likeness(one: str | None, other: str | None) -> float | None:
    first, second = phone_digits(one), phone_digits(other)
    if first is None or second is None:
        return None
    if "*" not in first and "*" not in second:
        return float(first == second)
    fits = len(first) == len(second) and all(a == b or "*" in (a, b) for a, b in zip(first, second, strict=True))
    return 0.9 if fits or _same_ends(first, second) else 0.0


def _same_ends(first: str, second: str) -> bool:
    """Masks of another length: the visible heads and tails agree."""
    head = min(len(first.partition("*")[0]), len(second.partition("*")[0]), 3)
    return head > 0 and first[:head] == second[:head] and first[-4:] == second[-4:] and first[-4:].isdigit()


def _name_likeness(one: str | None, other: str | None) -> float | None:
    if not one or not other:
        return None
    from rapidfuzz.fuzz import ratio

    return ratio(name_core(one), name_core(other)) / 100


def _product_likeness(one: str | None, other: str | None) -> float | None:
    if not one or not other:
        return None
    if model_key(one) == model_key(other):
        return 1.0
    from rapidfuzz.fuzz import ratio

    return ratio(bare(one), bare(other)) / 100


def _equal(one: object, other: object) -> float | None:
    return None if one is None or other is None else float(one == other)


def _date_likeness(one: date | None, other: date | None) -> float | None:
    if one is None or other is None:
        return None
    return {0: 1.0, 1: 0.5}.get(abs((one - other).days), 0.0)


@lru_cache(maxsize=16_384)
def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
