"""The sides of a three-way comparison: a value, or the typed text of what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderflow.records.rows import column_of
from orderflow.sheets.shown import in_line

_UNREAD = "? "


def side(name: str, value: Any, unread: Mapping[str, str]) -> Any:
    """One side of the field `name`: its value, else the text in its cell that could not be read."""
    return f"{_UNREAD}{unread[name]}" if value is None and name in unread else value


def is_said(value: Any) -> bool:
    """Whether a side says something that can be read."""
    return value is not None and not (isinstance(value, str) and value.startswith(_UNREAD))


def shown_side(name: str, value: Any, lang: str) -> str:
    """A side as a person reads it."""
    if value is None:
        return "—"
    column = column_of(name)
    if column is None or not is_said(value):
        return str(value).removeprefix(_UNREAD)
    return in_line(value, column, lang)
