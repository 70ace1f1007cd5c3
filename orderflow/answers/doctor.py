"""The answer of `doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.flows.doctor import Check
from orderflow.report.console import console, indented


class CheckJson(BaseModel):
    """One check; `found` is what is wrong, `fix` how to mend it, `note` what is worth knowing where all is well."""

    code: str
    ok: bool
    message: str
    found: list[str]
    fix: str | None
    note: str | None


class DoctorJson(BaseModel):
    """`doctor`."""

    checks: list[CheckJson]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class DoctorAnswer:
    """Every check of a desk."""

    desk: Desk
    checks: Sequence[Check]

    @property
    def exit_code(self) -> int:
        """1 where something has to be mended."""
        return DONE if all(check.ok for check in self.checks) else NEEDS_A_PERSON

    def as_json(self) -> dict[str, Any]:
        """The checks in their order."""
        return DoctorJson(
            checks=[
                CheckJson(
                    code=check.code,
                    ok=check.ok,
                    message=self._say(check, "title"),
                    found=check.found,
                    fix=None if check.ok else self._fix(check),
                    note=check.note,
                )
                for check in self.checks
            ]
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A line a check: OK, or what is wrong and what to do."""
        out, say = console(), self.desk.say
        for check in self.checks:
            if check.ok:
                if not call.quiet:
                    out.print(f"{say('messages.doctor.ok')}  {self._say(check, 'title')}", style="green")
                    if check.note:
                        out.print(f"    {check.note}", style="dim", overflow="fold")
                continue
            out.print(f"{say('messages.doctor.bad')}  {self._say(check, 'title')}", style="red")
            for found in check.found:
                out.print(f"    {found}", overflow="fold")
            indented(self._fix(check), 4, style="dim")

    def _fix(self, check: Check) -> str:
        return check.fix or self._say(check, "fix")

    def _say(self, check: Check, part: str) -> str:
        return self.desk.say(f"messages.doctor.{check.code}.{part}")
