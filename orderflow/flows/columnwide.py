"""Doubts that are a column's own: said once for the column, with how many rows, not once in every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from orderflow.records.finding import Finding, Place

_SHARE: Mapping[str, float] = {"amount-unit-unclear": 0.0, "unknown-choice": 0.5}
"""The share of a sheet's rows from which on the column is the cause; a missing unit always is the header's."""
_LEAST = 3
_EXAMPLES = 3


def gathered(findings: Sequence[Finding], rows: int, header_row: int) -> list[Finding]:
    """The findings of a sheet of so many rows, those that a column is the cause of as one at its header.

    Its `params` tell how many `rows` it stands for, and a `cell` as an example; `value` holds a few of the texts.
    """
    alike: dict[tuple[str, str | None, int | None], list[Finding]] = {}
    for finding in findings:
        if finding.code in _SHARE and finding.place is not None:
            alike.setdefault((finding.code, finding.field, finding.place.column), []).append(finding)
    several = {key: group for key, group in alike.items() if len(group) >= max(_LEAST, _SHARE[key[0]] * rows)}
    if not several:
        return list(findings)
    once = [_once(group, header_row) for group in several.values()]
    return once + [finding for finding in findings if _key(finding) not in several]


def is_column_wide(finding: Finding) -> bool:
    """Whether the finding stands for many rows of its column."""
    return finding.code in _SHARE and "rows" in finding.params


def of_row(wide: Iterable[Finding], unread: Mapping[str, str]) -> list[Finding]:
    """Column-wide findings as they are about one row, which could not read these fields."""
    about = ((finding, unread.get(finding.field or "")) for finding in wide)
    return [replace(finding, value=text, params={}) for finding, text in about if text is not None]


def _key(finding: Finding) -> tuple[str, str | None, int | None]:
    return finding.code, finding.field, finding.place.column if finding.place else None


def _once(group: Sequence[Finding], header_row: int) -> Finding:
    first = group[0]
    assert first.place is not None
    texts = list(dict.fromkeys(finding.value for finding in group if finding.value))[:_EXAMPLES]
    place: Place = first.place._replace(row=header_row)
    params = {"rows": len(group), "cell": first.place.cell}
    return Finding(first.code, first.severity, first.field, " / ".join(texts), params, place)
