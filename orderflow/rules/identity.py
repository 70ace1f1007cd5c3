"""Which order a row is (PROCESS.md, step 1, "The same order"), and what its row says in short."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from operator import attrgetter

from orderflow.records.folding import fold, model_key
from orderflow.records.registration import Registration

_DESK_NUMBER = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])-[0-9]{3,}")
CONTENT = (
    "customer", "contact_person", "contact", "product", "quantity", "unit", "delivery_date", "source", "payment",
    "remark", "received_at", "level", "amount", "external_number", "external_line", "address", "delivery_method",
)  # fmt: skip
_content = attrgetter(*CONTENT)


def is_desk_number(text: str) -> bool:
    """Whether `text` is a number of the desk's own form, `YYYYMM-NNN`."""
    return _DESK_NUMBER.fullmatch(text) is not None


def fingerprint(row: Registration, unread: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """A digest of everything a row says, so that the same row again is known without looking at each value."""
    return _digest(repr((_content(row), sorted(unread.items()), sorted(extra.items()))))


def identity(row: Registration, channel: str | None, content: str) -> str:
    """The key of the order that a row speaks of.

    The source with its own number and line (the product, where no line is given); with no such number, the row's
    whole `content` (its fingerprint). The source is the channel where one is named (天猫), else the kind of source.
    """
    if row.external_number is None:
        return "c" + content
    line = row.external_line or model_key(row.product or "")
    return "x" + _digest("\x1f".join((fold(channel or row.source or ""), fold(row.external_number), fold(line))))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
