"""Orders are judged: what counts, what cannot be judged, what a manager changes, when it is done again (step 2)."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.judging import Edit
from orderflow.ledger import outbox

SEED = ("202405-001", "202405-002")


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url)


def levels(answer: dict[str, Any]) -> dict[str, str]:
    return {order["number"]: order["level"] for order in answer["orders"]}


def test_the_two_judgements_of_the_source_document(office: Office) -> None:
    may = office.at("2024-05-10T11:00")
    may.intake(EXAMPLES / "registration.xlsx", checked="none")
    judged = may.prioritize(*may.edits(EXAMPLES / "priority.xlsx"))
    assert levels(judged.json) == dict(zip(SEED, ("high", "low"), strict=True))
    assert [order["points"] for order in judged.json["orders"]] == [9, 5]
    first, second = (may.show(number)["priority"] for number in SEED)
    assert first == {
        "level": "high",
        "points": 9,
        "dimensions": {"customer": "high", "amount": "high", "urgency": "high"},
        "declared_urgency": "high",
        "days": 10,
        "overridden": False,
        "computed": "high",
        "reason": None,
        "by": "*经理",
        "at": "2024-05-10T09:00:00+08:00",
    }
    assert (second["level"], second["points"], second["days"], second["by"]) == ("low", 5, 5, "*专员")
    (differs,) = judged.found("urgency-differs")
    assert differs["number"] == "202405-001"
    assert "10" in differs["message"]
    assert judged.exit_code == 0


def test_what_is_judged_once_is_judged_again_only_when_its_grounds_change(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1, 交付日期="2024-06-14", **{"订单金额(万元)": "9.9999"})).numbers[0]
    first = office.prioritize()
    assert [order["outcome"] for order in first.json["orders"]] == ["new"]
    assert office.show(number)["state"] == "judged"
    assert office.show(number)["priority"]["points"] == 6
    later = office.at("2024-06-13T09:00")
    again = later.prioritize()
    assert (again.json["run"], [order["outcome"] for order in again.json["orders"]]) == (None, ["unchanged"])
    assert len(office.log()) == len(later.log())
    changed = later.by("王总").prioritize(Edit(number, {"amount": Decimal(10)}))
    assert [(o["level"], o["points"], o["outcome"]) for o in changed.json["orders"]] == [("high", 8, "updated")]
    assert later.show(number)["priority"]["by"] == "王总"
    assert [entry.change.kind for entry in later.log(number)] == ["registered", "judged", "judged"]
    assert later.prioritize(Edit(number, {"amount": Decimal("10.00")})).json["run"] is None
    assert office.troubles() == {}


def test_a_judgement_is_taken_back_with_its_run(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1))
    number = taken.numbers[0]
    office.prioritize()
    before = office.show(number)["priority"]
    office.prioritize(Edit(number, {"level": "vip", "priority": "high", "override_reason": "老客户"}))
    assert office.show(number)["priority"]["overridden"] is True
    office.undo()
    assert office.show(number)["priority"] == before
    office.undo()
    assert (office.show(number)["priority"], office.show(number)["state"]) == (None, "registered")
    office.undo(taken.run)
    assert office.prioritize().json["orders"] == []
    assert office.troubles() == {}


def test_level_and_amount_come_from_the_first_who_says_them(office: Office) -> None:
    references(office)
    bare = {"客户等级": None, "订单金额(万元)": None}
    rows = [a_row(1, **bare, 订单数量="5台"), a_row(2, **bare), a_row(3, **{"订单金额(万元)": None, "订单数量": "5台"})]
    numbers = office.take("a.xlsx", *rows).numbers
    judged = office.prioritize()
    assert judged.json["unjudged"] == [
        {"number": numbers[1], "missing": ["level"], "who": ["客户等级：销售部（判定表或客户资料表）"]}
    ]
    dimensions = {order["number"]: order["dimensions"] for order in judged.json["orders"]}
    assert dimensions[numbers[0]] == {"customer": "high", "amount": "medium", "urgency": "low"}
    assert dimensions[numbers[2]] == {"customer": "medium", "amount": "medium", "urgency": "low"}
    (missing,) = judged.found("not-judgeable")
    assert "客户等级" in missing["message"]
    assert "销售部" in missing["fix"]
    supplied = office.prioritize(Edit(numbers[1], {"level": "new"}), Edit(numbers[0], {"level": "new"}))
    assert supplied.json["unjudged"] == []
    assert {o["number"]: o["dimensions"]["customer"] for o in supplied.json["orders"]}[numbers[0]] == "low"


def references(office: Office) -> None:
    """A customer who is VIP, and a product of 4,000 元, in the desk's two reference workbooks."""
    for name, row in (
        ("customers.xlsx", {"客户名称": "潮汐贸易", "客户等级": "VIP"}),
        ("products.xlsx", {"产品名称/型号": "A型设备-2024款", "单位": "台", "单价(元)": "4000", "库存": "100"}),
    ):
        shutil.move(office.file(name, [row]), office.desk.path / name)


def test_what_can_be_judged_no_longer_has_no_level(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1, 客户等级=None)).numbers[0]
    office.prioritize(Edit(number, {"level": "vip"}))
    gone = office.prioritize(Edit(number, {"level": None}))
    assert [one["number"] for one in gone.json["unjudged"]] == [number]
    assert office.show(number)["priority"] is None
    assert [entry.change.kind for entry in office.log(number)][-2:] == ["judged", "unjudged"]
    office.undo()
    assert office.show(number)["priority"]["dimensions"]["customer"] == "high"


def test_an_override_needs_its_reason_and_both_levels_are_kept(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1)).numbers[0]
    bare = office.prioritize(Edit(number, {"priority": "high"}))
    assert (bare.exit_code, bare.codes, levels(bare.json)) == (1, ["override-without-reason"], {number: "low"})
    given = office.prioritize(Edit(number, {"override_reason": "新开医院的第一单"}))
    assert (given.exit_code, given.codes, levels(given.json)) == (0, [], {number: "high"})
    told = office.show(number)["priority"]
    assert (told["overridden"], told["computed"], told["reason"]) == (True, "low", "新开医院的第一单")
    agreed = office.prioritize(Edit(number, {"priority": "low"}))
    assert (levels(agreed.json), agreed.json["orders"][0]["overridden"]) == ({number: "low"}, False)


def test_a_small_customer_counts_as_a_new_one(office: Office) -> None:
    office.take("a.xlsx", a_row(1, 客户等级="小客户"))
    assert office.prioritize().json["orders"][0]["dimensions"]["customer"] == "low"


def test_text_alone_raises_nothing_and_a_confirmed_replacement_is_at_least_high(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1, **{"备注(特殊需求)": "售后紧急补单，上批破损"})).numbers[0]
    office.mark(number, "confirmed")
    flagged = office.take(
        "b.xlsx", a_row(2, **{"备注(特殊需求)": "售后补单"}), a_row(3, **{"备注(特殊需求)": "非售后补单"})
    )
    judged = office.prioritize()
    assert levels(judged.json) == {number: "high", flagged.numbers[0]: "low", flagged.numbers[1]: "low"}
    assert [found["number"] for found in judged.found("floor-unconfirmed")] == [flagged.numbers[0]]
    confirmed = office.mark(flagged.numbers[0], "confirmed")
    assert levels(office.prioritize().json)[flagged.numbers[0]] == "high"
    office.undo()
    office.undo(confirmed["run"])
    assert levels(office.prioritize().json)[flagged.numbers[0]] == "low"


def test_other_rules_judge_again_and_closed_orders_are_left(tmp_path: Path) -> None:
    office = Office(tmp_path)
    kept, cancelled = office.take("a.xlsx", a_row(1), a_row(2)).numbers
    office.prioritize()
    office.mark(cancelled, "cancelled")
    config = office.desk.path / "orderflow.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[priority]\nstrategy = "any"\n', encoding="utf-8")
    again = Office.again(tmp_path).prioritize()
    assert [(o["number"], o["level"], o["outcome"]) for o in again.json["orders"]] == [(kept, "medium", "updated")]


def test_a_dry_run_says_all_and_keeps_nothing(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1)).numbers[0]
    dry = office.prioritize(dry_run=True)
    assert (dry.json["run"], dry.json["dry_run"], dry.json["orders"][0]["outcome"]) == (None, True, "new")
    assert office.show(number)["priority"] is None


def test_the_heads_are_told_once_a_run(office: Office) -> None:
    numbers = office.take("a.xlsx", a_row(1), a_row(2, 客户等级="VIP", **{"订单金额(万元)": "20"})).numbers
    office.prioritize()
    office.prioritize()
    with office.desk.ledger() as ledger, ledger.read() as book:
        (told,) = (notice for notice in outbox.waiting(book) if notice.event == "judged")
    assert (told.recipient, sorted(told.numbers)) == ("head", sorted(numbers))
    assert told.facts["orders"][0] == {"number": numbers[1], "level": "high"}


def test_judging_at_a_prompt(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path, now="2024-06-11T09:00")
    assert prompt.run("intake", EXAMPLES / "clean-day.xlsx", "--checked", "none").exit_code == 0
    shown = prompt.run("prioritize")
    assert shown.exit_code == 0
    assert "判定完成" in shown.out
    assert "VIP 3 + 6万 2 + 宽松 (13 天) 1 = 6 → 中" in shown.out
    said = prompt.json("prioritize")
    assert (said.exit_code, said.json["run"], len(said.json["orders"])) == (0, None, 8)
    english = prompt.run("--help").out, prompt.run("show", "202406-001", "--lang", "en").out
    assert "Priority" in english[1]
    assert json.loads(prompt.run("find", "--state", "judged", "--json").out)["orders"]
