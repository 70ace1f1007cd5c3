"""Scores of a survey: whole numbers from 1 to 5 (PROCESS.md, step 5)."""

from __future__ import annotations

import re

from orderflow.records.folding import fold
from orderflow.sheets.cells.read import BLANK, Read
from orderflow.sheets.cells.text import normal, says_nothing
from orderflow.sheets.values import Cell, Trouble

_WRITTEN = re.compile(r"([1-5一二三四五])(?:\.0+)?(?:分|星|颗星|星级|/5分?|stars?|points?)?")
_STARS = re.compile(r"([★⭐]{1,5})(☆*)")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_ENDS = {"非常满意": 5, "verysatisfied": 5, "非常不满意": 1, "verydissatisfied": 1}
# the survey's own word for 5 (the source document's step 5), and the other end of the scale
_BOTH = re.compile(r"([^()]+)\(([^()]+)\)")
HIGHEST = 5


def read_score(value: Cell) -> Read[int]:
    """A score that is certain: `5`, `5分`, `4/5`, `★★★☆☆`, `5分(非常满意)`. Halves and most words are not."""
    if isinstance(value, str):
        text = normal(value)
        return BLANK if says_nothing(text) else _written(fold(text).replace("\ufe0f", ""))
    if value is None:
        return BLANK
    if isinstance(value, Trouble):
        return Read(None, value.kind)
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value in range(1, HIGHEST + 1)
    return Read(int(value)) if whole else Read(None, "unreadable-score")  # type: ignore[arg-type]


def _written(text: str) -> Read[int]:
    if text in _ENDS:
        return Read(_ENDS[text])
    if both := _BOTH.fullmatch(text):
        figure, words = _written(both[1]), both[2]
        return figure if _ENDS.get(words, figure.value) == figure.value else Read(None, "unreadable-score")
    if match := _WRITTEN.fullmatch(text):
        return Read(_CHINESE.get(match[1]) or int(match[1]))
    stars = _STARS.fullmatch(text)
    if stars and (not stars[2] or len(stars[0]) == HIGHEST):
        return Read(len(stars[1]))
    return Read(None, "unreadable-score")
