"""A month is sealed so that an auditor can check it alone, once, and nothing changes it afterwards."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import bagit
import openpyxl
import pytest
from archives import AFTER, CANCELLED, CLOSED, ENDED, MONTH, OPEN, again, files_of, sealed, verified, worked, wrong
from desks import Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.marks import Marking, record
from orderflow.flows.month import work_out
from orderflow.flows.sync import sync
from orderflow.flows.undoing import undo_run
from orderflow.flows.verifying import verify_bag
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.report.progress import Progress

WORKBOOKS = ("registration", "priority", "plan", "progress", "feedback")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose month is over."""
    folder = tmp_path_factory.mktemp("month") / "office"
    worked(folder, window=True)
    return folder


@pytest.fixture
def office(tmp_path: Path, template: Path) -> Office:
    return again(tmp_path / "office", template)


def bag_of(office: Office, name: str = MONTH) -> Path:
    return office.desk.path / "archive" / name


def column(path: Path, header: str) -> list[str]:
    """The cells under a header of a workbook's first sheet."""
    first, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [str(row[first.index(header)]) for row in rows if row[first.index(header)]]


def test_a_month_is_sealed_once_on_either_database(tmp_path: Path, ledger_url: str) -> None:
    office = worked(tmp_path / "office", ledger_url)
    before = {number: office.show(number) for number in ENDED}
    said = sealed(office)
    assert (said["month"], said["orders"], said["sealed"]) == (MONTH, 3, 3)
    assert [(one["number"], one["code"]) for one in said["carried_over"]] == [(OPEN, "planned")]
    assert bagit.Bag(said["path"]).info["Orderflow-Report"] == "none"
    assert (said["path"], len(said["digest"])) == (str(bag_of(office)), 64)
    first = files_of(bag_of(office))
    twice = sealed(office)
    assert (twice["sealed"], twice["runs"], twice["digest"]) == (0, [], said["digest"])
    assert files_of(office.desk.path / "archive") == {f"{MONTH}/{name}": held for name, held in first.items()}
    for number in ENDED:
        shown = office.show(number)
        assert (shown["state"], before[number]["state"]) == (
            "archived",
            "cancelled" if number == CANCELLED else "closed",
        )
        assert {**shown, "state": None} == {**before[number], "state": None}
    assert office.troubles() == {"archive": ["归档还没有核对过"]}
    assert [(one["ok"], one["orders"], one["unchecked"]) for one in verified(office)] == [(True, 3, [])]
    assert office.troubles() == {}


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_an_auditor_needs_no_more_than_sha256sum(office: Office, lang: str) -> None:
    sealed(office._with(lang=lang))
    bag = bag_of(office)
    assert (bag / "README.txt").read_text("utf-8").startswith({"en": "Bag", "zh-Hans": "归档包"}.get(lang, "歸檔包"))
    command = next(line.strip() for line in (bag / "README.txt").read_text("utf-8").splitlines() if "sha256sum" in line)
    said = subprocess.run(command, shell=True, cwd=bag, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    assert bagit.Bag(str(bag)).validate()
    with (bag / "data" / "plan.xlsx").open("ab") as file:
        file.write(b" ")
    said = subprocess.run(command, shell=True, cwd=bag, capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert "data/plan.xlsx" in said.stdout


def test_a_bag_tells_what_it_holds_and_is_read_without_orderflow(office: Office) -> None:
    work_out(office.desk, MONTH, issue=True)
    sealed(office)
    bag = bag_of(office)
    info = bagit.Bag(str(bag)).info
    assert {key: info[f"Orderflow-{key}"] for key in ("Orders", "Carried-Over", "Evidence-Files")} == {
        "Orders": "3", "Carried-Over": "1", "Evidence-Files": "1"
    }  # fmt: skip
    assert info["Orderflow-Report"].startswith("data/report/report.html, data/report/report.json (2024-07-02")
    assert "2024" in (bag / "data" / "report" / "report.html").read_text(encoding="utf-8")
    report = json.loads((bag / "data" / "report" / "report.json").read_bytes())
    assert (report["month"], len(report["orders"]["data"]), "definitions" in report["report"]) == ("202406", 4, True)
    assert info["Orderflow-Period"] == "2024-06-01 - 2024-06-30 (Asia/Shanghai)"
    assert info["Bag-Software-Agent"].startswith("orderflow ")
    assert [file.read_bytes() for file in (bag / "data" / "evidence").rglob("*.pdf")] == [b"%PDF-1.4 signed"]
    assert column(bag / "data" / "registration.xlsx", "订单编号") == list(ENDED)
    assert all((bag / "data" / f"{name}.xlsx").is_file() for name in WORKBOOKS)
    with (bag / "data" / "carried-over.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [[OPEN, "已排方案"]]
    import duckdb

    asked = f"SELECT number, customer, remark FROM '{bag}/data/tables/orders.parquet' WHERE contact LIKE '1%'"
    assert [row[0] for row in duckdb.execute(asked).fetchall()] == list(ENDED)
    readme = (bag / "README.txt").read_text(encoding="utf-8")
    assert info["Orderflow-Chain-Head"].split()[1] in readme
    assert "{" not in readme


def test_the_live_workbooks_keep_what_is_open(office: Office) -> None:
    sealed(office)
    with Progress("zh-Hans", shown=False) as progress:
        sync(office.desk, [], progress)
    assert column(office.desk.path / "registration.xlsx", "订单编号") == [OPEN]
    assert set(column(office.desk.path / "plan.xlsx", "订单编号")) == {OPEN}


def test_what_closes_later_goes_into_a_supplement_that_names_the_bag_before_it(office: Office) -> None:
    first = sealed(office)
    untouched = files_of(bag_of(office))
    office.mark(OPEN, "cancelled")
    later = office.at("2024-08-02T09:00")
    assert sealed(later, "last")["earlier"] == [MONTH]
    said = sealed(later)
    assert [bag["name"] for bag in said["bags"]] == [MONTH, f"{MONTH}-supplement-2"]
    assert said["bags"][1]["predecessor"] == first["digest"]
    info = bagit.Bag(said["path"]).info
    assert info["Orderflow-Predecessor"] == f"{MONTH} {first['digest']}"
    assert files_of(bag_of(office)) == untouched
    assert [bag["ok"] for bag in verified(later)] == [True, True]
    assert said["carried_over"] == []


def test_a_bag_put_in_place_before_the_ledger_knew_is_recorded_if_it_says_what_the_ledger_says(
    office: Office, template: Path, tmp_path: Path
) -> None:
    sealed(office)
    other = again(tmp_path / "other", template)
    shutil.copytree(bag_of(office), bag_of(other))
    said = sealed(other)
    assert (said["orders"], files_of(bag_of(other))) == (3, files_of(bag_of(office)))
    changed = again(tmp_path / "changed", template)
    changed.at("2024-06-30T10:00").mark(CLOSED, "reason", note="别的原因")
    shutil.copytree(bag_of(office), bag_of(changed))
    with pytest.raises(OrderflowError) as refused:
        sealed(changed)
    assert (refused.value.code, refused.value.params["bag"]) == ("bag-differs", MONTH)
    assert CLOSED in str(refused.value.params["what"])
    assert changed.show(CLOSED)["state"] == "closed"


def test_a_flipped_byte_a_removed_and_an_added_file_are_found_and_named(office: Office) -> None:
    sealed(office)
    bag = bag_of(office)
    for name, held in files_of(bag).items():
        path, middle = bag / name, len(held) // 2
        path.write_bytes(held[:middle] + bytes([held[middle] ^ 1]) + held[middle + 1 :])
        (problem,) = wrong(office)
        assert problem[1] in ("changed", "digest", "missing"), name
        assert name in problem[2] or name in ("tagmanifest-sha256.txt", "manifest-sha256.txt"), name
        path.unlink()
        assert wrong(office)[0][1] == "missing", name
        path.write_bytes(held)
    (bag / "data" / "tables" / "more.parquet").write_bytes(b"")
    assert wrong(office) == [(MONTH, "added", "data/tables/more.parquet")]
    assert office.troubles()["archive"] == [f"最近一次核对发现这些归档包与封存时不一致：{MONTH}"]
    (bag / "data" / "tables" / "more.parquet").unlink()
    assert wrong(office) == []
    shutil.move(bag, tmp := bag.with_name("elsewhere"))
    assert wrong(office)[0][1] == "missing-bag"
    shutil.move(tmp, bag)
    assert (wrong(office), office.troubles()) == ([], {})


def test_a_bag_sealed_anew_by_somebody_is_not_the_bag_that_the_ledger_knows(office: Office) -> None:
    sealed(office)
    bag = bag_of(office)
    (bag / "data" / "feedback.xlsx").write_bytes(b"other")
    bagit.Bag(str(bag)).save(manifests=True)
    assert [one[1] for one in wrong(office)] == ["digest"]


def test_nothing_is_done_to_an_archived_order(office: Office) -> None:
    run = sealed(office)["runs"][0]
    with pytest.raises(OrderflowError, match="order-archived"):
        record(office.desk, Marking.typed([CLOSED, "closed"], None, None, None, None))
    with pytest.raises(OrderflowError, match="order-archived"):
        office.merge(OPEN, CLOSED)
    with pytest.raises(OrderflowError, match="run-not-undoable"):
        undo_run(office.desk, run)
    same = office.take("b.xlsx", a_row(1), a_row(4, 地址="后门", 订单数量="77台"))
    assert same.outcomes[0] == "unchanged"
    assert "order-archived" in same.codes
    office.prioritize()
    office.plan()
    office.at("2024-09-01T09:00").progress()
    assert wrong(office) == []
    assert office.troubles() == {}


def test_a_month_that_is_not_over_is_refused_and_one_without_orders_is_said(office: Office) -> None:
    for month in ("this", "2024-08"):
        with pytest.raises(WrongUsage, match="month-not-over"):
            sealed(office, month)
    said = sealed(office, "2024-05")
    assert (said["orders"], said["path"], said["runs"]) == (0, None, [])
    assert files_of(office.desk.path / "archive") == {}
    assert sealed(office, dry_run=True)["sealed"] == 3
    assert files_of(office.desk.path / "archive") == {}


def test_evidence_that_is_not_what_was_kept_stops_the_sealing(office: Office) -> None:
    file = next((office.desk.path / "evidence").rglob("*.pdf"))
    file.write_bytes(b"forged")
    with pytest.raises(OrderflowError, match="evidence-not-as-kept"):
        sealed(office)
    assert files_of(office.desk.path / "archive") == {}


def test_the_command_prints_where_the_bag_lies(tmp_path: Path, template: Path) -> None:
    again(tmp_path, template)
    prompt = Prompt(tmp_path, now=AFTER)
    said = prompt.json("archive", "--month", "last")
    assert (said.exit_code, said.json["orders"]) == (0, 3)
    assert prompt.run("archive", "verify", "--all").exit_code == 0
    (tmp_path / "desk" / "archive" / MONTH / "data" / "plan.xlsx").write_bytes(b"")
    told = prompt.run("archive", "verify", "--all")
    assert (told.exit_code, "data/plan.xlsx" in told.out) == (1, True)
    assert prompt.run("archive", "--json", "verify").exit_code == 2


def test_doctor_asks_for_a_verification_and_for_months_that_were_forgotten(office: Office) -> None:
    assert "unarchived" not in office.troubles()
    assert office.at("2024-08-20T09:00").troubles()["unarchived"] == [MONTH]
    sealed(office)
    assert office.at("2024-08-20T09:00").troubles() == {"archive": ["归档还没有核对过"]}
    verified(office)
    assert office.at("2024-08-20T09:00").troubles() == {}


def test_a_bag_of_an_older_version_with_fewer_columns_and_tables_is_read(office: Office) -> None:
    sealed(office)
    bag = bag_of(office)
    tables = bag / "data" / "tables"
    import duckdb

    for name, gone in (("orders", "late_reason, revision"), ("feedbacks", "origin"), ("runs", "language")):
        path = tables / f"{name}.parquet"
        duckdb.execute(f"COPY (SELECT * EXCLUDE ({gone}) FROM '{path}') TO '{path}.old' (FORMAT parquet)")
        Path(f"{path}.old").replace(path)
    (tables / "replacements.parquet").unlink()
    sealed_anew = bagit.Bag(str(bag))
    sealed_anew.info.pop("Orderflow-Rows-replacements")
    sealed_anew.save(manifests=True)
    with office.desk.ledger() as ledger:
        assert verify_bag(office.desk, ledger, bag, None).problem is None
