"""What a whole column is the cause of is said once, and its rows are flagged and coloured all the same."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from desks import Office, a_row


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


AMOUNT = "订单金额(万元)"


def test_an_amount_column_without_a_unit_is_one_finding(office: Office) -> None:
    taken = office.take("a.xlsx", *(a_row(nth, **{AMOUNT: None, "订单金额": "3000"}) for nth in range(1, 21)))
    (found,) = taken.found("amount-unit-unclear")
    assert (found["cell"], found["number"], found["value"]) == ("L1", None, "3000")
    assert "20 行" in found["message"]
    assert "L2" in found["message"]
    assert taken.outcomes == ["new"] * 20
    page = openpyxl.load_workbook(taken.checked).worksheets[1]
    assert sum(cell.comment is not None for row in page.iter_rows(min_row=2) for cell in row) >= 20


def test_a_choice_column_of_unknown_words_is_one_finding_and_its_rows_are_flagged(office: Office) -> None:
    words = ["甲种", "乙种", "丙种", "丁种"] * 3
    taken = office.take("a.xlsx", *(a_row(nth, 付款状态=word) for nth, word in enumerate(words)))
    (found,) = taken.found("unknown-choice")
    assert (found["cell"], found["value"], found["severity"]) == ("H1", "甲种 / 乙种 / 丙种", "anomaly")
    assert "12 行" in found["message"]
    assert (taken.exit_code, taken.outcomes) == (1, ["flagged"] * 12)
    assert office.show(taken.numbers[5])["reasons"] == ["unknown-choice"]


def test_a_few_slips_in_a_long_column_are_said_where_they_stand(office: Office) -> None:
    rows = [a_row(nth, 付款状态="甲种" if nth % 5 == 0 else "已付") for nth in range(1, 21)]
    cells = [found["cell"] for found in office.take("a.xlsx", *rows).found("unknown-choice")]
    assert cells == ["H6", "H11", "H16", "H21"]


def test_a_copy_written_later_is_coloured_as_one_written_at_once(office: Office) -> None:
    rows = [a_row(nth, 付款状态="甲种") for nth in range(4)]
    late = office.files / "later" / "a.xlsx"
    assert "copy-not-written" in office.take("a.xlsx", *rows, checked=str(late)).codes
    late.parent.mkdir()
    office.take("b.xlsx", a_row(9))
    page = openpyxl.load_workbook(late).worksheets[1]
    marked = [cell for (cell,) in page.iter_rows(min_row=2, min_col=10, max_col=10) if cell.comment is not None]
    assert [cell.value for cell in marked] == ["甲种"] * 4
