"""Fields of the history in words: an order's own, and those of the rows beside it (`stage.production.1.due`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.ledger.values import form_of, moment
from orderflow.records.choices import PLAN_KIND, PRIORITY, STAGE
from orderflow.records.column import Column
from orderflow.records.registration import Registration
from orderflow.records.rows import Plan, Priority, Progress, columns
from orderflow.report.sentences import word_of
from orderflow.sheets.shown import in_line

BOOKKEEPING = frozenset(
    ("revision", "fingerprint", "identity", "twin_a", "twin_b", "received_time_known", "rests_on", "verdict",
     "unknown_years", "milestone")
)  # fmt: skip
_ROWS: Mapping[str, Mapping[str, Column]] = {
    "priority": columns(Priority),
    "stage": columns(Plan) | columns(Progress),
}
_CODED = {"in_force": PRIORITY, "kind": PLAN_KIND}
_MOMENTS = frozenset({"planned_at", "completed_at"})


def _column(field: str) -> Column | None:
    name, _, rest = field.partition(".")
    return _ROWS.get(name, {}).get(field.rpartition(".")[2]) if rest else columns(Registration).get(field)


def titled(field: str, desk: Desk) -> str:
    """What the field is called; of a stage with its name."""
    column, last = _column(field), field.rpartition(".")[2]
    title = column.words.of(desk.lang) if column else last
    if column is None and "." in field:
        title = desk.say(f"messages.fields.{last}")
    return f"{word_of(STAGE, field.split('.')[1], desk.lang)} {title}" if field.startswith("stage.") else title


def read(field: str, value: Any, desk: Desk) -> Any:
    """A value of a row beside an order, from what SQL holds; moments are the desk's."""
    column = _column(field)
    if value is None or "." not in field:
        return value
    if field.rpartition(".")[2] in _MOMENTS:
        return desk.local(moment(value))
    found = value if column is None else form_of(column.kind).read(value)
    return desk.local(found) if isinstance(found, datetime) else found


def shown(field: str, value: Any, desk: Desk) -> str:
    """A value as a person would type it."""
    said, column = read(field, value, desk), _column(field)
    local = desk.local(said) if isinstance(said, datetime) else said
    coded = _CODED.get(field.rpartition(".")[2]) if column is None else None
    if coded is not None and said is not None:
        return word_of(coded, said, desk.lang)
    if local is None or column is None:
        return "—" if local is None else f"{local:%Y-%m-%d %H:%M}" if isinstance(local, datetime) else str(local)
    return in_line(local, column, desk.lang)
