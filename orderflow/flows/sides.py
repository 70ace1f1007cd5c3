"""The sides of a three-way comparison: a value, or the typed text of what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderflow.records.registration import Registration
from orderflow.records.rows import columns
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
    return in_line(value, columns(Registration)[name], lang) if is_said(value) else str(value).removeprefix(_UNREAD)
