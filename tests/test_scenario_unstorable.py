"""Characters that a database cannot hold, NUL and halves of characters, never stop a run: they are left out."""

from __future__ import annotations

import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from desks import Office, a_row
from orderflow_cli import Prompt

from orderflow.records.errors import OrderflowError

HOSTILE = {
    "NUL": "_x0000_",
    "half a character": "_xD83D_",
    "the other half": "_xDE00_",
}


@pytest.fixture
def office(tmp_path: Path, ledger_url: str) -> Office:
    return Office(tmp_path, ledger_url)


def with_text(path: Path, old: str, new: str) -> Path:
    """The workbook with another text inside its XML, where libraries that write workbooks would not put it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content.replace(old.encode(), new.encode()))
    return path


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("header", ["客户名称", "联系方式", "来源单号", "付款状态", "跟单人"])
def test_a_workbook_with_such_a_character_is_taken_in_without_it(office: Office, header: str, text: str) -> None:
    path = office.file("a.xlsx", [a_row(1) | {header: "甲乙丙MARK丁"}])
    taken = office.intake(with_text(path, "MARK", text))
    (number,) = taken.numbers
    order = office.show(number)
    assert order["number"] == number
    assert not any(char in str(order) for char in ("\x00", "\ud83d", "\ude00"))
    assert office.troubles() == {}
    assert len(office.find(words="甲乙丙")) in (0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="a command line is text on Windows")
def test_bytes_at_the_prompt_that_are_no_text_are_no_crash(office: Office) -> None:
    (number,) = office.take("a.xlsx", a_row(1, 付款状态="")).numbers
    prompt = Prompt(office.files, now="2024-06-10T10:00", environment={"ORDERFLOW_DESK": str(office.desk.path)})
    assert prompt.run("find", "\udcff").exit_code == 0
    assert prompt.run("show", "\udcff").exit_code == 3
    marked = prompt.json("mark", number, "contacted", "--note", "好\udcff的", "--as", "李\udcff")
    assert marked.exit_code == 0
    assert (office.log(number)[-1].change.note or office.log(number)[-2].change.note) == "好\ufffd的"
    strange = office.files / "a\udcff.csv"
    strange.write_text("客户名称,产品名称\n", encoding="utf-8")
    refused = prompt.json("intake", strange)
    assert (refused.exit_code, refused.json["error"]["code"]) == (3, "file-name-unreadable")
    assert office.troubles() == {}


def test_a_header_and_a_sheet_name_with_such_a_character_are_read(office: Office) -> None:
    path = office.file("a.xlsx", [a_row(1, 跟MARK单="小李")])
    assert office.intake(with_text(path, "MARK", "_xD83D_")).outcomes == ["new"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_csv_with_halves_of_characters_ends_in_orders_or_a_sentence(office: Office, encoding: str) -> None:
    path = office.files / "a.csv"
    said = "\n".join((",".join(a_row(1)), ",".join(f"{value}\ud83d" for value in a_row(1).values()))) + "\n"
    path.write_bytes(said.encode(encoding, "surrogatepass"))
    with suppress(OrderflowError):
        assert len(office.intake(path).outcomes) == 1
    assert office.troubles() == {}
