"""What is done for a customer who complains, as people write it: `换货10件，退款2件` (PROCESS.md, step 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from orderflow.records.choices import RESOLUTION
from orderflow.records.folding import spaced
from orderflow.rules.complaints import FIGURE, number

JOINT = ", "
"""What stands between several remedies of one code."""
_BETWEEN = re.compile(r"[,;、/和及]|\band\b")


class Remedy(NamedTuple):
    """One thing that is done: the code of 换货, 补发 or 退款, of how many, counted in what; `None` where not said."""

    what: str
    amount: Decimal | None = None
    unit: str = ""

    @property
    def code(self) -> str:
        """As the ledger keeps it: `exchange 10件`."""
        return self.what if self.amount is None else f"{self.what} {self.amount:f}{self.unit}"


def remedies(written: str) -> list[Remedy] | None:
    """What is to be done, in any of the desk's languages or as codes; `None` where the text says anything else."""
    words, pattern = _words()
    found: list[Remedy] = []
    for said in filter(None, _BETWEEN.split(spaced(written))):
        match = pattern.fullmatch(said.strip())
        if match is None or any(one.what == words[match[1]] for one in found):
            return None
        amount = number(match[2]) if match[2] else None
        found.append(Remedy(words[match[1]], amount, match[3] or "" if amount is not None else ""))
    return found or None


@cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    words = {
        spaced(word): choice.code for choice in RESOLUTION for word in (*choice.words, *choice.aliases, choice.code)
    }
    named = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return words, re.compile(rf"({named}) ?[:(]? ?(?:({FIGURE}) ?([^\W\d_]{{0,6}}))?\)?")


def code_of(agreed: Iterable[Remedy]) -> str:
    """Several remedies as one code: `exchange 10件, refund 2件`."""
    return JOINT.join(one.code for one in agreed)


def amounts(code: str | None) -> dict[str, Decimal | None]:
    """The amounts of a code by remedy."""
    return {one.what: one.amount for one in remedies(code) or ()} if code else {}
