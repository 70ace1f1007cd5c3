"""A ledger that got lost is never made anew in silence: numbers once given are not given again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt
from postgresql import Server

from orderflow.flows.doctor import examine
from orderflow.records.errors import OrderflowError


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, window=True)


def lose(office: Office) -> Path:
    ledger = office.desk.path / "ledger.db"
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (office.desk.path / name).unlink(missing_ok=True)
    return ledger


@pytest.fixture
def postgresql_url(postgresql: Server) -> str:
    name = f"test_{uuid4().hex}"
    postgresql.execute(f"CREATE DATABASE {name} TEMPLATE template1")
    return postgresql.url(name)


def moved(office: Office, url: str) -> Office:
    """The same desk after someone wrote another ledger into its settings."""
    settings = office.desk.path / "orderflow.toml"
    said = settings.read_text(encoding="utf-8").replace("sqlite:///ledger.db", url)
    settings.write_text(said, encoding="utf-8")
    return Office.again(office.desk.path.parent)


COMMANDS: list[Callable[[Office], object]] = [
    lambda office: office.take("b.xlsx", a_row(2)),
    lambda office: office.find(),
    lambda office: office.show("202406-001"),
    lambda office: office.log(),
    lambda office: office.mark("202406-001", "contacted"),
    lambda office: office.undo(1),
]


@pytest.mark.parametrize("emptied", [False, True], ids=["missing", "empty"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_where_the_desk_shows_that_there_were_orders(
    emptied: bool, command: Callable[[Office], object], office: Office
) -> None:
    office.take("a.xlsx", a_row(1), a_row(3))
    ledger = lose(office)
    if emptied:
        ledger.touch()
    with pytest.raises(OrderflowError, match="ledger-lost") as refused:
        command(office)
    assert refused.value.params == {"path": str(ledger), "found": ["registration.xlsx (202406-001 … 202406-002)"]}
    assert ledger.is_file() == emptied
    (check,) = [check for check in examine(office.desk) if check.code == "ledger"]
    assert "202406-002" in check.found[0]
    assert "ledger-version" in (check.fix or "")


def test_a_backup_put_back_goes_on_where_it_was(office: Office) -> None:
    office.take("a.xlsx", a_row(1))
    with office.desk.ledger() as ledger:
        ledger.backup(office.desk.path / "friday.db")
    lost = lose(office)
    (office.desk.path / "registration.xlsx").unlink()
    with pytest.raises(OrderflowError) as refused:
        office.find()
    assert refused.value.params["found"] == ["friday.db"]
    shutil.copyfile(office.desk.path / "friday.db", lost)
    assert office.take("b.xlsx", a_row(2)).numbers == ["202406-002"]


def test_a_desk_begins_anew_once_its_old_files_were_moved_away(office: Office) -> None:
    office.take("a.xlsx", a_row(1))
    lose(office)
    (office.desk.path / "evidence" / "202406-001").mkdir()
    with pytest.raises(OrderflowError) as refused:
        office.find()
    assert refused.value.params["found"] == ["registration.xlsx (202406-001 … 202406-001)", "evidence/"]
    (office.desk.path / "registration.xlsx").rename(office.files / "old.xlsx")
    (office.desk.path / "evidence" / "202406-001").rename(office.files / "202406-001")
    assert office.find() == []


def test_a_copy_handed_back_and_a_journal_left_over_are_traces_too(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1))
    lose(office)
    (office.desk.path / "registration.xlsx").unlink()
    shutil.copyfile(taken.checked, office.desk.path / "inbox" / "a.checked.xlsx")
    (office.desk.path / "ledger.db-wal").write_bytes(b"pages")
    with pytest.raises(OrderflowError) as refused:
        office.find()
    found = ["inbox/a.checked.xlsx (202406-001 … 202406-001)", "ledger.db-wal"]
    assert refused.value.params["found"] == found
    assert (office.desk.path / "ledger.db-wal").read_bytes() == b"pages"


def test_numbers_are_found_also_after_a_clerk_saved_the_workbook(office: Office) -> None:
    office.take("a.xlsx", a_row(1))
    window = office.desk.path / "registration.xlsx"
    openpyxl.load_workbook(window).save(window)
    lose(office)
    with pytest.raises(OrderflowError, match="ledger-lost"):
        office.find()


def test_a_new_database_does_not_take_the_place_of_a_ledger_with_orders(postgresql_url: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.take("a.xlsx", a_row(1))
    other = moved(office, postgresql_url)
    with pytest.raises(OrderflowError, match="ledger-lost") as refused:
        other.find()
    assert refused.value.params["found"] == ["ledger.db"]


def test_a_desk_without_orders_may_change_its_database(postgresql_url: str, tmp_path: Path) -> None:
    office = Office(tmp_path, window=True)
    assert office.find() == []
    assert moved(office, postgresql_url).take("a.xlsx", a_row(1)).outcomes == ["new"]


def test_a_new_desk_opens_by_itself_and_a_lost_ledger_ends_with_3_and_a_sentence(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    assert prompt.run("init").exit_code == 0
    assert prompt.run("intake", EXAMPLES / "registration.xlsx", "--checked", "none").exit_code == 1
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (prompt.desk / name).unlink(missing_ok=True)
    refused = prompt.json("find")
    assert (refused.exit_code, refused.json["error"]["code"]) == (3, "ledger-lost")
    assert "registration.xlsx (202405-001 … 202405-002)" in refused.json["error"]["message"]
