"""Somebody changes the ledger past orderflow: `doctor` says in which run, whatever the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Office, a_row
from sqlalchemy import text

from orderflow.ledger import checks

TAMPERED = {
    "DELETE FROM anomalies WHERE id = (SELECT min(id) FROM anomalies)": ["run 1 reasons", "run 2 closed reasons"],
    "UPDATE anomalies SET code = 'missing-customer' WHERE closed_run IS NULL": ["run 1 reasons"],
    "UPDATE anomalies SET params = '{}' WHERE code = 'over-stock-unpaid'": [],
    "UPDATE anomalies SET closed_run = 2, closed_at = 1, how = 'mended' WHERE closed_run IS NULL": [
        "run 2 closed reasons"
    ],
    "UPDATE anomalies SET closed_run = NULL, closed_at = NULL, how = NULL": ["run 2 closed reasons"],
    "UPDATE anomalies SET how = 'mended' WHERE how = 'confirmed'": ["run 2 closed reasons"],
    "DELETE FROM lines WHERE outcome = 'flagged'": ["run 1 lines"],
    "UPDATE lines SET outcome = 'rejected' WHERE outcome = 'flagged'": ["run 1 lines"],
    "DELETE FROM notices": ["run 1 notices"],
    "UPDATE notices SET facts = '{}'": ["run 1 notices"],
    "UPDATE notices SET recipient = 'nobody'": ["run 1 notices"],
    "UPDATE notices SET state = 'sent'": [],
}


@pytest.fixture
def office(tmp_path: Path, ledger_url: str) -> Office:
    office = Office(tmp_path, ledger_url)
    doubtful = a_row(1, 交付日期="2024-06-01")
    taken = office.take("a.xlsx", doubtful, a_row(2, 付款状态=""), a_row(3))
    office.mark(taken.numbers[0], "confirmed")
    return office


def test_no_reason_line_or_notice_can_be_changed_or_removed_unnoticed(office: Office) -> None:
    assert office.troubles() == {}
    for statement, runs in TAMPERED.items():
        with office.desk.ledger() as ledger, ledger.amend() as book:
            kept = book.connection.begin_nested()
            book.connection.execute(text(statement))
            found = checks.told(book)
            kept.rollback()
        assert found == runs, statement
    assert office.troubles() == {}


def test_undoing_and_mending_are_no_tampering(office: Office) -> None:
    office.undo(2)
    assert office.troubles() == {}
    office.undo(1)
    assert office.troubles() == {}
    taken = office.take("b.xlsx", a_row(4, 付款状态=""))
    office.mark(taken.numbers[0], "cancelled")
    assert office.troubles() == {}


def test_doctor_names_the_run_whose_rows_were_removed(office: Office) -> None:
    with office.desk.ledger() as ledger, ledger.amend() as book:
        book.connection.execute(text("DELETE FROM notices"))
    assert office.troubles()["chain"] == ["run 1 notices"]
