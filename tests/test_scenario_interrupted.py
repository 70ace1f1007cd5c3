"""Whatever stops a run, it happened whole or not at all, and the next command finishes what was left."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest
from desks import Office, a_row
from dying import Dying
from orderflow_cli import Prompt, Running

ROWS = 150
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of POSIX")


def started(office: Office, path: Path, dies: Dying) -> Running:
    """The command, taking a file in until it dies."""
    return Prompt(office.desk.path.parent).start("intake", path, "--json", dies=dies)


def killed(office: Office, path: Path, at: int) -> int:
    """The command, killed at the file event `at`; how many there were where it came to its end."""
    said = started(office, path, Dying(at, str(office.desk.path.parent))).end()
    return int(said.err.split()[-1]) if said.exit_code in (0, 1) else 0


def a_day(office: Office, nth: int) -> Path:
    """A file of many orders, no two alike."""
    rows = [a_row(row, 来源单号=f"F{nth}-{row}", **({"付款状态": ""} if row % 50 == 0 else {})) for row in range(ROWS)]
    return office.file(f"{nth}.csv", rows)


def whole_or_nothing(office: Office, path: Path, had: int) -> int:
    """The file again: all of it was there, or nothing was; and now it is, with its copy. How many orders there are."""
    again = office.intake(path)
    kept = len(office.find(limit=100_000))
    assert kept == had + ROWS
    assert set(again.outcomes) in ({"duplicate"}, {"new", "flagged"})
    copy = openpyxl.load_workbook(path.with_name(f"{path.stem}.checked.xlsx"), read_only=True)
    assert sum(1 for _ in copy.worksheets[1].iter_rows(values_only=True)) == ROWS + 1
    copy.close()
    assert office.troubles() == {}
    return kept


def test_killed_at_any_moment_a_run_is_whole_or_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, window=True)
    paths = [a_day(office, nth) for nth in range(6)]
    events, had = killed(office, paths[0], at=-1), ROWS
    assert events > len(paths)
    for nth, path in enumerate(paths[1:], 1):
        assert killed(office, path, at=events * nth // len(paths)) == 0
        had = whole_or_nothing(office, path, had)


@posix
@pytest.mark.parametrize("most", [4_096, 150_000, 1_000_000])
def test_a_full_disk_is_said_and_leaves_nothing_half_done(tmp_path: Path, most: int) -> None:
    office = Office(tmp_path)
    had = len(office.take("before.xlsx", a_row(1)).numbers)
    path = a_day(office, 7)
    said = started(office, path, Dying(largest=most)).end()
    assert said.exit_code in (1, 3)
    assert ("Traceback" in said.out, said.err) == (False, "")
    kept = len(office.find(limit=100_000))
    assert kept == (had if said.exit_code == 3 else had + ROWS)
    whole_or_nothing(office, path, had)


def test_a_copy_that_could_not_be_written_is_said_and_written_later(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    wanted = office.files / "not there yet" / "back.xlsx"
    taken = office.take("a.xlsx", a_row(1), a_row(2, 付款状态=""), checked=str(wanted))
    assert (taken.exit_code, taken.outcomes, taken.json["files"][0]["checked"]) == (1, ["new", "flagged"], None)
    (told,) = taken.found("copy-not-written")
    assert "第 1 次操作" in told["message"]
    assert list(office.troubles()) == ["waiting"]
    wanted.parent.mkdir()
    office.mark(taken.numbers[0], "contacted")
    assert wanted.is_file()
    assert office.troubles() == {}
    from desks import Mended

    back = Mended(wanted)
    assert [back[nth, "订单编号"].value for nth in (1, 2)] == taken.numbers
    assert back[2, "付款状态"].comment is not None
    back[2, "付款状态"] = "已付"
    assert office.intake(back.save()).outcomes == ["unchanged", "updated"]


def test_the_same_file_again_writes_the_copy_that_is_owed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    wanted = office.files / "not there yet" / "back.xlsx"
    office.take("a.xlsx", a_row(1, 付款状态=""), checked=str(wanted))
    wanted.parent.mkdir()
    again = office.intake(office.files / "a.xlsx")
    assert (again.outcomes, wanted.is_file()) == (["duplicate"], True)


def test_a_copy_owed_for_a_file_that_is_gone_is_said_until_the_run_is_undone(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1), checked=str(office.files / "nowhere" / "back.xlsx"))
    (office.files / "a.xlsx").unlink()
    later = office.take("b.xlsx", a_row(2))
    assert (later.exit_code, later.outcomes, len(later.found("copy-not-written"))) == (1, ["new"], 1)
    office.undo(taken.run)
    assert office.take("c.xlsx", a_row(3)).exit_code == 0
