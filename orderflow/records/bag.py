"""A bag: the closed orders of a month, sealed in a folder of the archive (PROCESS.md, step 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

ARCHIVED = "archived"
"""The state of an order that lies in a bag."""


class Form(StrEnum):
    """How a column of a ledger's table stands in a bag's."""

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    MOMENT = "moment"
    BYTES = "bytes"


Columns = Mapping[str, Form]
"""The columns of a table, in their order."""


class Bag(NamedTuple):
    """A sealed bag: `name` is its folder, `month` is `202405`, `digest` that of its tag manifest.

    `last_closing` is when the last of its orders closed; `run` sealed it, `removed_run` took it away past its term.
    """

    name: str
    month: str
    digest: str
    orders: int
    last_closing: datetime
    sealed_at: datetime
    predecessor: str | None = None
    run: int = 0
    removed_run: int | None = None


def shown_month(month: str) -> str:
    """A month as people write it: `202405` is `2024-05`."""
    return f"{month[:4]}-{month[4:]}"


def bag_name(month: str, nth: int) -> str:
    """The folder of the `nth` bag of a month: the first bears the month, the supplements are counted from 2."""
    return shown_month(month) if nth == 1 else f"{shown_month(month)}-supplement-{nth}"
