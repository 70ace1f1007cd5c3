"""The headers that the desk knows, made from the column declarations, and what one header can mean by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from orderflow.records.column import Column, Kind
from orderflow.records.folding import bare, fold
from orderflow.records.rows import RowType, columns
from orderflow.sheets.cells.amounts import unit_in_yuan
from orderflow.sheets.cells.text import half_width
from orderflow.sheets.cells.units import UNITS

DECLARED, ALIAS, WEAK = 0, 1, 2
ELSEWHERE = frozenset({"发货时间", "确认收货时间", "收货时间", "订单完成时间", "支付时间", "付款时间"})
"""Headers of platform exports that resemble a column of the desk's and are another thing: when it was really sent."""

_BRACKET = re.compile(r"[(\[{【〔<《（]([^()\[\]{}【】〔〕<>《》（）]*)[)\]}】〕>》）]")
_BEHIND = re.compile(r"[/:]")
_PARTS = re.compile(r"[,，、;；/|:： ]+")
_JOINED = re.compile(r"[/／、&+及和与與]|\band\b")
_MONEY_TAIL = re.compile(r"(.{2,}?)((?:[百千十]?万|[千亿])?元)")
_MONEY = (Kind.AMOUNT, Kind.PRICE)


class Claim(NamedTuple):
    """A header's claim on a column; the smaller `rank` and `looseness`, the better.

    `rank`: the column's own words, an alias, or a weak alias (then `order` is its place among them).
    `looseness`: 0 for the whole header, 1 without its brackets, 2 for one of several names joined in it.
    """

    rank: int
    looseness: int
    field: str
    unit: str | None = None
    order: int = 0


class Vocabulary(NamedTuple):
    """Folded header words of one row type, with the columns they mean."""

    row: RowType
    words: Mapping[str, tuple[Claim, ...]]


_KNOWN: dict[RowType, Vocabulary] = {}


def vocabulary(row: RowType) -> Vocabulary:
    """The words of every column of a row type, in three languages, with the aliases of real exports."""
    if row not in _KNOWN:
        _KNOWN[row] = _made(row)
    return _KNOWN[row]


def _made(row: RowType) -> Vocabulary:
    words: dict[str, dict[str, Claim]] = {}
    for field, column in columns(row).items():
        for word, rank, order in _declared(column):
            unit = unit_in(word, column.kind) if rank != DECLARED else None
            whole, loose = bare(word), bare(without_brackets(word))
            for key, looseness in ((loose, 1), (whole, 0)):
                claim = Claim(rank, looseness if whole != loose else 0, field, unit, order)
                known = words.setdefault(key, {}).get(field)
                words[key][field] = claim if known is None else _both(known, claim)
    return Vocabulary(row, {key: tuple(claims.values()) for key, claims in words.items() if key})


def claims(header: str, known: Vocabulary) -> tuple[Claim, ...]:
    """The columns that a header can mean, from its whole text, else without its brackets, else from its parts."""
    kinds = columns(known.row)
    whole = known.words.get(bare(header))
    found = whole or tuple(claim._replace(looseness=1) for claim in known.words.get(bare(without_brackets(header)), ()))
    if not found and (money := _MONEY_TAIL.fullmatch(bare(without_brackets(header)))):
        known_money = (claim for claim in known.words.get(money[1], ()) if kinds[claim.field].kind in _MONEY)
        found = tuple(claim._replace(unit=money[2], looseness=1) for claim in known_money)
    if not found:
        found = tuple(_claims_of_parts(header, known))
    return tuple(claim._replace(unit=unit_in(header, kinds[claim.field].kind) or claim.unit) for claim in found)


def unit_in(header: str, kind: Kind) -> str | None:
    """The unit that a header gives in brackets or behind a slash: `商品总价(元)`, `数量/件`."""
    if kind not in (Kind.QUANTITY, *_MONEY):
        return None
    narrow = half_width(header)
    asides: list[str] = [*_BRACKET.findall(narrow), *_BEHIND.split(_BRACKET.sub("", narrow))[1:]]
    for part in (part for aside in asides for part in (aside.strip(), *_PARTS.split(aside)) if part):
        unit = part.removeprefix("单位").removeprefix("單位").strip()
        if unit_in_yuan(unit) if kind in _MONEY else fold(unit) in UNITS:
            return unit
    return None


def without_brackets(header: str) -> str:
    """The header without what stands in brackets."""
    return _BRACKET.sub(" ", header)


def _declared(column: Column) -> Iterator[tuple[str, int, int]]:
    yield from ((word, DECLARED, 0) for word in column.words)
    yield from ((word, ALIAS, 0) for word in column.aliases)
    yield from ((word, WEAK, order) for order, word in enumerate(column.weak))


def _both(one: Claim, other: Claim) -> Claim:
    """The better of two claims of one word on one column. An alias without a unit says that the word implies none."""
    best = min(one, other, key=lambda claim: claim[:2])
    exact = min(one, other, key=lambda claim: claim.looseness)
    return best._replace(unit=exact.unit, looseness=best.looseness)


def _claims_of_parts(header: str, known: Vocabulary) -> Iterator[Claim]:
    """The columns that joined names mean: `联系人/电话` fits two, a unit (`数量/单位`) is no second."""
    parts = _JOINED.split(without_brackets(header))
    seen: set[str] = set()
    for part in parts if len(parts) > 1 else ():
        for claim in known.words.get(bare(part), ()):
            if columns(known.row)[claim.field].template and claim.field not in seen:
                seen.add(claim.field)
                yield claim._replace(looseness=2, rank=ALIAS)
