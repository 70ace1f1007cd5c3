"""Findings as JSON has them."""

from __future__ import annotations

from pydantic import BaseModel

from orderflow.records.finding import Finding
from orderflow.report.sentences import words


class FindingJson(BaseModel):
    """A finding as CLI.md, "A finding", has it."""

    code: str
    severity: str
    file: str | None
    sheet: str | None
    cell: str | None
    value: str | None
    message: str
    fix: str
    number: str | None = None


def as_json(finding: Finding, lang: str) -> FindingJson:
    """A finding for `--json`, its sentences in `lang`."""
    place = finding.place
    return FindingJson(
        code=finding.code,
        severity=finding.severity.value,
        file=place.file if place else None,
        sheet=place.sheet if place else None,
        cell=place.cell if place else None,
        value=finding.value,
        message=words(finding, lang, "message"),
        fix=words(finding, lang, "fix"),
        number=finding.number,
    )
