"""Folding of text for comparing: widths, case, Traditional characters, white space. What is stored is never folded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_USUAL_WIDE = tuple(zip("，：；！？（）", ",:;!?()", strict=True))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_GAP_WITHOUT_MEANING = re.compile("(?<![a-z0-9]) | (?![a-z0-9])")
_PUNCTUATION = re.compile(r"[^\w]+|_+")
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?\+*")
_WORD = re.compile(r"[a-z]+\+*|[^\W0-9a-z_]+")


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters and their Simplified ones, as OpenCC pairs them one by one."""
    from opencc import OpenCC

    han = "".join(map(chr, range(0x4E00, 0xA000)))
    pairs = zip(han, OpenCC("t2s").convert(han), strict=True)
    return {ord(old): new for old, new in pairs if old != new}


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _simplified()))}]")


def _alike(text: str) -> str:
    """`text` without differences of width, case and script."""
    if text.isascii():
        return text.lower()
    text = _narrow(text).casefold()
    return text.translate(_simplified()) if _traditional().search(text) else text  # looking first is much the faster


def _narrow(text: str) -> str:
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, narrow in _USUAL_WIDE:  # most often it is these, and replacing them is several times faster
        text = text.replace(wide, narrow)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`text` without differences of width, case, script and white space."""
    alike = _alike(text)
    return alike if alike.isalnum() else "".join(_INVISIBLE.sub("", alike).split())


@lru_cache(maxsize=65_536)
def spaced(text: str) -> str:
    """`text` folded, with one space left between Latin words or figures: `no LOGO`, but 定 制 is 定制."""
    alike = _alike(text)
    if alike.isalnum():
        return alike
    tidy = " ".join(_INVISIBLE.sub("", alike).split())
    return _GAP_WITHOUT_MEANING.sub("", tidy) if " " in tidy else tidy


@lru_cache(maxsize=65_536)
def bare(text: str) -> str:
    """`text` folded, and without punctuation: what a name comes down to."""
    folded = fold(text)
    return folded if folded.isalnum() else _PUNCTUATION.sub("", folded)


@lru_cache(maxsize=65_536)
def model_key(product: str) -> str:
    """A product's words in any order and its figures in theirs: `2024款 A型设备` is `A型设备-2024款`.

    Figures stay whole, so a 2024 model never meets a 2025 one, and keep their order: M5×10 is not M10×5.
    """
    folded = fold(product)
    return " ".join(_FIGURE.findall(folded) + sorted(_WORD.findall(folded)))
