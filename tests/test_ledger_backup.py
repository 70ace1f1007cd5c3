"""A copy of the ledger is a ledger, taken while others write."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from ledgers import a_run, an_order, register, registered
from sqlalchemy import func, select

from orderflow.ledger import chain, checks, orders
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.schema import metadata
from orderflow.records.errors import OrderflowError


def test_a_copy_holds_everything_and_opens_as_a_ledger(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, *(an_order(external_number=str(nth), remark="加急") for nth in range(30)))
        ledger.backup(tmp_path / "copy.db")
        with open_ledger("sqlite:///copy.db", tmp_path) as copy, copy.read() as kept, ledger.read() as book:
            for table in metadata.sorted_tables:
                counted = select(func.count()).select_from(table)
                assert kept.connection.scalar(counted) == book.connection.scalar(counted), table.name
            assert list(orders.live(kept)) == list(orders.live(book))
            assert chain.verify(kept) == chain.verify(book)
            assert checks.told(kept) == []
        with open_ledger("sqlite:///copy.db", tmp_path) as copy:
            assert registered(copy, an_order()) == ["202405-031"]


def test_a_copy_waits_for_nobody_and_holds_what_was_kept_when_it_began(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, open_ledger(ledger_url, tmp_path) as other:
        registered(ledger, an_order())
        with a_run(other) as run:
            register(run, an_order())
            copying = threading.Thread(target=ledger.backup, args=[tmp_path / "copy.db"])
            copying.start()
            copying.join(timeout=60)
            assert not copying.is_alive()
        with open_ledger("sqlite:///copy.db", tmp_path) as copy, copy.read() as book:
            assert [order.row.number for order in orders.live(book)] == ["202405-001"]
            assert chain.verify(book).broken is None


def test_a_file_is_never_overwritten_and_a_failed_copy_leaves_nothing(ledger_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine", encoding="utf-8")
    with open_ledger(ledger_url, tmp_path) as ledger:
        with pytest.raises(OrderflowError) as refused:
            ledger.backup(tmp_path / "copy.db")
        assert (refused.value.code, refused.value.params) == ("backup-exists", {"path": str(tmp_path / "copy.db")})
        with pytest.raises(OrderflowError) as refused:
            ledger.backup(tmp_path / "nowhere" / "copy.db")
        assert refused.value.code == "cannot-write"
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "mine"
