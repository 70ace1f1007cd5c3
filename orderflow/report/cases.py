"""Cases in words: why they were opened, what was proposed, agreed on and is left."""

from __future__ import annotations

from decimal import Decimal

from orderflow import text
from orderflow.records.choices import ACCEPTANCE, RESOLUTION
from orderflow.records.feedback import Case
from orderflow.report.sentences import word_of

_ACCEPTANCES = frozenset(choice.code for choice in ACCEPTANCE)


def cause_word(cause: str, lang: str) -> str:
    """Why a case was opened: an acceptance, or a cause of its own."""
    return word_of(ACCEPTANCE, cause, lang) if cause in _ACCEPTANCES else text.say(lang, f"messages.causes.{cause}")


def causes(case: Case, lang: str) -> str:
    """Everything why a case was opened."""
    return " / ".join(cause_word(cause, lang) for cause in case.causes)


def outlook(case: Case, unit: str | None, remaining: Decimal | None, lang: str) -> str:
    """What was agreed on and what is left of it (in the order's `unit`); before that the amount that the opinion names,
    to be confirmed; nothing where neither is known."""
    if case.remedies:
        agreed = [_remedy(name, amount, unit, lang) for name, amount in case.remedies.items()]
        if remaining is None:
            return text.say(lang, "messages.after.agreed", remedies=agreed)
        return text.say(lang, "messages.after.agreed_left", remedies=agreed, left=f"{remaining:f}{unit or ''}")
    if case.proposed is None:
        return ""
    amount = f"{case.proposed.number:f}{case.proposed.unit or ''}"
    return text.say(lang, "messages.after.proposed", amount=amount, number=case.number)


def _remedy(name: str, amount: Decimal | None, unit: str | None, lang: str) -> str:
    word = word_of(RESOLUTION, name, lang)
    return word if amount is None else f"{word} {amount:f}{unit or ''}"
