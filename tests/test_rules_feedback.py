"""What opens a case, what an opinion proposes, what counts of several answers, when orders close (step 5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.records.feedback import DIMENSIONS, SCORES, Amount, Answer, Case, Delivery
from orderflow.records.registration import Registration
from orderflow.records.rows import Feedback
from orderflow.rules import cases
from orderflow.rules.closing import closing, said
from orderflow.rules.complaints import causes, proposed, remaining
from orderflow.rules.due import answer_rate, delivered_soon, survey_due, unknown
from orderflow.rules.matching import desk_numbers, may_be_one_phone
from orderflow.rules.remedies import amounts, code_of, remedies
from orderflow.rules.topics import by_topic, sentences
from orderflow.settings import Feedback as Settings

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2024, 5, 15, 12, tzinfo=CHINA)
RULES = Settings()
NUMBER = "202405-002"


def days(count: float) -> timedelta:
    return timedelta(days=count)


def answer(seq: int = 1, at: datetime | None = None, **fields: Any) -> Answer:
    return Answer(Feedback(number=NUMBER, recorded_at=at or NOON + days(seq), **fields), "workbook", seq)


@pytest.mark.parametrize(
    ("acceptance", "score", "found"),
    [
        ("qualified", 5, []),
        (None, 3, []),
        (None, None, []),
        ("partial", 3, ["partial"]),
        ("unqualified", None, ["unqualified"]),
        ("qualified", 2, ["low-score"]),
        ("unqualified", 1, ["unqualified", "low-score"]),
    ],
)
def test_not_qualified_or_a_score_of_two_or_less_opens_a_case(
    acceptance: str | None, score: int | None, found: list[str]
) -> None:
    assert causes(Feedback(acceptance=acceptance, score=score), RULES.low_score) == found


@pytest.mark.parametrize(
    ("opinion", "amount"),
    [
        ("10件耗材轻微划痕", 10),
        ("１０件劃痕", 10),
        ("有十二件破损", 12),
        ("两件坏了", 2),
        ("100件中有10件划痕", 10),
        ("共100件，其中三件破损", 3),
        ("10件划痕，这10件都要换", 10),
        ("整批100件都不对", 100),
        ("约10件划痕", None),
        ("10件左右", None),
        ("10多件", None),
        ("10-20件", None),
        ("第3件坏了", None),
        ("5件划痕，3件破损", None),
        ("200件不对", None),
        ("10箱破了", None),
        ("包装破损", None),
        (None, None),
    ],
)
def test_an_opinion_proposes_the_one_amount_that_it_names(opinion: str | None, amount: int | None) -> None:
    expected = None if amount is None else Amount(Decimal(amount), "件")
    assert proposed(opinion, Decimal(100), "件") == expected


def test_an_order_without_a_unit_takes_the_opinions_own() -> None:
    assert proposed("3台有划痕", None, None) == Amount(Decimal(3), "台")


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 100), st.text("好坏了，。 件中第约", max_size=6), st.text("好坏了，。", max_size=6))
def test_no_amount_is_proposed_that_the_opinion_does_not_name(count: int, before: str, after: str) -> None:
    found = proposed(f"{before}{count}件{after}", Decimal(100), "件")
    assert found is None or found == Amount(Decimal(count), "件")


@pytest.mark.parametrize(
    ("written", "agreed"),
    [
        ("换货", {"exchange": None}),
        ("换货10件", {"exchange": 10}),
        ("換貨 十件", {"exchange": 10}),
        ("换货10件，退款2件", {"exchange": 10, "refund": 2}),
        ("补发（5件）", {"resend": 5}),
        ("exchange 5 pcs and refund 2", {"exchange": 5, "refund": 2}),
        ("道歉", None),
        ("换货10件换货3件", None),
        ("", None),
    ],
)
def test_remedies_are_read_with_their_amounts(written: str, agreed: dict[str, int | None] | None) -> None:
    said = remedies(written)
    assert {one.what: one.amount for one in said or ()} == (agreed or {})
    assert amounts(code_of(said or ())) == (agreed or {}), "what is kept says the same again"


def test_what_remains_is_what_was_agreed_and_is_not_there_yet() -> None:
    assert remaining([Decimal(10), Decimal(2)], Decimal(5)) == 7
    assert remaining([Decimal(10)], Decimal(12)) == 0
    assert remaining([None, Decimal(1)], Decimal(0)) is None


def test_the_last_answer_counts_part_by_part_and_nothing_is_imputed() -> None:
    first = answer(1, acceptance="partial", comment="划痕", score=2, quality=1)
    second = answer(2, score=4, comment="换好了")
    counts = said([second, first])
    assert counts is not None
    assert (counts.acceptance, counts.comment) == ("partial", "换好了")
    assert {name: getattr(counts, name) for name in SCORES} == {"score": 4} | dict.fromkeys(DIMENSIONS)
    assert said([]) is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.fixed_dictionaries({name: st.none() | st.integers(1, 5) for name in SCORES}), max_size=5))
def test_the_scores_that_count_are_those_of_one_answer(given_: list[dict[str, int | None]]) -> None:
    counts = said([answer(nth, None, **scores) for nth, scores in enumerate(given_, 1)])
    scored = [scores for scores in given_ if any(scores.values())]
    expected = scored[-1] if scored else dict.fromkeys(SCORES)
    assert counts is None or {name: getattr(counts, name) for name in SCORES} == expected


@pytest.mark.parametrize(
    ("delivery", "how", "after"),
    [
        ({}, None, None),
        ({"delivered_at": 0}, "lapsed", 15),
        ({"delivered_at": 0, "accepted_at": 1}, "lapsed", 15),
        ({"delivered_at": 0, "accepted_at": 1, "surveyed_at": 2}, "unanswered", 9),
        ({"delivered_at": 0, "accepted_at": 1, "surveyed_at": 2, "answered_at": 4}, "answered", 4),
        ({"delivered_at": 0, "accepted_at": 6, "surveyed_at": 2, "answered_at": 4}, "answered", 6),
        ({"delivered_at": 0, "surveyed_at": 2, "answered_at": 4}, "lapsed", 15),
        ({"accepted_at": 1}, None, None),
        ({"accepted_at": 1, "surveyed_at": 1, "answered_at": 1}, "answered", 1),
    ],
)
def test_when_an_order_closes_by_itself(delivery: dict[str, int], how: str | None, after: int | None) -> None:
    went = Delivery(NUMBER)
    for name, day in delivery.items():
        setattr(went, name, NOON + days(day))
    end = closing(went, None, RULES)
    assert (end and end.how, end and end.at) == (how, None if after is None else NOON + days(after))


def test_an_open_case_keeps_an_order_open_and_its_end_is_waited_for() -> None:
    delivery = Delivery(NUMBER, NOON, accepted_at=NOON, surveyed_at=NOON, answered_at=NOON)
    case = Case(NUMBER, NOON, ["partial"])
    assert closing(delivery, case, RULES) is None
    end = closing(delivery, cases.satisfied(case, NOON + days(3)), RULES)
    assert end is not None
    assert end.at == NOON + days(3)


def test_a_case_goes_back_to_its_owner_whoever_hears_of_it_next() -> None:
    case = cases.opened(None, NUMBER, NOON, ["partial"], "小周", Amount(Decimal(10), "件"))
    joined = cases.opened(case, NUMBER, NOON + days(1), ["low-score"], "小吴", None)
    assert (joined.owner, joined.causes, joined.opened_at) == ("小周", ["partial", "low-score"], NOON)
    shut = cases.satisfied(cases.agreed(joined, {"exchange": Decimal(10)}), NOON + days(2))
    again = cases.opened(shut, NUMBER, NOON + days(9), ["complained"], "小吴", None)
    assert (again.owner, again.is_open, again.remedies, again.opened_at) == ("小周", True, {}, NOON + days(9))


def test_ownership_moves_only_when_another_accepts() -> None:
    case = cases.opened(None, NUMBER, NOON, ["partial"], "小周", None)
    offered = cases.offered(case, "小周", "休假")
    assert (offered.owner, offered.offered_by) == ("小周", "小周")
    taken = cases.accepted(offered, "小吴")
    assert (taken.owner, taken.offered_by) == ("小吴", None)
    assert cases.helped(cases.helped(taken, "小郑"), "小 郑").helpers == ["小郑"]
    assert cases.helped(taken, "小吴").helpers == ()


@pytest.mark.parametrize(
    ("day", "at", "begins"),
    [
        (date(2024, 5, 16), "2024-05-15T00:00", "2024-05-16T00:00"),
        (date(2024, 5, 16), "2024-05-14T23:59", None),
        (date(2024, 5, 16), "2024-05-16T23:59", "2024-05-16T00:00"),
        (date(2024, 5, 16), "2024-05-17T00:00", None),
        (None, "2024-05-17T00:00", None),
    ],
)
def test_a_delivery_is_prepared_for_from_24_hours_before_its_day(day: date | None, at: str, begins: str | None) -> None:
    moments = [None if text is None else datetime.fromisoformat(text).replace(tzinfo=CHINA) for text in (at, begins)]
    assert moments[0] is not None
    assert delivered_soon(day, moments[0]) == moments[1]


def test_a_checklist_says_what_it_lacks() -> None:
    row = Registration(product="A", quantity=Decimal(5), contact_person="*经理")
    assert unknown(row) == ["address", "delivery_method"]
    row.delivery_method = "pickup"
    assert unknown(row) == []


def test_a_survey_is_due_three_days_after_delivery_and_is_reminded_of_once() -> None:
    delivery = Delivery(NUMBER, NOON)
    first = survey_due(delivery, 3, 3)
    assert first is not None
    assert (first.code, first.due) == ("survey", NOON + days(3))
    delivery.surveyed_at = NOON + days(1)
    second = survey_due(delivery, 3, 3)
    assert second is not None
    assert (second.code, second.due) == ("survey-reminder", NOON + days(4))
    delivery.reminded_at = NOON + days(4)
    assert survey_due(delivery, 3, 3) is None
    assert survey_due(Delivery(NUMBER), 3, 3) is None


def test_the_answer_rate_counts_those_who_were_asked() -> None:
    asked = [Delivery("1", surveyed_at=NOON), Delivery("2", surveyed_at=NOON, answered_at=NOON)]
    rate = answer_rate([*asked, Delivery("3", NOON), Delivery("4", answered_at=NOON)])
    assert (rate.answered, rate.asked, rate.share) == (2, 3, 2 / 3)
    assert answer_rate([]).share is None


def test_opinions_are_grouped_in_both_scripts_with_their_sentences() -> None:
    told = sentences("1", "包裝破損，客服回覆慢。送貨很準時！", None) + sentences("2", "包装太薄")
    topics = by_topic(told, RULES.topics)
    found = {topic.name: [(one.number, one.text) for one in topic.sentences] for topic in topics}
    assert found["包装"] == [("1", "包裝破損，客服回覆慢"), ("2", "包装太薄")]
    assert found["时效"] == [("1", "送貨很準時")]
    assert topics[0].name == "包装"
    assert "价格" not in found


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("202405-002", ["202405-002"]),
        ("订单２０２４０５－００２", ["202405-002"]),
        ("202405 - 002和202405-003", ["202405-002", "202405-003"]),
        ("202413-002", []),
        ("3862201175540012301", []),
        (None, []),
    ],
)
def test_desk_numbers_are_found_in_what_customers_type(typed: str | None, numbers: list[str]) -> None:
    assert desk_numbers(typed) == numbers


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("139****5678", "13912345678", True),
        ("139****5678", "139****5678", True),
        ("+8613912345678", "139****5678", True),
        ("138****5678", "139****5678", False),
        ("139****5679", "139****5678", False),
        ("1395678", "139****5678", False),
        ("***********", "13912345678", False),
        (None, "139****5678", False),
        ("", "", False),
    ],
)
def test_phones_of_which_either_may_be_masked(one: str | None, other: str | None, same: bool) -> None:
    assert may_be_one_phone(one, other) is same
    assert may_be_one_phone(other, one) is same
