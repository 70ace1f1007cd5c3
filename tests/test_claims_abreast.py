"""The claims of a large sheet are made in a second process, and are what they would be in one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import psutil
import pytest

from orderflow.flows.abreast import WORTH, Abreast
from orderflow.flows.batch import Batch, batch_of
from orderflow.flows.checking import Checking
from orderflow.flows.claimer import Claimer
from orderflow.flows.claiming import Claiming
from orderflow.ledger.salting import digest
from orderflow.records.references import References
from orderflow.records.registration import Registration
from orderflow.records.rows import Product
from orderflow.rules.facts import Yardstick
from orderflow.settings import Settings
from orderflow.sheets.headers import layout
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.values import Line

NOW = datetime(2024, 6, 10, 9, tzinfo=timezone(timedelta(hours=8)))
HEADERS = [
    "客户名称",
    "联系方式",
    "产品名称/型号",
    "订单数量",
    "交付日期",
    "订单来源",
    "备注(特殊需求)",
    "来源单号",
    "颜色",
]
ROWS: list[list[Any]] = [
    ["南湖医院", "13912345678", "A型设备-2024款", "5台", date(2024, 6, 28), "天猫", None, "T1", None],
    ["潮汐贸易", "139****5678", "B型耗材", "很多", "05/06/2024", "线下", "定制LOGO", None, "红"],
    ["麦田学校", None, None, 3, "6月11日", "直报", "待定", "T3"],
    [None, None, None, None, None, None, None, None, None],
]


def claimer() -> Claimer:
    claiming = Claiming("f.xlsx", "订单", NOW, "", None, None, Counter())
    known = References(products={"a 型 设备": Product(product="A型设备")})
    checking = Checking(Yardstick(Settings()), known, NOW.tzinfo or UTC)
    return Claimer(layout(HEADERS, Registration), NOW.date(), False, claiming, checking, "小周")


def chunks() -> list[Stretch]:
    """A sheet large enough for a second process, with a dozen short pieces at its end."""
    lines = [Line(nth + 2, list(ROWS[nth % len(ROWS)])) for nth in range(WORTH + 84)]
    return [Stretch.of(lines[:WORTH]), *(Stretch.of(lines[at : at + 7]) for at in range(WORTH, len(lines), 7))]


def rows_of(batch: Batch) -> list[Registration]:
    """What the lines of a batch say."""
    return [claim.row for claim in batch.claims]


def unsalted(batch: Batch) -> tuple[object, ...]:
    """A batch without the random salts, and what they give."""
    return batch.claims, batch.noted, batch.told.columns, batch.told.persons.personal


@pytest.mark.parametrize("laid_down", [True, False])
def test_two_processes_make_the_claims_that_one_makes(laid_down: bool) -> None:
    alone, together, before = claimer(), claimer(), psutil.Process().children()
    make = alone.maker()
    expected = [batch_of(make(lines), lines) for lines in chunks()]
    with Abreast(together) as abreast:
        for lines in chunks() if laid_down else ():
            abreast.give(lines)
        made = list(abreast.batches(() if laid_down else chunks()))
    assert [rows_of(batch) for batch in made] == [rows_of(batch) for batch in expected]
    assert list(map(unsalted, made)) == list(map(unsalted, expected))
    for batch in (*made, *expected):
        personal, salts, digests = batch.told.persons
        assert (list(map(digest, salts, personal)), len(set(salts))) == (digests, len(batch.claims))
    assert together.claiming.noticed == alone.claiming.noticed
    assert {finding.code for claim in expected[0].claims for finding in claim.checked} >= {"missing-contact"}
    assert psutil.Process().children() == before


def test_a_process_that_is_no_more_is_said() -> None:
    before = psutil.Process().children()
    with Abreast(claimer()) as abreast:
        abreast.give(chunks()[0])
        (other,) = set(psutil.Process().children()) - set(before)
        other.kill()
        with pytest.raises(RuntimeError, match="has ended"):
            list(abreast.batches(()))
