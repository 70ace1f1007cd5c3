"""How long each clock may run, from the desk's settings (PROCESS.md, "Response clocks")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from orderflow.rules.clocks import Limit
from orderflow.rules.worktime import Worktime
from orderflow.settings import Clocks

LEVELS = ("high", "medium", "low")


def limits(clocks: Clocks, worktime: Worktime) -> Mapping[str, Limit]:
    """The limit of every clock, by its name; all run in `worktime`."""
    hours: dict[str, Sequence[float]] = {
        "confirm": clocks.confirm_hours,
        "plan": clocks.plan_hours,
        "anomaly": [clocks.anomaly_hours] * 3,
        "acknowledge": [clocks.acknowledge_hours] * 3,
        "escalate": [clocks.escalate_minutes / 60] * 3,
        "after-sales": [clocks.after_sales_hours] * 3,
        "survey": [clocks.survey_days * 24] * 3,
    }
    return {
        name: Limit({level: timedelta(hours=each) for level, each in zip(LEVELS, by_level, strict=True)}, worktime)
        for name, by_level in hours.items()
    }
