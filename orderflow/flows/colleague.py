"""The second process as the first one sees it: what is put to it in order, and what it answers."""

from __future__ import annotations

import pickle
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from orderflow.flows.claimant import Claimant, start, stop


class Gone(RuntimeError):
    """The second process is no more, or could not do what it was asked; what it said of it."""


class Colleague:
    """A second process at work, be it one that was started before; `stop` it."""

    def __init__(self, process: Claimant | None = None) -> None:
        self._process = process or start()
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._hearing = Thread(target=_hear, args=(self._process.stdout, self._answers), daemon=True)
        self._hearing.start()

    def put(self, what: Any) -> None:
        """Ask, or tell; what became of a process that is no more is said when an answer is wanted."""
        assert self._process.stdin is not None
        with suppress(OSError):
            put(self._process.stdin, what)

    def has_answered(self) -> bool:
        """Whether an answer waits to be taken."""
        return not self._answers.empty()

    def answer(self) -> Any:
        """The next answer. Raises Gone."""
        frame = self._answers.get()
        said = pickle.loads(frame) if frame else Gone("the second process has ended")
        if isinstance(said, Gone):
            raise said
        return said

    def stop(self) -> None:
        """End it; nothing remains of it."""
        self._process.kill()
        self._hearing.join()
        stop(self._process)


def put(pipe: IO[bytes], what: Any) -> None:
    """Write one thing."""
    frame = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(frame).to_bytes(8, "little") + frame)
    pipe.flush()


def got(pipe: IO[bytes]) -> Any:
    """The next thing that was put. Raises EOFError where the other process is no more."""
    return pickle.loads(_frame(pipe))


def _hear(pipe: IO[bytes], answers: SimpleQueue[bytes | None]) -> None:
    with suppress(EOFError):
        while True:
            answers.put(_frame(pipe))
    answers.put(None)


def _frame(pipe: IO[bytes]) -> bytes:
    head = pipe.read(8)
    frame = pipe.read(int.from_bytes(head, "little"))
    if len(head) < 8 or not frame:
        raise EOFError
    return frame
