"""Looking for words in what people write: folded, the longest first, and not where they are denied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from orderflow.records.folding import spaced

_HAN = "[\u3400-\u9fff]"
_AND = "[和或与及/]"
_GIVES = "[:=为]"
_ONLY_YES_OR_NO = r"(?:是|否|有|无|要|需要|yes|no|y|n)(?!\w)"


class Wordlist:
    """A list of words to look for in remarks and product names.

    A Latin word is found whole (`rush` is not in `brush`), one Chinese character where it stands alone (`红` is not
    in `红日公司`), other words anywhere. Of `denials`, one that stands before a word, directly or over `links`
    (`不` 需要 再 定制), denies it and the words joined to it. In an `unrelated` phrase (一定做好, 特别) neither a word
    nor a denial means what it would alone.
    """

    def __init__(
        self,
        words: Iterable[str],
        denials: Iterable[str] = (),
        links: Iterable[str] = (),
        unrelated: Iterable[str] = (),
    ) -> None:
        self._words = {spaced(word): word for word in words if spaced(word)}
        word = _standing_alone(self._words)
        harmless = _any_of({spaced(phrase) for phrase in unrelated} - self._words.keys())
        linked = rf"(?:(?>{_any_of(map(spaced, links))}) ?+)*"  # atomic: 需要 is never tried as 需 and 要 as well
        denied = rf"{_any_of(map(spaced, denials))} ?{linked}{word}(?: ?{_AND}? ?{linked}{word})*"
        self._says = re.compile(rf"{harmless}|{denied}|(?P<word>{word})")
        self._word = re.compile(word)
        self._initials = frozenset(word[0] for word in self._words)
        self._gives = re.compile(rf"{word} ?{_GIVES} ?(?!{_ONLY_YES_OR_NO})\w")
        self.first_in = lru_cache(maxsize=16_384)(self._first_in)

    def _first_in(self, text: str) -> str | None:
        """The first word of the list that `text` says and does not deny (`无需定制`), as the list writes it."""
        folded = spaced(text)
        if self._initials.isdisjoint(folded):
            return None
        for hit in self._says.finditer(folded):
            if word := hit["word"]:
                return self._words.get(word) or self._words[word[0]]
        return None

    def gives(self, text: str) -> bool:
        """Whether `text` has a word of the list with its value behind it: `刻字：生日快乐`, but not `刻字：是`."""
        return self._gives.search(spaced(text)) is not None

    def without(self, text: str) -> str:
        """`text` folded, with a comma for each word of the list."""
        return self._word.sub(",", spaced(text))


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the folded `words`, the longest first; it never matches where there is none."""
    longest_first = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_whole, longest_first))})" if longest_first else "(?!)"


def _standing_alone(words: Iterable[str]) -> str:
    """As `_any_of`, with single Chinese characters only where no other one stands beside them (红, 红黑)."""
    single = {word for word in words if re.fullmatch(_HAN, word)}
    longer = _any_of(set(words) - single)
    return rf"(?:{longer}|(?<!{_HAN})[{''.join(sorted(single))}]+(?!{_HAN}))" if single else longer


def _whole(word: str) -> str:
    """A pattern for `word` that does not begin or end within another Latin word."""
    begins = "(?<![a-z])" if re.match("[a-z]", word) else ""
    ends = "(?![a-z])" if re.search("[a-z]$", word) else ""
    return f"{begins}{re.escape(word)}{ends}"
