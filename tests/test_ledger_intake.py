"""What a run read, found, asked and still has to do is kept with it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from ledgers import NINE, a_run, an_order, register, registered

from orderflow.ledger import anomalies, conflicts, evidence, intake, layouts, orders, outbox, pending
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.evidence import Evidence
from orderflow.ledger.intake import Line, Source
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.outbox import Notice
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.order import Anomaly

FILE = Source("/desk/orders.xlsx", "orders.xlsx", "ab" * 32, "一月", "registration", {"fields": {"customer": 1}})


def test_a_file_is_known_again_by_its_bytes(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            one = intake.add_source(run, FILE)
            two = intake.add_source(run, FILE._replace(sheet="二月"))
            intake.count_source(run, one, {"read": 2, "new": 2})
        with ledger.read() as book:
            first, second = intake.known_file(book, FILE.sha256)
            assert first == FILE._replace(counts={"read": 2, "new": 2}, id=one, run=1)
            assert (second.sheet, second.counts, second.id) == ("二月", {}, two)
            assert (first.run, second.run) == (1, 1)
            assert intake.source_by_id(book, two) == second
            assert intake.source_by_id(book, 9) is None
            assert intake.known_file(book, "other") == []


def test_every_row_read_is_accounted_for(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            source = intake.add_source(run, FILE)
            new = [an_order(external_number=str(nth)) for nth in range(3)]
            for row, order in enumerate(new, 2):
                order.source, order.sheet_row = source, row
            numbers = register(run, *new)
            lines = [
                Line(source, 2, "new", numbers[0]),
                Line(source, 3, "new", numbers[1]),
                Line(source, 4, "flagged", numbers[2]),
                Line(source, 5, "rejected", None, "row-says-nothing"),
                Line(source, 6, "skipped", None, "total"),
            ]
            intake.add_lines(run, lines)
        with ledger.read() as book:
            assert intake.lines_of(book, source) == lines


def test_findings_come_back_with_their_place(ledger_url: str, tmp_path: Path) -> None:
    place = Place("orders.xlsx", "一月", 7, 6)
    found = [
        Finding("ambiguous-date", Severity.ANOMALY, "delivery_date", "05/06/2024", {"a": 1}, place, "202405-001"),
        Finding("hidden-sheet", Severity.NOTE, place=Place("orders.xlsx", "一月")),
    ]
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, an_order())
        with a_run(ledger) as run:
            source = intake.add_source(run, FILE)
            intake.add_findings(run, found, source)
            intake.add_findings(run, [])
        with ledger.read() as book:
            assert sorted(intake.findings_of(book, source), key=lambda one: one.code) == found


def test_reasons_open_and_close_and_the_order_says_how_many_are_open(ledger_url: str, tmp_path: Path) -> None:
    later = NINE + timedelta(minutes=5)
    with open_ledger(ledger_url, tmp_path) as ledger:
        one, two = registered(ledger, an_order(), an_order(external_number="2"))
        with a_run(ledger) as run:
            reasons = [Anomaly(one, code, None, {"n": 1}, run.id, NINE) for code in ("a", "b")]
            anomalies.add(run, [*reasons, Anomaly(two, "a", "customer", {}, run.id, NINE)])
        with a_run(ledger) as run:
            assert anomalies.close(run, one, "a", None, "confirmed", later) == 1
            assert anomalies.close(run, one, "a", None, "confirmed", later) == 0
            assert anomalies.close(run, two, "a", "product", "mended", later) == 0
            assert [order.open_anomalies for order in orders.load(run, [one, two])] == [1, 1]
            assert anomalies.close_all(run, [one, two], "merged", later) == 2
        with ledger.read() as book:
            assert anomalies.of_orders(book, [one, two], only_open=True) == {}
            closed = anomalies.of_orders(book, [one, two])
            assert closed[one] == [
                Anomaly(one, "a", None, {"n": 1}, 2, NINE, 3, later, "confirmed"),
                Anomaly(one, "b", None, {"n": 1}, 2, NINE, 3, later, "merged"),
            ]
            assert [order.row.state for order in orders.load(book, [one, two])] == ["registered"] * 2


def test_a_notice_is_queued_once_whoever_repeats_it(ledger_url: str, tmp_path: Path) -> None:
    notice = Notice("flagged", "anomaly", "specialist", ["202405-001"], {"reasons": ["a"]}, "flagged 1", NINE)
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            assert outbox.queue(run, [notice._replace(run=run.id, key=f"flagged {nth}") for nth in (1, 2)]) == 2
        with a_run(ledger) as run:
            assert outbox.queue(run, [notice._replace(run=run.id)]) == 0
        with ledger.read() as book:
            first, second = outbox.waiting(book)
    assert first == notice._replace(id=first.id, run=1, token=first.token)
    assert second.key == "flagged 2"


def test_work_that_must_follow_a_commit_is_there_until_it_is_done(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            work = pending.add(run, "checked", {"path": "一.checked.xlsx"})
        with ledger.read() as book:
            assert pending.left(book) == [(work, 1, "checked", {"path": "一.checked.xlsx"})]
        with ledger.amend() as amending:
            pending.done(amending, work, NINE)
        with ledger.read() as book:
            assert pending.left(book) == []


def test_a_conflict_waits_until_somebody_decides(ledger_url: str, tmp_path: Path) -> None:
    conflict = Conflict("202405-001", "quantity", Decimal(5), Decimal(6), Decimal(7), None, 3)
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, an_order())
        with a_run(ledger) as run:
            conflicts.add(run, [conflict])
        with ledger.read() as book:
            (found,) = conflicts.undecided(book, ["202405-001"])
            assert found == conflict._replace(id=found.id, run=2)
            assert conflicts.undecided(book, ["202405-002"]) == []
        with a_run(ledger) as run:
            conflicts.decide(run, found.id, "theirs")
        with ledger.read() as book:
            assert conflicts.undecided(book) == []


def test_evidence_is_kept_with_its_hash(ledger_url: str, tmp_path: Path) -> None:
    file = Evidence("202405-001", "confirmed", "确认函.pdf", "evidence/202405-001/确认函.pdf", "cd" * 32, 1234)
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, an_order())
        with a_run(ledger, "mark") as run:
            evidence.add(run, file)
        with ledger.read() as book:
            assert evidence.of_orders(book, ["202405-001"]) == {"202405-001": [file._replace(run=2)]}


def test_what_a_person_said_of_a_layout_is_asked_once(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with a_run(ledger) as run:
            layouts.keep(run, "s", {"单号": "external_number"})
            layouts.keep(run, "s", {"单号": "external_line"})
        with ledger.read() as book:
            assert layouts.answers(book, "s") == {"单号": "external_line"}
            assert layouts.answers(book, "other") == {}
