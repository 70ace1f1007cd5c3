"""Findings in words: their title, message and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orderflow import text
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding, Severity
from orderflow.records.registration import Registration
from orderflow.records.rows import columns

_GRAVE = frozenset({Severity.ERROR, Severity.ANOMALY})


def needs_a_person(finding: Finding) -> bool:
    """Whether the finding makes the command end with 1: an error, an anomaly, or a conflict to decide."""
    return finding.severity in _GRAVE or CATALOGUE[finding.code].needs_a_person


def header(field: str | None, lang: str) -> str:
    """A field's header in `lang`; empty where a finding is about no column."""
    column = columns(Registration).get(field) if field else None
    return column.words.of(lang) if column else ""


def words(finding: Finding, lang: str, part: str) -> str:
    """A finding's `title`, `message` or `fix` in `lang`."""
    params = {
        "header": header(finding.field, lang),
        "value": finding.value,
        "number": finding.number,
        **in_words(finding.params, lang),
        **_choices(finding, lang),
    }
    return text.say(lang, f"findings.{finding.code}.{part}", **params)


def _choices(finding: Finding, lang: str) -> dict[str, Any]:
    """The words that a choice column takes, and the nearest of them to what was typed."""
    column = columns(Registration).get(finding.field or "")
    if column is None or not column.choices:
        return {}
    words = {choice.code: choice.words.of(lang) for choice in column.choices}
    nearest = [words[code] for code in finding.params.get("nearest", ()) if code in words]
    return {"choices": list(words.values()), "nearest": nearest or None}


def in_words(params: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Params that name fields (`fields`, `column`, `nearest`) or features of a likeness (`why`) said in `lang`."""
    said = dict(params)
    if "fields" in said:
        said["fields"] = [header(field, lang) for field in said["fields"]]
    if "column" in said:
        said["column"] = header(said["column"], lang)
    if isinstance(said.get("nearest"), str):
        said["nearest"] = header(said["nearest"], lang) or said["nearest"]
    if "why" in said and isinstance(said["why"], dict):
        pairs = said["why"].items()
        said["why"] = [f"{text.say(lang, f'messages.features.{f}')} {p:g}/{whole}" for f, (p, whole) in pairs]
    return said


def by_kind(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings grouped by code: the gravest kinds first, within one severity the most frequent first."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, []).append(finding)
    gravity = list(Severity)
    ranked = sorted(kinds.items(), key=lambda kind: (gravity.index(kind[1][0].severity), -len(kind[1])))
    return dict(ranked)
