"""Contacts masked, as the process masks them (`139****5678`), wherever they would travel further than needed.

PROCESS.md, "Always": whoever has to call the customer sees the contact in `show` and in the workbooks; a history, a
list of findings or a notice carries only as much of it as tells one contact from another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PHONE = re.compile(
    r"(?<![\d*])(?:(?:\+|00)?86[\s-]?)?(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]\d{7,8})(?![\d*])"
)
_MAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")
_DIGIT = re.compile(r"\d")
_HEAD, _TAIL = 3, 4
_SHOWN = 2  # characters of a contact that is neither a phone nor an address


def masked_contact(text: str) -> str:
    """A contact with its middle hidden; one that is masked already stays as it is."""
    if "*" in text:
        return text
    digits = len(_DIGIT.findall(text))
    if digits >= _HEAD + _TAIL:
        return _starred(text, digits)
    return masked_mails(text) if "@" in text else text[:_SHOWN] + "***"


def masked(value: Any) -> Any:
    """Any value with the phones and mail addresses in its texts masked."""
    if isinstance(value, str):
        return masked_mails(_PHONE.sub(lambda found: _starred(found[0], len(_DIGIT.findall(found[0]))), value))
    if isinstance(value, Mapping):
        return {key: masked(inner) for key, inner in value.items()}
    return [masked(inner) for inner in value] if isinstance(value, list | tuple) else value


def masked_mails(text: str) -> str:
    """Mail addresses with only their first character and their house."""
    return _MAIL.sub(r"\1***@\2", text)


def _starred(text: str, digits: int) -> str:
    """Stars for the digits between the first three and the last four; of seven or fewer only the last four stay."""
    places = [found.start() for found in _DIGIT.finditer(text)]
    letters = list(text)
    for place in places[_HEAD if digits > _HEAD + _TAIL else 0 : -_TAIL]:
        letters[place] = "*"
    return "".join(letters)
