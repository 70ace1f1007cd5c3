"""The hidden key of a written row: which order it is, as of which revision, and a check against slips."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

KEY_HEADER = "_orderflow"
_FORM = re.compile(r"([0-9]{6}-[0-9]{3,}):([0-9]+):([0-9a-f]{6})")


class Key(NamedTuple):
    """An order and the revision of it that a workbook was written with."""

    number: str
    revision: int


def key_text(desk_id: str, number: str, revision: int) -> str:
    """The key as it stands in the hidden column of a workbook of the desk `desk_id`."""
    return f"{number}:{revision}:{_check(desk_id, number, revision)}"


def read_key(desk_id: str, text: str | None) -> Key | None:
    """The key in a cell; `None` where it is blank, damaged, or another desk's."""
    found = _FORM.fullmatch(text.strip()) if text else None
    if found is None or found[3] != _check(desk_id, found[1], int(found[2])):
        return None
    return Key(found[1], int(found[2]))


def _check(desk_id: str, number: str, revision: int) -> str:
    return blake2b(f"{desk_id}|{number}|{revision}".encode(), digest_size=3).hexdigest()
