"""Numbers as people write them: digits, thousand separators, Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from math import isfinite

NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|[+-]?\.\d+"
CHINESE = "零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟点廿卅兩萬億貳參陸點負负"
_LARGEST = Decimal(10) ** 15
_EXACT = 12  # significant digits; what lies beyond is noise of floating point
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*(?:[eE]\+?\d+)?")
_RANGE = re.compile(r"\d\s*\S{0,2}\s*(?:[-~～]|至|到)\s*\d|\d±\d")
_TWO = re.compile("两(?=[百千万亿]|$)")


def decimal_of(number: int | float) -> Decimal | None:
    """A number cell's value; floats at 12 significant digits, so that 60899.99999999999 is 60900."""
    if isinstance(number, float):
        if not isfinite(number) or abs(number) >= _LARGEST:
            return None
        return plain(Decimal(format(number, f".{_EXACT}g")))
    return Decimal(number) if abs(number) < _LARGEST else None


def written_decimal(digits: str) -> Decimal | None:
    """What a text that matches `NUMBER` says; `None` past 15 digits before the point."""
    value = Decimal(digits.replace(",", ""))
    if abs(value) >= _LARGEST:
        return None
    if len(value.as_tuple().digits) > _EXACT and value != value.to_integral_value():
        value = Decimal(format(value, f".{_EXACT}g"))
    return plain(value)


@lru_cache(maxsize=4096)
def chinese_decimal(numeral: str) -> Decimal | None:
    """What a complete Chinese numeral says; `None` for `三五`, `一百二` and whatever else has two readings."""
    from cn2an import cn2an

    from orderflow.records.folding import fold

    simple = _TWO.sub("二", fold(numeral).replace("〇", "零").replace("卅", "三十"))
    try:
        return plain(Decimal(str(cn2an(simple, "strict"))))
    except (ValueError, ArithmeticError):
        return None


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    if value == value.to_integral_value():
        return Decimal(int(value))
    return value.normalize()


def number_count(text: str) -> int:
    """How many numbers stand in the text."""
    return len(_NUMBERS.findall(text))


def is_range(text: str) -> bool:
    """Whether the text gives a lower and an upper bound: `10-20`, `5到8`."""
    return _RANGE.search(text) is not None
