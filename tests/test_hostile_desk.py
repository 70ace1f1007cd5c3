"""What an office's bad day does to a desk: settings lost, disks full, words mistyped, names with stray spaces."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from desks import Office, a_row
from sqlalchemy import text

from orderflow.call import Call, conclude
from orderflow.flows.desk import desk_at
from orderflow.flows.queries import numbers_beginning
from orderflow.flows.setup import desk_for, open_or_create_desk
from orderflow.ledger.address import address_of
from orderflow.ledger.engine import make_engine
from orderflow.records.errors import OrderflowError
from orderflow.records.registration import Registration
from orderflow.settings import load
from orderflow.sheets.headers import layout

FULL = Path("/dev/full")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def call(desk: Path | None = None, **asked: Any) -> Call:
    given = {"actor": None, "lang": None, "json": False, "quiet": False, "verbose": False, "debug": False, **asked}
    return Call(desk=desk, **given)


def test_a_ledger_whose_settings_were_lost_survives_a_command_that_fails(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    folder = office.desk.path
    (folder / "orderflow.toml").unlink()
    (folder / "products.xlsx").write_bytes(b"the clerk's own")
    with pytest.raises(RuntimeError), desk_for(folder, None, None, keep=True):
        raise RuntimeError
    with desk_for(folder, None, None, keep=False):
        pass
    assert (folder / "products.xlsx").read_bytes() == b"the clerk's own"
    assert (folder / "evidence").is_dir()
    assert not (folder / "orderflow.toml").exists()
    open_or_create_desk(folder)
    assert [order["number"] for order in office.find()] == [number]


def test_a_desk_that_cannot_be_set_up_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OrderflowError, match="folder-unwritable"):
        open_or_create_desk(tmp_path / "desk")
    assert not (tmp_path / "desk").exists()


@pytest.mark.skipif(not FULL.exists(), reason="no such device here")
@pytest.mark.parametrize("json", [False, True])
def test_what_was_done_is_not_called_undone_where_the_answer_cannot_be_shown(
    json: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Said:
        exit_code = 0

        def as_json(self) -> dict[str, Any]:
            return {}

        def show(self, _: Call) -> None:
            print("接单完成")  # noqa: T201

    monkeypatch.setattr("orderflow.call._silence", lambda: None)
    full = FULL.open("w")
    monkeypatch.setattr("sys.stdout", full)
    assert conclude("intake", call(json=json, lang="en"), Said) == 1
    with pytest.raises(OSError, match="No space"):
        full.close()
    assert capsys.readouterr().err.startswith("It is done, but the answer could not be shown")


def test_a_refusal_speaks_the_desk_s_language(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def refuse() -> Any:
        raise OrderflowError("language-unknown", value="fr", known=["en"])

    assert conclude("find", call(office.desk.path), refuse) == 3
    assert capsys.readouterr().err.startswith("不认识的语言")
    assert conclude("find", call(office.desk.path, lang="en"), refuse) == 3
    assert capsys.readouterr().err.startswith("Unknown language")


def test_an_error_of_the_ledger_tells_nobody_s_contact(tmp_path: Path) -> None:
    engine = make_engine(address_of("sqlite:///ledger.db", tmp_path))
    with pytest.raises(Exception, match="no such table") as told, engine.connect() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:contact)"), {"contact": "13900001234"})
    engine.dispose()
    assert "13900001234" not in str(told.value)


def test_a_number_in_another_writing_is_brought_by_its_row_all_the_same(office: Office) -> None:
    written = (None, " 202406-001 ", "202406－002", "２０２４０６-003", "202406-0\u200b04")
    taken = office.take("a.xlsx", *(a_row(nth, 订单编号=number) for nth, number in enumerate(written, 1)))
    assert taken.numbers == ["202406-005", "202406-001", "202406-002", "202406-003", "202406-004"]
    assert office.troubles() == {}


def test_a_header_that_stands_twice_can_be_told_by_its_column(office: Office) -> None:
    headers = ["客户名称", "客户名称", "产品名称/型号"]
    assert layout(headers, Registration).unclear
    found = layout(headers, Registration, {"客户名称 (B)": "customer"})
    assert (found.unclear, found.column_of("customer"), found.extra) == ((), 1, {0: "客户名称 (A)"})


@pytest.mark.parametrize(
    ("headers", "contact"),
    [
        (["Billing Name", "Billing Phone", "Shipping Name", "Shipping Phone", "Phone", "Lineitem name"], 3),
        (["主订单编号", "选购商品", "商品数量", "收件人", "收件人手机号"], 4),
        (["商品", "订单号", "发货时间", "确认收货时间", "收货人", "手机"], 5),
    ],
    ids=["shopify", "douyin", "pinduoduo"],
)
def test_a_platform_s_export_raises_no_question(headers: list[str], contact: int) -> None:
    found = layout(headers, Registration)
    assert (found.unclear, found.column_of("contact")) == ((), contact)
    assert "delivery_date" not in found.unknown.values()


def test_a_pinned_header_names_a_column_that_there_is(tmp_path: Path) -> None:
    settings = tmp_path / "orderflow.toml"
    settings.write_text('[headers]\n"宝贝" = "prodct"\n"备用" = ""\n', encoding="utf-8")
    with pytest.raises(OrderflowError, match="config-unknown-column") as refused:
        load(settings)
    assert refused.value.params["nearest"] == "product"


def test_nothing_is_done_to_an_order_that_was_taken_back(office: Office) -> None:
    (gone,) = office.take("a.xlsx", a_row(1)).numbers
    office.undo()
    (live,) = office.take("b.xlsx", a_row(2)).numbers
    with pytest.raises(OrderflowError, match="order-undone"):
        office.mark(gone, "contacted")
    for pair in ((live, gone), (gone, live)):
        with pytest.raises(OrderflowError, match="order-undone"):
            office.merge(*pair)
    assert [order["number"] for order in office.find()] == [live]


def test_the_shell_completes_nothing_at_a_broken_desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    monkeypatch.chdir(office.desk.path)
    assert numbers_beginning(number[:5]) == [number]
    (office.desk.path / "ledger.db").write_bytes(b"garbage" * 1_000)
    assert numbers_beginning(number[:5]) == []


@pytest.mark.parametrize("name", ["", "  ", "\u3000"])
def test_a_name_of_nothing_is_nobody_s(name: str, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERFLOW_AS", " 李 四 ")
    assert desk_at(office.desk.path, name, None).actor == "李 四"


@pytest.mark.parametrize("again", ["小周 ", "小 周", "小周\u3000"])
def test_nobody_checks_their_own_order_by_a_stray_space(again: str, office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    with pytest.raises(OrderflowError, match="checker-is-enterer"):
        office.by(again).mark(number, "checked")
    row = a_row(2, 录入人="王五", 核对人=again.replace("小", "王").replace("周", "五"))
    assert office.take("b.xlsx", row).codes == ["checker-is-enterer"]


def test_an_order_named_twice_is_marked_once_in_whatever_width(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1, 付款状态="")).numbers
    marked = office.mark(number, number.replace("-", "－"), f" {number}", "contacted")
    assert [order["number"] for order in marked["orders"]] == [number]


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("23:59", "time-to-come"),
        ("2030-01-01T00:00", "time-to-come"),
        ("0001-01-01T00:00+14:00", "clock-unreadable"),
        ("昨天", "clock-unreadable"),
        ("", "clock-unreadable"),
    ],
)
def test_what_happened_has_a_time_that_can_be(at: str, code: str, office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1, 付款状态="")).numbers
    with pytest.raises(OrderflowError, match=code) as refused:
        office.mark(number, "contacted", at=at)
    assert refused.value.params["value"] == at


def test_a_pinned_clock_out_of_every_calendar_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "ORDERFLOW_NOW", "0001-01-01T00:00+14:00")
    with pytest.raises(OrderflowError, match="clock-unreadable"):
        desk_at(office.desk.path, None, None)
