"""The hidden key of a written row: which row it is, as of which revision, and a check against slips."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

KEY_HEADER = "_orderflow"
_FORM = re.compile(r"([0-9]{6}-[0-9]{3,})((?:/[a-z0-9-]+)*):([0-9]+):([0-9a-f]{6})(?::([0-9a-f]{4}))?")


class Key(NamedTuple):
    """A row and the revision of it that a workbook was written with.

    `rest` tells apart the rows of one order, where it has several: its stage and the like. `computed` is a digest of
    what the desk wrote into the columns that people do not fill in, where they are watched.
    """

    number: str
    revision: int
    rest: tuple[str, ...] = ()
    computed: str = ""

    @property
    def name(self) -> tuple[str, ...]:
        """What the row is called: its order's number, then the rest."""
        return self.number, *self.rest


def key_text(desk_id: str, number: str, revision: int, rest: Sequence[str] = (), computed: str = "") -> str:
    """The key as it stands in the hidden column of a workbook of the desk `desk_id`."""
    name = "/".join((number, *rest))
    told = f"{name}:{revision}:{_check(desk_id, name, revision)}"
    return f"{told}:{computed}" if computed else told


def read_key(desk_id: str, text: str | None) -> Key | None:
    """The key in a cell; `None` where it is blank, damaged, or another desk's."""
    found = _FORM.fullmatch(text.strip()) if text else None
    if found is None or found[4] != _check(desk_id, found[1] + found[2], int(found[3])):
        return None
    return Key(found[1], int(found[3]), tuple(found[2].split("/")[1:]), found[5] or "")


def looks_like_key(text: str) -> bool:
    """Whether a text has the form of a key, be it this desk's or another's."""
    return _FORM.fullmatch(text.strip()) is not None


def computed_digest(texts: Iterable[str]) -> str:
    """What stands in the computed columns of a row, in short; white space makes no difference."""
    return blake2b("\x1f".join("".join(text.split()) for text in texts).encode(), digest_size=2).hexdigest()


def _check(desk_id: str, name: str, revision: int) -> str:
    return blake2b(f"{desk_id}|{name}|{revision}".encode(), digest_size=3).hexdigest()
