"""Pipes between processes, wide enough for one of them to write ahead."""

from __future__ import annotations

from contextlib import suppress
from typing import IO

_WIDTH = 1 << 20  # bytes


def widen(pipe: IO[bytes] | None) -> None:
    """Let whoever writes into the pipe be up to 1 MiB ahead, where the system allows it."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDTH)  # type: ignore[arg-type]
