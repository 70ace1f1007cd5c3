"""Claims made in a second process, while this one decides and stores: a machine has more than one core.

What crosses are columns of plain values. Small sheets, whose rows are claimed sooner than a process starts, stay here,
and so does the end of a large one: whoever has time makes the next claims.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Self

from orderflow.flows.batch import Batch
from orderflow.flows.claimant import ALONE, Claimant, start, stop
from orderflow.flows.claimer import Claimer
from orderflow.flows.crossing import Crossing, packed, unpacked
from orderflow.sheets.continued import continues
from orderflow.sheets.values import Line

WORTH = 4_000
"""Lines that are worth a process, and that cross at a time."""
_AHEAD = 3  # pieces that the other process may be ahead: more of them only lie in memory


class Abreast:
    """The claims of one sheet, in the order of the lines given; a context manager that leaves no process behind.

    `ready` is a process that was started before.
    """

    def __init__(self, claimer: Claimer, ready: Claimant | None = None) -> None:
        self._claimer, self._ready = claimer, ready
        self._make = claimer.reader()
        self._other: Claimant | None = None
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._hearing: Thread | None = None
        self._kept: deque[list[Line]] = deque()
        self._sent: deque[list[Line]] = deque()
        self._made: deque[Batch] = deque()  # of the end of the sheet
        self._all_given = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._other, self._ready):
            if process is not None:
                process.kill()
        if self._hearing is not None:
            self._hearing.join()
        for process in (self._other, self._ready):
            if process is not None:
                stop(process)

    def give(self, lines: list[Line]) -> None:
        """Lay lines down; those of a large sheet are claimed from now on."""
        if self._other is None and len(lines) >= WORTH and not ALONE:
            self._begin()
        self._kept.append(lines)
        self._send()

    def batches(self, chunks: Iterable[list[Line]]) -> Iterator[Batch]:
        """The claims of lines that stream in, and of those laid down before."""
        for lines in chunks:
            self.give(lines)
            if len(self._sent) + len(self._kept) > _AHEAD or self._other is None:
                yield self._next()
        self._all_given = True
        while self._sent or self._kept or self._made:
            yield self._next()

    def _begin(self) -> None:
        self._other, self._ready = self._ready or start(), None
        assert self._other.stdin is not None
        with suppress(BrokenPipeError):
            _put(self._other.stdin, self._claimer)
        self._hearing = Thread(target=_hear, args=(self._other.stdout, self._answers), daemon=True)
        self._hearing.start()

    def _send(self) -> None:
        if self._other is None or self._other.stdin is None:
            return
        while self._kept and len(self._sent) < _AHEAD:
            lines = self._kept.popleft()
            with suppress(BrokenPipeError):  # what became of the other process is said when it is asked
                _put(self._other.stdin, _packed(lines))
            self._sent.append(lines)

    def _next(self) -> Batch:
        if self._other is None:
            return self._make(self._kept.popleft())
        if not self._sent:
            return self._made.popleft()
        while self._answers.empty() and self._may_help():
            self._made.appendleft(self._make(self._kept.pop()))
        answer = self._answers.get()
        made: Crossing | str = pickle.loads(answer) if answer else "the process that makes claims has ended"
        if isinstance(made, str):
            raise RuntimeError(made)
        lines = self._sent.popleft()
        self._send()
        self._claimer.claiming.noticed.update(made.noticed)
        return unpacked(made, lines)

    def _may_help(self) -> bool:
        """Whether lines at the end of the sheet wait that need not be claimed by who claims those before them."""
        return self._all_given and bool(self._kept) and not continues(self._claimer.layout)


def _hear(pipe: IO[bytes], answers: SimpleQueue[bytes | None]) -> None:
    with suppress(EOFError):
        while True:
            answers.put(_frame(pipe))
    answers.put(None)


def serve() -> None:
    """The other process: a claimer comes, then lines, until the pipe is closed.

    Lines are taken from the pipe by a thread, so that neither process waits for the other to read what it writes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that asks decides when to stop
    gc.disable()  # it makes many objects and no cycles
    asked: SimpleQueue[Any] = SimpleQueue()
    try:
        claimer: Claimer = _got(sys.stdin.buffer)
    except EOFError:
        return  # there was nothing to claim
    Thread(target=_listen, args=(asked,), daemon=True).start()
    make, noticed = claimer.reader(), claimer.claiming.noticed
    for lines in iter(asked.get, None):
        noticed.clear()
        try:
            _put(sys.stdout.buffer, packed(make(_unpacked(lines)), noticed))
        except BrokenPipeError:
            return
        except Exception:
            _put(sys.stdout.buffer, traceback.format_exc())
            return


def _listen(asked: SimpleQueue[Any]) -> None:
    try:
        while True:
            asked.put(_got(sys.stdin.buffer))
    except EOFError:
        asked.put(None)


def _packed(lines: Sequence[Line]) -> tuple[bool, Sequence[int], Sequence[Sequence[Any]]]:
    """Lines as columns where they are of one length, which takes half the time; else as they are."""
    numbers, cells = zip(*lines, strict=True)
    even = len(set(map(len, cells))) == 1
    return even, numbers, list(zip(*cells, strict=True)) if even else cells


def _unpacked(packed: tuple[bool, Sequence[int], Sequence[Sequence[Any]]]) -> list[Line]:
    even, numbers, cells = packed
    return list(map(Line, numbers, map(list, zip(*cells, strict=True)) if even else map(list, cells)))


def _put(pipe: IO[bytes], what: Any) -> None:
    frame = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(frame).to_bytes(8, "little") + frame)
    pipe.flush()


def _got(pipe: IO[bytes]) -> Any:
    """The next thing that was put. Raises EOFError where the other process is no more."""
    return pickle.loads(_frame(pipe))


def _frame(pipe: IO[bytes]) -> bytes:
    head = pipe.read(8)
    frame = pipe.read(int.from_bytes(head, "little"))
    if len(head) < 8 or not frame:
        raise EOFError
    return frame
