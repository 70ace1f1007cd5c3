"""The answer of `schedule`: lines to copy, for this machine's system first."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic import BaseModel

from orderflow.call import DONE, Call
from orderflow.flows.scheduling import SYSTEMS, WINDOWS, ScheduleLine
from orderflow.report.console import console


class ScheduleLineJson(BaseModel):
    """One line, or the text of one unit file: for `system`, of `task`; `file` is the unit's name."""

    system: str
    task: str
    file: str | None
    text: str


class ScheduleJson(BaseModel):
    """`orderflow schedule --json`."""

    lines: list[ScheduleLineJson]
    findings: list[Any] = []


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """Ready lines; printed without wrapping, so that they can be copied."""

    lines: Sequence[ScheduleLine]
    words: str

    @property
    def exit_code(self) -> int:
        """Nothing was set up: people put the lines where they belong."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """Every line of every system."""
        lines = [ScheduleLineJson(**line._asdict()) for line in self.lines]
        return ScheduleJson(lines=lines).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The lines under each system's title, the machine's own first."""
        from orderflow.text import say

        own = sys.platform == "win32"
        for system in sorted(SYSTEMS, key=lambda name: (name == WINDOWS) is not own):
            console().print(say(self.words, f"messages.schedule.{system}"), style="bold")
            lines = [line for line in self.lines if line.system == system]
            for file, group in groupby(lines, key=lambda line: line.file):
                if file is not None:
                    self._plain(f"\n# {file}")
                for line in group:
                    self._plain(line.text)
            self._plain("")

    def _plain(self, line: str) -> None:
        console().print(line, soft_wrap=True)
