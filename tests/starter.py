"""Commands in processes of their own that need not import everything anew: each is forked from one that has.

The process that is asked (`Starter`) reads one request a line and answers with how the command ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from typing import Any

LONGEST = 120  # seconds
NOT_IMPORTED = ("orderflow.__main__", "orderflow.ledger.migrations")


class Starter:
    """Starts commands, one at a time; it ends with the process that made it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="orderflow-starter-")
        self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str | None
    ) -> tuple[int, bytes, bytes]:
        """`orderflow` with these words: how it ended, and what it wrote to either stream."""
        said, out, err = (Path(self._folder.name, name) for name in ("in", "out", "err"))
        said.write_text(stdin or "", encoding="utf-8")
        streams = [str(said) if stdin is not None else os.devnull, str(out), str(err)]
        request = {"words": words, "folder": str(folder), "environment": dict(environment), "streams": streams}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), out.read_bytes(), err.read_bytes()

    def close(self) -> None:
        """Lets the process end."""
        self._process.communicate()
        self._folder.cleanup()


@cache
def starter() -> Starter:
    """The one of this process."""
    return Starter()


def serve() -> None:
    """Import what commands need, then start what is asked for."""
    import orderflow

    for module in walk_packages(orderflow.__path__, "orderflow."):
        if not module.name.startswith(NOT_IMPORTED):
            import_module(module.name)
    for line in sys.stdin.buffer:
        process = os.fork()
        if process == 0:
            os._exit(_command(**json.loads(line)))
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _command(words: list[str], folder: str, environment: dict[str, str], streams: list[str]) -> int:
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
