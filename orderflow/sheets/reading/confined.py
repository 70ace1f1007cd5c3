"""The parent's side of reading apart: a child process with limits on memory and time, that can only answer.

Whatever a file does to the parser there, an abort, a loop, a flood, here it is an `Unreadable`.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.pipes import widen
from orderflow.sheets.reading.wire import receive, send
from orderflow.sheets.values import Limits

START = (
    "import sys; sys.path += sys.argv[3:]; from importlib import import_module; "
    "import_module(sys.argv[1]).main(int(sys.argv[2]))"
)
TICK = 0.05


class Fallen(Unreadable):
    """The child ended without a word: its parser aborted, or the system stopped it."""

    def __init__(self) -> None:
        super().__init__("file-damaged")


class Confined:
    """A module's `main` in a child process, fed one file; a context manager that leaves nothing behind."""

    def __init__(self, module: str, limits: Limits, size: int) -> None:
        watched = sys.platform != "linux" if limits.watch is None else limits.watch
        arguments = [f"orderflow.sheets.reading.{module}", str(0 if watched else limits.memory), *_paths()]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", START, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        widen(self._process.stdout)
        self._watch = Watch(self._process, limits.time_for(size), limits.memory if watched else None)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the child, whose memory is the system's again; it is not to be asked any more."""
        self._process.kill()
        self._watch.stop()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what could not be written to a dead child
                assert pipe is not None
                pipe.close()
        self._process.wait()

    def allow(self, seconds: float) -> None:
        """Set how long the parent may wait in all, once more is known of the file."""
        self._watch.seconds = seconds

    def feed(self, settings: object, content: bytes) -> None:
        """Hand the file over; what is wrong with the child shows when it is asked."""
        pipe = self._process.stdin
        assert pipe is not None
        with self._watch.waiting(), suppress(OSError):
            send(pipe, settings)
            pipe.write(len(content).to_bytes(8, "little"))
            pipe.write(content)
            pipe.flush()

    def sheets(self) -> list[dict[str, Any]]:
        """The first answer: what sheets there are."""
        facts: list[dict[str, Any]] = self.answer()["sheets"]
        return facts

    def ask(self, index: int) -> Iterator[Any]:
        """The messages about one sheet. The question is put at once, so that the child works meanwhile."""
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(OSError):
            pipe.write(index.to_bytes(4, "little"))
            pipe.flush()
        return iter(self.answer, None)

    def answer(self) -> Any:
        """The next message; Unreadable where the child refuses, Fallen where it is no more."""
        assert self._process.stdout is not None
        try:
            with self._watch.waiting():
                message = receive(self._process.stdout)
        except EOFError:
            raise self._watch.verdict or Fallen() from None
        if self._watch.overdue:
            raise self._watch.too_slow()
        if isinstance(message, dict) and "refused" in message:
            raise Unreadable(str(message["refused"]), **message["params"])
        return message


class Watch(threading.Thread):
    """Ends the child when the parent has waited too long for it, or when it has grown too large."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, memory: int | None) -> None:
        super().__init__(daemon=True)
        self.seconds = seconds
        self.verdict: Unreadable | None = None
        self._process, self._memory = process, memory
        self._waited = 0.0
        self._since: float | None = None
        self._done = threading.Event()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Time spent in here counts; what the parent does with the rows does not."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._waited += time.monotonic() - self._since
            self._since = None

    def run(self) -> None:
        """Look every few moments until told to stop."""
        while not self._done.wait(TICK):
            if self._late():
                self.verdict = self.too_slow()
            elif self._memory and self._grown(self._memory):
                self.verdict = Unreadable("file-too-large")
            if self.verdict:
                self._process.kill()
                return

    @property
    def overdue(self) -> bool:
        """Whether all the waiting so far was too much, also where an answer came in the end."""
        return self._waited > self.seconds

    def too_slow(self) -> Unreadable:
        """What is said of a file whose reading takes too long."""
        return Unreadable("file-too-slow", seconds=max(0, round(self.seconds)))

    def stop(self) -> None:
        """No more watching; the process has ended or is about to."""
        self._done.set()
        self.join()

    def _late(self) -> bool:
        since = self._since
        return since is not None and self._waited + time.monotonic() - since > self.seconds

    def _grown(self, memory: int) -> bool:
        import psutil

        try:
            size = psutil.Process(self._process.pid).memory_info()
            return bool(getattr(size, "peak_wset", size.rss) > memory)  # Windows remembers the peak
        except psutil.Error:
            return False


@cache
def _paths() -> list[str]:
    """Where the child finds the parser and this package, which `-I -S` hide from it."""
    parser = find_spec("python_calamine")
    assert parser is not None
    assert parser.origin is not None
    return [str(Path(parser.origin).parents[1]), str(Path(__file__).parents[3])]
