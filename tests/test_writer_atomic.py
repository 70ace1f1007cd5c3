"""A workbook is written whole or not at all, and never takes the place of one that should stay."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import openpyxl
import pytest

from orderflow.records.errors import OrderflowError
from orderflow.sheets.atomic import _claim_without_links, create_file, replace_file
from orderflow.sheets.layout import ColumnLayout, Row, SheetLayout, WorkbookLayout
from orderflow.sheets.writer import write_new_workbook, write_workbook

posix = pytest.mark.skipif(os.name == "nt", reason="file modes, links and limits are POSIX's")


def opened(path: Path) -> Any:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(path)


def book(rows: Iterator[Row] | list[Row]) -> WorkbookLayout:
    return WorkbookLayout([SheetLayout("表", [ColumnLayout("值")], rows)], datetime(2024, 5, 10))


def failing() -> Iterator[Row]:
    yield from (["好"] for _ in range(2_000))
    raise ValueError("in the middle")


def test_a_failure_in_the_middle_of_the_rows_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    write_workbook(book([["旧"]]), target)
    before = target.read_bytes()
    with pytest.raises(ValueError, match="in the middle"):
        write_workbook(book(failing()), target)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_while_the_file_is_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")

    def half(file: IO[bytes]) -> None:
        file.write(b"new")
        raise KeyboardInterrupt

    for write in (replace_file, create_file):
        with pytest.raises(KeyboardInterrupt):
            write(target, half)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    for text in ("一", "二"):
        assert write_workbook(book([[text]]), target).path == target
    assert opened(target).active["A2"].value == "二"
    assert list(tmp_path.iterdir()) == [target]


def test_while_it_is_written_the_file_bears_a_name_that_folder_scans_leave_out(tmp_path: Path) -> None:
    seen: list[str] = []

    def write(file: IO[bytes]) -> None:
        seen.extend(path.name for path in tmp_path.iterdir())

    replace_file(tmp_path / ("很长的名字" * 12 + ".xlsx"), write)
    assert len(seen) == 1
    assert seen[0].startswith(".~")
    assert seen[0].endswith(".tmp")


def test_an_existing_workbook_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    wanted = tmp_path / "五月.checked.xlsx"
    names = [write_new_workbook(book([[str(n)]]), wanted).path.name for n in range(3)]
    assert names == ["五月.checked.xlsx", "五月.checked-2.xlsx", "五月.checked-3.xlsx"]
    found = [opened(tmp_path / name).active["A2"].value for name in names]
    assert found == ["0", "1", "2"]


CLAIMER = """
import sys
from pathlib import Path
from orderflow.sheets.atomic import create_file
for turn in range(8):
    create_file(Path(sys.argv[1]), lambda file: file.write(f"{sys.argv[2]}-{turn}".encode()))
"""


def test_processes_that_want_the_same_name_at_once_each_get_their_own(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CLAIMER, str(tmp_path / "a.xlsx")]
    running = [subprocess.Popen([*command, str(number)]) for number in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    found = sorted(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert found == sorted(f"{number}-{turn}" for number in range(4) for turn in range(8))


def test_a_name_is_claimed_once_also_where_there_are_no_hard_links(tmp_path: Path) -> None:
    fresh, target = tmp_path / ".~a.tmp", tmp_path / "a.xlsx"
    fresh.write_bytes(b"new")
    assert _claim_without_links(fresh, target)
    assert target.read_bytes() == b"new"
    fresh.write_bytes(b"newer")
    assert not _claim_without_links(fresh, target)
    assert target.read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "a.xlsx"
    for write in (write_workbook, write_new_workbook):
        with pytest.raises(OrderflowError) as caught:
            write(book([["好"]]), target)
        assert caught.value.code == "cannot-write"
        assert caught.value.params["path"] == str(target)


FILLER = """
import resource, sys
from datetime import datetime
from pathlib import Path
from orderflow.records.errors import OrderflowError
from orderflow.sheets.layout import ColumnLayout, SheetLayout, WorkbookLayout
from orderflow.sheets.writer import write_workbook
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    write_workbook(WorkbookLayout([SheetLayout("表", [ColumnLayout("值")])], datetime(2024, 5, 10)), Path(sys.argv[1]))
except OrderflowError as error:
    print(error.code)
"""


@posix
def test_a_full_disk_is_named_and_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    run = subprocess.run([sys.executable, "-c", FILLER, str(target)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "disk-full"
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


if os.name == "nt":  # only Windows refuses to replace an open file

    def test_a_workbook_that_is_open_elsewhere_is_named_and_stays(tmp_path: Path) -> None:
        target = tmp_path / "a.xlsx"
        target.write_bytes(b"old")
        with target.open("rb"), pytest.raises(OrderflowError) as caught:
            write_workbook(book([["好"]]), target)
        assert caught.value.code == "workbook-in-use"
        assert target.read_bytes() == b"old"


@posix
def test_who_may_read_a_workbook_does_not_change_when_it_is_written_afresh(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    write_workbook(book([["一"]]), target)
    umask = os.umask(0)
    os.umask(umask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask
    target.chmod(0o640)
    write_workbook(book([["二"]]), target)
    assert target.stat().st_mode & 0o777 == 0o640


@posix
def test_a_link_to_a_workbook_stays_a_link(tmp_path: Path) -> None:
    true, link = tmp_path / "true.xlsx", tmp_path / "link.xlsx"
    write_workbook(book([["一"]]), true)
    link.symlink_to(true)
    write_workbook(book([["二"]]), link)
    assert link.is_symlink()
    assert opened(true).active["A2"].value == "二"
