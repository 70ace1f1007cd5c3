"""`orderflow` as a person or cron runs it: a process of its own, at a desk of its own, at a fixed time.

A start takes its time, so most tests call the flows (`desks.py`); this is for what only a process can show:
exit codes, what goes to which stream, what `--json` prints.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import dying
from dying import Dying
from starter import LONGEST, starter

PROGRAM = Path(sys.executable).with_name("orderflow.exe" if sys.platform == "win32" else "orderflow")
NINE = "2024-05-10T09:00"
OURS = ("ORDERFLOW_DESK", "ORDERFLOW_AS", "ORDERFLOW_NOW", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said on either stream."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that `--json` prints."""
        answer: dict[str, Any] = json.loads(self.out)
        return answer


@dataclass(frozen=True)
class Running:
    """A command at work, and what waits for its end."""

    process: int
    ended: Callable[[], tuple[int, bytes, bytes]]

    def end(self) -> Said:
        """How it ended, once it has; a signal's number is below zero."""
        exit_code, out, err = self.ended()
        return Said(exit_code, out.decode(), err.decode())

    def kill(self) -> None:
        """Ends it at once."""
        os.kill(self.process, getattr(signal, "SIGKILL", signal.SIGTERM))


def _ended(process: subprocess.Popen[bytes], stdin: str | None) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(stdin.encode() if stdin else None, timeout=LONGEST)
    return process.returncode, out, err


@dataclass(frozen=True)
class Prompt:
    """A shell in `folder`, whose clock stands still; `desk` is the folder that the commands find by themselves.

    A process is forked from one that has everything imported; `installed` ones, and those of a system that cannot
    fork, start as they do for a person, which takes ten times as long.
    """

    folder: Path
    now: str = NINE
    actor: str = "小周"
    environment: dict[str, str] = field(default_factory=dict)
    installed: bool = False

    @property
    def desk(self) -> Path:
        """The desk that commands work with where none is named."""
        return self.folder / "desk"

    def run(self, *words: str | Path, stdin: str | None = None) -> Said:
        """`orderflow` with these words."""
        return self.start(*words, stdin=stdin).end()

    def start(self, *words: str | Path, stdin: str | None = None, dies: Dying | None = None) -> Running:
        """The same, at work; it may have to die before its end."""
        given = [str(word) for word in words]
        if hasattr(os, "fork") and not self.installed:
            forked = starter().start(given, self.folder, self._environment(), stdin, dies)
            return Running(forked.process, forked.end)
        program = [sys.executable, dying.__file__, *map(str, dies)] if dies else [str(PROGRAM)]
        process = subprocess.Popen(
            [*program, *given],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return Running(process.pid, partial(_ended, process, stdin))

    def json(self, *words: str | Path) -> Said:
        """The same with `--json`, whose standard output holds one object and nothing else."""
        said = self.run(*words, "--json")
        assert said.json["schema"] == 1
        return said

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        pinned = {"ORDERFLOW_NOW": self.now, "ORDERFLOW_AS": self.actor, "LANG": "zh_CN.UTF-8"}
        return kept | pinned | self.environment
