"""A run is taken back as one piece, while nothing has been built on it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from ledgers import NINE, a_run, an_order, register, registered

from orderflow.ledger import anomalies, checks, conflicts, evidence, intake, lookup, orders, outbox, pending, undo
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.evidence import Evidence
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.orders import Edit
from orderflow.ledger.outbox import Notice
from orderflow.ledger.runs import past_run
from orderflow.ledger.undo import TakenBack
from orderflow.records.order import Anomaly


def taken_back(ledger: Ledger, target: int) -> TakenBack:
    with a_run(ledger, "undo", NINE + timedelta(hours=3)) as run:
        return undo.take_back(run, target)


def a_reason(number: str, code: str = "missing-payment") -> Anomaly:
    return Anomaly(number, code, "payment", {}, 0, NINE)


def test_new_orders_go_and_their_numbers_are_never_given_again(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        gone = registered(ledger, an_order(), an_order(external_number="2"))
        assert taken_back(ledger, 1) == TakenBack(gone, [])
        with ledger.read() as book:
            assert list(orders.live(book)) == []
            assert lookup.by_identity(book, [an_order().identity]) == {}
            assert checks.numbers(book) == []
            undone = past_run(book, 1)
            assert undone is not None
            assert undone.undone_by == 2
        assert registered(ledger, an_order()) == ["202405-003"]


def test_orders_that_were_there_are_again_what_they_were(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
        with ledger.read() as book:
            (before,) = orders.load(book, [number])
        with a_run(ledger) as run:
            register(run, an_order(external_number="new"))
            for payment, fingerprint in (("unpaid", "f2"), ("prepaid", "f3")):
                orders.change(run, [Edit(number, "updated", {"payment": payment, "fingerprint": fingerprint}, run.at)])
        assert taken_back(ledger, 2) == TakenBack(["202405-002"], [number])
        with ledger.read() as book:
            (after,) = orders.load(book, [number])
            assert list(checks.orders_told(book)) == []
    assert after.revision == 4
    after.revision = before.revision
    assert after == before


def test_what_hangs_on_a_run_goes_with_it(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            (number,) = register(run, an_order())
            anomalies.add(run, [a_reason(number), a_reason(number, "over-stock-unpaid")])
            conflicts.add(run, [Conflict(number, "payment", "paid", "unpaid", "prepaid")])
        with a_run(ledger) as run:
            intake.add_source(run, intake.Source("/a", "a", "aa", None, "registration", {}))
            anomalies.close(run, number, "missing-payment", "payment", "mended", run.at)
            anomalies.add(run, [a_reason(number, "missing-quantity")])
            conflicts.decide(run, conflicts.undecided(run)[0].id, "ours")
            conflicts.add(run, [Conflict(number, "quantity", 1, 2, 3)])
            outbox.queue(run, [Notice("flagged", "anomaly", "specialist", [number], {}, "k", run.at, run=run.id)])
            pending.add(run, "checked", {"path": "a.checked.xlsx"})
            evidence.add(run, Evidence(number, "confirmed", "a.pdf", "evidence/a.pdf", "aa", 1))
        taken_back(ledger, 2)
        with ledger.read() as book:
            still = anomalies.of_orders(book, [number], only_open=True)[number]
            assert [reason.code for reason in still] == ["missing-payment", "over-stock-unpaid"]
            assert orders.load(book, [number])[0].open_anomalies == 2
            assert [conflict.field for conflict in conflicts.undecided(book)] == ["payment"]
            assert outbox.waiting(book) == []
            assert pending.left(book) == []
            assert evidence.of_orders(book, [number]) == {}
            assert intake.known_file(book, "aa") == []


def test_a_run_that_others_built_on_says_which(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
        registered(ledger, an_order(external_number="unrelated"))
        with a_run(ledger, "mark") as run:
            orders.change(run, [Edit(number, "checked", {"checked_by": "李四"}, run.at)])
        with ledger.read() as book:
            assert undo.built_on(book, 1) == [3]
            assert undo.built_on(book, 2) == undo.built_on(book, 3) == []
        taken_back(ledger, 3)
        with ledger.read() as book:
            assert undo.built_on(book, 1) == []


def test_a_run_is_taken_back_once(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, an_order())
        taken_back(ledger, 1)
        with pytest.raises(ValueError, match="no run to take back: 1"):
            taken_back(ledger, 1)
        with pytest.raises(ValueError, match="no run to take back: 9"):
            taken_back(ledger, 9)
