"""Findings as JSON has them."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel

from orderflow.records.column import Kind
from orderflow.records.finding import Finding
from orderflow.records.masking import masked_contact
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.report.sentences import words

_QUOTED = ("ours", "theirs", "base", "typed")  # params that may quote a cell


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


def discreet(finding: Finding) -> Finding:
    """The finding as it may stand on a screen or in a log: a contact that it quotes is masked."""
    column = columns(Registration).get(finding.field or "")
    if column is None or column.kind is not Kind.PHONE:
        return finding
    params = {name: masked_contact(said) if name in _QUOTED else said for name, said in finding.params.items()}
    return replace(finding, value=finding.value and masked_contact(finding.value), params=params)


def as_json(finding: Finding, lang: str) -> FindingJson:
    """A finding for `--json`, its sentences in `lang`."""
    finding = discreet(finding)
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
