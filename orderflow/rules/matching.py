"""Which order a customer's answer is about: the numbers in what was typed, and phones of which both may be masked."""

from __future__ import annotations

import re
import unicodedata

from orderflow.rules.identity import is_desk_number

_DESK_NUMBERS = re.compile(r"(?<!\d)(20\d{4})\s*[-‐-―_ ]\s*(\d{3,8})(?!\d)")
_LEAST = 4  # visible figures that two phones must have in common


def desk_numbers(text: str | None) -> list[str]:
    """The desk numbers in a text, each once: `订单202405-002`, also in full-width figures."""
    narrow = unicodedata.normalize("NFKC", text or "")
    found = (f"{month}-{count}" for month, count in _DESK_NUMBERS.findall(narrow))
    return list(dict.fromkeys(number for number in found if is_desk_number(number)))


def may_be_one_phone(one: str | None, other: str | None) -> bool:
    """Whether two phones can be the same: as long, and alike in every figure that neither hides (at least four)."""
    first, second = _figures(one), _figures(other)
    if not first or len(first) != len(second):
        return False
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if "*" not in (a, b)]
    return len(pairs) >= _LEAST and all(a == b for a, b in pairs) and first[-_LEAST:] == second[-_LEAST:]


def _figures(phone: str | None) -> str:
    return re.sub(r"[^\d*]", "", (phone or "").removeprefix("+86"))
