"""What goes back says what the ledger says: handing a copy in as it came back reverts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desks import Mended, Office, a_row


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def exported(**changed: Any) -> dict[str, Any]:
    """The order as the shop's system exports it."""
    return a_row(1, 来源单号="D1", **changed)


def corrected(office: Office) -> str:
    """An order whose quantity and date a clerk has corrected."""
    taken = office.take("a.xlsx", exported())
    back = Mended(taken.checked)
    back[1, "订单数量"], back[1, "交付日期"] = "9台", "2024-07-01"
    office.intake(back.save())
    return taken.numbers[0]


@pytest.mark.parametrize("exports", [1, 2, 3])
def test_a_stale_exports_copy_handed_in_as_it_came_reverts_nothing(office: Office, exports: int) -> None:
    number = corrected(office)
    for nth in range(exports):
        stale = office.take(f"b{nth}.xlsx", exported(), a_row(2 + nth))
    back = Mended(stale.checked)
    assert back[1, "订单数量"].value == "9台"
    back[2, "订单数量"] = "8台"
    again = office.intake(back.save())
    assert (again.exit_code, again.outcomes) == (0, ["unchanged", "updated"])
    order = office.show(number)
    assert (order["quantity"], order["delivery_date"]) == ("9", "2024-07-01")


def test_a_stale_exports_copy_is_where_a_person_takes_the_other_value(office: Office) -> None:
    number = corrected(office)
    stale = office.take("b.xlsx", exported(), a_row(2))
    assert {found["code"] for found in stale.found("changed-by-person")} == {"changed-by-person"}
    back = Mended(stale.checked)
    assert "“2”" in back[1, "订单数量"].comment.text
    back[1, "订单数量"] = "2台"
    assert office.intake(back.save()).outcomes == ["updated", "unchanged"]
    assert (office.show(number)["quantity"], office.show(number)["delivery_date"]) == ("2", "2024-07-01")


def test_a_copy_without_a_column_does_not_empty_it(office: Office) -> None:
    taken = office.take("a.xlsx", exported(交付日期=None))
    back = Mended(taken.checked)
    back[1, "交付日期"] = "2024-06-28"
    office.intake(back.save())
    later = office.take("b.xlsx", exported(交付日期=None, 付款状态="预付"))
    back = Mended(later.checked)
    back[1, "订单数量"] = "3台"
    assert office.intake(back.save()).outcomes == ["updated"]
    order = office.show(taken.numbers[0])
    assert (order["delivery_date"], order["quantity"], order["payment"]) == ("2024-06-28", "3", "prepaid")


def test_a_copy_with_a_blank_checker_voids_no_check(office: Office) -> None:
    taken = office.take("a.xlsx", exported())
    office.by("小吴").mark(taken.numbers[0], "checked")
    later = office.take("b.xlsx", exported(付款状态="预付"), a_row(2))
    back = Mended(later.checked)
    assert back[1, "核对人"].value == "小吴"
    back[1, "备注(特殊需求)"] = "送货前来电"
    assert office.intake(back.save()).outcomes == ["updated", "unchanged"]
    assert office.show(taken.numbers[0])["checked_by"] == "小吴"


def test_an_amount_kept_under_a_header_in_yuan_is_read_again_as_it_was(office: Office) -> None:
    row = exported(**{"订单金额(万元)": None, "金额(元)": "30000"})
    taken = office.take("a.xlsx", row)
    back = Mended(taken.checked)
    back[1, "金额(元)"] = "45000"
    office.intake(back.save())
    stale = Mended(office.take("b.xlsx", row, a_row(2)).checked)
    stale[1, "备注(特殊需求)"] = "送货前来电"
    assert office.intake(stale.save()).outcomes[0] == "updated"
    assert office.show(taken.numbers[0])["amount"] == "4.5"


def test_another_unit_is_an_edit_of_the_quantity(office: Office) -> None:
    taken = office.take("a.xlsx", exported())
    back = Mended(taken.checked)
    back[1, "订单数量"] = "2箱"
    assert office.intake(back.save()).outcomes == ["updated"]
    order = office.show(taken.numbers[0])
    assert (order["quantity"], order["unit"]) == ("2", "箱")
    stale = office.take("b.xlsx", exported(), a_row(2))
    assert office.intake(Mended(stale.checked).save("c.xlsx")).outcomes == ["unchanged", "unchanged"]
    assert office.show(taken.numbers[0])["unit"] == "箱"


def test_a_copy_written_later_says_what_the_order_says_then(office: Office) -> None:
    wanted = office.files / "later" / "back.xlsx"
    taken = office.take("a.xlsx", exported(), checked=str(wanted))
    office.take("b.xlsx", exported(付款状态="预付"))
    wanted.parent.mkdir()
    office.take("c.xlsx", a_row(3))
    back = Mended(wanted)
    assert back[1, "付款状态"].value == "预付"
    assert office.intake(back.save()).outcomes == ["unchanged"]
    assert office.show(taken.numbers[0])["payment"] == "prepaid"
