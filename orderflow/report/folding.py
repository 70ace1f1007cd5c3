"""Lines of mixed text: Chinese breaks anywhere, words and figures stay whole, no line begins with a closing mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

_PIECES = re.compile(r"[!-~À-ɏ]+|\s+|.", re.DOTALL)
_CLOSING = frozenset("，。；：、！？）】》」』”’…")


def folded(words: str, width: int) -> list[str]:
    """`words` in lines of at most `width` columns; a closing mark may stand one column beyond."""
    lines = [""]
    for piece in _fitting(words, width):
        line = lines[-1]
        if cell_len(line) + cell_len(piece) <= width or (piece in _CLOSING and line):
            lines[-1] = line + piece if line else piece.lstrip()
        else:
            lines[-1] = line.rstrip()
            lines.append(piece.lstrip())
    return lines


def _fitting(words: str, width: int) -> Iterator[str]:
    for piece in _PIECES.findall(words):
        yield from chop_cells(piece, width) if cell_len(piece) > width else [piece]
