"""Claims made in a second process, while this one decides and stores: a machine has more than one core.

What crosses are columns of plain values. Small sheets, whose rows are claimed sooner than a process starts, stay here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from orderflow.flows.batch import Batch, Made, batch_of
from orderflow.flows.claimant import ALONE
from orderflow.flows.claimer import Claimer
from orderflow.flows.colleague import Colleague
from orderflow.flows.crossing import Aside, packed_lines, unpacked
from orderflow.sheets.stretch import Stretch

WORTH = 4_000
"""Lines that are worth a process, and that cross at a time."""
_AHEAD = 3  # pieces that the other process may be ahead, and that this one may be: more of them only lie in memory


@dataclass(slots=True)
class _Piece:
    """Lines whose claims are on their way; those `made` here are there already."""

    lines: Stretch
    made: Made | None = None


class Abreast:
    """The claims of one sheet, in the order of the lines given; a context manager that leaves no process behind.

    `begin` gives the second process, once it is worth one; `colleague` is that process. One that is `kept` is left to
    whoever keeps it. While it is behind, this process claims lines too.
    """

    def __init__(self, claimer: Claimer, begin: Callable[[], Colleague] = Colleague) -> None:
        self._claimer, self._begin = claimer, begin
        self._make = claimer.maker()
        self.colleague: Colleague | None = None
        self.kept = False
        self._waiting: deque[Stretch] = deque()
        self._begun: deque[_Piece] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.colleague is not None and not self.kept:
            self.colleague.stop()

    def give(self, lines: Stretch) -> None:
        """Lay lines down; those of a large sheet are claimed from now on."""
        if self.colleague is None and len(lines) >= WORTH and not ALONE:
            self.colleague = self._begin()
            self.colleague.put(self._claimer)
        self._waiting.append(lines)
        self._send()

    def batches(self, chunks: Iterable[Stretch]) -> Iterator[Batch]:
        """The claims of lines that stream in, and of those laid down before."""
        for lines in chunks:
            self.give(lines)
            if len(self._begun) + len(self._waiting) > _AHEAD or self.colleague is None:
                yield self._next()
        while self._begun or self._waiting:
            yield self._next()

    def _send(self) -> None:
        """Have the other process claim what waits, as far as it may be ahead."""
        while self.colleague is not None and self._waiting and self._count(made=False) < _AHEAD:
            piece = _Piece(self._waiting.popleft())
            self.colleague.put(packed_lines(piece.lines))
            self._begun.append(piece)

    def _next(self) -> Batch:
        if self.colleague is None:
            lines = self._waiting.popleft()
            return batch_of(self._make(lines), lines)
        while self._begun[0].made is None and self._is_free_to_help() and not self.colleague.has_answered():
            self._help(self.colleague)
        piece = self._begun.popleft()
        made = piece.made
        if made is None:
            answer = self.colleague.answer()
            self._claimer.claiming.noticed.update(answer.noticed)
            made = unpacked(answer, self._claimer.checking.zone)
        self._send()
        return batch_of(made, piece.lines)

    def _is_free_to_help(self) -> bool:
        return bool(self._waiting) and self._claimer.in_any_order and self._count(made=True) < _AHEAD

    def _help(self, colleague: Colleague) -> None:
        """Claim the next lines here; the other process only keeps them, as it may have to draw them."""
        lines = self._waiting.popleft()
        colleague.put(Aside(packed_lines(lines)))
        self._begun.append(_Piece(lines, self._make(lines)))

    def _count(self, *, made: bool) -> int:
        return sum((piece.made is not None) is made for piece in self._begun)
