"""Commands in processes of their own that need not import everything anew: each is forked from one that has.

The process that is asked (`Starter`) reads one request a line: a command to start, answered with its process, or a
process to wait for, answered with how it ended.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from dying import Dying, dying

LONGEST = 120  # seconds


class Forked(NamedTuple):
    """A command at work, and the files that take what it writes."""

    starter: Starter
    process: int
    out: Path
    err: Path

    def end(self) -> tuple[int, bytes, bytes]:
        """Waits until it has ended: how (the number of a signal below zero), and what it wrote to either stream."""
        ended = self.starter.ask(self.process)
        return ended, self.out.read_bytes(), self.err.read_bytes()


class Starter:
    """Starts commands; it ends with the process that made it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="orderflow-starter-")
        self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._numbers = count()

    def start(
        self,
        words: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        stdin: str | None,
        dies: Dying | None = None,
    ) -> Forked:
        """`orderflow` with these words, which may have to die before its end."""
        nth = next(self._numbers)
        said, out, err = (Path(self._folder.name, f"{nth}.{name}") for name in ("in", "out", "err"))
        said.write_text(stdin or "", encoding="utf-8")
        streams = [str(said) if stdin is not None else os.devnull, str(out), str(err)]
        request = {"words": words, "folder": str(folder), "environment": dict(environment), "streams": streams}
        return Forked(self, self.ask(request | {"dies": dies}), out, err)

    def ask(self, request: object) -> int:
        """What is answered to a request."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """Lets the process end."""
        self._process.communicate()
        self._folder.cleanup()


@cache
def starter() -> Starter:
    """The one of this process."""
    return Starter()


def serve() -> None:
    """Be warm, then start what is asked for."""
    import warm  # noqa: F401

    gc.freeze()  # a process that looks for garbage among what all share makes a copy of it
    for line in sys.stdin.buffer:
        request = json.loads(line)
        sys.stdout.write(f"{_ended(request) if isinstance(request, int) else _forked(request)}\n")
        sys.stdout.flush()


def _ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _forked(request: dict[str, Any]) -> int:
    process = os.fork()
    if process == 0:
        os._exit(_command(**request))
    return process


def _command(
    words: list[str], folder: str, environment: dict[str, str], streams: list[str], dies: list[Any] | None
) -> int:
    from orderflow.cli import main

    signal.alarm(LONGEST)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | (os.O_CREAT | os.O_TRUNC if number else 0)), number)
    sys.stdin, sys.stdout, sys.stderr = open(0, encoding="utf-8"), _writing(1), _writing(2)  # noqa: SIM115
    sys.argv = [str(Path(sys.executable).with_name("orderflow")), *words]  # as an installed command is started
    ended: Any = 0
    try:
        with dying(Dying(*dies) if dies else None):
            main()
    except SystemExit as end:
        ended = end.code or 0
    except BaseException:
        traceback.print_exc()
        ended = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return int(ended)


def _writing(number: int) -> Any:
    errors = "strict" if number == 1 else "backslashreplace"
    return open(number, "w", encoding="utf-8", errors=errors)


if __name__ == "__main__":
    serve()
