"""What bags are called, when they may go, and which have to stay (PROCESS.md, step 6)."""

from __future__ import annotations


def sealable_name(name: str) -> str:
    """A file's name as every list of checksums can hold it: `%` stands for other characters in a BagIt manifest."""
    return name.replace("%", "_")
