"""特殊需求未明确: what is asked for and not said (the source document's step 1; PROCESS.md, step 1, "Unclear")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orderflow.records.finding import Finding
from orderflow.records.registration import Registration
from orderflow.rules.facts import NOTHING, Facts, Yardstick, found

_FIGURE_OR_QUOTE = re.compile(r"[0-9]|[\"'“”‘’「」『』《》].")


def custom_word(row: Registration, words: Yardstick) -> str | None:
    """The word that makes this a custom order, in its remark or its product's name; `None` for a standard order."""
    in_remark = row.remark is not None and words.custom.first_in(row.remark)
    return in_remark or (words.custom.first_in(row.product) if row.product is not None else None) or None


def custom_without_parameter(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """A custom order says how: a figure, a quoted text, a colour, a material, a drawing.

    Where the remark asks for it, the remark has to say it; figures in a product's name are its model.
    """
    row = facts.row
    word = custom_word(row, words)
    if word is None:
        return NOTHING
    asked_in_remark = row.remark is not None and words.custom.first_in(row.remark)
    said = words.custom.without(row.remark or "")
    if not asked_in_remark:
        said += " " + words.custom.without(row.product or "")
    if _FIGURE_OR_QUOTE.search(said) or words.parameter.first_in(said):
        return NOTHING
    return found("custom-without-parameter", "remark", row.remark, word=word)


def custom_vague(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """A custom order leaves nothing open."""
    row = facts.row
    if row.remark is None or custom_word(row, words) is None:
        return NOTHING
    vague = words.vague.first_in(row.remark)
    return NOTHING if vague is None else found("custom-vague", "remark", row.remark, word=vague)


def rush_date_not_urgent(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """加急 in the remark beside a date that is not urgent: text never raises a priority, so a person is asked."""
    row, received = facts.row, facts.received
    if row.remark is None or row.delivery_date is None or received is None:
        return NOTHING
    word = words.rush.first_in(row.remark)
    days, limit = (row.delivery_date - received).days, words.settings.intake.urgent_days
    if word is None or days <= limit:
        return NOTHING
    return found("rush-date-not-urgent", "remark", row.remark, word=word, days=days, limit=limit)
