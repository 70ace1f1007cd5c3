"""Text as every database, JSON and UTF-8 file can hold it."""

from __future__ import annotations

import re

_HALVES = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without NUL, which PostgreSQL refuses, and with U+FFFD for halves of characters, which UTF-8 lacks.

    Halves come from damaged files, and from bytes of a command line or a file name that are no text.
    """
    if text.isascii():
        return text.replace("\0", "")
    return _HALVES.sub("\ufffd", text).replace("\0", "")
