"""特殊需求未明确: what is asked for and not said (the source document's step 1; PROCESS.md, step 1, "Unclear")."""

from __future__ import annotations

from collections.abc import Iterable

from orderflow.records.finding import Finding
from orderflow.records.registration import Registration
from orderflow.rules.facts import NOTHING, Facts, Yardstick, found
from orderflow.rules.parameters import has_describing_figure, has_measure, quotes


def custom_word(row: Registration, words: Yardstick) -> str | None:
    """The word that makes this a custom order, in its remark or its product's name; `None` for a standard order."""
    first_in = words.custom.first_in
    if row.remark is not None and (word := first_in(row.remark)):
        return word
    return None if row.product is None else first_in(row.product)


def custom_without_parameter(facts: Facts, words: Yardstick) -> Iterable[Finding]:
    """A custom order says how: a figure, a quoted text, a colour, a material, a drawing.

    Where the remark asks for it, the remark has to say it. Where the product's name does, both may; a figure in the
    name counts with its measure only, as most are the model's.
    """
    row = facts.row
    word = custom_word(row, words)
    if word is None or _described(row.remark or "", words):
        return NOTHING
    asked_in_remark = row.remark is not None and words.custom.first_in(row.remark)
    if not asked_in_remark and row.product is not None and _described(row.product, words, model=True):
        return NOTHING
    return found("custom-without-parameter", "remark", row.remark, word=word)


def _described(text: str, words: Yardstick, *, model: bool = False) -> bool:
    """Whether `text` says how to make it; in the name of a `model`, figures without a measure do not."""
    rest = words.custom.without(text)
    figure = has_measure(rest) if model else has_describing_figure(rest)
    if figure or quotes(rest) or words.custom.gives(text) or words.aspect.gives(rest):
        return True
    return words.parameter.first_in(words.aspect.without(rest)) is not None


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
    if word is None:
        return NOTHING
    days, limit = (row.delivery_date - received).days, words.settings.priority.high_days
    if days <= limit:
        return NOTHING
    return found("rush-date-not-urgent", "remark", row.remark, word=word, days=days, limit=limit)
