"""Contacts do not travel: a history and a list of findings carry them masked, whoever calls the customer sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desks import Mended, Office, a_row

from orderflow.answers.history import HistoryAnswer
from orderflow.records.masking import masked, masked_contact

PHONE = "".join(("139", "1234", "5678"))  # an invented one


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (PHONE, "139****5678"),
        ("139 1234 5678", "139 **** 5678"),
        ("139****5678", "139****5678"),
        ("0571-88886666", "057*-****6666"),
        ("8888666", "***8666"),
        ("zhou.min@example.com", "z***@example.com"),
        ("微信zhoumin", "微信***"),
    ],
)
def test_a_contact_keeps_only_what_tells_it_from_another(typed: str, said: str) -> None:
    assert masked_contact(typed) == said


def test_a_phone_inside_a_remark_is_masked_and_other_figures_are_not() -> None:
    assert masked(f"到货前打{PHONE}，单号 2024061012345678901") == "到货前打139****5678，单号 2024061012345678901"
    assert masked({"收货人手机": PHONE, "件数": 3}) == {"收货人手机": "139****5678", "件数": 3}


def test_the_history_shows_no_contact_in_full(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path)
    row = a_row(1, 联系方式=PHONE, 收货手机=PHONE, **{"备注(特殊需求)": f"送货前联系 {PHONE}"})
    (number,) = office.take("a.xlsx", row).numbers
    office.take("b.xlsx", row | {"订单编号": number, "联系方式": "139" + "87654321"})
    office.mark(number, "contacted", note=f"打了 {PHONE}")
    answer = HistoryAnswer(office.desk, office.log())
    assert answer.exit_code == 0
    said = json.dumps(answer.as_json(), ensure_ascii=False)
    assert PHONE not in said
    assert "139****5678" in said
    assert "139****4321" in said
    assert office.show(number)["contact"] == "13987654321"


def test_a_finding_on_the_screen_masks_the_contact_and_the_workbook_has_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    first = office.take("a.xlsx", a_row(1, 联系方式=PHONE, 来源单号="T1", 付款状态=""))
    back = Mended(first.checked)
    back[1, "联系方式"] = "139" + "87654321"
    office.intake(back.save())
    stale = office.take("b.xlsx", a_row(1, 联系方式="139" + "00001111", 来源单号="T1"))
    (found,) = stale.found("changed-on-both-sides")
    assert "139****4321" in found["message"]
    assert "139****1111" in found["message"]
    assert "13987654321" not in json.dumps(stale.json)
    several = office.take("c.xlsx", a_row(2, 联系方式=f"{PHONE} 139" + "00001111")).json["findings"]
    assert PHONE not in json.dumps(several)
