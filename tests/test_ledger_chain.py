"""The history cannot be tampered with unnoticed, and a person's data can still be erased from it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ledgers import NINE, a_run, an_order, register, registered
from sqlalchemy import text

from orderflow.ledger import chain, checks, history, intake, orders, undo
from orderflow.ledger.chain import Break
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.orders import Edit
from orderflow.ledger.schema import changes
from orderflow.records.order import Change

SOURCE = intake.Source("/desk/inbox/orders.xlsx", "orders.xlsx", "ab" * 32, "Sheet1", "registration", {"customer": 1})


def a_busy_day(ledger: Ledger) -> None:
    """Three runs: two orders from a file, an edit and an event, an undo of that."""
    with a_run(ledger) as run:
        source = intake.add_source(run, SOURCE)
        new = [an_order(remark="加急"), an_order(external_number="2")]
        for order in new:
            order.source, order.sheet_row = source, 2
        one, two = register(run, *new)
    with a_run(ledger, "mark", NINE + timedelta(hours=1)) as run:
        orders.change(run, [Edit(one, "edited", {"contact": "138****0000", "payment": "unpaid"}, run.at, note="来电")])
        history.record(run, [Change("contacted", run.at, two, note="已确认")])
    with a_run(ledger, "undo", NINE + timedelta(hours=2)) as run:
        undo.take_back(run, 2)


def tampered(ledger: Ledger, *statements: str) -> tuple[Break | None, list[str]]:
    """What is found after somebody has laid hands on the database; it is put right again."""
    with ledger.amend() as book, book.connection.begin_nested() as transaction:
        for statement in statements:
            book.connection.execute(text(statement))
        found = chain.verify(book).broken, checks.told(book)
        transaction.rollback()
    return found


def test_a_chain_that_nobody_touched_holds(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        with ledger.read() as book:
            assert chain.verify(book) == (0, 0, None)
        a_busy_day(ledger)
        with ledger.read() as book:
            count = book.connection.scalar(text("SELECT count(*) FROM changes"))
            assert chain.verify(book) == (count, 0, None)
            assert checks.told(book) == []
            assert list(checks.orders_told(book)) == []
            assert checks.file(book) == []
            assert checks.references(book) == []


ALTERED = {
    "seq = 100": "missing",
    "run = 9": "changed",
    "source = 9": "changed",
    "sheet_row = 9": "changed",
    "number = 202405000000009": "changed",
    "kind = 'other'": "changed",
    "at = at + 1": "changed",
    "body = replace(body, 'paid', 'unpaid')": "changed",
    "personal = replace(personal, '*经理', '*先生')": "personal",
    "personal = NULL": "personal",
    "salt = NULL": "personal",
    "salt = link": "personal",
    "digest = link": "changed",
    "digest = NULL": "changed",
    "link = salt": "changed",
}


def test_no_column_of_a_change_can_be_altered_unnoticed(ledger_url: str, tmp_path: Path) -> None:
    assert {alteration.split()[0] for alteration in ALTERED} == set(changes.c.keys())
    with open_ledger(ledger_url, tmp_path) as ledger:
        a_busy_day(ledger)
        for alteration, what in ALTERED.items():
            broken, _ = tampered(ledger, f"UPDATE changes SET {alteration} WHERE seq = 2")
            assert broken == Break(2, what), alteration


def test_nothing_can_be_cut_out_reordered_or_secretly_erased(ledger_url: str, tmp_path: Path) -> None:
    last = "(SELECT max(seq) FROM changes)"
    swap = [f"UPDATE changes SET seq = {new} WHERE seq = {old}" for old, new in ((1, -1), (2, 1), (-1, 2))]
    with open_ledger(ledger_url, tmp_path) as ledger:
        a_busy_day(ledger)
        for found, statements in (
            (Break(3, "missing"), ["DELETE FROM changes WHERE seq = 3"]),
            (Break(1, "missing"), ["DELETE FROM changes WHERE seq = 1"]),
            (Break(10, "cut"), [f"DELETE FROM changes WHERE seq = {last}"]),
            (Break(1, "cut"), ["DELETE FROM changes"]),
            (Break(11, "cut"), ["UPDATE head SET seq = seq + 1"]),
            (Break(11, "cut"), ["UPDATE head SET link = (SELECT link FROM changes WHERE seq = 1)"]),
            (Break(1, "changed"), swap),
            (Break(1, "erased"), ["UPDATE changes SET personal = NULL, salt = NULL WHERE seq = 1"]),
        ):
            assert tampered(ledger, *statements)[0] == found, statements


def test_who_did_it_when_and_from_which_file_is_held_by_the_chain(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        a_busy_day(ledger)
        for statement, what in {
            "UPDATE runs SET actor = 'somebody else' WHERE id = 2": ["run 2"],
            "UPDATE runs SET command = 'intake' WHERE id = 2": ["run 2"],
            "UPDATE runs SET at = at - 60 WHERE id = 1": ["run 1"],
            "UPDATE runs SET entered_at = entered_at - 60 WHERE id = 1": ["run 1"],
            "UPDATE runs SET undone_by = NULL": ["run 2"],
            "UPDATE runs SET undone_by = 3 WHERE id = 1": ["run 1"],
            "UPDATE runs SET options = '[]' WHERE id = 3": ["run 3"],
            "UPDATE sources SET sha256 = 'cd'": ["source 1"],
            "UPDATE sources SET name = 'other.xlsx'": ["source 1"],
            "DELETE FROM sources": ["source 1"],
        }.items():
            assert tampered(ledger, statement) == (None, what), statement


def test_an_order_that_was_altered_beside_its_history_is_named(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        a_busy_day(ledger)
        with ledger.amend() as book:
            book.connection.execute(text("UPDATE orders SET amount = '99' WHERE number = 202405000000002"))
            book.connection.execute(text("UPDATE orders SET checked_by = '李四' WHERE number = 202405000000001"))
        with ledger.read() as book:
            found = list(checks.orders_told(book))
            assert list(checks.orders_told(book, "202405-001")) == found[:1]
    assert found == [("202405-001", "checked_by", "李四", None), ("202405-002", "amount", "99", "0.8")]


def test_a_row_that_refers_to_nothing_is_named(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        a_busy_day(ledger)
        with ledger.amend() as book:
            book.connection.execute(text("DELETE FROM orders WHERE number = 202405000000002"))
        with ledger.read() as book:
            assert checks.references(book) == ["changes.number: 2"]
            assert checks.numbers(book) == [("202405", 2, 2)]


def test_a_persons_data_can_be_erased_and_the_chain_still_holds(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        a_busy_day(ledger)
        with a_run(ledger, "forget") as run:
            assert chain.erase(run, ["202405-001"]) == 3
        with ledger.read() as book:
            assert chain.verify(book)[1:] == (3, None)
            left = book.connection.execute(
                text("SELECT body, personal FROM changes WHERE number = 202405000000001")
            ).all()
            (_, first), *_rest = history.changes_of(book, "202405-001")
            assert list(checks.orders_told(book)) == []
        assert first.after["product"] == "激光打印机 M1136"
        assert not any(word in str(left) for word in ("杭州", "经理", "139", "138", "加急", "来电"))


def test_the_same_value_twice_leaves_no_like_digests(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, an_order(), an_order())
        with ledger.read() as book:
            seals = book.connection.execute(text("SELECT salt, digest FROM changes WHERE digest IS NOT NULL")).all()
    assert len({bytes(salt) for salt, _ in seals}) == len({bytes(digest) for _, digest in seals}) == 2
