"""Findings in words: their title, message and what to do, in the reader's language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from orderflow import text
from orderflow.records.account import Outcome, SheetAccount
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.choices import PRIORITY, STAGE, URGENCY
from orderflow.records.column import Choice, Kind
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Severity
from orderflow.records.masking import masked_contact
from orderflow.records.registration import Registration
from orderflow.records.rows import column_of, columns

_SUMMED = (Outcome.NEW, Outcome.FLAGGED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.REJECTED)
_LEVELS = {"urgency": URGENCY, "by_days": URGENCY, "level": PRIORITY, "computed": PRIORITY}
_QUOTED = ("ours", "theirs", "base", "typed")  # params that may quote a cell
_PARTS = ("title", "message", "fix")
_KEPT = 20_000
_GRAVE = frozenset({Severity.ERROR, Severity.ANOMALY})


def needs_a_person(finding: Finding) -> bool:
    """Whether the finding makes the command end with 1: an error, an anomaly, or a conflict to decide."""
    return finding.severity in _GRAVE or CATALOGUE[finding.code].needs_a_person


def header(name: str | None, lang: str) -> str:
    """A field's header in `lang`; empty where a finding is about no column."""
    column = column_of(name) if name else None
    return column.words.of(lang) if column else ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    """A sentence about a finding; two that are asked for alike are the same sentence."""

    lang: str
    part: str
    code: str
    field: str | None
    value: str | None
    number: str | None
    told: str  # the params, as they can be compared
    params: Mapping[str, Any] = dataclasses.field(compare=False)


def words(finding: Finding, lang: str, part: str) -> str:
    """A finding's `title`, `message` or `fix` in `lang`."""
    number = finding.number if _names_order(lang, finding.code, part) else None
    told = repr(finding.params) if finding.params else ""
    return _sentence(_Asked(lang, part, finding.code, finding.field, finding.value, number, told, finding.params))


class Sentences(NamedTuple):
    """All that is said of a finding."""

    title: str
    message: str
    fix: str


class Sayings:
    """What is said of many findings in `lang`: alike ones are put into words once."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._known: dict[tuple[object, ...], Sentences] = {}

    def of(self, finding: Finding) -> Sentences:
        """A finding's title, message and fix."""
        number = finding.number if any(_names_order(self._lang, finding.code, part) for part in _PARTS) else None
        key = finding.code, finding.field, finding.value, number, repr(finding.params)
        said = self._known.get(key)
        if said is None:
            said = Sentences(*(words(finding, self._lang, part) for part in _PARTS))
            if len(self._known) < _KEPT:
                self._known[key] = said
        return said


@cache
def _names_order(lang: str, code: str, part: str) -> bool:
    return "{number" in text.say(lang, f"findings.{code}.{part}")


@lru_cache(maxsize=_KEPT)
def _sentence(asked: _Asked) -> str:
    lang = asked.lang
    params = {
        "header": header(asked.field, lang),
        "value": asked.value,
        "number": asked.number,
        **in_words(asked.params, lang),
        **_choices(asked, lang),
    }
    nearest = params.get("nearest")
    params["nearest"] = text.say(lang, "messages.finding.nearest", word=nearest) if nearest else ""
    sentence = text.say(lang, f"findings.{asked.code}.{asked.part}", **params)
    if asked.part == "message" and {"rows", "cell"} <= asked.params.keys():
        sentence += text.say(lang, "messages.finding.whole_column", **asked.params)
    return sentence


def _choices(finding: _Asked, lang: str) -> dict[str, Any]:
    """The words that a choice column takes, and the nearest of them to what was typed."""
    column = column_of(finding.field or "")
    if column is None or not column.choices:
        return {}
    words = {choice.code: choice.words.of(lang) for choice in column.choices}
    nearest = [words[code] for code in finding.params.get("nearest", ()) if code in words]
    return {"choices": list(words.values()), "nearest": nearest or None}


def _stages(codes: str | Sequence[str], lang: str) -> str | list[str]:
    if isinstance(codes, str):
        return word_of(STAGE, codes, lang)
    return [word_of(STAGE, code, lang) for code in codes]


def word_of(choices: Iterable[Choice], code: str, lang: str) -> str:
    """The word for one of the values of a choice column."""
    return next((choice.words.of(lang) for choice in choices if choice.code == code), code)


def in_words(params: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Params in `lang`: names of fields (`fields`, `column`, `nearest`), levels, stages, who could supply something
    (`who`), features of a likeness or an error (`why`)."""
    said = dict(params)
    if "fields" in said:
        said["fields"] = [header(name, lang) or name for name in said["fields"]]
    for name in ("column", "nearest"):
        if isinstance(said.get(name), str):
            said[name] = header(said[name], lang) or said[name]
    for name, choices in _LEVELS.items():
        if isinstance(said.get(name), str):
            said[name] = word_of(choices, said[name], lang)
    if "clocks" in said:
        said["clocks"] = [text.say(lang, f"messages.clock_names.{clock}") for clock in said["clocks"]]
    if "stage" in said or "stages" in said:
        said |= {name: _stages(said[name], lang) for name in ("stage", "stages") if name in said}
    if "who" in said:
        said["who"] = [text.say(lang, f"messages.suppliers.{name}") for name in said["who"]]
    why = said.get("why")
    if isinstance(why, dict):
        features = ((text.say(lang, f"messages.features.{name}"), *points) for name, points in why.items())
        said["why"] = [f"{feature} {points:g}/{whole}" for feature, points, whole in features]
    elif isinstance(why, str):
        cause = explain(lang, OrderflowError(why, **{**params, "why": None}))
        said |= {"why": cause["message"], "mend": cause["fix"]}
    return said


def explain(lang: str, trouble: OrderflowError) -> dict[str, str]:
    """An error's `message` and `fix` in `lang`; `alone` is the fix where nothing is near what was typed."""
    found = trouble.code in CATALOGUE
    params = in_words(trouble.params, lang) if found else dict(trouble.params)
    if "allowed" in params:
        params["allowed"] = text.say(lang, f"messages.allowed.{params['allowed']}", **params)
    key = f"{'findings' if found else 'errors'}.{trouble.code}"
    fix = "alone" if not found and "nearest" in params and not params["nearest"] else "fix"
    return {"message": text.say(lang, f"{key}.message", **params), "fix": text.say(lang, f"{key}.{fix}", **params)}


def accounting(account: SheetAccount, lang: str) -> str:
    """The sum that closes: rows read = new + flagged + updated + unchanged + duplicate + rejected."""
    parts = " + ".join(
        f"{text.say(lang, f'messages.outcomes.{outcome.value}')} {account.outcomes[outcome]}"
        for outcome in _SUMMED
        if account.outcomes[outcome]
    )
    return f"{text.say(lang, 'messages.intake.read')} {account.read} = {parts or 0}"


def by_kind(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings grouped by code: the gravest kinds first, within one severity the most frequent first."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, []).append(finding)
    ranked = sorted(kinds.items(), key=lambda kind: (kind[1][0].severity.rank, -len(kind[1])))
    return dict(ranked)


def ranges(rows: Sequence[int]) -> str:
    """`7, 12–14, 30`; a long list ends with how many more there are."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    written = [f"{first}" if first == last else f"{first}-{last}" for first, last in parts]
    return ", ".join(written[:8]) + (f" … +{len(written) - 8}" if len(written) > 8 else "")


def discreet(finding: Finding) -> Finding:
    """The finding as it may stand on a screen or in a log: a contact that it quotes is masked."""
    column = columns(Registration).get(finding.field or "")
    if column is None or column.kind is not Kind.PHONE:
        return finding
    params = {name: masked_contact(said) if name in _QUOTED else said for name, said in finding.params.items()}
    return dataclasses.replace(finding, value=finding.value and masked_contact(finding.value), params=params)


def where_of(finding: Finding) -> str:
    """`orders.xlsx 订单信息登记表!G7`, then what stood there."""
    place = finding.place
    if place is None:
        return finding.number or ""
    sheet = f" {place.sheet}" if place.sheet else ""
    cell = f"!{place.cell}" if place.cell else ""
    value = f"  {finding.value}" if finding.value else ""
    number = f"  {finding.number}" if finding.number else ""
    return f"{Path(place.file).name}{sheet}{cell}{number}{value}"
