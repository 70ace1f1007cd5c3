"""What people do: they check each other, call customers, confirm with a signed file, tell twins apart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from desks import Mended, Office, a_row

from orderflow.records.errors import OrderflowError


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def refused(code: str, office: Office, *words: str, **asked: Any) -> None:
    """A mark that cannot be made, and leaves nothing behind."""
    before = len(office.log())
    with pytest.raises(OrderflowError) as refusal:
        office.mark(*words, **asked)
    assert refusal.value.code == code
    assert len(office.log()) == before


def twin(channel: str, **changed: Any) -> dict[str, Any]:
    """One order as it comes through a channel."""
    given = {"联系方式": "13912345678", "订单数量": "4台", "订单来源": channel, "来源单号": f"{channel}1", **changed}
    return a_row(1, **given)


def test_a_twin_through_another_channel_is_flagged_on_the_later_one(office: Office) -> None:
    first = office.take("a.xlsx", twin("天猫"))
    later = office.at("2024-06-12T09:00").take("b.xlsx", twin("直报", 来源单号="", 接单时间="2024-06-12 08:00"))
    assert (first.outcomes, later.outcomes) == (["new"], ["flagged"])
    assert later.json["orders"][0]["twin"] == first.numbers[0]
    assert later.grave == ["possible-duplicate"]
    assert first.numbers[0] in later.found("possible-duplicate")[0]["message"]
    assert office.show(first.numbers[0])["state"] == "registered"


def test_distinct_twins_are_left_alone(office: Office) -> None:
    taken = office.take("a.xlsx", twin("天猫"), twin("直报", 来源单号=""))
    assert taken.outcomes == ["new", "flagged"]
    office.mark(taken.numbers[1], "distinct")
    assert office.show(taken.numbers[1])["state"] == "registered"
    refused("nothing-to-distinguish", office, taken.numbers[1], "distinct")
    again = office.take("b.xlsx", twin("天猫"), twin("直报", 来源单号=""), a_row(5))
    assert again.outcomes == ["unchanged", "unchanged", "new"]
    assert office.show(taken.numbers[1])["state"] == "registered"


def test_a_confirmation_does_not_answer_whether_an_order_is_a_twin(office: Office) -> None:
    taken = office.take("a.xlsx", twin("天猫"), twin("直报", 来源单号=""))
    done = office.mark(taken.numbers[1], "confirmed")
    assert [finding["code"] for finding in done["findings"]] == ["possible-duplicate"]
    assert office.show(taken.numbers[1])["state"] == "flagged"


def test_merged_twins_become_one_and_are_parted_by_undo(office: Office) -> None:
    first, second = office.take("a.xlsx", twin("天猫"), twin("直报", 来源单号="")).numbers
    merged = office.merge(second, first)
    assert [order["state"] for order in merged["orders"]] == ["merged", "registered"]
    assert [order["number"] for order in office.find(state="merged")] == [second]
    again = office.take("b.xlsx", twin("直报", 来源单号=""), a_row(7))
    assert (again.outcomes, again.numbers[0]) == (["unchanged", "new"], first)
    office.undo(again.run)
    office.undo(merged["run"])
    assert office.show(second)["reasons"] == ["possible-duplicate"]
    for wrong, code in (((first, first), "merge-with-itself"), ((first, "202406-099"), "order-unknown")):
        with pytest.raises(OrderflowError) as refusal:
            office.merge(*wrong)
        assert refusal.value.code == code


def test_another_model_year_is_no_twin(office: Office) -> None:
    rows = [twin("天猫"), twin("直报", 来源单号="", **{"产品名称/型号": "A型设备-2025款"})]
    assert office.take("a.xlsx", *rows).outcomes == ["new", "new"]


@pytest.mark.parametrize(("later", "outcome"), [("2024-06-17 08:30", "flagged"), ("2024-06-17 08:31", "new")])
def test_twins_are_looked_for_within_seven_days_inclusive(office: Office, later: str, outcome: str) -> None:
    office.take("a.xlsx", twin("天猫"))
    week = office.at("2024-06-17T09:00")
    assert week.take("b.xlsx", twin("直报", 来源单号="", 接单时间=later)).outcomes == [outcome]


def test_who_entered_an_order_cannot_check_it_and_a_second_person_can(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2))
    refused("checker-is-enterer", office, taken.numbers[0], "checked")
    checked = office.by("小吴").at("2024-06-10T11:00").mark("checked", run=taken.run)
    assert [(order["state"], order["checked_by"]) for order in checked["orders"]] == [("checked", "小吴")] * 2
    assert checked["orders"][0]["checked_at"] == "2024-06-10T11:00:00+08:00"


@pytest.mark.parametrize(
    ("header", "value", "state"),
    [
        ("客户名称", "南湖医院西区", "registered"),
        ("产品名称/型号", "A型设备-2025款", "registered"),
        ("订单数量", "9台", "registered"),
        ("交付日期", "2024-06-27", "registered"),
        ("备注(特殊需求)", "送货前来电", "checked"),
        ("付款状态", "预付", "checked"),
    ],
)
def test_a_check_is_bound_to_customer_product_quantity_and_date(
    tmp_path: Path, header: str, value: str, state: str
) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1))
    office.by("小吴").mark("checked", run=taken.run)
    back = Mended(taken.checked)
    back[1, header] = value
    again = office.intake(back.save())
    assert (again.outcomes, again.exit_code) == (["updated"], 0)
    assert office.show(taken.numbers[0])["state"] == state
    assert bool(again.found("check-voided")) == (state == "registered")


def test_a_desk_of_one_may_check_its_own_orders(tmp_path: Path) -> None:
    office = Office(tmp_path, settings='[desk]\ndouble_check = "off"\n')
    taken = office.take("a.xlsx", a_row(1))
    assert office.mark(taken.numbers[0], "checked")["orders"][0]["state"] == "checked"


def test_a_second_persons_name_in_the_file_is_a_check_and_the_enterers_is_not(office: Office) -> None:
    rows = [a_row(1, 录入人="小李", 核对人="小吴", 核对时间="2024-06-10 08:50"), a_row(2, 录入人="小李", 核对人="小李")]
    taken = office.take("a.xlsx", *rows)
    assert taken.outcomes == ["new", "new"]
    first, second = map(office.show, taken.numbers)
    assert (first["state"], first["entered_by"], first["checked_by"]) == ("checked", "小李", "小吴")
    assert first["checked_at"] == "2024-06-10T08:50:00+08:00"
    assert (second["state"], second["checked_by"]) == ("registered", None)
    assert taken.found("checker-is-enterer")[0]["number"] == taken.numbers[1]


def test_a_name_written_into_the_returned_workbook_checks_the_order(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2))
    back = Mended(taken.checked)
    back[1, "核对人"], back[2, "核对人"] = "小吴", "小周"
    again = office.at("2024-06-10T10:00").intake(back.save())
    assert again.outcomes == ["updated", "unchanged"]
    assert [office.show(number)["checked_by"] for number in taken.numbers] == ["小吴", None]
    assert again.found("checker-is-enterer")


def test_evidence_is_kept_with_its_hash(office: Office) -> None:
    from hashlib import sha256

    number = office.take("a.xlsx", a_row(1, **{"备注(特殊需求)": "需定制LOGO"})).numbers[0]
    signed = office.files / "确认函.pdf"
    signed.write_bytes(b"signed by *")
    done = office.mark(number, "confirmed", file=signed)
    assert (done["orders"][0]["state"], done["findings"]) == ("registered", [])
    from orderflow.flows.queries import whole_order

    (kept,) = whole_order(office.desk, number).evidence
    assert kept.sha256 == sha256(b"signed by *").hexdigest()
    assert (office.desk.path / kept.path).read_bytes() == b"signed by *"
    refused("evidence-missing", office, number, "confirmed", file=office.files / "nothing.pdf")
    refused("mark-file-only-confirmed", office, number, "contacted", file=signed)


def test_what_is_missing_cannot_be_confirmed_away(office: Office) -> None:
    rows = [a_row(1, 交付日期="", **{"备注(特殊需求)": "需定制LOGO"})]
    number = office.take("a.xlsx", *rows).numbers[0]
    done = office.mark(number, "confirmed")
    assert [finding["code"] for finding in done["findings"]] == ["missing-delivery-date"]
    assert office.show(number)["reasons"] == ["missing-delivery-date"]


def test_a_confirmed_doubt_stays_confirmed_while_the_row_is_the_same(office: Office) -> None:
    row = a_row(1, 来源单号="D1", **{"备注(特殊需求)": "需定制LOGO"})
    number = office.take("a.xlsx", row).numbers[0]
    office.mark(number, "confirmed")
    again = office.take("b.xlsx", row | {"付款状态": "预付"})
    assert (again.exit_code, again.outcomes) == (0, ["updated"])
    assert office.show(number)["state"] == "registered"
    other = office.take("c.xlsx", row | {"备注(特殊需求)": "需定制铭牌"})
    assert (other.exit_code, other.json["orders"][0]["reasons"]) == (1, ["custom-without-parameter"])


def test_marks_that_cannot_be_made_change_nothing(office: Office) -> None:
    taken = office.take("a.xlsx", a_row(1), a_row(2))
    first, second = taken.numbers
    refused("order-unknown", office, first, "202406-777", "contacted")
    refused("mark-unknown", office, first, "done")
    refused("mark-without-orders", office, "contacted")
    refused("run-unknown", office, "contacted", run=99)
    refused("not-asked", office, first, "answered")
    refused("clock-unreadable", office, first, "contacted", at="lunch")
    office.mark(first, "cancelled")
    assert office.show(first)["state"] == "cancelled"
    refused("mark-closed-order", office, first, "cancelled")
    refused("mark-closed-order", office, second, first, "contacted")


def test_when_it_happened_and_when_it_was_entered_are_both_on_record(office: Office) -> None:
    number = office.take("a.xlsx", a_row(1, 付款状态="")).numbers[0]
    run = office.at("2024-06-10T10:00").mark(number, "contacted", at="09:20")["run"]
    entry = next(entry for entry in office.log(number) if entry.run == run and entry.change.kind == "contacted")
    assert entry.change.at.astimezone(office.desk.zone) == datetime(2024, 6, 10, 9, 20, tzinfo=office.desk.zone)
    from orderflow.ledger.runs import past_run

    with office.desk.ledger() as ledger, ledger.read() as book:
        past = past_run(book, run)
    assert past is not None
    assert past.at == office.at("2024-06-10T10:00").desk.now
    assert past.entered_at == office.desk.entered_at
    assert office.show(number)["owner"] == "小周"


@pytest.mark.parametrize(
    ("marks", "now", "state", "due"),
    [
        ([], "10:59", "running", "11:00"),
        ([], "11:01", "broken", "11:00"),
        ([("contacted", "10:30")], "12:00", "met", "11:00"),
        ([("contacted", "11:30")], "12:00", "broken", "11:00"),
        ([("asked", "09:30")], "12:00", "paused", "13:30"),
        ([("asked", "09:30"), ("answered", "10:30")], "11:50", "running", "12:00"),
    ],
)
def test_the_two_hours_to_call_the_customer(
    tmp_path: Path, marks: list[tuple[str, str]], now: str, state: str, due: str
) -> None:
    office = Office(tmp_path)
    number = office.take("a.xlsx", a_row(1, 付款状态="")).numbers[0]
    for what, at in marks:
        office.at(f"2024-06-10T{now}").mark(number, what, at=at)
    (clock,) = office.at(f"2024-06-10T{now}").show(number)["clocks"]
    assert (clock["clock"], clock["state"], clock["due"][11:16]) == ("anomaly", state, due)
