"""What is stored of an order comes back as it was, changes leave a trace, and orders are found again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import NINE, TRULY, a_run, an_order, register, registered
from sqlalchemy import text

from orderflow.ledger import anomalies, checks, history, lookup, orders
from orderflow.ledger.book import Book
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.orders import Edit
from orderflow.ledger.search import Search, find
from orderflow.records.column import Kind
from orderflow.records.order import Anomaly, Change, Order
from orderflow.records.registration import Registration
from orderflow.records.rows import columns

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.DATE: st.dates(date(1900, 1, 1)),
    Kind.MOMENT: st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    Kind.QUANTITY: st.decimals(allow_nan=False, allow_infinity=False, places=4),
    Kind.AMOUNT: st.decimals(allow_nan=False, allow_infinity=False, places=6),
}
ROWS = st.builds(
    Registration,
    **{
        name: st.none() | VALUES.get(column.kind, TEXTS)
        for name, column in columns(Registration).items()
        if not column.computed and name != "number"
    },
)
ORDERS = st.builds(
    Order,
    row=ROWS,
    identity=TEXTS,
    fingerprint=TEXTS,
    twin_keys=st.tuples(st.none() | TEXTS, st.none() | TEXTS),
    channel=st.none() | TEXTS,
    unread=st.dictionaries(TEXTS, TEXTS, max_size=2),
    extra=st.dictionaries(TEXTS, TEXTS, max_size=2),
    received_time_known=st.booleans(),
    sheet_row=st.none() | st.integers(1, 1_048_576),
)


@pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql"], indirect=True)
def test_any_order_comes_back_as_it_was_stored(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(ORDERS, min_size=1, max_size=4))
        def stored_and_loaded(new: list[Order]) -> None:
            for order in new:
                order.row.number = None
            with a_run(ledger) as run:
                numbers = register(run, *new)
            with ledger.read() as book:
                loaded = orders.load(book, numbers)
            for order in loaded:
                assert order.row.state == ("checked" if order.row.checked_by else "registered")
                order.row.state = None
            assert loaded == new

        stored_and_loaded()
        with ledger.read() as book:
            assert list(checks.orders_told(book)) == []


def test_decimals_stand_without_trailing_zeros_and_to_the_last_digit(ledger_url: str, tmp_path: Path) -> None:
    given = ["8000.00", "0.80", "1E+3", "-0", "12345678901234567890123456789012.5000"]
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(ledger, *(an_order(quantity=Decimal(figure)) for figure in given))
        with ledger.read() as book:
            stored = book.connection.execute(text("SELECT quantity FROM orders ORDER BY number")).scalars().all()
    assert stored == ["8000", "0.8", "1000", "0", "12345678901234567890123456789012.5"]


def test_a_moment_without_an_offset_is_refused(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, pytest.raises(ValueError, match="offset"):
        registered(ledger, an_order(received_at=datetime(2024, 5, 10, 9)))


def test_an_order_without_a_desk_number_is_refused(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, pytest.raises(ValueError, match="desk number"):
        registered(ledger, an_order("1234567890123456789"))


def test_a_change_is_on_record_with_what_was_before_and_after(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
        new = {"payment": "prepaid", "delivery_date": date(2024, 5, 21), "customer": "杭州某某有限公司"}
        later = NINE + timedelta(hours=1)
        with a_run(ledger, "sync") as run:
            (made,) = orders.change(run, [Edit(number, "edited", new, later, sheet_row=7, note="来电")])
        with ledger.read() as book:
            (_, first), (run_id, second) = history.changes_of(book, number)
            loaded = orders.load(book, [number])[0]
    expected = Change(
        "edited",
        later,
        number,
        None,
        7,
        {"payment": "paid", "delivery_date": date(2024, 5, 20)},
        {"payment": "prepaid", "delivery_date": date(2024, 5, 21), "revision": 2},
        "来电",
    )
    assert (made, second, run_id) == (expected, expected, 2)
    assert (first.kind, first.after["quantity"], first.after["received_at"]) == ("registered", Decimal(5), NINE)
    assert (loaded.row.payment, loaded.row.delivery_date, loaded.revision) == ("prepaid", date(2024, 5, 21), 2)


def test_an_edit_that_changes_nothing_leaves_no_trace(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
        with a_run(ledger) as run:
            assert orders.change(run, [Edit(number, "edited", {"quantity": Decimal("5.000")}, NINE)]) == []
        with ledger.read() as book:
            assert orders.load(book, [number])[0].revision == 1


def test_several_changes_of_one_order_in_one_run_follow_each_other(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
        edits = [Edit(number, "edited", {"payment": payment}, NINE) for payment in ("unpaid", "prepaid")]
        with a_run(ledger) as run:
            made = orders.change(run, [*edits, Edit(number, "cancelled", {"cancelled": True}, NINE)])
        with ledger.read() as book:
            loaded = orders.load(book, [number])[0]
            assert [history.as_of(book, number, revision)["payment"] for revision in (1, 2, 3, 4)] == [
                *("paid", "unpaid", "prepaid", "prepaid")
            ]
            assert list(checks.orders_told(book)) == []
    assert [change.before.get("payment") for change in made] == ["paid", "unpaid", None]
    assert (loaded.row.payment, loaded.row.state, loaded.revision) == ("prepaid", "cancelled", 4)


def test_the_last_word_of_files_is_the_base_for_the_next_one(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
        with a_run(ledger) as run:
            orders.change(run, [Edit(number, history.UPDATED, {"payment": "prepaid"}, NINE)])
            orders.change(run, [Edit(number, "edited", {"payment": "unpaid", "unit": "件"}, NINE)])
        with ledger.read() as book:
            said = history.last_imported(book, [number])[number]
    assert (said["payment"], said["unit"], said["quantity"]) == ("prepaid", "台", Decimal(5))


def states(book: Book, *numbers: str) -> list[str | None]:
    return [order.row.state for order in orders.load(book, numbers)]


def test_the_state_is_the_first_that_fits(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        one, two = registered(ledger, an_order(), an_order(external_number="2"))
        reached = []
        steps: list[dict[str, Any]] = [
            {"checked_by": "李四", "checked_at": NINE},
            {"open": True},
            {"cancelled": True},
            {"merged_into": two},
        ]
        for step in steps:
            with a_run(ledger) as run:
                if "open" in step:
                    anomalies.add(run, [Anomaly(one, "missing-payment", "payment", {}, 0, NINE)])
                else:
                    orders.change(run, [Edit(one, "step", step, NINE)])
                reached += states(run, one)
        with ledger.read() as book:
            assert states(book, two) == ["registered"]
            assert [order.row.number for order in find(book, Search(state="merged"))] == [one]
    assert reached == ["checked", "flagged", "cancelled", "merged"]


def test_orders_are_found_the_newest_first(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        registered(
            ledger,
            an_order(),
            an_order(product="100% 棉", source="direct"),
            an_order(customer="上海某某公司", external_number="PO_7", payment="unpaid"),
        )
        with ledger.read() as book:
            for search, found in {
                Search(text="202405-002"): [2],
                Search(text="某某"): [3, 2, 1],
                Search(text="m1136"): [3, 1],
                Search(text="100%"): [2],
                Search(text="po_7"): [3],
                Search(month="202405"): [3, 2, 1],
                Search(month="202406"): [],
                Search(customer="上海"): [3],
                Search(source="direct", payment="paid"): [2],
                Search(state="registered", run=1): [3, 2, 1],
                Search(text="没有"): [],
            }.items():
                numbers = [f"202405-{serial:03d}" for serial in found]
                assert [order.row.number for order in find(book, search)] == numbers, search
                assert [order.row.number for order in find(book, search, limit=1)] == numbers[:1]


def test_a_row_is_known_by_identity_number_or_external_number(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        new = [an_order(external_number="A1", product=product) for product in ("一", "二")]
        one, two = registered(ledger, *new)
        with a_run(ledger) as run:
            orders.change(run, [Edit(two, "undone", {"undone": True}, NINE)])
        with ledger.read() as book:
            wanted = [order.identity for order in new]
            assert {known.number for known in lookup.by_identity(book, [*wanted, "?"]).values()} == {one}
            assert set(lookup.by_number(book, [one, two, "202405-003"])) == {one, two}
            assert [known.number for known in lookup.by_external_number(book, ["A1"])["A1"]] == [one]


def test_possible_twins_are_those_of_the_days_around(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        near, _far, _other = registered(
            ledger,
            an_order(),
            an_order(received_at=NINE - timedelta(days=8)),
            an_order(contact="138****0000", customer="另一家"),
        )
        week = timedelta(days=7)
        with a_run(ledger) as run:
            found = lookup.likes(run, ["139****5678", "杭州某某有限公司"], NINE - week, NINE + week)
    assert [like.number for like in found] == [near]


@pytest.mark.parametrize("column", ["identity", "number", "external_number", "twin_a", "twin_b"])
def test_a_row_is_looked_up_by_index_alone(tmp_path: Path, column: str) -> None:
    """So that a hundred new orders cost the same whether the ledger holds none or a million."""
    from sqlalchemy import select

    from orderflow.ledger.book import among
    from orderflow.ledger.schema import orders as table

    with open_ledger("sqlite:///ledger.db", tmp_path) as ledger, ledger.read() as book:
        asked = select(table.c.fingerprint).where(among(book, table.c[column], ["202405-001", "202405-002"]))
        sql = str(asked.compile(book.connection.engine, compile_kwargs={"literal_binds": True}))
        plan = book.connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
    assert any(row[3].startswith("SEARCH orders USING") for row in plan), plan
    assert not any(row[3].startswith("SCAN orders") for row in plan), plan


def test_a_reader_sees_the_ledger_as_it_stood_when_it_began(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, open_ledger(ledger_url, tmp_path) as other:
        registered(ledger, an_order())
        with ledger.read() as book:
            assert len(list(orders.live(book))) == 1
            registered(other, an_order())
            assert len(list(orders.live(book))) == 1


def test_both_times_of_a_run_are_kept(ledger_url: str, tmp_path: Path) -> None:
    from orderflow.ledger.runs import past_runs

    with open_ledger(ledger_url, tmp_path) as ledger:
        with ledger.write(
            command="mark", actor="李四", at=NINE, entered_at=TRULY, language="en", options={"what": "checked"}
        ) as run:
            run.summary = {"orders": 1}
        with ledger.read() as book:
            (past,) = past_runs(book)
    assert (past.command, past.actor, past.at, past.entered_at) == ("mark", "李四", NINE, TRULY)
    assert (past.language, past.options, past.summary, past.undone_by) == (
        "en",
        {"what": "checked"},
        {"orders": 1},
        None,
    )
