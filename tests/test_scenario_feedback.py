"""What customers say is taken in, followed to the end, and told in `show` and `log` (PROCESS.md, step 5)."""

from __future__ import annotations

import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from desks import EXAMPLES, Office, a_row
from orderflow_cli import Prompt

from orderflow.flows.outbox import decide
from orderflow.flows.sending import send_waiting
from orderflow.ledger import attached, outbox
from orderflow.ledger.attached import STAGE, Edit, RowEdit
from orderflow.records.errors import OrderflowError

WORKBOOK = (
    "订单编号",
    "客户名称",
    "验收结果",
    "客户意见",
    "满意度评分",
    "改进建议",
    "记录人",
    "记录时间",
    "处理方案",
    "客户确认满意",
)
SURVEY = ("序号", "提交答卷时间", "1、您的订单编号", "2、您的手机号码", "3、总体满意度", "4、您的意见")


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Office:
    return Office(tmp_path, ledger_url)


def delivered(office: Office, *rows: dict[str, Any]) -> list[str]:
    """Orders that were delivered on June 11 at 10:00; their numbers."""
    numbers = office.take("orders.xlsx", *(rows or (a_row(1),))).numbers
    office.at("2024-06-11T10:00").mark(*numbers, "delivered")
    return numbers


def filled(office: Office, *rows: tuple[Any, ...], name: str = "feedback.xlsx") -> Path:
    """A feedback workbook with these rows."""
    return office.file(name, [dict(zip_longest(WORKBOOK, row)) for row in rows])


def survey(office: Office, *rows: tuple[Any, ...], name: str = "survey.csv") -> Path:
    """An export of a survey tool with these answers."""
    return office.file(name, [dict(zip(SURVEY, row, strict=False)) for row in rows])


def outcomes(answer: Any) -> dict[str, int]:
    (file,) = answer.json["files"]
    return {name: file[name] for name in ("new", "updated", "unchanged", "rejected") if file[name]}


def test_the_source_documents_table_is_read_whole_and_proposes_ten(office: Office) -> None:
    may = office.at("2024-05-10T11:00")
    may.intake(EXAMPLES / "registration.xlsx", checked="none")
    may.at("2024-05-15T18:00").mark("202405-001", "202405-002", "delivered", at="16:00")
    later = may.at("2024-05-16T17:00")
    said = later.feedback(EXAMPLES / "feedback.xlsx")
    assert outcomes(said) == {"new": 2}
    (case,) = said.json["cases"]
    assert (case["number"], case["code"], case["owner"], case["state"]) == ("202405-002", "partial", "*售后", "open")
    assert (case["proposed"], case["remedies"]) == ({"quantity": "10", "unit": "件"}, {})
    assert case["due"] == "2024-05-16T18:30:00+08:00"
    first, second = (later.show(number)["feedback"] for number in ("202405-001", "202405-002"))
    assert (first["acceptance"], first["score"], first["by"]) == ("qualified", 5, "*专员")
    assert (first["comment"], first["suggestion"]) == ("交付及时，产品符合预期", "希望增加物流实时跟进功能")
    assert (first["at"], second["at"]) == ("2024-05-16T14:00:00+08:00", "2024-05-16T16:30:00+08:00")
    assert (second["acceptance"], second["score"]) == ("partial", 3)
    assert later.show("202405-002")["owner"] == "*售后"
    clock = next(clock for clock in later.show("202405-002")["clocks"] if clock["clock"] == "after-sales")
    assert (clock["started"], clock["state"]) == ("2024-05-16T16:30:00+08:00", "running")


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    (number,) = delivered(office)
    later = office.at("2024-06-12T09:00")
    path = filled(office, (number, None, "部分合格", "2台划伤", 3, None, "*售后", "2024-06-11 15:00"))
    first = later.feedback(path)
    before = len(office.log())
    again = later.feedback(path)
    assert (first.json["run"] is None, again.json["run"], outcomes(again)) == (False, None, {"unchanged": 1})
    assert (len(office.log()), len(again.json["cases"])) == (before, 1)
    assert office.troubles() == {}


def test_a_row_filled_in_further_is_the_same_answer(office: Office) -> None:
    (number,) = delivered(office, a_row(1, 订单数量="9台"))
    later = office.at("2024-06-12T09:00")
    at = "2024-06-11 15:00"
    later.feedback(filled(office, (number, None, "部分合格", "2台划伤", None, None, "*售后", at)))
    agreed = later.feedback(filled(office, (number, None, "部分合格", "2台划伤", 3, None, "*售后", at, "换货2台")))
    assert outcomes(agreed) == {"updated": 1}
    assert agreed.json["cases"][0]["remedies"] == {"exchange": "2"}
    assert agreed.json["cases"][0]["remaining"] == "2"
    more = later.feedback(filled(office, (number, None, None, None, None, None, None, at, "换货1台，退款1台")))
    assert more.json["cases"][0]["remedies"] == {"exchange": "1", "refund": "1"}
    done = later.feedback(filled(office, (number, None, "部分合格", "2台划伤", 3, None, "*售后", at, None, "是")))
    assert done.json["cases"] == []
    shown = office.show(number)
    assert (shown["feedback"]["answers"], shown["cases"][0]["state"]) == (1, "closed")
    again = later.feedback(filled(office, (number, None, "部分合格", "2台划伤", 3, None, "*售后", at, None, "否")))
    assert again.json["cases"][0]["causes"] == ["complained"]
    assert again.json["cases"][0]["owner"] == "*售后"


def test_an_older_file_does_not_move_a_case_that_has_gone_on(office: Office) -> None:
    (number,) = delivered(office, a_row(1, 订单数量="9台"))
    path = filled(office, (number, None, "部分合格", "2台划伤", 3, None, "*售后", "2024-06-11 15:00", "换货2台"))
    later = office.at("2024-06-12T09:00")
    later.feedback(path)
    later.mark(number, "resolved", note="退款2台")
    assert outcomes(later.feedback(path)) == {"unchanged": 1}
    assert later.show(number)["cases"][0]["remedies"] == {"refund": "2"}
    later.mark(number, "satisfied")
    late = later.feedback(survey(office, (1, "2024/6/11 20:00:00", number, None, 1, "不满意")))
    assert (outcomes(late), late.json["cases"]) == ({"new": 1}, [])
    later.at("2024-06-13T09:00").mark(number, "complained", note="还是不行")
    assert outcomes(later.at("2024-06-13T10:00").feedback(path)) == {"unchanged": 1}
    assert later.show(number)["cases"][0]["remedies"] == {}


def test_several_answers_are_kept_and_the_last_one_counts(office: Office) -> None:
    (number,) = delivered(office)
    later = office.at("2024-06-20T09:00")
    later.feedback(survey(office, (1, "2024/6/12 8:00:00", number, None, 2, "太慢")))
    later.feedback(
        survey(
            office, (1, "2024/6/12 8:00:00", number, None, 2, "太慢"), (2, "2024/6/14 8:00:00", number, None, 5, None)
        )
    )
    said = later.show(number)["feedback"]
    assert (said["answers"], said["score"], said["comment"], said["acceptance"]) == (2, 5, "太慢", None)
    assert later.show(number)["cases"][0]["causes"] == ["low-score"]


def test_whose_answer_it_is(office: Office) -> None:
    rows = (
        a_row(1, 联系方式="138****0001", 来源单号="ZB-1"),
        a_row(2, 联系方式="13900000002"),
        a_row(3, 联系方式="137****0003"),
        a_row(4, 联系方式="137****0003"),
    )
    numbers = delivered(office, *rows)
    path = survey(
        office,
        (1, "2024/6/12 8:00:00", "ZB-1", None, 4, None),
        (2, "2024/6/12 8:01:00", None, "139****0002", 4, None),
        (3, "2024/6/12 8:02:00", None, "137****0003", 4, "哪一单？"),
        (4, "2024/6/12 8:03:00", "202406-777", "138****0001", 4, "打错了"),
        (5, "2024/6/12 8:04:00", f"订单 {numbers[3]}", None, 5, None),
        (6, "2024/6/12 8:05:00", None, None, 5, "匿名"),
    )
    said = office.at("2024-06-13T09:00").feedback(path)
    assert (said.exit_code, outcomes(said)) == (1, {"new": 3, "rejected": 3})
    assert sorted(order["number"] for order in said.json["orders"]) == [numbers[0], numbers[1], numbers[3]]
    (several, hinted) = said.found("answer-ambiguous")
    assert numbers[2] in several["message"]
    assert numbers[3] in several["message"]
    assert (hinted["value"], numbers[0] in hinted["message"]) == ("202406-777", True)
    (nobody,) = said.found("answer-unmatched")
    assert "匿名" in nobody["message"]
    assert "137****0003" in several["message"]


def test_an_unmatched_answer_goes_in_once_its_number_is_written(office: Office) -> None:
    (number,) = delivered(office)
    later = office.at("2024-06-13T09:00")
    assert outcomes(later.feedback(survey(office, (1, "2024/6/12 8:00:00", None, None, 4, None)))) == {"rejected": 1}
    assert outcomes(later.feedback(survey(office, (1, "2024/6/12 8:00:00", number, None, 4, None)))) == {"new": 1}


def test_a_run_of_feedback_is_taken_back_as_one_piece(office: Office) -> None:
    (number,) = delivered(office)
    before = office.show(number)
    later = office.at("2024-06-12T09:00")
    later.feedback(filled(office, (number, None, "不合格", "全坏了", 1, None, "*售后", "2024-06-11 15:00", "退款")))
    assert office.show(number)["state"] == "accepted"
    office.undo()
    after = office.show(number)
    assert (after["feedback"], after["cases"], after["state"]) == (None, [], "delivered")
    assert after == before
    assert office.troubles() == {}


def test_accepted_orders_close_when_their_survey_is_in_and_nobody_is_late_without_a_reason(office: Office) -> None:
    (number,) = delivered(office)
    later = office.at("2024-06-12T09:00")
    path = filled(office, (number, None, "合格", None, 5, None, "*售后", "2024-06-11 15:00"))
    held = later.feedback(path)
    assert held.codes == ["late-reason-missing"]
    assert "方案时限" in held.found("late-reason-missing")[0]["message"]
    assert office.show(number)["state"] == "accepted"
    later.mark(number, "reason", note="试运行期间")
    shown = later.show(number)
    assert (shown["state"], {clock["reason"] for clock in shown["clocks"]}) == ("closed", {None, "试运行期间"})
    assert later.feedback().json["run"] is None
    assert [order["number"] for order in office.find(state="closed")] == [number]


@pytest.mark.parametrize(("day", "state"), [("2024-06-26T09:59", "delivered"), ("2024-06-26T10:00", "closed")])
def test_an_order_without_an_acceptance_closes_after_fifteen_days(tmp_path: Path, day: str, state: str) -> None:
    office = Office(tmp_path)
    (number,) = delivered(office)
    office.at("2024-06-12T09:00").mark(number, "reason", note="试运行")
    office.at(day).feedback()
    shown = office.show(number)
    assert (shown["state"], shown["feedback"]) == (state, None)


def test_logistics_that_are_completed_deliver_where_nobody_marked_it(office: Office) -> None:
    number, marked = office.take("orders.xlsx", a_row(1), a_row(2)).numbers
    office.at("2024-06-11T10:00").mark(marked, "delivered")
    stages_of(office, {number: "2024-06-12", marked: "2024-06-13"})
    later = office.at("2024-06-14T09:00")
    assert [order["number"] for order in later.feedback().json["orders"]] == [number]
    assert office.show(number)["delivered_at"] == "2024-06-12T23:59:59+08:00"
    assert office.show(marked)["delivered_at"] == "2024-06-11T10:00:00+08:00"
    clock = next(clock for clock in later.show(number)["clocks"] if clock["clock"] == "survey")
    assert clock["due"] == "2024-06-15T23:59:59+08:00"


def stages_of(office: Office, actual: dict[str, str]) -> None:
    """Logistics of these orders, as the departments report them."""
    desk = office.desk
    with (
        desk.ledger() as ledger,
        ledger.write(
            command="progress", actor="物流", at=desk.now, entered_at=desk.entered_at, language="zh-Hans", options={}
        ) as run,
    ):
        rows = {
            number: RowEdit(STAGE, {"actual": day, "owner": "*物流"}, ("logistics", 1))
            for number, day in actual.items()
        }
        attached.change(run, [Edit(number, "progress", desk.now, [row]) for number, row in rows.items()])


def test_deliveries_of_the_next_day_come_with_their_checklist(office: Office) -> None:
    office.take(
        "orders.xlsx",
        a_row(1, 交付日期="2024-06-12", 收货地址="湖州市某路**号", 交付方式="送货"),
        a_row(2, 交付日期="2024-06-13"),
        a_row(3, 交付日期="2024-06-12", 交付方式="自提"),
    )
    due = office.at("2024-06-11T09:00").feedback().json["due"]
    assert [(item["code"], item["due"], item["missing"]) for item in due] == [
        ("delivery", "2024-06-12T00:00:00+08:00", []),
        ("delivery", "2024-06-12T00:00:00+08:00", []),
    ]
    assert due[0]["owner"] == "订单处理专员"
    assert due[0]["checklist"]["address"] == "湖州市某路**号"
    assert due[0]["checklist"]["quantity"] == "2"
    assert office.at("2024-06-12T09:00").feedback().json["due"][-1]["missing"] == ["address", "delivery_method"]


def test_surveys_are_invited_to_and_reminded_of_once(ledger_url: str, tmp_path: Path) -> None:
    office = Office(tmp_path, ledger_url, '[feedback]\nsurvey_url = "https://example.com/s?o={number}"\n[desk]\n')
    (number,) = delivered(office)
    invited = office.at("2024-06-11T11:00").feedback()
    assert [(item["code"], item["due"]) for item in invited.json["due"]] == [("survey", "2024-06-14T10:00:00+08:00")]
    assert office.at("2024-06-11T12:00").feedback().json["run"] is None
    office.at("2024-06-12T10:00").mark(number, "surveyed")
    assert office.at("2024-06-15T09:00").feedback().json["due"][0]["code"] == "survey-reminder"
    office.at("2024-06-15T10:00").feedback()
    told = [notice for notice in notices(office) if notice.recipient == "customer"]
    assert [notice.event for notice in told] == ["survey", "survey-reminder"]
    assert told[0].facts["url"] == f"https://example.com/s?o={number}"
    reminded = office.at("2024-06-15T11:00")
    reminded.mark(number, "surveyed")
    assert reminded.feedback().json["due"] == []
    assert reminded.feedback().json["survey"] == {"asked": 1, "answered": 0, "rate": 0.0}
    with pytest.raises(OrderflowError) as refusal:
        reminded.mark(number, "surveyed")
    assert refusal.value.code == "surveyed-already"


def test_a_survey_is_sent_once_its_approved_invitation_is_delivered(ledger_url: str, tmp_path: Path) -> None:
    form = '[feedback]\nsurvey_url = "https://example.com/s?o={number}"\n'
    sink = f'[channels.sink]\nkind = "command"\nrun = {[sys.executable, "-c", "import sys; sys.stdin.read()"]!r}\n'
    office = Office(tmp_path, ledger_url, form + sink.replace("'", '"') + '[[routes]]\nchannel = "sink"\n')
    first, second = delivered(office, a_row(1), a_row(2))
    office.at("2024-06-11T11:00").feedback()
    assert {notice.state for notice in notices(office) if notice.event == "survey"} == {"held"}
    later = office.at("2024-06-12T09:00")
    later.feedback(survey(office, ("1", "2024-06-12 08:00:00", second, "", 5, "好")))
    left = {notice.numbers[0]: notice.state for notice in notices(office) if notice.event == "survey"}
    assert left == {first: "held", second: "dropped"}, "nobody is asked for an answer that is in"
    decide(later.desk, "approve", ["all"])
    with later.desk.ledger() as ledger:
        send_waiting(later.desk, ledger, later.desk.now)
    later = later.at("2024-06-12T10:00")
    later.feedback()
    (clock,) = (clock for clock in later.show(first)["clocks"] if clock["clock"] == "survey")
    assert (clock["stopped"], clock["state"]) == ("2024-06-12T09:00:00+08:00", "met")
    assert office.at("2024-06-12T11:00").feedback().json["run"] is None
    assert office.troubles() == {}


def notices(office: Office) -> list[outbox.Notice]:
    with office.desk.ledger() as ledger, ledger.read() as book:
        return outbox.in_states(book, outbox.STATES)


def test_after_sales_is_told_of_a_new_case_once(office: Office) -> None:
    (number,) = delivered(office)
    path = filled(office, (number, None, "不合格", "1台不能开机", 1, None, "*售后", "2024-06-11 15:00"))
    office.at("2024-06-11T16:00").feedback(path)
    office.at("2024-06-11T17:00").feedback(path)
    (told,) = (notice for notice in notices(office) if notice.event == "complained")
    assert (told.recipient, told.department, told.numbers) == ("head", "售后部", [number])
    assert (told.facts["proposed"], told.facts["due"]) == ("1台", "2024-06-11T17:00:00+08:00")


def test_this_months_opinions_are_grouped_with_their_sentences(office: Office) -> None:
    (number,) = delivered(office)
    path = filled(office, (number, None, "合格", "包装很好。准时", None, "价格再优惠些", "*售后", "2024-06-11 15:00"))
    topics = office.at("2024-06-12T09:00").feedback(path).json["topics"]
    assert {topic["topic"]: topic["sentences"] for topic in topics}["价格"] == [
        {"number": number, "text": "价格再优惠些"}
    ]
    assert office.at("2024-07-01T09:00").feedback().json["topics"] == []


def test_a_score_that_cannot_be_read_is_a_finding_and_the_rest_goes_in(office: Office) -> None:
    (number,) = delivered(office)
    said = office.at("2024-06-12T09:00").feedback(
        filled(office, (number, None, "合格", "好", 4.5, None, "*售后", "2024-06-11 15:00"))
    )
    assert [finding["cell"] for finding in said.found("unreadable-score")] == ["E2"]
    assert (said.exit_code, office.show(number)["feedback"]["score"]) == (0, None)
    assert office.show(number)["feedback"]["acceptance"] == "qualified"


def test_prefilled_rows_that_nobody_answered_are_nothing(office: Office) -> None:
    numbers = delivered(office, a_row(1), a_row(2))
    said = office.at("2024-06-12T09:00").feedback(filled(office, *((number, "某客户") for number in numbers)))
    assert (said.json["run"], outcomes(said)) == (None, {"unchanged": 2})


def test_feedback_from_delivered_orders_to_the_whole_story(tmp_path: Path) -> None:
    """At a prompt, with the example files: what `show` and `log` tell in the end."""
    prompt = Prompt(tmp_path, now="2024-06-11T09:00")
    prompt.run("intake", EXAMPLES / "clean-day.xlsx", "--checked", "none")
    prompt = Prompt(tmp_path, now="2024-06-24T18:00")
    prompt.run("mark", "202406-001", "202406-002", "202406-003", "202406-005", "delivered", "--at", "2024-06-13T10:00")
    filled_in = prompt.json("feedback", EXAMPLES / "feedback-june.xlsx")
    assert [case["number"] for case in filled_in.json["cases"]] == ["202406-003", "202406-002"]
    shown = prompt.run("feedback", EXAMPLES / "survey-wenjuanxing.xlsx", "--lang", "en")
    assert (shown.exit_code, "Open cases (2)" in shown.out) == (1, True)
    prompt.run("mark", "202406-003", "contacted", "--as", "*专员")
    assert prompt.run("mark", "202406-003", "resolved", "--note", "换货2个", "--as", "*专员").exit_code == 0
    assert prompt.run("mark", "--run", "1", "reason", "--note", "试运行").exit_code == 0
    assert prompt.run("mark", "202406-003", "satisfied", "--as", "*专员").exit_code == 0
    story = prompt.run("show", "202406-003").out
    for told in ("已结案", "不合格 / 满意度评分 1", "负责人 *专员", "换货 2个", "客户已满意", "结案："):
        assert told in story
    timeline = prompt.run("log", "202406-003").out
    happened = ("登记", "已交付", "客户反馈", "客户不满意", "已联系客户", "商定处理方案", "客户确认满意", "结案")
    places = [timeline.index(f"次操作　{kind}") for kind in happened]
    assert places == sorted(places)
    assert "survey-wenjuanxing.xlsx Sheet1!4" in timeline
    assert prompt.run("feedback", "no-such.xlsx").exit_code == 3


def test_a_workbook_of_orders_is_no_feedback(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    prompt.run("init")
    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    assert prompt.json("feedback", EXAMPLES / "registration.xlsx").json["error"]["code"] == "no-feedback"
    assert prompt.run("feedback", "empty.xlsx").exit_code == 3
