"""The answer of `ledger backup`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.report.console import console


class BackupJson(BaseModel):
    """`ledger backup`: the copy."""

    path: str
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class BackupAnswer:
    """Where the copy of the ledger lies."""

    desk: Desk
    path: Path

    @property
    def exit_code(self) -> int:
        """Copied is done."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The copy's path."""
        return BackupJson(path=str(self.path)).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """One line."""
        console().print(self.desk.say("messages.backup.done", path=self.path), overflow="fold")
