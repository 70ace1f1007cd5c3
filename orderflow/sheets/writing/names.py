"""Sheet names that Excel takes: 31 characters, none of `[]:*?/\\`, no two alike but for their case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orderflow.sheets.writing.texts import printable

_LONGEST = 31  # in UTF-16 units
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = "history"  # Excel keeps it for itself


class SheetNames:
    """The names given out in one workbook; the first ones for `wanted`, in their order."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._taken: set[str] = {_RESERVED}
        self.given = [self.give(name) for name in wanted]

    def give(self, wanted: str, number: int = 1) -> str:
        """A valid name that is still free: `wanted`, or `wanted 2`, `wanted 3`… from `number` on."""
        base = printable(_FORBIDDEN.sub(" ", wanted)).strip("' ") or "Sheet"
        name = _shortened(base, f" {number}" if number > 1 else "")
        while name.casefold() in self._taken:
            number += 1
            name = _shortened(base, f" {number}")
        self._taken.add(name.casefold())
        return name


def _shortened(base: str, ending: str) -> str:
    kept = base.encode("utf-16-le")[: 2 * (_LONGEST - len(ending))]
    return kept.decode("utf-16-le", "ignore").strip("' ") + ending


def quoted_name(name: str) -> str:
    """The sheet's name as formulas and links write it."""
    return "'" + name.replace("'", "''") + "'"
