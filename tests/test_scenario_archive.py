"""Years of an archive, as cron and an auditor see them: sealed, checked, restored, and let go when its term is over."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from desks import Office, a_row
from orderflow_cli import PROGRAM, Prompt, Said

MONTHS = ("2024-04", "2024-05", "2024-06")


def three_months(folder: Path) -> Office:
    """A desk on the sixth of July: in each month one order was cancelled, one delivered and closed."""
    office = Office(folder)
    for month in MONTHS:
        number = month.replace("-", "")
        day = office.at(f"{month}-03T09:00")
        named = {"接单时间": f"{month}-03 08:30", "交付日期": f"{month}-20"}
        day.take(f"{month}.xlsx", a_row(1, **named, 来源单号=f"{month}-1"), a_row(2, **named, 来源单号=f"{month}-2"))
        day.mark(f"{number}-001", "cancelled")
        office.at(f"{month}-10T10:00").mark(f"{number}-002", "delivered", at="09:00")
        end = office.at(f"{month}-27T10:00")
        end.mark(f"{number}-002", "reason", note="客户改期")
        end.mark(f"{number}-002", "closed")
    return office


def cron(prompt: Prompt, task: str, now: str) -> Said:
    """The line of a task, as `schedule` prints it for cron, run at a time."""
    lines = prompt.json("schedule").json["lines"]
    (line,) = [line["text"] for line in lines if (line["system"], line["task"]) == ("cron", task)]
    program, *words = shlex.split(line)[5:]
    assert Path(program) == PROGRAM
    return replace(prompt, now=now).run(*words, "--json")


def flip(path: Path) -> None:
    """One bit of one byte."""
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


def figures(prompt: Prompt) -> dict[str, Any]:
    """May's own figures, whatever months are before it."""
    metrics = prompt.json("monthly-report", "--month", "2024-05").json["metrics"]
    return {name: (one["value"], one["n"], one["of"], one["median"]) for name, one in metrics.items()}


def test_three_months_are_sealed_by_cron_checked_restored_and_let_go(tmp_path: Path) -> None:
    office = three_months(tmp_path)
    archive, prompt = office.desk.path / "archive", Prompt(tmp_path)
    for now in ("2024-05-06T02:00", "2024-06-06T02:00", "2024-07-06T02:00"):
        assert cron(prompt, "archive", now).exit_code == 0
    assert sorted(path.name for path in archive.iterdir()) == list(MONTHS)
    assert cron(prompt, "verify", "2024-07-07T03:00").exit_code == 0
    flipped = archive / "2024-05" / "data" / "tables" / "changes.parquet"
    flip(flipped)
    said = cron(prompt, "verify", "2024-07-14T03:00")
    assert said.exit_code == 1
    assert [bag["wrong"] and bag["wrong"]["what"] for bag in said.json["bags"]] == [
        None, "data/tables/changes.parquet", None
    ]  # fmt: skip
    by_hand = subprocess.run(
        ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=archive / "2024-05", check=False
    )
    assert by_hand.returncode == 1
    later = replace(prompt, now="2026-05-01T09:00")
    pruned = later.json("archive", "prune", "--yes").json
    assert [(month["month"], month["reason"]) for month in pruned["months"]] == [
        ("2024-04", None), ("2024-05", "term"), ("2024-06", "term")
    ]  # fmt: skip
    flip(flipped)
    assert cron(prompt, "verify", "2024-07-21T03:00").exit_code == 0
    later.run("init", "drill")
    drill = replace(prompt, now="2024-07-21T09:00", environment={"ORDERFLOW_DESK": str(tmp_path / "drill")})
    assert drill.json("archive", "restore", "2024-05", "--from", str(archive)).json["orders"] == 2
    desk = replace(prompt, now=drill.now)
    assert figures(drill) == figures(desk)
    orders = [one.json("find", "--month", "2024-05").json["orders"] for one in (drill, desk)]
    assert [order | {"state": "archived"} for order in orders[0]] == orders[1]
    assert sorted(path.name for path in archive.iterdir()) == list(MONTHS[1:])
    (record,) = [change for change in later.json("log").json["changes"] if change["code"] == "removed"]
    told = {value["field"]: value["before"] for value in record["values"]}
    assert (told["bag"], told["orders"], len(told["digest"])) == ("2024-04", 2, 64)
    assert {check["code"]: check["ok"] for check in later.json("doctor").json["checks"]}["chain"]
