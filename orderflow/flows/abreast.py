"""Claims made in a second process, while this one decides and stores: a machine has more than one core.

What crosses are columns of plain values. Small sheets, whose rows are claimed sooner than a process starts, stay here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Self

from orderflow.flows.batch import Batch, batch_of
from orderflow.flows.claimant import ALONE
from orderflow.flows.claimer import Claimer
from orderflow.flows.colleague import Colleague
from orderflow.flows.crossing import packed_lines, unpacked
from orderflow.sheets.stretch import Stretch

WORTH = 4_000
"""Lines that are worth a process, and that cross at a time."""
_AHEAD = 3  # pieces that the other process may be ahead: more of them only lie in memory


class Abreast:
    """The claims of one sheet, in the order of the lines given; a context manager that leaves no process behind.

    `begin` gives the second process, once it is worth one; `colleague` is that process. One that is `kept` is left to
    whoever keeps it.
    """

    def __init__(self, claimer: Claimer, begin: Callable[[], Colleague] = Colleague) -> None:
        self._claimer, self._begin = claimer, begin
        self._make = claimer.maker()
        self.colleague: Colleague | None = None
        self.kept = False
        self._waiting: deque[Stretch] = deque()
        self._sent: deque[Stretch] = deque()

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
            if len(self._sent) + len(self._waiting) > _AHEAD or self.colleague is None:
                yield self._next()
        while self._sent or self._waiting:
            yield self._next()

    def _send(self) -> None:
        while self.colleague is not None and self._waiting and len(self._sent) < _AHEAD:
            lines = self._waiting.popleft()
            self.colleague.put(packed_lines(lines))
            self._sent.append(lines)

    def _next(self) -> Batch:
        if self.colleague is None:
            lines = self._waiting.popleft()
            return batch_of(self._make(lines), lines)
        made = self.colleague.answer()
        lines = self._sent.popleft()
        self._send()
        self._claimer.claiming.noticed.update(made.noticed)
        return batch_of(unpacked(made), lines)
