"""How long each clock may run, from the desk's settings (PROCESS.md, "Response clocks")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time, timedelta, tzinfo

from orderflow.rules.calendar import Calendar
from orderflow.rules.clocks import Limit
from orderflow.rules.worktime import Elapsed, Hours, WorkingHours, Worktime
from orderflow.settings import Settings

LEVELS = ("high", "medium", "low")


def limits(settings: Settings, zone: tzinfo) -> Mapping[str, Limit]:
    """The limit of every clock, by its name. All run in elapsed time, or all but the survey's in working hours:
    its days are days."""
    clocks, worktime = settings.clocks, worktime_of(settings, zone)
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
        name: Limit(
            {level: timedelta(hours=each) for level, each in zip(LEVELS, by_level, strict=True)},
            Elapsed() if name == "survey" else worktime,
        )
        for name, by_level in hours.items()
    }


def worktime_of(settings: Settings, zone: tzinfo) -> Worktime:
    """The time that the desk's clocks count."""
    return Elapsed() if settings.clocks.count == "elapsed" else hours_of(settings, zone)


def hours_of(settings: Settings, zone: tzinfo) -> WorkingHours:
    """The hours in which the desk works, whichever time its clocks count."""
    clocks = settings.clocks
    calendar = Calendar(settings.calendar.off, settings.calendar.worked)
    return WorkingHours(list(map(_hours, clocks.working_time)), zone, calendar.is_working, clocks.around_the_clock)


def _hours(said: str) -> Hours:
    """`09:00-12:00` as two times of day; 24:00 is midnight."""
    begins, _, ends = said.partition("-")
    return time.fromisoformat(begins), time() if ends == "24:00" else time.fromisoformat(ends)
