"""Many clerks at once at one desk: no number twice, none unexplained, nothing lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from desks import Office, a_row
from ledgers import at_once


def hand_in(folder: str, which: int) -> list[str]:
    """A clerk's two files, one after the other."""
    office = Office.again(Path(folder))
    numbers: list[str] = []
    for nth in range(2):
        rows = [a_row(which * 100 + nth * 10 + row, 来源单号=f"{which}-{nth}-{row}") for row in range(5)]
        taken = office.take(f"{which}-{nth}.csv", *rows)
        assert taken.outcomes == ["new"] * 5
        assert taken.checked.is_file()
        numbers += taken.numbers
    return numbers


def same_file(folder: str, which: int) -> list[str]:
    """One file that every clerk hands in."""
    office = Office.again(Path(folder))
    return office.intake(office.files / "a.csv").outcomes


def test_eight_clerks_at_once_get_each_number_once(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url, window=True)
    given = [number for numbers in at_once(hand_in, str(tmp_path)) for number in numbers]
    assert sorted(given) == [f"202406-{nth:03d}" for nth in range(1, 81)]
    assert len(office.find(limit=1_000)) == 80
    window = openpyxl.load_workbook(office.desk.path / "registration.xlsx").worksheets[0]
    assert sum(1 for (cell,) in window.iter_rows(min_row=2, max_col=1) if cell.value) == 80
    assert office.troubles() == {}


def test_one_file_handed_in_by_eight_at_once_is_taken_once(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    office.file("a.csv", [a_row(1), a_row(2)])
    outcomes = sorted(at_once(same_file, str(tmp_path)))
    assert outcomes == [["duplicate"] * 2] * 7 + [["new"] * 2]
    assert [path.name for path in office.files.glob("*.checked*")] == ["a.checked.xlsx"]
    assert office.troubles() == {}
