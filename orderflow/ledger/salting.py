"""Digests of what changes say of persons, each salted with random bytes of its own (see `chain`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

_SALT = 16


class Salted(NamedTuple):
    """What changes say of persons, as the columns of `changes`: `None` where one says nothing of any."""

    personal: Sequence[str | None]
    salt: Sequence[bytes | None]
    digest: Sequence[bytes | None]


def salted(personal: Sequence[str | None]) -> Salted:
    """The same with fresh salts, and the digests that they give."""
    random = os.urandom(_SALT * len(personal))
    cuts = range(0, len(random), _SALT)
    salts = [None if text is None else random[at : at + _SALT] for at, text in zip(cuts, personal, strict=True)]
    return Salted(personal, salts, list(map(digest, salts, personal)))


def digest(salt: bytes | None, personal: str | None) -> bytes | None:
    """The digest of what one change says of persons."""
    return None if salt is None or personal is None else sha256(salt + personal.encode()).digest()
