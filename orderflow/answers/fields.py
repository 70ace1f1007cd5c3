"""Fields of the history in words: an order's own, and those of the rows beside it (`stage/production/1.due`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.ledger.values import json_value, moment
from orderflow.records.choices import PLAN_KIND, PRIORITY, RESOLUTION, STAGE
from orderflow.records.rows import column_of
from orderflow.report.cases import cause_word
from orderflow.report.sentences import word_of
from orderflow.sheets.shown import in_line

BOOKKEEPING = frozenset(
    ("revision", "fingerprint", "identity", "twin_a", "twin_b", "received_time_known", "rests_on", "verdict",
     "unknown_years", "milestone", "origin", "complains")
)  # fmt: skip
_CODED = {"in_force": PRIORITY, "kind": PLAN_KIND}
_MOMENTS = frozenset(
    ("planned_at", "completed_at", "delivered_at", "accepted_at", "surveyed_at", "answered_at", "reminded_at",
     "closed_at", "opened_at")
)  # fmt: skip
_LISTS = frozenset(("causes", "helpers", "remedies"))


def titled(field: str, desk: Desk) -> str:
    """What the field is called; of a stage with its name."""
    column, (owner, _, last) = column_of(field), field.rpartition(".")
    title = column.words.of(desk.lang) if column else last
    if column is None and owner:
        title = desk.say(f"messages.fields.{last}")
    return f"{word_of(STAGE, owner.split('/')[1], desk.lang)} {title}" if owner.startswith("stage/") else title


def read(field: str, value: Any, desk: Desk) -> Any:
    """A value of the history as people mean it; moments are the desk's."""
    last = field.rpartition(".")[2]
    if value is not None and "." in field and last in _MOMENTS:
        return desk.local(moment(value))
    if value is not None and "." in field and last in _LISTS:
        return json_value(value)
    return desk.local(value) if isinstance(value, datetime) and "." in field else value


def shown(field: str, value: Any, desk: Desk) -> str:
    """A value as a person would type it."""
    said, column = read(field, value, desk), column_of(field)
    local = desk.local(said) if isinstance(said, datetime) else said
    last = field.rpartition(".")[2]
    if column is None and said is not None and last in _SPOKEN:
        return _SPOKEN[last](said, desk)
    coded = _CODED.get(last) if column is None else None
    if coded is not None and said is not None:
        return word_of(coded, said, desk.lang)
    if local is None or column is None:
        return "—" if local is None else f"{local:%Y-%m-%d %H:%M}" if isinstance(local, datetime) else str(local)
    return in_line(local, column, desk.lang)


def _causes(said: Any, desk: Desk) -> str:
    return " / ".join(cause_word(cause, desk.lang) for cause in said)


def _remedies(said: Any, desk: Desk) -> str:
    return " / ".join(f"{word_of(RESOLUTION, name, desk.lang)} {amount or ''}".strip() for name, amount in said.items())


_SPOKEN: Mapping[str, Callable[[Any, Desk], str]] = {
    "causes": _causes,
    "remedies": _remedies,
    "helpers": lambda said, _: " / ".join(said),
    "delivered_by": lambda said, desk: desk.say(f"messages.delivered_by.{said}"),
    "closed_how": lambda said, desk: desk.say(f"messages.closed_how.{said}"),
}
