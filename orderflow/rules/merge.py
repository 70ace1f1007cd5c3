"""Three-way merging of one value: what both sides started from, what the desk has, what a file says."""

from __future__ import annotations

from enum import Enum
from typing import Any


class Merge(Enum):
    """What becomes of one value."""

    SAME = "same"  # nothing to do
    TAKE = "take"  # only the file's side moved
    KEEP = "keep"  # only the desk's side moved
    CONFLICT = "conflict"  # both moved, to different values


def merge(base: Any, ours: Any, theirs: Any) -> Merge:
    """Decide for one value; both sides having come to the same value is agreement."""
    if ours == theirs:
        return Merge.SAME
    if theirs == base:
        return Merge.KEEP
    return Merge.TAKE if ours == base else Merge.CONFLICT
