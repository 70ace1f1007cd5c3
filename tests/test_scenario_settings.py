"""What a desk sets for itself: reference workbooks, pinned headers, and settings that are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from desks import Mended, Office, a_row

from orderflow.records.errors import OrderflowError
from orderflow.report.sentences import explain
from orderflow.settings import load


def reference(office: Office, name: str, headers: tuple[str, ...], *rows: tuple[Any, ...]) -> None:
    """One of the desk's two reference workbooks."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in (headers, *rows):
        page.append(line)
    book.save(office.desk.path / f"{name}.xlsx")


PRODUCTS = ("产品名称/型号", "单位", "单价", "库存", "供应方式")


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"付款状态": "未付", "订单数量": "11台"}, ["over-stock-unpaid"]),
        ({"付款状态": "未付", "订单数量": "10台"}, []),
        ({"付款状态": "已付", "订单数量": "11台"}, []),
        ({"付款状态": "未付", "订单数量": "11台", "备注(特殊需求)": "已付定金"}, []),
        ({"付款状态": "已付", "订单数量": "3箱"}, ["unit-mismatch"]),
    ],
)
def test_stock_and_units_come_from_the_products_workbook(
    tmp_path: Path, changed: dict[str, str], reasons: list[str]
) -> None:
    office = Office(tmp_path)
    reference(office, "products", PRODUCTS, ("A型设备-2024款", "台", 30000, 10, "生产"))
    taken = office.take("a.xlsx", a_row(1, **changed))
    assert taken.json["orders"][0]["reasons"] == reasons
    assert taken.found("stock-unknown") == []


def test_without_a_stock_figure_it_is_said_that_nothing_was_checked(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1, 付款状态="未付"), a_row(2))
    assert (taken.exit_code, len(taken.found("stock-unknown"))) == (0, 1)


def test_levels_and_prices_come_from_the_reference_workbooks(tmp_path: Path) -> None:
    office = Office(tmp_path)
    bare = a_row(1, 客户等级="", **{"订单金额(万元)": ""})
    assert {"missing-level", "missing-amount"} <= set(office.take("a.xlsx", bare).codes)
    reference(office, "customers", ("客户名称", "客户等级"), ("南湖医院", "VIP"), (a_row(2)["客户名称"], "普通"))
    reference(office, "products", PRODUCTS, ("A型设备-2024款", "台", 30000, 10, "生产"))
    known = office.take("b.xlsx", a_row(2, 客户等级="", **{"订单金额(万元)": ""}))
    assert known.codes == []


def test_a_pinned_header_is_what_the_desk_says_it_is(tmp_path: Path) -> None:
    office = Office(tmp_path, settings='[desk]\n[headers]\n"宝贝" = "product"\n"数量" = ""\n"几台" = "quantity"\n')
    row = a_row(1, **{"产品名称/型号": None, "订单数量": None, "宝贝": "A型设备-2024款", "几台": "4台", "数量": "99"})
    taken = office.take("a.xlsx", row)
    order = office.show(taken.numbers[0])
    assert (order["product"], order["quantity"]) == ("A型设备-2024款", "4")
    assert taken.json["files"][0]["columns"]["数量"] is None


@pytest.mark.parametrize(
    ("settings", "code", "named"),
    [
        ("[desk]\ntime_zone = 'Asia/Shanghai'\n", "config-unknown-key", "desk.timezone"),
        ("[desk]\ntimezone = 'Asia/Shangai'\n", "config-wrong-value", "desk.timezone"),
        ("[intake]\nchecked_rows = -1\n", "config-wrong-value", "intake.checked_rows"),
        ("[desk]\ndouble_check = 'maybe'\n", "config-wrong-value", "desk.double_check"),
        ("[desk\n", "config-unreadable", "orderflow.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: str, code: str, named: str) -> None:
    path = tmp_path / "orderflow.toml"
    path.write_text(settings, encoding="utf-8")
    with pytest.raises(OrderflowError) as refused:
        load(path)
    assert refused.value.code == code
    assert named in " ".join(map(str, refused.value.params.values()))


def test_an_unreadable_file_among_several_is_a_finding_and_the_others_go_in(tmp_path: Path) -> None:
    office = Office(tmp_path)
    broken = office.files / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    good = office.file("good.xlsx", [a_row(1)])
    taken = office.intake(broken, good, office.files / "gone.xlsx")
    assert (taken.exit_code, taken.outcomes) == (1, ["new"])
    assert {Path(found["file"]).name for found in taken.json["findings"] if found["severity"] == "error"} == {
        "broken.xlsx",
        "gone.xlsx",
    }
    for paths in ([broken], [broken, office.files / "gone.xlsx"]):
        with pytest.raises(OrderflowError):
            office.intake(*paths)
    assert len(office.find()) == 1


def test_a_folder_gives_its_new_files_and_nothing_of_the_desks_own(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.file("a.xlsx", [a_row(1)])
    (office.files / "~$a.xlsx").write_bytes(b"lock")
    (office.files / ".~lock.a.xlsx#").write_bytes(b"lock")
    (office.files / "readme.md").write_text("orders", encoding="utf-8")
    assert office.intake(office.files).outcomes == ["new"]
    nothing = office.intake(office.files)
    assert (nothing.exit_code, nothing.json["run"], nothing.json["files"]) == (0, None, [])
    office.file("b.xlsx", [a_row(2)])
    second = office.intake(office.files)
    assert [Path(file["path"]).name for file in second.json["files"]] == ["b.xlsx"]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(OrderflowError) as refused:
        office.intake(empty)
    assert refused.value.code == "nothing-given"


def test_a_mended_copy_in_a_folder_is_taken(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1, 付款状态=""))
    back = Mended(taken.checked)
    back[1, "付款状态"] = "已付"
    back.save()
    assert office.intake(office.files).outcomes == ["updated"]


def test_an_encrypted_workbook_opens_with_its_password_only(tmp_path: Path) -> None:
    import io

    from msoffcrypto.format.ooxml import OOXMLFile

    office = Office(tmp_path)
    plain = office.file("a.xlsx", [a_row(1)])
    locked = office.files / "locked.xlsx"
    with plain.open("rb") as opened, locked.open("wb") as target:
        OOXMLFile(io.BytesIO(opened.read())).encrypt("芝麻开门", target)
    for text, code in ((None, "file-encrypted"), ("芝麻\n", "password-wrong")):
        given = None
        if text is not None:
            given = office.files / "password.key"
            given.write_text(text, encoding="utf-8")
        with pytest.raises(OrderflowError) as refused:
            office.intake(locked, password_file=given)
        assert refused.value.code == code
    with pytest.raises(OrderflowError) as refused:
        office.intake(locked, password_file=office.files / "nothing")
    assert refused.value.code == "password-file-missing"
    given = office.files / "password.key"
    given.write_text("芝麻开门\n", encoding="utf-8")
    assert office.intake(locked, password_file=given).outcomes == ["new"]


def test_the_source_given_for_a_file_is_that_of_rows_without_one(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.take("a.xlsx", a_row(1, 订单来源=""), a_row(2, 订单来源="线下"), source="天猫")
    assert [office.show(number)["source"] for number in taken.numbers] == ["platform", "offline"]


@pytest.mark.parametrize(
    ("settings", "fix"),
    [
        ("[desk]\ndouble_check = 'maybe'\n", '应写："required", "custom", "off" 之一'),
        ("[desk]\ntimezone = 'Mars'\n", "应写：时区名，如 Asia/Shanghai"),
        ("[intake]\nchecked_rows = -1\n", "应写：不小于 0 的数"),
        ("[intake]\nchecked_rows = 'many'\n", "应写：一个整数"),
        ("[clocks]\nanomaly_hours = 0\n", "应写：大于 0 的数"),
        ("[clocks]\nanomaly_hours = 'two'\n", "应写：一个数"),
        ("[twins]\nscore = 2\n", "应写：不大于 1 的数"),
        ("[words]\nvague = '待定'\n", '应写：方括号里的一列文字，如 ["甲", "乙"]'),
        ("[desk]\nname = 3\n", "应写：引号里的文字"),
        ("intake = 3\n", "应写：一张表，键写在 [表名] 下面"),
        ("[intakes]\nchecked_rows = 1\n", "最接近的是：intake"),
        ("[desk]\ntime_zone = 'x'\n", "最接近的是：desk.timezone"),
    ],
)
def test_what_a_setting_takes_is_said_in_the_desks_language(tmp_path: Path, settings: str, fix: str) -> None:
    assert refused_fix(tmp_path, settings) == fix


def test_a_setting_like_no_other_is_not_compared_with_one(tmp_path: Path) -> None:
    fix = refused_fix(tmp_path, "[zzzz]\nqqqq = 1\n")
    assert "—" not in fix
    assert "desk" in fix


def refused_fix(folder: Path, settings: str) -> str:
    path = folder / "orderflow.toml"
    path.write_text(settings, encoding="utf-8")
    with pytest.raises(OrderflowError) as refused:
        load(path)
    said = explain("zh-Hans", refused.value)
    assert "{" not in said["message"] + said["fix"]
    return said["fix"]


def test_where_there_is_no_order_none_is_called_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(OrderflowError) as refused:
        Office(tmp_path).show("202406-001")
    assert "—" not in explain("zh-Hans", refused.value)["fix"]


def test_an_unclear_column_is_named_with_its_place_and_the_lines_to_choose_from(tmp_path: Path) -> None:
    office = Office(tmp_path)
    path = office.file("orders.xlsx", [a_row(1, 客户名称=None) | {"客户": "甲", "买家": "乙"}], sheet="六月")
    with pytest.raises(OrderflowError, match="column-unclear") as refused:
        office.intake(path)
    said = explain("zh-Hans", refused.value)
    assert f"{path} 的表头 六月!L1 / 六月!M1" in said["message"]
    assert '[headers] 下加一行，写上对的那一个："客户" = "customer" / "买家" = "customer"' in said["fix"]
    settings = office.desk.path / "orderflow.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[headers]\n"客户" = "customer"\n', encoding="utf-8")
    taken = Office.again(tmp_path).intake(path)
    assert office.show(taken.numbers[0])["customer"] == "甲"
