"""A command that dies on its way: killed as it touches files for the so-manieth time, or with a disk that is full.

As a program: `python dying.py NTH FOLDER LARGEST orderflow's words…`, for systems that cannot fork.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

TOUCHING = ("open", "os.rename", "os.remove", "sqlite3.connect", "subprocess.Popen")


class Dying(NamedTuple):
    """When a command dies: at the `nth` time it touches files below `folder`; where it would write a larger file."""

    nth: int = 0
    folder: str = ""
    largest: int = 0


@contextmanager
def dying(when: Dying | None) -> Iterator[None]:
    """Lets this process die so; if it comes to its end, it says on standard error how often it touched files."""
    if when is None:
        yield
        return
    if when.largest:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (when.largest, when.largest))
    seen = 0

    def look(event: str, given: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in TOUCHING and when.folder in repr(given):
            seen += 1
            if seen == when.nth:
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    if when.folder:
        sys.addaudithook(look)
    try:
        yield
    finally:
        if when.folder:
            print(seen, file=sys.stderr)


if __name__ == "__main__":
    nth, folder, largest, *sys.argv[1:] = sys.argv[1:]
    with dying(Dying(int(nth), folder, int(largest))):
        from orderflow.cli import main

        main()
