"""Findings as JSON has them, and as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from orderflow.call import Call
from orderflow.flows.desk import Desk
from orderflow.records.finding import Finding, Severity
from orderflow.report.console import console, indented
from orderflow.report.sentences import by_kind, discreet, needs_a_person, where_of, words

_SHOWN = 5  # findings of one kind that the terminal shows
_STYLES = {Severity.ERROR: "red", Severity.ANOMALY: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


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


def show_findings(desk: Desk, findings: Sequence[Finding], call: Call) -> None:
    """What is worth a look, by kind: where it is, what is wrong, what to do."""
    notable = [finding for finding in findings if call.verbose or _notable(finding, call.quiet)]
    if not notable:
        return
    out = console()
    out.print()
    out.print(desk.say("messages.intake.findings", count=len(notable)), style="bold")
    for group in by_kind(notable).values():
        _show_group(desk, group, len(group) if call.verbose else _SHOWN)


def _show_group(desk: Desk, group: Sequence[Finding], most: int) -> None:
    out, lang = console(), desk.lang
    label = desk.say(f"messages.severities.{group[0].severity.value}")
    out.print(f"{words(group[0], lang, 'title')}  [{label}] {len(group)}", style=_STYLES[group[0].severity])
    for finding in map(discreet, group[:most]):
        indented(where_of(finding), 2, style="cyan")
        indented(words(finding, lang, "message"), 4)
        indented(words(finding, lang, "fix"), 4, style="dim")
    if len(group) > most:
        out.print("  " + desk.say("messages.intake.more", count=len(group) - most), style="dim")


def _notable(finding: Finding, quiet: bool) -> bool:
    return needs_a_person(finding) or (not quiet and finding.severity is Severity.WARNING)
