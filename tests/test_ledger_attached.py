"""Rows beside an order: every change is in the history, a run takes them back, tampering shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ledgers import NINE, a_run, registered
from ledgers import an_order as order
from sqlalchemy import text

from orderflow.ledger import attached, history, undo
from orderflow.ledger.attached import PLAN, STAGE, Edit, RowEdit
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger


def changed(ledger: Ledger, *rows: RowEdit) -> int:
    """A run that changes rows of the one order; its number."""
    with a_run(ledger, "plan") as run:
        attached.change(run, [Edit("202405-001", "planned", NINE, rows)])
        return run.id


def stage(name: str, **values: Any) -> RowEdit:
    return RowEdit(STAGE, values, (name, 1))


def dues(book: Book) -> dict[str, tuple[Any, int]]:
    rows = attached.of_orders(book, STAGE, ["202405-001"])
    return {row["stage"]: (row["due"], row["revision"]) for row in rows}


def test_rows_are_made_changed_emptied_and_put_back(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, order())
        plan = RowEdit(PLAN, {"kind": "custom", "planned_at": 5})
        made = changed(ledger, plan, stage("production", due="2024-05-12"), stage("logistics", due="2024-05-15"))
        second = changed(
            ledger, stage("production", due="2024-05-13"), stage("logistics", due=None), stage("inspection")
        )
        with ledger.read() as book:
            assert dues(book) == {"production": ("2024-05-13", 2)}
            (last,) = [change for run, change in history.changes_of(book, "202405-001") if run == second]
            assert last.before == {
                "stage/production/1.due": date(2024, 5, 12),
                "stage/logistics/1.due": date(2024, 5, 15),
            }
            assert last.after["stage/production/1.revision"] == 2
            assert list(attached.differences(book)) == []
        with a_run(ledger, "undo") as run:
            undo.take_back(run, second)
        with ledger.read() as book:
            assert {name: due for name, (due, _) in dues(book).items()} == {
                "production": "2024-05-12",
                "logistics": "2024-05-15",
            }
        with a_run(ledger, "undo") as run:
            undo.take_back(run, made)
        with ledger.read() as book:
            assert dues(book) == {}
            assert attached.of_orders(book, PLAN, ["202405-001"]) == []
            assert list(attached.differences(book)) == []


def test_a_change_that_changes_nothing_leaves_no_trace(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, order())
        changed(ledger, stage("production", due="2024-05-12"))
        again = changed(ledger, stage("production", due="2024-05-12"))
        with ledger.read() as book:
            assert [run for run, _ in history.changes_of(book, "202405-001") if run == again] == []
            assert dues(book) == {"production": ("2024-05-12", 1)}


def test_a_row_changed_past_the_tool_is_noticed(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, order())
        changed(ledger, stage("production", due="2024-05-12"))
        with ledger.amend() as book:
            book.connection.execute(text("UPDATE stages SET due = '2024-05-11'"))
        with ledger.read() as book:
            assert [found.field for found in attached.differences(book)] == ["stage/production/1.due"]
