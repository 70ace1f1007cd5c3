"""`schedule`: ready lines for what a desk does by itself, for cron, systemd and the Windows task scheduler."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from subprocess import list2cmdline
from typing import NamedTuple

CRON, SYSTEMD, WINDOWS = SYSTEMS = ("cron", "systemd", "windows")


class Task(NamedTuple):
    """What is run: by name, the command's words, every so many minutes or at a time of day, on which days.

    `weekday` counts from Monday as 0; `monthday` from 1.
    """

    name: str
    words: Sequence[str]
    minutes: int = 0
    at: time = time()
    weekday: int | None = None
    monthday: int | None = None


TASKS = (
    Task("watch", ("watch",), minutes=5),
    Task("digest", ("digest",), at=time(17)),
    Task("report", ("monthly-report", "--month", "last", "--issue"), at=time(8), monthday=5),
    Task("archive", ("archive", "--month", "last"), at=time(2), monthday=6),
    Task("verify", ("archive", "verify", "--all"), at=time(3), weekday=6),
)
"""What a desk does by itself; the times of day are the desk's."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lines are for: the program, the desk's folder, its time zone; `now` with the machine's own offset."""

    program: str
    desk: str
    zone: str
    now: datetime


class ScheduleLine(NamedTuple):
    """One line to put somewhere: for which `system`, of which task, into which file, where it goes into one."""

    system: str
    task: str
    text: str
    file: str | None = None


def schedule(place: Place) -> list[ScheduleLine]:
    """Every line, by system."""
    return [line for made in (_cron, _systemd, _windows) for task in TASKS for line in made(task, place)]


def _command(task: Task, place: Place) -> list[str]:
    return [place.program, *task.words, "--quiet", "--desk", place.desk]


def _cron(task: Task, place: Place) -> Iterator[ScheduleLine]:
    """Cron goes by the machine's time."""
    at = _on_the_machine(task.at, place)
    when = f"*/{task.minutes} * * * *" if task.minutes else f"{at.minute} {at.hour} {_days(task)}"
    words = shlex.join(_command(task, place)).replace("%", "\\%")  # else cron takes what follows for input
    yield ScheduleLine(CRON, task.name, f"{when} {words}")


def _days(task: Task) -> str:
    weekday = "*" if task.weekday is None else str((task.weekday + 1) % 7)
    return f"{task.monthday or '*'} * {weekday}"


def _on_the_machine(at: time, place: Place) -> time:
    """A time of the desk as the machine's clock shows it today."""
    from zoneinfo import ZoneInfo

    there = datetime.combine(place.now.astimezone(ZoneInfo(place.zone)).date(), at, ZoneInfo(place.zone))
    return there.astimezone(place.now.tzinfo).time()


def _systemd(task: Task, place: Place) -> Iterator[ScheduleLine]:
    """A service and its timer; timers know time zones."""
    unit = f"orderflow-{task.name}"
    day = "" if task.weekday is None else f"{_DAYS[task.weekday]} "
    month = f"*-*-{task.monthday:02d}" if task.monthday else "*-*-*"
    when = f"*:0/{task.minutes}" if task.minutes else f"{day}{month} {task.at:%H:%M}:00 {place.zone}"
    service = ["[Unit]", f"Description=orderflow {task.name}", "[Service]", "Type=oneshot"]
    service += [f"ExecStart={shlex.join(_command(task, place))}", "SuccessExitStatus=1"]
    timer = ["[Unit]", f"Description=orderflow {task.name}", "[Timer]", f"OnCalendar={when}", "Persistent=true"]
    timer += ["[Install]", "WantedBy=timers.target"]
    yield ScheduleLine(SYSTEMD, task.name, "\n".join(service), f"{unit}.service")
    yield ScheduleLine(SYSTEMD, task.name, "\n".join(timer), f"{unit}.timer")


def _windows(task: Task, place: Place) -> Iterator[ScheduleLine]:
    """The task scheduler goes by the machine's time."""
    if task.minutes:
        when = f"/SC MINUTE /MO {task.minutes}"
    else:
        days = f"MONTHLY /D {task.monthday}" if task.monthday else "DAILY"
        days = f"WEEKLY /D {_DAYS[task.weekday].upper()}" if task.weekday is not None else days
        when = f"/SC {days} /ST {_on_the_machine(task.at, place):%H:%M}"
    run = list2cmdline(_command(task, place)).replace('"', '\\"')
    yield ScheduleLine(WINDOWS, task.name, f'schtasks /Create /F /TN "orderflow {task.name}" {when} /TR "{run}"')
