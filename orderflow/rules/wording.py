"""Looking for words in what people write: folded, the longest first, and not where they are denied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from orderflow.records.folding import fold

_DENIED_WITHIN = 4  # characters between a denial and the word: 不需要再定制


class Wordlist:
    """A list of words to look for in remarks and product names."""

    def __init__(self, words: Iterable[str], negations: Iterable[str] = ()) -> None:
        self._words = {fold(word): word for word in words if fold(word)}
        longest_first = sorted(self._words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        denials = sorted({fold(word) for word in negations if fold(word)}, key=len, reverse=True)
        joined = "|".join(map(re.escape, denials))
        self._denied = re.compile(rf"(?:{joined})[^，。；,.;、]{{0,{_DENIED_WITHIN}}}$") if denials else None
        self.first_in = lru_cache(maxsize=16_384)(self._first_in)

    def _first_in(self, text: str) -> str | None:
        """The first word of the list that `text` says and does not deny (`无需定制`), as the list writes it."""
        folded = fold(text)
        for hit in self._pattern.finditer(folded):
            if self._denied is None or not self._denied.search(folded[: hit.start()]):
                return self._words[hit.group()]
        return None

    def without(self, text: str) -> str:
        """`text` folded, with the words of the list taken out."""
        return self._pattern.sub(" ", fold(text))
