"""Orders are planned: stages with owners and dates, what waits for whom, what people change, who is told (step 3)."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.planning import Edit
from orderflow.ledger import outbox
from orderflow.ledger.outbox import Notice
from orderflow.notices.compose import Composed, compose, template_of

FIRST, SECOND = "202405-001", "202405-002"
TABLE_3 = [
    ("production", "2024-05-12", "*主管"),
    ("inspection", "2024-05-13", "*质检员"),
    ("logistics", "2024-05-15", "*物流专员"),
]


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url).at("2024-06-10T10:00")


def ready(office: Office, *rows: dict[str, Any]) -> list[str]:
    """Orders that are registered, checked by a second person and judged."""
    taken = office.take(f"{len(list(office.files.iterdir()))}.xlsx", *rows)
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize()
    return taken.numbers


def dues(order: dict[str, Any]) -> dict[str, str]:
    return {stage["stage"]: stage["due"][5:] for stage in order["stages"]}


def notices(office: Office, event: str) -> list[Notice]:
    with office.desk.ledger() as ledger, ledger.read() as book:
        return [notice for notice in outbox.in_states(book, outbox.UNSENT) if notice.event == event]


def words_of(office: Office, notice: Notice) -> Composed:
    """The notice as it would be sent."""
    template = template_of(notice.event, office.desk.lang, office.desk.path)
    return compose(notice.event, notice.facts, template, office.desk.lang)


def evidence(office: Office) -> Path:
    path = office.files / "确认函.pdf"
    path.write_bytes(b"%PDF-1.7 signed")
    return path


def test_the_plan_behind_the_third_table_of_the_source_document(office: Office) -> None:
    may = office.at("2024-05-10T11:00")
    run = may.intake(EXAMPLES / "registration.xlsx", checked="none").run
    may.prioritize(*may.edits(EXAMPLES / "priority.xlsx"))
    waiting = may.plan()
    assert waiting.json["unplanned"] == [
        {"number": FIRST, "reasons": ["waits-for-mending", "waits-for-check", "waits-for-evidence"]},
        {"number": SECOND, "reasons": ["waits-for-mending", "waits-for-check"]},
    ]
    assert (waiting.json["run"], waiting.json["orders"]) == (None, [])
    may.mark(FIRST, "contacted")
    may.mark(FIRST, "confirmed", file=evidence(may))
    may.mark(SECOND, "confirmed")
    may.by("小吴").mark("checked", run=run)
    planned = may.plan()
    first, second = planned.json["orders"]
    assert [(first["number"], first["kind"], first["rush"]), (second["number"], second["kind"], second["rush"])] == [
        (FIRST, "custom", False),
        (SECOND, "standard", False),
    ]
    assert [(stage["stage"], stage["due"], stage["owner"]) for stage in first["stages"]][1:] == TABLE_3
    assert (first["stages"][0]["stage"], first["stages"][0]["due"]) == ("evaluation", "2024-05-10")
    assert [(stage["stage"], stage["due"], stage["owner"]) for stage in second["stages"]] == TABLE_3
    assert (first["promise"], first["feasible"], planned.exit_code) == ("2024-05-15", True, 0)
    shown = may.show(FIRST)
    assert (shown["state"], shown["plan"]["completed_at"]) == ("planned", "2024-05-10T11:00:00+08:00")
    assert shown["stages"] == shown["plan"]["stages"] == first["stages"]
    assert "plan-complete" in [entry.change.kind for entry in may.log(FIRST)]
    assert may.troubles() == {}


def test_planning_again_changes_nothing_and_undo_takes_the_plans_back(office: Office) -> None:
    numbers = ready(office, a_row(1), a_row(2))
    planned = office.plan()
    assert [order["outcome"] for order in planned.json["orders"]] == ["new", "new"]
    again = office.at("2024-06-12T10:00").plan()
    assert (again.json["run"], [order["outcome"] for order in again.json["orders"]]) == (None, ["unchanged"] * 2)
    dry = office.plan(dry_run=True)
    assert dry.json["dry_run"] is True
    office.undo(planned.run)
    assert [office.show(number)["plan"] for number in numbers] == [None, None]
    assert {office.show(number)["state"] for number in numbers} == {"judged"}
    assert notices(office, "promise") == []
    ready(office, a_row(3))  # one of which nothing was ever planned, beside those whose plan was taken back
    assert [order["outcome"] for order in office.plan().json["orders"]] == ["new"] * 3
    assert len(notices(office, "promise")) == 3
    assert office.troubles() == {}


def test_the_stages_follow_the_products_way_of_supply(office: Office) -> None:
    supplies = {"现货机": "现货", "自产机": "生产", "外购机": "采购"}
    rows = [{"产品名称/型号": name, "供应方式": supply, "库存": "100"} for name, supply in supplies.items()]
    shutil.move(office.file("products.xlsx", rows), office.desk.path / "products.xlsx")
    ready(office, *(a_row(nth, **{"产品名称/型号": name}) for nth, name in enumerate([*supplies, "别的机"], 1)))
    stages = {o["number"][-1]: [stage["stage"] for stage in o["stages"]] for o in office.plan().json["orders"]}
    assert stages == {
        "1": ["inspection", "logistics"],
        "2": ["production", "inspection", "logistics"],
        "3": ["purchasing", "inspection", "logistics"],
        "4": ["production", "inspection", "logistics"],
    }


def test_special_parts_of_a_custom_order_are_bought_beside_its_production(office: Office) -> None:
    remark = "定制蓝色面板，需特殊件"
    (number,) = ready(office, a_row(1, **{"备注(特殊需求)": remark}))
    office.mark(number, "confirmed", file=evidence(office))
    (order,) = office.plan().json["orders"]
    assert dues(order) == {
        "evaluation": "06-10",
        "production": "06-12",
        "purchasing": "06-12",
        "inspection": "06-13",
        "logistics": "06-15",
    }


def test_an_urgent_order_of_high_level_takes_the_green_channel(office: Office) -> None:
    high = {"客户等级": "VIP", "订单金额(万元)": "20", "交付日期": "2024-06-13"}
    numbers = ready(office, a_row(1, **high), a_row(2, 客户等级="新", 交付日期="2024-06-13"))
    rush, late = office.plan().json["orders"]
    assert (rush["number"], rush["rush"], rush["feasible"]) == (numbers[0], True, True)
    assert dues(rush) == {"production": "06-11", "inspection": "06-12", "logistics": "06-13"}
    assert (late["rush"], late["promise"], late["feasible"]) == (False, "2024-06-15", False)
    (purchasing,) = (notice for notice in notices(office, "plan") if notice.department == "采购部")
    assert purchasing.facts["stages"] == [{"number": numbers[0], "rush": True, "expedite": True}]
    assert "加急备料" in words_of(office, purchasing).text


def test_a_written_urgency_makes_no_rush(office: Office) -> None:
    from orderflow.flows.judging import Edit as Judgement

    taken = office.take("a.xlsx", a_row(1, 客户等级="VIP", **{"订单金额(万元)": "20"}))
    office.by("小吴").mark("checked", run=taken.run)
    office.prioritize(Judgement(taken.numbers[0], {"urgency": "high"}))
    (order,) = office.plan().json["orders"]
    assert (office.show(order["number"])["priority"]["points"], order["rush"]) == (9, False)


@pytest.mark.parametrize(("double_check", "waiting"), [("required", 2), ("custom", 1), ("off", 0)])
def test_no_plan_before_the_second_persons_check(tmp_path: Path, double_check: str, waiting: int) -> None:
    office = Office(tmp_path, settings=f'[desk]\ndouble_check = "{double_check}"\n')
    numbers = office.take("a.xlsx", a_row(1), a_row(2, **{"备注(特殊需求)": "刻字“苍鹭 07”"})).numbers
    office.mark(numbers[1], "confirmed", file=evidence(office))
    office.prioritize()
    assert [one["reasons"] for one in office.plan().json["unplanned"]] == [["waits-for-check"]] * waiting


def test_a_date_that_cannot_be_met_is_said_at_intake_already(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1, 交付日期="2024-06-14"), a_row(2, 交付日期="2024-06-15"))
    (early,) = taken.found("date-not-feasible")
    assert (early["number"], early["severity"], early["value"]) == (taken.numbers[0], "warning", "2024-06-14")
    assert "2024-06-15" in early["message"]
    assert taken.outcomes == ["new", "new"]


def test_departments_and_customers_are_told_with_the_facts(office: Office) -> None:
    (number,) = ready(office, a_row(1))
    office.plan()
    asked = {notice.department: notice for notice in notices(office, "plan")}
    assert asked.keys() == {"生产部", "质检部", "物流部"}
    dates = {"start": "2024-06-10", "due": "2024-06-12"}
    assert asked["生产部"].facts["stages"] == [
        {"number": number, "stage": "production", "owner": "*主管", "rush": False, "expedite": False, **dates}
    ]
    assert f"{number}　生产　2024-06-10 至 2024-06-12　*主管" in words_of(office, asked["生产部"]).text
    (promise,) = notices(office, "promise")
    assert (promise.recipient, promise.state, promise.facts["promise"]) == ("customer", "held", "2024-06-15")
    assert words_of(office, promise).text == f"您的订单 {number} 已确认，预计6月15日交付。"
    (complete,) = notices(office, "plan-complete")
    assert (complete.recipient, complete.facts["orders"]) == ("group", [{"number": number, "promise": "2024-06-15"}])
    assert "潮汐贸易" not in str(promise.facts)


def test_departments_confirm_and_what_moves_has_to_be_confirmed_again(office: Office) -> None:
    (number,) = ready(office, a_row(1))
    office.plan()
    yes = [Edit(number, stage, {"confirmed_by": "孙工"}) for stage in ("production", "inspection", "logistics")]
    office.at("2024-06-10T10:30").plan(*yes)
    assert {stage["confirmed_at"] for stage in office.show(number)["stages"]} == {"2024-06-10T10:30:00+08:00"}
    moved = office.plan(Edit(number, "production", {"due": date(2024, 6, 14)}))
    (order,) = moved.json["orders"]
    assert dues(order) == {"production": "06-14", "inspection": "06-15", "logistics": "06-17"}
    assert [stage["confirmed_by"] for stage in order["stages"]] == [None, None, None]
    last = notices(office, "promise")[-1]
    assert (last.facts["before"], last.facts["promise"]) == ("2024-06-15", "2024-06-17")
    assert words_of(office, last).text.endswith("交付时间有调整，预计6月17日交付。")
    later = office.plan(Edit(number, "inspection", {"start": date(2024, 6, 17), "confirmed_by": "孙工"}))
    (order,) = later.json["orders"]
    assert dues(order) == {"production": "06-14", "inspection": "06-17", "logistics": "06-19"}
    assert [stage["confirmed_by"] for stage in order["stages"]] == [None, "孙工", None]


def test_dates_that_do_not_follow_each_other_are_not_taken(office: Office) -> None:
    (number,) = ready(office, a_row(1))
    office.plan()
    wrong = office.plan(Edit(number, "inspection", {"due": date(2024, 6, 11), "owner": "*李工"}))
    (finding,) = wrong.found("stage-dates-wrong")
    assert "质检" in finding["message"]
    inspection = wrong.json["orders"][0]["stages"][1]
    assert (inspection["due"], inspection["owner"]) == ("2024-06-13", "*李工")
    unknown = office.plan(Edit(number, "purchasing", {"owner": "*李工"}), Edit("202406-099", "production", {}))
    assert [found["number"] for found in unknown.found("stage-unknown")] == [number, "202406-099"]
    assert unknown.json["run"] is None


def test_a_plan_is_complete_once_every_stage_has_an_owner(tmp_path: Path) -> None:
    office = Office(tmp_path, settings='[desk]\n[plan]\nowners = { logistics = "" }\n')
    (number,) = ready(office, a_row(1))
    first = office.plan()
    assert [(o["complete"], o["stages"][-1]["owner"]) for o in first.json["orders"]] == [(False, None)]
    assert "物流" in first.found("owner-missing")[0]["message"]
    assert notices(office, "promise") == []
    later = office.at("2024-06-10T11:30")
    later.plan(Edit(number, "logistics", {"owner": "*物流专员"}))
    assert later.show(number)["plan"]["completed_at"] == "2024-06-10T11:30:00+08:00"
    assert len(notices(office, "promise")) == 1


def test_a_changed_order_keeps_the_stages_that_run_and_waits_for_its_check(office: Office) -> None:
    row = a_row(1, 来源单号="A1")
    (number,) = ready(office, row)
    office.plan()
    later = office.at("2024-06-12T09:00")
    later.take("later.xlsx", {**row, "订单数量": "7台"})
    stale = later.plan()
    assert stale.json["unplanned"] == [{"number": number, "reasons": ["plan-stale", "waits-for-check"]}]
    later.by("小吴").mark(number, "checked")
    renewed = later.at("2024-06-14T09:00").plan()
    (order,) = renewed.json["orders"]
    assert order["outcome"] == "updated"
    assert [(stage["start"], stage["due"]) for stage in order["stages"]] == [
        ("2024-06-10", "2024-06-12"),
        ("2024-06-13", "2024-06-13"),
        ("2024-06-14", "2024-06-15"),
    ]
    assert later.plan().json["unplanned"] == []


def test_working_days_holidays_and_years_without_them(tmp_path: Path) -> None:
    stages = '["production", "inspection", "logistics"]'
    settings = f"[desk]\n[plan]\nworking_days = {stages}\n[calendar]\noff = [2024-06-13]\n"
    office = Office(tmp_path, settings=settings).at("2024-06-07T09:00")
    ready(office, a_row(1, 接单时间="2024-06-07 08:00"))
    (order,) = office.plan().json["orders"]  # 06-08 to 06-10 is the Dragon Boat holiday
    assert dues(order) == {"production": "06-12", "inspection": "06-14", "logistics": "06-18"}
    far = Office(tmp_path / "far", settings=settings).at("2090-05-01T09:00")
    ready(far, a_row(1, 接单时间="2090-05-01 08:00", 交付日期="2090-06-01"))
    (unknown,) = far.plan().found("holidays-unknown")
    assert "2090" in unknown["message"]


def test_stages_are_never_overbooked_and_the_higher_level_goes_first(tmp_path: Path) -> None:
    office = Office(tmp_path, settings="[desk]\n[plan]\ncapacity = { production = 1 }\n").at("2024-06-10T10:00")
    low, high = ready(office, a_row(1), a_row(2, 客户等级="VIP", **{"订单金额(万元)": "20"}))
    made = {order["number"]: dues(order)["production"] for order in office.plan().json["orders"]}
    assert made == {high: "06-12", low: "06-15"}


def test_a_rush_order_goes_before_others_and_says_whom_it_moved(tmp_path: Path) -> None:
    office = Office(tmp_path, settings="[desk]\n[plan]\ncapacity = { production = 1 }\n").at("2024-06-10T10:00")
    numbers = ready(office, a_row(1), a_row(2, 交付日期="2024-06-30"))
    office.plan()
    noon = office.at("2024-06-10T12:00")
    high = {"客户等级": "VIP", "订单金额(万元)": "20", "交付日期": "2024-06-13"}
    (rush,) = ready(noon, a_row(3, **high))
    planned = noon.plan()
    made = {order["number"]: dues(order)["production"] for order in planned.json["orders"]}
    assert made == {rush: "06-11", numbers[0]: "06-14", numbers[1]: "06-17"}
    moved = planned.found("moved-by-rush")
    assert [finding["number"] for finding in moved] == numbers
    assert all(rush in finding["message"] for finding in moved)
    assert [entry.change.kind for entry in noon.log(numbers[0])][-1] == "plan-moved"
    noon.undo()
    assert noon.show(numbers[0])["plan"]["promise"] == "2024-06-15"
    assert noon.troubles() == {}


def test_a_stage_that_runs_is_not_moved_by_a_rush_order(tmp_path: Path) -> None:
    office = Office(tmp_path, settings="[desk]\n[plan]\ncapacity = { production = 1 }\n").at("2024-06-10T10:00")
    (number,) = ready(office, a_row(1))
    office.plan()
    next_day = office.at("2024-06-11T09:00")
    high = {"客户等级": "VIP", "订单金额(万元)": "20", "交付日期": "2024-06-14", "接单时间": "2024-06-11 08:30"}
    (rush,) = ready(next_day, a_row(3, **high))
    planned = next_day.plan()
    made = {order["number"]: dues(order)["production"] for order in planned.json["orders"]}
    assert made == {number: "06-12", rush: "06-14"}
    assert planned.found("moved-by-rush") == []


def test_planning_at_a_prompt(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path, now="2024-06-11T09:00")
    prompt.run("intake", EXAMPLES / "clean-day.xlsx", "--checked", "none")
    prompt.run("mark", "--run", "1", "checked", "--as", "小吴")
    prompt.run("prioritize")
    shown = prompt.run("plan")
    assert shown.exit_code == 0
    assert "方案已排好" in shown.out
    assert "生产 06-13" in shown.out
    assert "缺客户确认凭证" in shown.out
    said = prompt.json("plan", "--dry-run").json
    assert (len(said["orders"]), [one["reasons"] for one in said["unplanned"]]) == (7, [["waits-for-evidence"]])
    card = prompt.run("show", "202406-001", "--lang", "en").out
    assert "Plan, Standard: promised for 2024-06-16" in card
