"""What opens a case, and what the customer's own words propose (the source document's step 5; PROCESS.md, step 5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from orderflow.records.choices import ACCEPTANCE
from orderflow.records.feedback import Amount
from orderflow.records.folding import fold
from orderflow.records.rows import Feedback

QUALIFIED = ACCEPTANCE[0].code
LOW_SCORE = "low-score"
COMPLAINED = "complained"
"""The causes of a case besides an acceptance that is not 合格: a low overall score, a complaint taken in person."""

_CHINESE = "零〇一二两三四五六七八九十百千"
FIGURE = rf"(?:\d+(?:\.\d+)?|[{_CHINESE}]+)"
"""A number in digits or in Chinese numerals."""
_NOT_BEFORE = rf"(?<![\d.{_CHINESE}第约近超过至到~-])"
_NOT_BEHIND = "(?!左右|上下|以[上下内]|多|余|起)"
_OF = "[中里内][有的]?"
_COUNTERS = "件|台|个|箱|套|只|支|把|张|条|根|盒|包|袋|瓶|桶|卷|片|块|份|批"


def causes(row: Feedback, low_score: int) -> list[str]:
    """Why an answer opens a case: its acceptance where that is not 合格, an overall score of `low_score` or less."""
    found = [row.acceptance] if row.acceptance not in (None, QUALIFIED) else []
    if row.score is not None and row.score <= low_score:
        found.append(LOW_SCORE)
    return [cause for cause in found if cause]


def proposed(opinion: str | None, ordered: Decimal | None, unit: str | None) -> Amount | None:
    """The amount that an opinion is about, where it names exactly one: `10件耗材轻微划痕` → 10 件.

    It is counted in the order's own unit (in any measure word where the order has none) and is no more than was
    ordered; beside the whole order's amount (`100件中有10件`) it is the other. An estimate, a range or two amounts
    propose nothing.
    """
    if opinion is None:
        return None
    said = re.escape(fold(unit)) if unit else _COUNTERS
    pattern = rf"{_NOT_BEFORE}({FIGURE})({said}){_NOT_BEHIND}({_OF})?"
    found = [(number(figure), counted, whole) for figure, counted, whole in re.findall(pattern, fold(opinion))]
    amounts = {(amount, counted) for amount, counted, whole in found if amount and not whole}
    if len(amounts) > 1:
        amounts = {one for one in amounts if one[0] != ordered}
    if len(amounts) != 1:
        return None
    amount, counted = amounts.pop()
    return Amount(amount, unit or counted) if ordered is None or amount <= ordered else None


def number(written: str) -> Decimal | None:
    """A figure in digits or Chinese numerals; `None` for what is none, or zero."""
    try:
        found = Decimal(written)
    except InvalidOperation:
        found = _in_chinese(written)
    return found or None


def _in_chinese(written: str) -> Decimal:
    from cn2an import cn2an

    try:
        return Decimal(str(cn2an(written, "smart")))
    except ValueError:
        return Decimal(0)


def remaining(agreed: Sequence[Decimal | None], delivered: Decimal) -> Decimal | None:
    """What of the goods to be exchanged or sent again is still to be delivered; `None` where that was not said."""
    if not agreed or None in agreed:
        return None
    return max(sum((amount for amount in agreed if amount is not None), Decimal(0)) - delivered, Decimal(0))
