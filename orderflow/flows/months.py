"""Months as people type them."""

from __future__ import annotations

import re
from datetime import timedelta

from orderflow.flows.desk import Desk
from orderflow.records.errors import WrongUsage

_MONTH = re.compile(r"([0-9]{4})-?(0[1-9]|1[0-2])")


def month_of(desk: Desk, typed: str) -> str:
    """A month as typed (`2024-05`, `this`, `last`): `202405`. Raises OrderflowError `month-unreadable`."""
    if typed == "this":
        return f"{desk.now:%Y%m}"
    if typed == "last":
        return f"{desk.now.replace(day=1) - timedelta(days=1):%Y%m}"
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise WrongUsage("month-unreadable", value=typed)
    return "".join(found.groups())
