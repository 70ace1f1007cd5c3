"""Fields of the history in words: an order's own, and those of the rows beside it (`stage/production/1.due`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.ledger.values import moment
from orderflow.records.choices import PLAN_KIND, PRIORITY, STAGE
from orderflow.records.rows import column_of
from orderflow.report.sentences import word_of
from orderflow.sheets.shown import in_line

BOOKKEEPING = frozenset(
    ("revision", "fingerprint", "identity", "twin_a", "twin_b", "received_time_known", "rests_on", "verdict",
     "unknown_years", "milestone")
)  # fmt: skip
_CODED = {"in_force": PRIORITY, "kind": PLAN_KIND}
_MOMENTS = frozenset({"planned_at", "completed_at"})


def titled(field: str, desk: Desk) -> str:
    """What the field is called; of a stage with its name."""
    column, (owner, _, last) = column_of(field), field.rpartition(".")
    title = column.words.of(desk.lang) if column else last
    if column is None and owner:
        title = desk.say(f"messages.fields.{last}")
    return f"{word_of(STAGE, owner.split('/')[1], desk.lang)} {title}" if owner.startswith("stage/") else title


def read(field: str, value: Any, desk: Desk) -> Any:
    """A value of the history as people mean it; moments are the desk's."""
    if value is not None and field.rpartition(".")[2] in _MOMENTS:
        return desk.local(moment(value))
    return desk.local(value) if isinstance(value, datetime) and "." in field else value


def shown(field: str, value: Any, desk: Desk) -> str:
    """A value as a person would type it."""
    said, column = read(field, value, desk), column_of(field)
    local = desk.local(said) if isinstance(said, datetime) else said
    coded = _CODED.get(field.rpartition(".")[2]) if column is None else None
    if coded is not None and said is not None:
        return word_of(coded, said, desk.lang)
    if local is None or column is None:
        return "—" if local is None else f"{local:%Y-%m-%d %H:%M}" if isinstance(local, datetime) else str(local)
    return in_line(local, column, desk.lang)
