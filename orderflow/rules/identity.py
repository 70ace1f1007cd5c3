"""Which order a row is (PROCESS.md, step 1, "The same order"), and what its row says in short."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b
from operator import attrgetter

from pydantic_core import PydanticSerializationError, to_json

from orderflow.records.folding import fold
from orderflow.records.registration import Registration

_DESK_NUMBER = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])-(?!000)(?:[0-9]{3}|[1-9][0-9]{3,7})")
CONTENT = (
    "customer", "contact_person", "contact", "product", "quantity", "unit", "delivery_date", "source", "payment",
    "remark", "received_at", "level", "amount", "external_number", "external_line", "address", "delivery_method",
)  # fmt: skip
_rest = attrgetter(*(field for field in CONTENT if field not in ("quantity", "amount")))


def is_desk_number(text: str) -> bool:
    """Whether `text` is a number of the desk's own form: `YYYYMM-NNN`, growing past 999 without leading zeros.

    Eight digits (a hundred million orders a month) are the most: anything longer is another system's number.
    """
    return _DESK_NUMBER.fullmatch(text) is not None


def is_same_person(one: str, other: str | None) -> bool:
    """Whether two names are one person's, whatever their width, case and spaces (双人核对)."""
    return other is not None and fold(one) == fold(other)


def fingerprint(row: Registration, unread: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """A digest of everything a row says, so that the same row again is known without looking at each value.

    Trailing zeros and the order of the columns make no difference.
    """
    figures = _plain(row.quantity), _plain(row.amount)
    beside = sorted(unread.items()) if unread else (), sorted(extra.items()) if extra else ()
    said = _rest(row), figures, *beside
    try:
        return _digest(to_json(said))
    except PydanticSerializationError:  # half a character, from a damaged text file
        return _digest(repr(said).encode())


def _plain(figure: Decimal | None) -> Decimal | None:
    return None if figure is None else figure.normalize()


def identity(row: Registration, channel: str | None, content: str) -> str:
    """The key of the order that a row speaks of.

    The source with its own number and line (the product, where no line is given); with no such number, the row's
    whole `content` (its fingerprint). The source is the channel where one is named (天猫), else the kind of source.
    """
    if row.external_number is None:
        return "c" + content
    line = f"line {fold(row.external_line)}" if row.external_line else f"product {fold(row.product or '')}"
    key = "\x1f".join((fold(channel or row.source or ""), fold(row.external_number), line))
    return "x" + _digest(key.encode("utf-8", "surrogatepass"))


def _digest(said: bytes) -> str:
    return blake2b(said, digest_size=12).hexdigest()
