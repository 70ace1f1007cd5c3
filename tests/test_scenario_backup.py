"""A copy of the ledger for another disk: taken while others write, and its age is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desks import TRULY, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.backing_up import back_up
from orderflow.flows.doctor import examine
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.orders import live
from orderflow.records.errors import OrderflowError


def backup_check(office: Office, days: int) -> tuple[bool, str]:
    """What `doctor` says of the backups, so many days after the first order."""
    desk = replace(office.desk, entered_at=TRULY + timedelta(days=days))
    check = next(check for check in examine(desk) if check.code == "backup")
    return check.ok, " ".join([*check.found, check.note or ""]).strip()


def test_a_backup_is_a_ledger_and_its_age_is_told(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    office.take("a.xlsx", a_row(1))
    assert backup_check(office, 0) == (True, "还没有备份过")
    assert backup_check(office, 9) == (False, "还没有备份过")
    kept = back_up(office.desk, tmp_path / "kept.db")
    assert backup_check(office, 3) == (True, f"最近一次备份：3 天前，{kept}")
    assert not backup_check(office, 30)[0]
    assert not backup_check(office, -30)[0], "the clock was set back: nothing is known of its age"
    with open_ledger("sqlite:///kept.db", tmp_path) as ledger, ledger.read() as book:
        assert [order.row.number for order in live(book)] == ["202406-001"]
    with pytest.raises(OrderflowError, match="backup-exists"):
        back_up(office.desk, kept)


def test_the_command_names_the_copy(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    prompt.run("init", "desk")
    said = prompt.json("ledger", "backup", "copies.db")
    assert (said.exit_code, said.json["path"]) == (0, str(tmp_path / "copies.db"))
    assert prompt.json("ledger", "backup", "copies.db").json["error"]["code"] == "backup-exists"
    assert str(tmp_path / "again.db") in prompt.run("ledger", "backup", "again.db").out.replace("\n", "")
