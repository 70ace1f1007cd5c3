"""Answers about the desk itself: `init` and `templates`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderflow import text
from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, Call
from orderflow.flows.desk import Desk
from orderflow.report.console import console


class DeskJson(BaseModel):
    """`init`: where the desk is, and whether it was set up just now."""

    desk: str
    created: bool
    findings: list[FindingJson] = []


class FilesJson(BaseModel):
    """`templates`: the files written."""

    files: list[str]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What `init` did."""

    desk: Desk
    created: bool

    @property
    def exit_code(self) -> int:
        """A desk that is there already is as good as a new one."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The desk's folder."""
        return DeskJson(desk=str(self.desk.path), created=self.created).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """Where the desk is, and what to do next."""
        key = "created" if self.created else "present"
        console().print(self.desk.say(f"messages.init.{key}", path=self.desk.path), overflow="fold")
        if not call.quiet:
            console().print(self.desk.say("messages.init.next"), style="dim")


@dataclass(frozen=True, slots=True)
class FilesAnswer:
    """What `templates` wrote."""

    files: Sequence[Path]
    lang: str

    @property
    def exit_code(self) -> int:
        """Written is done."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The files, absolute."""
        return FilesJson(files=[str(file) for file in self.files]).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """One line a file."""
        out = console()
        out.print(text.say(self.lang, "messages.templates.written", count=len(self.files)), style="bold")
        for file in self.files:
            out.print(f"  {file}", overflow="fold")
