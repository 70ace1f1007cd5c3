"""Looking for words in what people write: folded, the longest first, and not where they are denied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from orderflow.records.folding import spaced

_HAN = "[\u3400-\u9fff]"
_AND = "[和或与及/]"


class Wordlist:
    """A list of words to look for in remarks and product names.

    A Latin word is found whole (`rush` is not in `brush`); a word of one Chinese character where it stands alone
    (`红`, not the name in `红日公司`), the others anywhere. `denials` directly before a word, or with `links` between
    (`不` `需要` `再` 定制), deny it and the words joined to it by 和 or 或. In an `unrelated` phrase (一定做好, 特别) no
    word and no denial means what it says.
    """

    def __init__(
        self,
        words: Iterable[str],
        denials: Iterable[str] = (),
        links: Iterable[str] = (),
        unrelated: Iterable[str] = (),
    ) -> None:
        self._words = {spaced(word): word for word in words if spaced(word)}
        word = _any_of(self._words)
        never = _any_of({spaced(phrase) for phrase in unrelated} - self._words.keys())
        denied = rf"{_any_of(map(spaced, denials))}(?:{_any_of(map(spaced, links))} ?)*"
        self._pattern = re.compile(rf"{never}|{denied}{word}(?:{_AND}(?:{denied}|){word})*|(?P<word>{word})")
        self._word = re.compile(word)
        self.first_in = lru_cache(maxsize=16_384)(self._first_in)

    def _first_in(self, text: str) -> str | None:
        """The first word of the list that `text` says and does not deny (`无需定制`), as the list writes it."""
        for hit in self._pattern.finditer(spaced(text)):
            if word := hit["word"]:
                return self._words.get(word) or self._words[word[0]]
        return None

    def without(self, text: str) -> str:
        """`text` folded, with the words of the list taken out."""
        return self._word.sub(" ", spaced(text))


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the folded `words`, the longest first; one that never matches where there is none."""
    longest_first = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    lone = "".join(word for word in longest_first if re.fullmatch(_HAN, word))
    return "|".join(longest_first)
