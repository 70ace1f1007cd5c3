"""The workbooks of a big desk are written side by side, and say what they would say one after the other."""

from __future__ import annotations

import os
from multiprocessing import active_children
from pathlib import Path

import openpyxl
import pytest
from desks import Office, a_row

from orderflow.flows.window_kinds import BY_NAME
from orderflow.flows.window_writing import Rewritten, Scribes, side_by_side


def written(office: Office) -> list[Rewritten]:
    with office.desk.ledger() as ledger, Scribes() as scribes:
        return list(side_by_side(office.desk, ledger, list(BY_NAME), 1, scribes))


def cells(path: Path) -> list[list[object]]:
    """What the sheets say; the hidden last one tells of the run after which the workbook was written."""
    book = openpyxl.load_workbook(path)
    return [[cell.value for row in page.iter_rows() for cell in row] for page in book.worksheets[:-1]]


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    office = Office(tmp_path, ledger_url, window=True)
    taken = office.take("a.xlsx", a_row(1), a_row(2), a_row(3, 付款状态=""))
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    office.plan()
    return office


def test_workbooks_written_side_by_side_say_what_they_say_one_by_one(office: Office) -> None:
    paths = {kind: office.desk.path / f"{kind}.xlsx" for kind in BY_NAME}
    with_all = office.watch()
    assert with_all["busy"] is False
    one_by_one = {kind: cells(path) for kind, path in paths.items()}
    for path in paths.values():
        path.unlink()
    assert sorted(written(office)) == sorted(Rewritten(kind, True, []) for kind in BY_NAME)
    assert {kind: cells(path) for kind, path in paths.items()} == one_by_one


@pytest.mark.parametrize("already_at_it", [False, True])
def test_what_a_killed_process_was_to_write_is_written_by_this_one(office: Office, already_at_it: bool) -> None:
    office.watch()
    paths = {kind: office.desk.path / f"{kind}.xlsx" for kind in BY_NAME}
    one_by_one = {kind: cells(path) for kind, path in paths.items()}
    for path in paths.values():
        path.unlink()
    with office.desk.ledger() as ledger, Scribes() as scribes:
        scribes.call(len(BY_NAME)).submit(os.getpid).result()
        said = []
        if already_at_it:
            writing = side_by_side(office.desk, ledger, list(BY_NAME), 1, scribes)
            said = [next(writing)]
        for process in active_children():
            process.kill()
            process.join()
        said += writing if already_at_it else side_by_side(office.desk, ledger, list(BY_NAME), 1, scribes)
    assert sorted(said) == sorted(Rewritten(kind, True, []) for kind in BY_NAME)
    assert {kind: cells(path) for kind, path in paths.items()} == one_by_one


def test_one_that_people_are_at_is_left_and_said_by_whichever_process_meets_it(office: Office) -> None:
    office.watch()
    for kind in BY_NAME:
        (office.desk.path / f"{kind}.xlsx").write_bytes(b"somebody's")
    said = written(office)
    assert {one.kind for one in said if not one.current} == set(BY_NAME)
    assert {finding.code for one in said for finding in one.findings} == {"workbook-edited"}
