"""Questions answer the same from the ledger and from the bags of the archive, with one way to ask."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from archives import AFTER, CANCELLED, CLOSED, ENDED, MONTH, OPEN, again, sealed, worked
from desks import Office, a_row

from orderflow.answers.history import HistoryAnswer
from orderflow.answers.month_json import month_json
from orderflow.flows.forgetting import forget
from orderflow.flows.month import work_out
from orderflow.flows.pruning import prune
from orderflow.flows.queries import history_of
from orderflow.flows.restoring import restore
from orderflow.records.errors import OrderflowError
from orderflow.report.month_words import Words

QUESTIONS: list[dict[str, Any]] = [
    {},
    {"words": "铭牌"},
    {"words": "138****"},
    {"words": CLOSED},
    {"customer": "贸易"},
    {"customer": "%"},
    {"customer": "' OR 1=1 --"},
    {"month": MONTH, "source": "direct"},
    {"month": "2024-05"},
    {"source": "platform"},
    {"words": "P-7", "customer": "学校"},
    {"limit": 2},
]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose month is over."""
    folder = tmp_path_factory.mktemp("month") / "office"
    worked(folder)
    return folder


@pytest.fixture
def office(tmp_path: Path, template: Path) -> Office:
    return again(tmp_path / "office", template)


def asked(office: Office) -> list[list[dict[str, Any]]]:
    """The answers to all questions, but for the state, which says where an order lies."""
    return [[{**order, "state": None} for order in office.find(**question)] for question in QUESTIONS]


def log(office: Office, number: str) -> dict[str, Any]:
    return HistoryAnswer(office.desk, history_of(office.desk, number, 1_000)).as_json()


def test_find_show_and_log_say_the_same_before_and_after(office: Office) -> None:
    before = asked(office), [(office.show(n) | {"state": None}, log(office, n)) for n in ENDED]
    assert [len(found) for found in before[0]] == [4, 1, 0, 1, 1, 0, 0, 4, 0, 0, 1, 2]
    sealed(office)
    after = asked(office), [(office.show(n) | {"state": None}, log(office, n)) for n in ENDED]
    assert after == before
    assert [order["number"] for order in office.find(state="archived")] == sorted(ENDED, reverse=True)
    assert [order["number"] for order in office.find(state="planned")] == [OPEN]
    assert office.find(state="closed") == []


def test_a_desk_whose_ledger_never_had_the_orders_answers_from_the_bags(office: Office, tmp_path: Path) -> None:
    sealed(office)
    other = Office(tmp_path / "other").at(AFTER)
    other.take("b.xlsx", a_row(1, 接单时间="2024-07-01 08:30"))
    shutil.copytree(office.desk.path / "archive", other.desk.path / "archive", dirs_exist_ok=True)
    assert [other.show(number) for number in ENDED] == [office.show(number) for number in ENDED]
    assert [log(other, number) for number in ENDED] == [log(office, number) for number in ENDED]
    there, here = ([one for one in asked(desk)[1:] if one] for desk in (other, office))
    kept = [[order for order in found if order["number"] in ENDED] for found in here]
    assert [[order for order in found if order["number"] in ENDED] for found in there] == [one for one in kept if one]
    assert other.find()[0]["number"] == "202407-001"
    with pytest.raises(OrderflowError, match="order-unknown"):
        other.show(OPEN)


def report(office: Office, month: str = MONTH) -> dict[str, Any]:
    """`orderflow monthly-report --json`."""
    return month_json(work_out(office.desk, month), Words("zh-Hans")).model_dump()


def test_the_month_is_reported_the_same_from_the_ledger_from_bags_and_when_restored(tmp_path: Path) -> None:
    office = worked(tmp_path / "office")
    office.mark(OPEN, "cancelled")
    before, trend = report(office), report(office, "2024-07")["metrics"]
    assert (before["metrics"]["orders"]["value"], trend["orders"]["previous"]) == (4, 4)
    sealed(office)
    assert report(office) == before
    other = Office(tmp_path / "other").at(AFTER)
    shutil.copytree(office.desk.path / "archive", other.desk.path / "archive", dirs_exist_ok=True)
    assert report(other) == before
    assert report(other, "2024-07")["metrics"] == trend
    empty = Office(tmp_path / "empty").at(AFTER)
    restore(empty.desk, MONTH, office.desk.path / "archive")
    assert report(empty) == before


def test_figures_stay_when_persons_are_forgotten_and_bags_let_go(tmp_path: Path) -> None:
    office = worked(tmp_path / "office")
    office.mark(OPEN, "cancelled")
    sealed(office)
    before = report(office)
    forget(office.desk, office.show(CLOSED)["customer"])
    assert report(office) == before
    late = office.at("2026-07-02T09:01")
    before = report(late)
    assert prune(late.desk, yes=True)[0].run is not None
    after = report(late)
    assert {name: after[name] for name in ("metrics", "bottlenecks")} == {
        name: before[name] for name in ("metrics", "bottlenecks")
    }


def test_whoever_was_forgotten_is_not_found_in_a_bag_either(office: Office) -> None:
    name = office.show(CANCELLED)["customer"]
    sealed(office)
    assert [order["number"] for order in office.find(customer=name)] == [CANCELLED]
    forget(office.desk, name)
    assert office.find(customer=name) == []
    assert office.show(CANCELLED)["customer"] is None


def test_capitals_and_signs_of_patterns_are_looked_for_alike_on_either_side(tmp_path: Path) -> None:
    office = Office(tmp_path / "office").at("2024-06-10T09:00")
    said = {"备注(特殊需求)": "Deliver to Dock_7 (50%)", "客户名称": "ACME Nord 贸易"}
    office.take("a.xlsx", a_row(1, **said), a_row(2, 收货地址="dock 7"))
    office.mark(CANCELLED, CLOSED, "cancelled")
    names = ({"customer": "acme nord"}, {"customer": "acme_nord"})
    asked: list[dict[str, Any]] = [*({"words": words} for words in ("dock_7", "50%", "DOCK")), *names]
    before = [[order["number"] for order in office.find(**question)] for question in asked]
    assert before == [[CANCELLED], [CANCELLED], [CLOSED, CANCELLED], [CANCELLED], []]
    later = office.at(AFTER)
    sealed(later)
    assert [[order["number"] for order in later.find(**question)] for question in asked] == before


def test_a_bag_that_another_version_sealed_without_the_searched_column_is_named(office: Office) -> None:
    sealed(office)
    table = office.desk.path / "archive" / MONTH / "data" / "tables" / "orders.parquet"
    duckdb.execute(f"COPY (SELECT * EXCLUDE words FROM '{table}') TO '{table}.old' (FORMAT parquet)")
    Path(f"{table}.old").replace(table)
    with pytest.raises(OrderflowError, match="bag-not-searchable") as refused:
        office.find()
    assert refused.value.params == {"path": str(table), "column": "words"}


def test_a_bag_that_cannot_be_read_is_named(office: Office) -> None:
    sealed(office)
    (office.desk.path / "archive" / MONTH / "data" / "tables" / "orders.parquet").write_bytes(b"no table")
    with pytest.raises(OrderflowError, match="bag-unreadable"):
        office.find()
    shutil.rmtree(office.desk.path / "archive" / MONTH)
    assert len(office.find()) == 4
