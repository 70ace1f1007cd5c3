"""The second process (see `serving`): how it is started and ended, with nothing heavy to load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from orderflow.sheets.reading.pipes import widen

Claimant = subprocess.Popen[bytes]
ALONE = os.cpu_count() == 1
"""Whether a second process would only wait for this one."""
_LARGE = 256 << 10  # bytes: some thousand rows
_START = "import sys; sys.path.append(sys.argv[1]); from orderflow.flows.serving import serve; serve()"
_ROOT = Path(__file__).parents[2]


def start() -> Claimant:
    """A second process, which waits for what is put to it; `stop` it."""
    command = [sys.executable, "-P", "-c", _START, str(_ROOT)]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=flags)
    widen(process.stdin)
    widen(process.stdout)
    return process


def started_for(path: Path) -> Claimant | None:
    """One for the rows of a file, if that is large enough to be worth it."""
    try:
        return start() if not ALONE and path.stat().st_size >= _LARGE else None
    except OSError:
        return None  # what is wrong with the file is said when its turn comes


def stop(process: Claimant) -> None:
    """End a process that was started; nothing remains of it."""
    process.kill()
    process.communicate()
