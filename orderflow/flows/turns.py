"""Turns: which of several processes does a piece of work. A turn ends with its process, however that ends."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

DESK_WORKBOOKS = 0
"""The turn of who writes the desk's own workbooks; any other is that of a run, by its number."""
TURNS, SENDING = ".~turns", ".~sending"
"""The files that turns are taken in. Who sends has one of its own: it may hold turns of runs meanwhile, and POSIX gives
back all that a process has taken in a file once it closes that file anywhere."""
_PAUSE = 0.05  # seconds between two attempts


class Turns:
    """The turns that this process has taken at one desk; a context manager that gives them all back."""

    def __init__(self, desk: Path, name: str = TURNS) -> None:
        self._path = desk / name
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def take(self, turn: int) -> bool:
        """Take a turn unless another process has it; whether it is ours now."""
        try:
            self._file = self._file or self._path.open("a+b")
        except OSError:  # a folder that cannot be written to: nobody else writes there either
            return True
        return _lock(self._file, turn)

    def wait_for(self, turn: int) -> None:
        """Take a turn once no other process has it."""
        while not self.take(turn):
            time.sleep(_PAUSE)

    def give_back(self, turn: int) -> None:
        """Let another process have the turn."""
        if self._file is not None:
            _unlock(self._file, turn)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], at: int) -> bool:
        file.seek(at)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes], at: int) -> None:
        file.seek(at)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes], at: int) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, at)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes], at: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, at)
