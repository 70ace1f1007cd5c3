"""A run is taken back as one piece, while nothing has been built on it; a trial run leaves nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Mended, Office, a_row

from orderflow.records.errors import OrderflowError


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url)


def test_new_orders_go_and_the_same_file_brings_them_again(office: Office) -> None:
    office.take("a.xlsx", a_row(1), a_row(2, 付款状态=""))
    undone = office.undo()
    assert len(undone["orders"]) == 2
    assert office.find() == []
    again = office.intake(office.files / "a.xlsx")
    assert (again.outcomes, again.numbers) == (["new", "flagged"], ["202406-003", "202406-004"])
    assert len(office.find()) == 2
    assert office.troubles() == {}


def test_an_update_is_taken_back_with_its_values_and_reasons(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1, 付款状态=""), a_row(2))
    back = Mended(taken.checked)
    back[1, "付款状态"] = "已付"
    back[2, "订单数量"] = None
    mended = office.intake(back.save())
    assert [office.show(number)["state"] for number in taken.numbers] == ["registered", "flagged"]
    office.undo(mended.run)
    first, second = map(office.show, taken.numbers)
    assert (first["payment"], first["reasons"]) == (None, ["missing-payment"])
    assert (second["quantity"], second["unit"], second["reasons"]) == ("3", "台", [])
    assert office.troubles() == {}
    again = office.intake(back.path)
    assert again.outcomes == ["updated", "updated"]
    assert office.show(taken.numbers[0])["payment"] == "paid"


def test_marks_are_taken_back(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2, **{"备注(特殊需求)": "需定制LOGO"}))
    first, second = taken.numbers
    checked = office.by("小吴").mark(first, "checked")
    confirmed = office.mark(second, "confirmed")
    assert [office.show(number)["state"] for number in (first, second)] == ["checked", "registered"]
    office.undo(confirmed["run"])
    office.undo(checked["run"])
    assert [office.show(number)["state"] for number in (first, second)] == ["registered", "flagged"]
    office.mark(first, "cancelled")
    office.undo()
    assert office.show(first)["state"] == "registered"
    assert office.troubles() == {}


def test_a_run_that_was_built_on_stays_and_the_later_run_is_named(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1))
    later = office.mark(taken.numbers[0], "contacted")["run"]
    with pytest.raises(OrderflowError) as refused:
        office.undo(taken.run)
    assert (refused.value.code, refused.value.params["later"]) == ("run-built-on", later)
    assert office.show(taken.numbers[0])["state"] == "registered"
    office.undo(later)
    office.undo(taken.run)
    assert office.find() == []


def test_only_what_was_done_can_be_undone_and_only_once(office: Office) -> None:
    for number, code in ((None, "nothing-to-undo"), (7, "run-unknown")):
        with pytest.raises(OrderflowError) as refused:
            office.undo(number)
        assert refused.value.code == code
    taken = office.take("a.xlsx", a_row(1))
    undone = office.undo()
    for number, code in ((taken.run, "run-undone"), (undone["run"], "run-not-undoable"), (None, "nothing-to-undo")):
        with pytest.raises(OrderflowError) as refused:
            office.undo(number)
        assert refused.value.code == code


def test_an_undone_runs_copy_updates_nothing_by_its_old_numbers(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2, 付款状态=""))
    office.undo()
    back = Mended(taken.checked)
    back[2, "付款状态"] = "已付"
    again = office.intake(back.save())
    assert (again.outcomes, again.numbers) == (["new", "new"], ["202406-003", "202406-004"])
    assert len(again.found("number-retired")) == 2


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for what SQLite keeps beside an open ledger."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in found if not path.name.endswith(("-wal", "-shm"))}


def test_a_trial_run_tells_all_and_changes_nothing(office: Office) -> None:
    office.take("a.xlsx", a_row(1, 来源单号="D1"))
    path = office.file("b.xlsx", [a_row(1, 来源单号="D1", 付款状态="预付"), a_row(2, 交付日期="", 业务组="一组")])
    before, told = everything(office.files.parent), len(office.log())
    trial = office.intake(path, dry_run=True)
    assert (trial.json["run"], trial.json["dry_run"], trial.outcomes) == (None, True, ["updated", "flagged"])
    columns = trial.json["files"][0]["columns"]
    assert (columns["客户名称"], columns["业务组"]) == ("customer", None)
    assert everything(office.files.parent) == before
    assert len(office.log()) == told
    real = office.intake(path)
    assert (real.outcomes, real.numbers) == (trial.outcomes, trial.numbers)
