"""Contacts masked wherever a notice could carry them further than needed (PROCESS.md, "Always")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_MOBILE = re.compile(r"(?<![\d*])(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?![\d*])")
_LANDLINE = re.compile(r"(?<![\d*])(0\d{2,3}[ -]?)\d{3,4}(\d{4})(?![\d*])")
_EMAIL = re.compile(r"([\w.+-])[\w.+-]*(@[\w-]+(?:\.[\w-]+)+)")


def masked(value: Any) -> Any:
    """A fact with every phone number and e-mail address in it masked, however deep it stands.

    Order numbers and the 19 digits of a platform's number are left: they are longer, or begin otherwise.
    """
    if isinstance(value, str):
        value = _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", value))
        return _EMAIL.sub(r"\1***\2", value)
    if isinstance(value, Mapping):
        return {key: masked(inner) for key, inner in value.items()}
    return [masked(inner) for inner in value] if isinstance(value, list | tuple) else value
