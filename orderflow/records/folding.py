"""Folding of text for comparing: widths, case, Traditional characters, white space. What is stored is never folded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_IGNORED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_PUNCTUATION = re.compile(r"[^\w]+|_+")
_RUNS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[a-z]+|[^\W0-9a-z_]+")


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters and their Simplified ones, as OpenCC pairs them one by one."""
    from opencc import OpenCC

    han = "".join(map(chr, range(0x4E00, 0xA000)))
    pairs = zip(han, OpenCC("t2s").convert(han), strict=True)
    return {ord(old): new for old, new in pairs if old != new}


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`text` without differences of width, case, script and white space."""
    folded = _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return folded if folded.isascii() else folded.translate(_simplified())


@lru_cache(maxsize=65_536)
def bare(text: str) -> str:
    """`text` folded, and without punctuation: what a name comes down to."""
    return _PUNCTUATION.sub("", fold(text))


@lru_cache(maxsize=65_536)
def model_key(product: str) -> str:
    """A product's words and figures, whatever their order and punctuation: `2024款 A型设备` is `A型设备-2024款`.

    Figures stay whole, so a 2024 model never meets a 2025 one.
    """
    return " ".join(sorted(_RUNS.findall(fold(product))))
