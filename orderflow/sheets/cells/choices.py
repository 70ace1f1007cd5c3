"""Choices: what people write, as the code of the choice that it certainly means."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from orderflow.records.choices import CLOSED, PAYMENT
from orderflow.records.column import Choice
from orderflow.records.folding import fold
from orderflow.sheets.cells.read import BLANK, Read
from orderflow.sheets.cells.text import is_blank, normal, says_nothing, shown
from orderflow.sheets.values import Cell, Trouble

_JOINTS = re.compile(r"[-_‐‑–—]+")
_BRACKETED = re.compile(r"\s*[(\[【（]([^()\[\]【】（）]*)[)\]】）]\s*")
_DAYS = re.compile(r"[(≤<≥>=约]*\d+(?:\.\d+)?(?:[-~至到]\d+)?个?(?:天|日|工作日|小时|days?|d|h)?[)]?$")
_ALIKE = 55  # of 100: how much a known word has to resemble an unknown one to be proposed
_PROPOSED = 2


def read_choice(value: Cell, choices: tuple[Choice, ...]) -> Read[str]:
    """The code of a choice, written in any of the three languages, as an alias or as its code.

    A bracket (`紧急(3天)`) or a number of days (`延迟1天`) beside it adds nothing, unless the bracket names another
    choice. Where another word than the choice's own was written, also in a bracket, `params["typed"]` holds it:
    天猫 says more than 电商平台. An unknown word is `unknown-choice`, with the codes of the `nearest` choices.
    """
    if isinstance(value, Trouble):
        return Read(None, value.kind)
    text = normal(shown(value))
    return BLANK if is_blank(text) else _read_written(text, choices)


def read_payment(value: Cell) -> Read[str]:
    """A payment status; `closed-at-source` for what platforms write of an order that is off or being refunded."""
    read = read_choice(value, PAYMENT)
    if read.code == "unknown-choice" and _key(normal(shown(value))) in _closed():
        return Read(None, "closed-at-source")
    return read


@cache
def _closed() -> frozenset[str]:
    return frozenset(map(_key, CLOSED))


@lru_cache(maxsize=8192)
def _read_written(text: str, choices: tuple[Choice, ...]) -> Read[str]:
    known, own = _words(choices)
    word, beside = _key(text), {_key(aside) for aside in _BRACKETED.findall(text)} & known.keys()
    outside = _BRACKETED.sub("", text)
    for form in (word, _key(outside), _key(_DAYS.sub("", fold(outside)))):
        if form in known and {known[aside] for aside in beside} <= {known[form]}:
            typed = text if form not in own else min(beside, default=None)
            return Read(known[form], None, {"typed": typed}) if typed else Read(known[form])
    if says_nothing(text):
        return BLANK
    return Read(None, "unknown-choice", {"nearest": _nearest(word, known)})


@cache
def _words(choices: tuple[Choice, ...]) -> tuple[dict[str, str], frozenset[str]]:
    """Every word for a choice with its code, and which of them are the choices' own."""
    own = {_key(word): choice.code for choice in choices for word in (*choice.words, choice.code)}
    known = {_key(word): choice.code for choice in choices for word in choice.aliases}
    return known | own, frozenset(own)


def _key(text: str) -> str:
    return _JOINTS.sub("", fold(text)).strip(",.:;。、!")


def _nearest(word: str, known: dict[str, str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    said = sorted(
        (known_word for known_word in known if len(known_word) > 1 and known_word in word), key=len, reverse=True
    )
    alike = process.extract(word, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=8)
    codes = [known[one] for one in (*said, *(found for found, _, _ in alike))]
    return tuple(dict.fromkeys(codes))[:_PROPOSED]
