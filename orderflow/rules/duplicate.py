"""疑似重复: two registrations that may be one order (PROCESS.md, step 1, "Suspected twins").

Candidates share a model and the end of a phone number, or a model, quantity, date and the start of a name; a score
over five features, each explained, decides. Another model is another order, however alike the rest. Nothing is merged
by it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from orderflow.records.folding import bare, fold, model_key, spaced
from orderflow.settings import Twins

_FIRM_WORDS = re.compile(r"(?:股份|有限|责任)*公司|集团|股份|有限|(?<![a-z])(?:co|company|corp|ltd|inc|llc)(?![a-z])")
_FIRM_INITIALS = frozenset("股有责公集cil")
_MASK = re.compile(r"[*＊]|[xX](?=[xX])|(?<=[xX])[xX]")
_NO_DIGIT = re.compile("[^0-9*]")
_COUNTRY = re.compile(r"(?:00)?86(?=1[0-9*]{10}$)")


LIKENED = ("customer", "contact", "product", "quantity", "delivery_date")
"""The fields that `twin_keys` are made of, in their order."""


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


def twin_keys(
    customer: str | None,
    contact: str | None,
    product: str | None,
    quantity: Decimal | None,
    delivery_date: date | None,
) -> tuple[str | None, str | None]:
    """The two keys that candidates share; `None` where the row says too little."""
    if product is None:
        return None, None
    model, end, by_name = _short(product), (phone_digits(contact) or "*")[-4:], None
    if quantity is not None and delivery_date is not None and (name := _start_of_name(customer)):
        by_name = f"{model}{_plain(quantity)}|{delivery_date.toordinal()}|{name}"
    return None if "*" in end else model + end, by_name


def comparable(one: Portrait, other: Portrait, rules: Twins) -> bool:
    """Whether the two may be twins at all.

    They are of one model and received days apart, through other channels or with a source number missing: two lines
    of one purchase are not twins.
    """
    if abs(one.received - other.received) > rules.days * 86_400:
        return False
    numbered = one.external_number is not None and other.external_number is not None
    if numbered and fold(one.channel or "") == fold(other.channel or ""):
        return False
    return one.product is None or other.product is None or model_key(one.product) == model_key(other.product)


def phones_decide(rules: Twins) -> bool:
    """Whether the rest cannot make up for two phone numbers that differ."""
    rest = rules.name + rules.product + rules.quantity + rules.date
    return rest < rules.score * (rest + rules.phone)


def phones_differ(one: Portrait, other: Portrait) -> bool:
    """Whether two whole phone numbers differ; where these decide, most candidates end here."""
    first, second = one.contact, other.contact
    if first is None or second is None or first == second:
        return False
    return first.isdigit() and second.isdigit() and phone_digits(first) != phone_digits(second)


def likeness(one: Portrait, other: Portrait, rules: Twins) -> Likeness:
    """Compare feature by feature; what either side does not say, or the settings give no weight, is left out."""
    compared = {
        "phone": (_phone_likeness(one.contact, other.contact), rules.phone),
        "name": (_name_likeness(one.customer, other.customer), rules.name),
        "product": (_product_likeness(one.product, other.product), rules.product),
        "quantity": (_equal(one.quantity, other.quantity), rules.quantity),
        "date": (_date_likeness(one.delivery_date, other.delivery_date), rules.date),
    }
    known = {feature: (share, weight) for feature, (share, weight) in compared.items() if share is not None and weight}
    if not {"phone", "name"} & known.keys():  # nothing says that it is the same customer
        return Likeness(0.0, {})
    score = sum(share * weight for share, weight in known.values()) / sum(weight for _, weight in known.values())
    return Likeness(round(score, 4), {f: (round(share * weight, 1), weight) for f, (share, weight) in known.items()})


def _start_of_name(customer: str | None) -> str:
    """The first two characters of the name's core; most names need no closer look for them."""
    if customer is None:
        return ""
    return _plain_start(customer[:2]) or name_core(customer)[:2]


@lru_cache(maxsize=65_536)
def _plain_start(beginning: str) -> str | None:
    """How names with this beginning begin, if no closer look at them is needed."""
    start = spaced(beginning)
    return start if len(start) == 2 and start.isalnum() and _FIRM_INITIALS.isdisjoint(start) else None


def name_core(customer: str | None) -> str:
    """A customer's name folded, without the words that every firm's name has; masks stay out of it."""
    if customer is None:
        return ""
    name = spaced(customer)
    core = _FIRM_WORDS.sub("", name)
    if not core.isalnum():
        core = bare(core)
    return core or bare(name)


def phone_digits(contact: str | None) -> str | None:
    """The digits of a phone number with `*` for each masked one; `None` for fewer than seven, or an e-mail."""
    if contact is None or "@" in contact:
        return None
    if contact.isdigit() and contact.isascii() and len(contact) == 11:
        return contact
    digits = _COUNTRY.sub("", _NO_DIGIT.sub("", _MASK.sub("*", contact)))
    return digits if len(digits) >= 7 and len(digits) - digits.count("*") >= 4 else None


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
    first, second = name_core(one), name_core(other)
    if not first or not second:
        return None
    from rapidfuzz.fuzz import ratio

    return ratio(first, second) / 100


def _product_likeness(one: str | None, other: str | None) -> float | None:
    return float(model_key(one) == model_key(other)) if one and other else None


def _equal(one: object, other: object) -> float | None:
    return None if one is None or other is None else float(one == other)


def _date_likeness(one: date | None, other: date | None) -> float | None:
    if one is None or other is None:
        return None
    return {0: 1.0, 1: 0.5}.get(abs((one - other).days), 0.0)


_plain = lru_cache(maxsize=4_096)(Decimal.normalize)


@lru_cache(maxsize=65_536)
def _short(product: str) -> str:
    return blake2b(model_key(product).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
