"""Which order a row is (PROCESS.md, step 1, "The same order"), and what its row says in short."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from orderflow.records.folding import fold

_DESK_NUMBER = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])-(?!000)(?:[0-9]{3}|[1-9][0-9]{3,7})")
CONTENT = (
    "customer", "contact_person", "contact", "product", "quantity", "unit", "delivery_date", "source", "payment",
    "remark", "received_at", "level", "amount", "external_number", "external_line", "address", "delivery_method",
)  # fmt: skip
_FIGURES = ("quantity", "amount")
_REST = tuple(field for field in CONTENT if field not in _FIGURES)
_NOTHING: tuple[tuple[str, str], ...] = ()
_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


def is_desk_number(text: str) -> bool:
    """Whether `text` is a number of the desk's own form: `YYYYMM-NNN`, growing past 999 without leading zeros.

    Eight digits (a hundred million orders a month) are the most: anything longer is another system's number.
    """
    return _DESK_NUMBER.fullmatch(text) is not None


def is_same_person(one: str, other: str | None) -> bool:
    """Whether two names are one person's, whatever their width, case and spaces (双人核对)."""
    return other is not None and fold(one) == fold(other)


def fingerprints(
    column: Callable[[str], Sequence[Any]],
    unread: Mapping[int, Mapping[str, str]],
    extra: Mapping[int, Mapping[str, str]],
) -> list[str]:
    """A digest of everything that each row says, so that the same row again is known without looking at each value.

    `column` gives the values of a field, `unread` and `extra` the rest by the row's place. Trailing zeros and the order
    of the columns make no difference.
    """
    figures = zip(*(_plain(column(field)) for field in _FIGURES), strict=True)
    rows = zip(zip(*map(column, _REST), strict=True), figures, strict=True)
    if not unread and not extra:
        return [_fingerprint((*said, _NOTHING, _NOTHING)) for said in rows]
    return [
        _fingerprint((*said, sorted(unread.get(at, _NO_TEXTS).items()), sorted(extra.get(at, _NO_TEXTS).items())))
        for at, said in enumerate(rows)
    ]


def _fingerprint(said: tuple[Any, ...]) -> str:
    try:
        return _digest(to_json(said))
    except PydanticSerializationError:  # half a character, from a damaged text file
        return _digest(repr(said).encode())


def _plain(figures: Sequence[Decimal | None]) -> list[Decimal | None]:
    plain = {figure: figure.normalize() for figure in set(figures) if figure is not None}
    return [None if figure is None else plain[figure] for figure in figures]


def identity(source: str, number: str | None, line: str | None, product: str | None, content: str) -> str:
    """The key of the order that a row speaks of.

    The source with its own number and line (the product, where no line is given); with no such number, the row's
    whole `content` (its fingerprint). The source is the channel where one is named (天猫), else the kind of source.
    """
    if number is None:
        return "c" + content
    item = f"line {fold(line)}" if line else f"product {fold(product or '')}"
    key = "\x1f".join((fold(source), fold(number), item))
    return "x" + _digest(key.encode("utf-8", "surrogatepass"))


def _digest(said: bytes) -> str:
    return blake2b(said, digest_size=12).hexdigest()
