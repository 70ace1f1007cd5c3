"""`orderflow` as a person or cron runs it: a process of its own, at a desk of its own, at a fixed time.

A start takes its time, so most tests call the flows (`desks.py`); this is for what only a process can show:
exit codes, what goes to which stream, what `--json` prints.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starter import starter

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
        if hasattr(os, "fork") and not self.installed:
            given = [str(word) for word in words]
            ended, out, err = starter().run(given, self.folder, self._environment(), stdin)
            return Said(ended, out.decode(), err.decode())
        done = subprocess.run(
            [PROGRAM, *map(str, words)],
            cwd=self.folder,
            env=self._environment(),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str | Path) -> Said:
        """The same with `--json`, whose standard output holds one object and nothing else."""
        said = self.run(*words, "--json")
        assert said.json["schema"] == 1
        return said

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        pinned = {"ORDERFLOW_NOW": self.now, "ORDERFLOW_AS": self.actor, "LANG": "zh_CN.UTF-8"}
        return kept | pinned | self.environment
