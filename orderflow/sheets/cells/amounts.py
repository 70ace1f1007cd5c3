"""Money: amounts in 万元 and prices in 元, as people write them (PROCESS.md, step 1)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from orderflow.records.folding import fold
from orderflow.sheets.cells.figures import (
    CHINESE,
    NUMBER,
    chinese_decimal,
    decimal_of,
    is_range,
    number_count,
    plain,
    written_decimal,
)  # fmt: skip
from orderflow.sheets.cells.read import BLANK, Read
from orderflow.sheets.cells.text import normal, says_nothing
from orderflow.sheets.values import Cell, Trouble

_FOREIGN = re.compile(
    r"[$€£₩₽฿₫₹]|usd|eur|gbp|hkd|twd|jpy|krw|aud|cad|sgd|美元|美金|欧元|港币|港元|台币|日元|英镑|韩元|澳元|加元|卢布|新币"
)
_YUAN = "(?:元|圆|块钱|块|rmb|cny|人民币)"
_TIMES = {"": 1, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "w": 10**4, "10k": 10**4, "十万": 10**5,
          "百万": 10**6, "千万": 10**7, "亿": 10**8}  # fmt: skip
_SCALE = r"千万|百万|十万|万|亿|千|百|k|w"
_WRITTEN = re.compile(rf"(?P<sign>[+-])?(?P<mark>¥|￥|cny|rmb|人民币)?(?P<number>{NUMBER})(?P<scale>{_SCALE})?"
                      rf"(?P<yuan>{_YUAN})?[整正]?")  # fmt: skip
_CHINESE = re.compile(rf"(?:人民币)?(?P<number>[{CHINESE}]+)(?P<yuan>{_YUAN})[整正]?|(?P<bare>[{CHINESE}]*[万亿])")
_UNIT = re.compile(rf"(?P<scale>10k|{_SCALE})?(?:{_YUAN})?")
_APART = re.compile(r"\d\s+[\d.]")
_FEN = Decimal("0.01")
_WAN = Decimal(10_000)

Unit = Literal["foreign"] | int


def unit_in_yuan(unit: str) -> Unit | None:
    """How many 元 a header's unit stands for (`万元` 10,000); `"foreign"` for another currency, `None` if none."""
    folded = fold(unit)
    if _FOREIGN.search(folded):
        return "foreign"
    match = _UNIT.fullmatch(folded) if folded else None
    return _TIMES[match["scale"] or ""] if match and match[0] else None


def read_amount(value: Cell, unit: str | None = None) -> Read[Decimal]:
    """An amount in 万元, rounded to the 分. The unit is the cell's own, else the header's `unit`, else unclear."""
    read = _in_yuan(value, unit)
    if read.value is None:
        return read
    return Read(plain(read.value.quantize(_FEN, ROUND_HALF_UP) / _WAN))


def read_price(value: Cell, unit: str | None = None) -> Read[Decimal]:
    """A unit price in 元, also where neither cell nor header says so; not rounded, screws cost fractions of a 分."""
    return _in_yuan(value, unit or "元")


def _in_yuan(value: Cell, unit: str | None) -> Read[Decimal]:
    if isinstance(value, str):
        text = normal(value)
        if _APART.search(text):
            return Read(None, "several-amounts")
        return BLANK if says_nothing(text) else _written(fold(text), unit)
    if value is None:
        return BLANK
    if isinstance(value, Trouble):
        return Read(None, value.kind)
    number = decimal_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return _scaled(number, None, unit)


def _written(text: str, unit: str | None) -> Read[Decimal]:
    foreign = _FOREIGN.search(text)
    if foreign:
        return Read(None, "unreadable-amount", {"currency": foreign[0]})
    match = _WRITTEN.fullmatch(text)
    if match is not None and not (match["sign"] and match["number"][0] in "+-"):
        number = written_decimal((match["sign"] or "") + match["number"])
        said = match["scale"] or match["yuan"] or match["mark"]
        return _scaled(number, _TIMES[match["scale"] or ""] if said else None, unit)
    chinese = _CHINESE.fullmatch(text)
    if chinese is not None:
        return _scaled(chinese_decimal(chinese["number"] or chinese["bare"]), 1, unit)
    several = number_count(text) > 1 and not is_range(text)
    return Read(None, "several-amounts" if several else "unreadable-amount")


def _scaled(number: Decimal | None, factor: int | None, header_unit: str | None) -> Read[Decimal]:
    """The number times the cell's own `factor`, else the header's."""
    if number is None:
        return Read(None, "unreadable-amount")
    if factor is not None:
        return Read(plain(number * factor))
    in_yuan = unit_in_yuan(header_unit) if header_unit else None
    if in_yuan == "foreign":
        return Read(None, "unreadable-amount", {"currency": header_unit})
    return Read(None, "amount-unit-unclear") if in_yuan is None else Read(plain(number * in_yuan))
