"""特殊需求未明确: custom orders that do not say how, leave something open, or ask for haste without a near date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orderflow.records.registration import Registration
from orderflow.rules.clarity import custom_vague, custom_without_parameter, custom_word, rush_date_not_urgent
from orderflow.rules.facts import Check, Facts, Yardstick
from orderflow.settings import Priority, Settings, Wording

WORDS = Wording()
YARDSTICK = Yardstick(Settings())
RECEIVED = date(2024, 5, 10)


def asks(remark: str | None, product: str | None = "A型设备-2024款") -> str | None:
    return custom_word(Registration(product=product, remark=remark), YARDSTICK)


def codes(check: Check, remark: str | None, product: str | None = "A型设备-2024款", days: int = 20) -> list[str]:
    row = Registration(product=product, remark=remark, delivery_date=RECEIVED + timedelta(days))
    return [finding.code for finding in check(Facts(row, received=RECEIVED), YARDSTICK)]


def undescribed(remark: str | None, product: str | None = "A型设备-2024款") -> bool:
    return bool(codes(custom_without_parameter, remark, product))


@pytest.mark.parametrize(
    ("remark", "word"),
    [
        ("需定制LOGO", "定制"),
        ("需定製logo", "定制"),
        ("加印ＬＯＧＯ", "LOGO"),
        ("定 制", "定制"),
        ("免费刻字", "刻字"),
        ("非标", "非标"),
        ("不锈钢定制", "定制"),
        ("无品牌定制LOGO", "定制"),
        ("无线耳机定制", "定制"),
        ("别墅定制", "定制"),
        ("特别定制", "定制"),
        ("分别刻字", "刻字"),
        ("非要定制不可", "定制"),
        ("要不要定制请问客户", "定制"),
        ("不急，定制", "定制"),
        ("不要盖，定制", "定制"),
        ("不刻字，印LOGO", "LOGO"),
        ("Custom made, please", "custom"),
    ],
)
def test_a_remark_that_asks_for_it_makes_a_custom_order(remark: str, word: str) -> None:
    assert asks(remark) == word


@pytest.mark.parametrize(
    "remark",
    [
        "无需定制",
        "無需定製",
        "不定制",
        "不需要再定制",
        "不用帮我刻字",
        "请勿印LOGO",
        "取消定制",
        "无任何LOGO",
        "无需定制LOGO",
        "不要刻字和LOGO",
        "未定制",
        "no logo please",
        "without any engraving",
        "don't engrave",
    ],
)
def test_a_remark_that_denies_it_does_not(remark: str) -> None:
    assert asks(remark) is None


@pytest.mark.parametrize(
    "remark",
    ["一定做好防护", "按规定制作标签", "customer will call", "through customs", "请送到门口", "不急", "", None],
)
def test_a_remark_that_only_looks_like_it_does_not(remark: str | None) -> None:
    assert asks(remark) is None


@given(st.sampled_from(WORDS.custom), st.sampled_from(WORDS.negation), st.sampled_from(["", *WORDS.links]))
@settings(max_examples=150, deadline=None)
def test_every_denial_denies_every_word_directly_and_over_a_link(word: str, denial: str, link: str) -> None:
    assume(denial + link not in WORDS.unrelated)  # 非要 is no denial
    assert asks(f"{denial} {link} {word}") is None
    assert asks(f"{denial}，{word}") is not None


def test_a_product_is_custom_by_its_name_and_a_like_name_is_not() -> None:
    assert asks(None, "定制水杯") == "定制"
    assert asks(None, "固定制动器") is None
    assert asks(None, "模特制服") is None


@pytest.mark.parametrize(
    "remark",
    [
        "需定制LOGO",
        "定制颜色和尺寸",
        "定制：是",
        "需“LOGO”",
        "customer's logo",
        "定制LOGO，电话13912345678",
        "定制LOGO，电话139****5678，100件",
        "定制LOGO，0571-88881234",
        "定制LOGO，微信abc123",
        "定制LOGO，5月20日前发货",
        "定制 2024-05-20 交",
        "定制，5.20前，3天内，下午3点",
        "定制LOGO，500元，88号3楼",
        "黄经理要求定制",
        "蓝牙耳机定制LOGO，发青岛",
        "2024款定制",
    ],
)
def test_a_custom_order_that_does_not_say_how_is_flagged(remark: str) -> None:
    assert undescribed(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "需定制LOGO，红色，5cm×3cm",
        "定制LOGO，红",
        "定制LOGO，红/黑",
        "定製LOGO，紅色",
        "定制颜色红",
        "定制，颜色：中国红",
        "刻字“生日快乐”",
        "刻字：生日快乐",
        "刻字「福」",
        "LOGO 3cm",
        "定制1200*600*750",
        "刻字LOVE520",
        "不锈钢定制",
        "红木定制",
        "LOGO见附件",
        "Logo on the front, white",
        "engraved 'Anna'",
        "定制LOGO 3色，电话139****5678",
    ],
)
def test_a_custom_order_that_says_how_is_not(remark: str) -> None:
    assert not undescribed(remark)


def test_a_remark_that_asks_has_to_say_itself_whatever_the_product_is_called() -> None:
    assert undescribed("需刻字", "红色水杯 500ml")


@pytest.mark.parametrize(
    ("product", "remark", "flagged"),
    [
        ("定制桌1200×600", None, False),
        ("定制红色水杯", None, False),
        ("定制B型耗材-10mm", None, False),
        ("定制A型设备-2024款", None, True),
        ("定制T恤", "红色", False),
        ("定制T恤", None, True),
    ],
)
def test_a_custom_product_may_say_it_in_its_name_but_a_model_number_says_nothing(
    product: str, remark: str | None, flagged: bool
) -> None:
    assert undescribed(remark, product) is flagged


@pytest.mark.parametrize(
    ("remark", "word"),
    [
        ("定制，尺寸待定", "待定"),
        ("LOGO大概5cm", "大概"),
        ("LOGO 5cm左右", "左右"),
        ("刻字，颜色看情况", "看情况"),
        ("定制，内容再说", "再说"),
        ("LOGO tbd", "TBD"),
    ],
)
def test_a_custom_order_that_leaves_something_open_is_flagged_with_the_word(remark: str, word: str) -> None:
    (finding,) = custom_vague(Facts(Registration(remark=remark)), YARDSTICK)
    assert (finding.code, finding.params) == ("custom-vague", {"word": word})


@pytest.mark.parametrize(
    "remark", ["左右两侧印LOGO", "待定制LOGO 5cm", "定制红色，再说明一次", "logo red, check thoroughly", None]
)
def test_what_only_looks_vague_is_not(remark: str | None) -> None:
    assert codes(custom_vague, remark) == []


@pytest.mark.parametrize("vague", WORDS.vague)
def test_vague_words_are_no_matter_in_a_standard_order(vague: str) -> None:
    assert codes(custom_vague, f"送货时间{vague}") == []
    assert codes(custom_vague, f"无需定制，送货时间{vague}") == []


@pytest.mark.parametrize(("days", "flagged"), [(-1, False), (0, False), (3, False), (4, True), (30, True)])
def test_haste_beside_a_date_that_is_not_urgent_is_asked_about(days: int, flagged: bool) -> None:
    assert codes(rush_date_not_urgent, "加急订单", days=days) == ["rush-date-not-urgent"] * flagged


def test_the_desk_sets_what_an_urgent_date_is() -> None:
    patient = Yardstick(Settings(priority=Priority(high_days=10, medium_days=10)))
    row = Registration(remark="加急", delivery_date=RECEIVED + timedelta(10))
    assert list(rush_date_not_urgent(Facts(row, received=RECEIVED), patient)) == []


@pytest.mark.parametrize("remark", ["特别加急", "非常紧急", "十分急用", "尽快发货", "Urgent!", "urgently needed"])
def test_haste_is_known_by_its_words(remark: str) -> None:
    assert codes(rush_date_not_urgent, remark) == ["rush-date-not-urgent"]


@pytest.mark.parametrize(
    "remark",
    ["不急", "不加急", "非加急", "不是很急用", "无需加急", "紧急联系人*女士", "应急用品", "a toothbrush", None],
)
def test_no_haste_is_no_haste(remark: str | None) -> None:
    assert codes(rush_date_not_urgent, remark) == []


def test_without_a_date_or_a_receipt_haste_cannot_be_measured() -> None:
    assert list(rush_date_not_urgent(Facts(Registration(remark="加急"), received=RECEIVED), YARDSTICK)) == []
    assert list(rush_date_not_urgent(Facts(Registration(remark="加急", delivery_date=RECEIVED)), YARDSTICK)) == []


def test_a_desk_may_have_words_of_its_own_or_none() -> None:
    own = Yardstick(Settings(words=Wording(custom=("专供",), negation=(), links=(), unrelated=())))
    assert custom_word(Registration(remark="无专供"), own) == "专供"
    none = Yardstick(Settings(words=Wording(custom=())))
    assert custom_word(Registration(remark="定制LOGO"), none) is None


@pytest.mark.parametrize(
    "much", ["不" + "需要" * 5_000, "需要" * 9_000, "「a" * 9_000, '"' + "a" * 30_000, "qq" * 9_000, "1*" * 9_000]
)
def test_a_cell_full_of_nonsense_is_read_as_fast_as_any_other(much: str) -> None:
    assert asks(f"定制{much}") == "定制"
    assert codes(custom_vague, f"定制{much}") == []
    undescribed(f"定制{much}")
    undescribed(None, f"定制{much}")
