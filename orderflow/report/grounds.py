"""A judgement in words: the arithmetic (判定依据), each input with who gave it, what would change the level."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from orderflow import text
from orderflow.records.choices import CUSTOMER_LEVEL, PRIORITY, URGENCY
from orderflow.records.judgement import DIMENSIONS, Judgement
from orderflow.report.sentences import word_of
from orderflow.rules.priority import SCORES, Grounds, Turn, turns
from orderflow.settings import Priority


def level_word(code: str, lang: str) -> str:
    """高, 中 or 低."""
    return word_of(PRIORITY, code, lang)


def arithmetic(judgement: Judgement, rules: Priority, lang: str) -> str:
    """`VIP 3 + 15万 3 + 紧急 3 = 9 ≥ 7 → 高`, or what the other strategies compare."""
    verdict = judgement.verdict
    weights = dict(zip(DIMENSIONS, (rules.customer_weight, rules.amount_weight, rules.urgency_weight), strict=True))
    words = inputs(judgement, lang)
    level = level_word(verdict.level, lang)
    if verdict.strategy != "points":
        parts = " · ".join(f"{words[name]} {level_word(verdict.dimensions[name], lang)}" for name in DIMENSIONS)
        said = f"{parts} → {text.say(lang, f'messages.strategies.{verdict.strategy}', level=level)}"
    else:
        parts = " + ".join(f"{words[name]} {_score(judgement, name, weights[name])}" for name in DIMENSIONS)
        said = f"{parts} = {verdict.points} → {level}"
    return f"{said} ({verdict.floor})" if verdict.floor else said


def _score(judgement: Judgement, name: str, weight: int) -> str:
    score = SCORES[judgement.verdict.dimensions[name]]
    return f"{score}" if weight == 1 else f"{score}×{weight}"


def inputs(judgement: Judgement, lang: str) -> dict[str, str]:
    """What each dimension was judged by, as a person would say it."""
    verdict = judgement.verdict
    urgency = word_of(URGENCY, verdict.dimensions["urgency"], lang)
    days = "" if verdict.days is None else text.say(lang, "messages.priority.days", days=verdict.days)
    declared = judgement.declared.urgency is not None
    return {
        "customer": word_of(CUSTOMER_LEVEL, judgement.customer.value, lang),
        "amount": text.say(lang, "messages.priority.amount", amount=f"{judgement.amount.value.normalize():f}"),
        "urgency": urgency if declared or not days else f"{urgency} ({days})",
    }


def told(judgement: Judgement, rules: Priority, lang: str, *, by: str, at: str) -> Iterator[str]:
    """Why an order has its level, in a few lines: points, inputs with their sources, override."""
    say = partial(text.say, lang)
    level, counted = level_word(judgement.level, lang), arithmetic(judgement, rules, lang)
    yield say("messages.priority.level", level=level, by=by, at=at, sum=counted)
    words = inputs(judgement, lang)
    sources = {"customer": judgement.customer.source, "amount": judgement.amount.source, "urgency": _urgency(judgement)}
    given = {name: say(f"messages.told_by.{source}") for name, source in sources.items()}
    pairs = (say("messages.priority.given", what=words[name], by=given[name]) for name in DIMENSIONS)
    yield say("messages.priority.inputs", inputs=say("messages.priority.and").join(pairs))
    if judgement.overridden:
        computed = level_word(judgement.verdict.level, lang)
        yield say("messages.priority.overridden", computed=computed, why=judgement.declared.override_reason)


def _urgency(judgement: Judgement) -> str:
    return "priority" if judgement.declared.urgency is not None else "date"


def would_change(judgement: Judgement, grounds: Grounds, rules: Priority, lang: str) -> str | None:
    """What would change the computed level, as one line; `None` where one step alone changes nothing."""
    steps = [_turn(turn, rules, lang) for turn in turns(grounds, judgement.verdict, rules)]
    return (
        text.say(lang, "messages.priority.would_change", steps=text.say(lang, "messages.priority.and").join(steps))
        if steps
        else None
    )


def _turn(turn: Turn, rules: Priority, lang: str) -> str:
    level = level_word(turn.level, lang)
    if turn.dimension == "customer":
        return f"{word_of(CUSTOMER_LEVEL, str(turn.by), lang)} → {level}"
    if isinstance(turn.by, int):
        key = "earlier" if turn.by > 0 else "later"
        return text.say(lang, f"messages.priority.{key}", days=abs(turn.by), level=level)
    up = turn.to.value == ("high" if turn.by == rules.high_amount else "medium")
    return text.say(lang, f"messages.priority.{'from' if up else 'below'}", amount=turn.by, level=level)
