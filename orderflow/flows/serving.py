"""What the second process does: it makes claims of lines, and draws the copy of the rows that were decided."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from orderflow.flows.batch import Made
from orderflow.flows.claimer import Claimer
from orderflow.flows.colleague import Gone, got, put
from orderflow.flows.copyist import Copyist, Letterhead
from orderflow.flows.crossing import Aside, Packed, packed
from orderflow.records.errors import OrderflowError
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.values import Cell

_SOON = 6  # pieces that may have been claimed before what is decided of them comes back


def serve() -> None:
    """Do what is put, in order, until the pipe is closed.

    It is taken from the pipe by a thread, so that neither process waits for the other to read what it writes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that asks decides when to stop
    gc.disable()  # it makes many objects and no cycles
    asked: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    clerk = _Clerk()
    for what in iter(asked.get, None):
        try:
            clerk.do(what)
        except BrokenPipeError:
            return
        except Exception:
            put(sys.stdout.buffer, Gone(traceback.format_exc()))
            return


class _Clerk:
    """Claims the lines of one sheet, and draws one copy, for which the lines are kept."""

    def __init__(self) -> None:
        self._claimer: Claimer | None = None
        self._lines: deque[Stretch] = deque()
        self._make: Callable[[Stretch], Made] | None = None
        self._copyist: Copyist | None = None
        self._trouble: Gone | None = None

    def do(self, what: Any) -> None:
        """One thing that was put: a sheet to be claimed, its lines, a copy to begin, or what is to be done with it."""
        if isinstance(what, Claimer):
            self._claimer, self._make = what, what.maker()
        elif isinstance(what, Packed):
            assert self._claimer is not None
            assert self._make is not None
            noticed = self._claimer.claiming.noticed
            noticed.clear()
            lines = what.unpacked()
            self._keep(lines)
            put(sys.stdout.buffer, packed(self._make(lines), noticed))
        elif isinstance(what, Aside):
            self._keep(what.lines.unpacked())
        elif isinstance(what, Letterhead):
            self._copyist, self._trouble = Copyist(what, _cells(self._lines)), None
        else:
            self._copy(*what)

    def _keep(self, lines: Stretch) -> None:
        """Keep lines for the copy: those that it may soon come to as they are, others in little room."""
        self._lines.append(lines)
        if len(self._lines) > _SOON:
            self._lines[-_SOON - 1].forget()

    def _copy(self, step: str, arguments: tuple[Any, ...]) -> None:
        """A step of the copy. What goes wrong leaves the claims alone, and is said when the copy is to be written."""
        assert self._copyist is not None
        if step == "write":
            put(sys.stdout.buffer, self._trouble or _written(self._copyist, *arguments))
        elif self._trouble is None:
            try:
                getattr(self._copyist, step)(*arguments)
            except Exception:
                self._trouble = Gone(traceback.format_exc())


def _cells(lines: deque[Stretch]) -> Callable[[int], Sequence[Cell]]:
    """What finds the cells of a line by its number; numbers are to be asked for in their order."""
    stretch, places = Stretch((), ()), dict[int, int]()

    def cells_of(number: int) -> Sequence[Cell]:
        nonlocal stretch, places
        while number not in places:
            stretch = lines.popleft()
            places = {number: at for at, number in enumerate(stretch.numbers)}
        return stretch.cells(places[number])

    return cells_of


def _written(copyist: Copyist, target: Path) -> Path | tuple[str, dict[str, object]]:
    """Where the copy was written, or why it could not be."""
    try:
        return copyist.write(target)
    except OrderflowError as refusal:
        return refusal.code, refusal.params


def _listen(asked: SimpleQueue[Any]) -> None:
    try:
        while True:
            asked.put(got(sys.stdin.buffer))
    except EOFError:
        asked.put(None)
