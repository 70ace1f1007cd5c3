"""Sealed months are kept as long as they have to be, copied, restored elsewhere, and let go with a record."""

from __future__ import annotations

import html
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from archives import AFTER, CANCELLED, CLOSED, ENDED, MONTH, OPEN, again, files_of, sealed, verified, worked, wrong
from desks import Office, a_row
from orderflow_cli import Prompt

from orderflow.answers.archive import CopyAnswer, ForgetAnswer, PruneAnswer, RestoreAnswer
from orderflow.flows.copying import copy_bags
from orderflow.flows.forgetting import forget
from orderflow.flows.pruning import prune
from orderflow.flows.queries import history_of
from orderflow.flows.restoring import restore
from orderflow.flows.sync import sync
from orderflow.ledger import chain
from orderflow.records.errors import OrderflowError
from orderflow.report.progress import Progress
from orderflow.rules.bags import Standing, end_of_term, rulings
from orderflow.settings import load

TERM_OVER = "2026-06-30T09:00"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose month is sealed, with nothing left open."""
    folder = tmp_path_factory.mktemp("sealed") / "office"
    office = worked(folder)
    office.mark(OPEN, "cancelled")
    sealed(office)
    return folder


@pytest.fixture
def office(tmp_path: Path, template: Path) -> Office:
    return again(tmp_path / "office", template)


def pruned(office: Office, *, yes: bool = False) -> dict[str, Any]:
    return PruneAnswer(office.desk, prune(office.desk, yes=yes)).as_json()


def reasons(office: Office) -> list[tuple[str, str | None]]:
    return [(month["month"], month["reason"]) for month in pruned(office)["months"]]


def bag_of(office: Office) -> Path:
    return office.desk.path / "archive" / MONTH


def test_the_term_is_counted_in_calendar_months_from_the_last_closing() -> None:
    at = datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert end_of_term(at, 24) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert end_of_term(at.replace(month=12, day=31), 26) == datetime(2027, 2, 28, 12, tzinfo=UTC)
    day = timedelta(days=1)
    months = [Standing("202401", at, 0, 0), Standing("202402", at, 1, 0), Standing("202403", at, 0, 1)]
    months += [Standing("202404", at, 0, 0), Standing("202405", at + 3 * day, 0, 0)]
    said = [ruling.reason for ruling in rulings(months, at + day)]
    assert said == [None, "open", "case", "gap", "term"]


def test_a_shorter_term_than_two_years_is_no_setting(tmp_path: Path) -> None:
    path = tmp_path / "orderflow.toml"
    path.write_text("[archive]\nkeep_months = 23\n", encoding="utf-8")
    with pytest.raises(OrderflowError, match="config-wrong-value"):
        load(path)


def test_a_bag_stays_in_its_term_and_goes_with_a_record_after_it(office: Office) -> None:
    digest = verified(office)[0]
    assert reasons(office) == [(MONTH, "term")]
    assert pruned(office, yes=True)["removed"] == []
    late = office.at("2026-07-02T09:01")
    said = pruned(late)
    assert (said["removed"], said["months"][0]["goes"], bag_of(office).is_dir()) == ([], True, True)
    gone = pruned(late, yes=True)
    assert (gone["removed"], bag_of(office).exists()) == ([MONTH], False)
    (record,) = [entry.change for entry in office.log() if entry.change.kind == "removed"]
    assert record.before["bag"] == MONTH
    assert len(record.before["digest"]) == 64
    assert digest["ok"]
    assert pruned(late, yes=True)["months"] == []
    assert not list((office.desk.path / "evidence").rglob("*.pdf"))
    shown = late.show(CLOSED)
    assert (shown["customer"], shown["contact"], shown["quantity"], shown["state"]) == (None, None, "3", "archived")
    assert late.troubles() == {}


def test_an_open_order_an_unsound_bag_and_an_older_month_keep_bags_from_going(tmp_path: Path, office: Office) -> None:
    open_ = worked(tmp_path / "open")
    sealed(open_)
    assert reasons(open_.at("2026-07-02T09:01")) == [(MONTH, "open")]
    late = office.at("2026-07-02T09:01")
    (bag_of(office) / "data" / "plan.xlsx").write_bytes(b"")
    said = pruned(late, yes=True)
    assert (said["removed"], said["months"][0]["reason"]) == ([], "unsound")
    assert "data/plan.xlsx" in said["months"][0]["message"]
    assert bag_of(office).is_dir()


def test_a_bag_found_damaged_and_let_go_once_it_was_mended_is_not_held_against_the_others(office: Office) -> None:
    held = (bag_of(office) / "README.txt").read_bytes()
    (bag_of(office) / "README.txt").write_bytes(b"")
    assert wrong(office) != []
    (bag_of(office) / "README.txt").write_bytes(held)
    late = office.at("2026-07-02T09:01")
    late.take("b.xlsx", a_row(5, 接单时间="2026-05-02 08:30", 交付日期="2026-05-28"))
    late.mark("202605-001", "cancelled")
    assert sealed(late, "2026-05")["orders"] == 1
    assert pruned(late, yes=True)["removed"] == [MONTH]
    assert [bag["ok"] for bag in verified(late)] == [True]
    assert late.troubles() == {}


def test_what_a_killed_removal_left_goes_with_the_next_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    late = office.at("2026-07-02T09:01")
    with monkeypatch.context() as stopped:
        stopped.setattr("orderflow.flows.pruning.clear_removed", lambda desk, ledger: None)
        prune(late.desk, yes=True)
    assert bag_of(office).is_dir()
    prune(late.desk)
    assert not bag_of(office).exists()


def test_a_copy_is_verified_and_made_once(office: Office, tmp_path: Path) -> None:
    def copied() -> list[bool]:
        said = CopyAnswer(office.desk, tmp_path, copy_bags(office.desk, tmp_path / "other")).as_json()
        return [bag["copied"] for bag in said["bags"]]

    assert (copied(), copied()) == ([True], [False])
    assert files_of(tmp_path / "other" / MONTH) == files_of(bag_of(office))
    (tmp_path / "other" / MONTH / "tagmanifest-sha256.txt").write_bytes(b"")
    with pytest.raises(OrderflowError, match="copy-differs"):
        copied()
    (bag_of(office) / "README.txt").write_bytes(b"")
    with pytest.raises(OrderflowError, match="bag-damaged"):
        copied()


def test_a_month_is_restored_into_an_empty_desk_as_it_was(template: Path, tmp_path: Path, ledger_url: str) -> None:
    office = worked(tmp_path / "office")
    office.mark(OPEN, "cancelled")
    before = {number: (office.show(number), history(office, number)) for number in (*ENDED, OPEN)}
    sealed(office)
    other = Office(tmp_path / "other", ledger_url).at(AFTER)
    said = RestoreAnswer(other.desk, restore(other.desk, MONTH, office.desk.path / "archive")).as_json()
    assert (said["orders"], said["bags"]) == (4, [MONTH])
    assert {number: (other.show(number), history(other, number)) for number in before} == before
    with other.desk.ledger() as ledger, ledger.read() as book:
        assert chain.verify(book).broken is None
    assert other.troubles() == {}
    assert [path.read_bytes() for path in (other.desk.path / "evidence").rglob("*.pdf")] == [b"%PDF-1.4 signed"]
    with pytest.raises(OrderflowError, match="desk-not-empty"):
        restore(other.desk, MONTH, office.desk.path / "archive")
    assert sealed(other)["orders"] == 4
    assert wrong(other) == []


def history(office: Office, number: str) -> list[tuple[Any, ...]]:
    """What `log` says of an order."""
    return [
        (entry.run, entry.command, entry.actor, entry.file, entry.sheet, entry.change.kind, entry.change.after)
        for entry in history_of(office.desk, number, 1_000)
    ]


def test_nothing_is_restored_from_a_damaged_or_a_missing_bag(office: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "other").at(AFTER)
    with pytest.raises(OrderflowError, match="bag-missing"):
        restore(other.desk, "2024-05", office.desk.path / "archive")
    (bag_of(office) / "data" / "tables" / "orders.parquet").write_bytes(b"")
    with pytest.raises(OrderflowError, match="bag-damaged"):
        restore(other.desk, MONTH, office.desk.path / "archive")
    assert other.find() == []


def test_a_person_is_forgotten_and_the_chain_holds(tmp_path: Path, ledger_url: str) -> None:
    office = worked(tmp_path / "office", ledger_url)
    name, contact = (office.show(CLOSED)[field] for field in ("customer", "contact"))
    sealed(office)
    asked = ForgetAnswer(office.desk, forget(office.desk, name, dry_run=True)).as_json()
    assert (asked["orders"], asked["run"], office.show(CLOSED)["customer"]) == ([CLOSED], None, name)
    untouched = files_of(bag_of(office))
    said = ForgetAnswer(office.desk, forget(office.desk, name)).as_json()
    assert (said["orders"], [bag["name"] for bag in said["bags"]]) == ([CLOSED], [MONTH])
    assert files_of(bag_of(office)) == untouched
    assert name not in repr([office.show(CLOSED), office.log(), office.find()])
    assert contact not in repr([office.show(CLOSED), office.log(), office.find()])
    assert office.find(customer=name) == []
    (bag,) = verified(office)
    assert (bag["ok"], [one["code"] for one in bag["unchecked"]]) == (True, ["erased"])
    assert office.troubles() == {}
    with pytest.raises(OrderflowError, match="customer-unknown"):
        forget(office.desk, name)
    with pytest.raises(OrderflowError, match="customer-has-open-orders"):
        forget(office.desk, office.show(OPEN)["customer"])


def test_who_is_forgotten_stands_nowhere_that_is_not_said(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url, window=True)
    person = {"客户名称": "遗忘公司", "联系方式": "13987654321", "收货地址": "遗忘路77号"}
    said = [text.encode() for text in person.values()]
    shutil.copy(office.file("mine.xlsx", [a_row(1, **person, 付款状态=None), a_row(2)]), office.desk.path / "inbox")
    office.watch()
    letter = office.files / "遗忘公司确认.pdf"
    letter.write_bytes(said[0])
    office.mark(CANCELLED, "confirmed", file=letter)
    office.mark(CANCELLED, "contacted", note="遗忘公司来电")
    with Progress("zh-Hans", shown=False) as progress:
        sync(office.desk, [], progress)
    answer = {"订单编号": "202406-999", "客户名称": "遗忘公司", "验收结果": "不合格", "客户意见": "遗忘路77号"}
    office.feedback(office.file("answers.xlsx", [answer]))
    office.mark(CANCELLED, "cancelled")
    later = office.at(AFTER)
    assert naming(office, said) >= {"registration.xlsx", f"evidence/{CANCELLED}"}
    found = ForgetAnswer(later.desk, forget(later.desk, "遗忘公司")).as_json()
    left = {"inbox/done/mine.checked.xlsx", "inbox/done/mine.xlsx"}
    assert {(place["where"], place["what"]) for place in found["left"]} == {("file", name) for name in left}
    assert naming(office, said) <= left
    assert later.troubles() == {}
    assert sealed(later)["orders"] == 1
    assert [bag["ok"] for bag in verified(later)] == [True]


def naming(office: Office, said: list[bytes]) -> set[str]:
    """The files that hold one of these texts: any byte of the ledger, any part of a workbook; evidence by folder."""
    found, desk = set(), office.desk.path
    for path in (*desk.rglob("*"), *desk.parent.glob("ledger.db*")):
        parts = [path.read_bytes()] if path.is_file() else []
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                parts = [html.unescape(book.read(name).decode("utf-8", "replace")).encode() for name in book.namelist()]
        if any(text in part for part in parts for text in said):
            inside = path.relative_to(desk) if path.is_relative_to(desk) else Path(path.name)
            found.add((inside.parent if path.suffix == ".pdf" else inside).as_posix())
    return found


def test_the_whole_life_of_a_month_by_commands(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    prompt = Prompt(tmp_path, now="2026-08-01T03:00")
    assert prompt.json("archive", "copy", "disk").json["bags"][0]["copied"]
    prompt.run("init", "drill")
    drill = replace(prompt, environment={"ORDERFLOW_DESK": str(tmp_path / "drill")})
    said = drill.run("archive", "restore", MONTH, "--from", "disk")
    assert (said.exit_code, "4" in said.out) == (0, True)
    assert "orderflow archive prune --yes" in prompt.run("archive", "prune").out
    assert prompt.run("archive", "prune", "--yes").exit_code == 0
    assert prompt.run("doctor").exit_code in (0, 1)
