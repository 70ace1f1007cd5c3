"""`schedule`: the lines run what there is, at the desk's times, whatever the machine's zone (step 4)."""

from __future__ import annotations

import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

import typer
from typer.main import get_command

from orderflow.cli import app
from orderflow.flows.scheduling import TASKS, Place, ScheduleLine, schedule


def lines(
    system: str, zone: str = "Asia/Shanghai", program: str = "/opt/of/orderflow"
) -> dict[str, list[ScheduleLine]]:
    now = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo(zone))
    made = [line for line in schedule(Place(program, "/srv/my desk", "Asia/Shanghai", now)) if line.system == system]
    return {task.name: [line for line in made if line.task == task.name] for task in TASKS}


def test_cron_runs_the_digest_at_five_in_the_desk_s_afternoon() -> None:
    (line,) = lines("cron")["digest"]
    assert line.text == "0 17 * * * /opt/of/orderflow digest --quiet --desk '/srv/my desk'"
    assert lines("cron", "Europe/Berlin")["digest"][0].text.startswith("0 11 * * * ")
    assert lines("cron")["watch"][0].text.startswith("*/5 * * * * ")
    assert lines("cron", program="/opt/50%/orderflow")["watch"][0].text.split()[5] == r"/opt/50\%/orderflow"


def test_systemd_takes_what_needs_a_person_for_success_and_knows_the_desk_s_zone() -> None:
    service, timer = lines("systemd")["digest"]
    assert (service.file, timer.file) == ("orderflow-digest.service", "orderflow-digest.timer")
    assert "SuccessExitStatus=1" in service.text.splitlines()
    assert "OnCalendar=*-*-* 17:00:00 Asia/Shanghai" in timer.text.splitlines()
    assert "OnCalendar=Sun *-*-* 03:00:00 Asia/Shanghai" in lines("systemd")["verify"][1].text


def test_windows_gets_one_command_a_task_with_its_quotes_kept() -> None:
    (line,) = lines("windows")["digest"]
    assert line.text == (
        'schtasks /Create /F /TN "orderflow digest" /SC DAILY /ST 17:00 '
        r'/TR "/opt/of/orderflow digest --quiet --desk \"/srv/my desk\""'
    )


def test_every_line_is_a_command_that_there_is() -> None:
    for task in TASKS:
        words = shlex.split(lines("cron")[task.name][0].text)[6:]
        command = get_command(app)
        context = typer.Context(command)
        while hasattr(command, "commands") and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        command.make_parser(context).parse_args(list(words))
