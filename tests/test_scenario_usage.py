"""A command typed wrongly ends with 2 and says what is wrong, in the desk's language, on standard error only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desks import Office, a_row
from orderflow_cli import Prompt

from orderflow.records.errors import OrderflowError, WrongUsage

ENGLISH = re.compile(r"No such|Missing|Invalid|Got|requires|Usage|Try|Input")


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> Prompt:
    prompt = Prompt(tmp_path_factory.mktemp("office"))
    prompt.run("init")
    (prompt.folder / "a.csv").write_text("客户名称,产品名称\n", encoding="utf-8")
    return prompt


WRONG = {
    "an unknown option": (("find", "--bogus"), "没有这个选项：--bogus"),
    "an option almost right": (("find", "--stat", "flagged"), "--state"),
    "an unknown command": (("fnd",), "没有这个命令：fnd"),
    "too many words": (("show", "202405-001", "202405-002"), "多写了：202405-002"),
    "too few words": (("merge", "202405-001"), "缺少 INTO"),
    "an option without its value": (("find", "--limit"), "--limit 后面要写一个值"),
    "a flag with a value": (("find", "--json=yes"), "--json 后面不写值"),
    "no number": (("find", "--limit", "many"), "--limit 的值不对，应写：1 到"),
    "a number too small": (("find", "--limit", "0"), "--limit 的值不对，应写：1 到"),
    "an unknown mark": (("mark", "202405-001", "done"), "done"),
    "a mark without orders": (("mark", "contacted"), "202405-001"),
    "a file for another mark": (("mark", "202405-001", "asked", "--file", "a.csv"), "--file"),
    "an unknown state": (("find", "--state", "open"), "open"),
    "an unknown month": (("find", "--month", "2024-13"), "2024-13"),
    "a copy of an unknown kind": (("intake", "a.csv", "--checked", "some"), "some"),
    "an unknown language": (("find", "--lang", "fr"), "fr"),
    "no time": (("mark", "202405-001", "contacted", "--at", "soon"), "soon"),
    "a day without a time": (("mark", "202405-001", "contacted", "--at", "2024-05-10"), "2024-05-10T09:20"),
}


@pytest.mark.parametrize(("words", "named"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_and_nothing_is_printed_on_standard_output(
    words: tuple[str, ...], named: str, prompt: Prompt
) -> None:
    said = prompt.run(*words)
    assert (said.exit_code, said.out) == (2, "")
    assert named in said.err
    assert not ENGLISH.search(said.err)


def test_a_mistake_is_said_on_standard_error_also_for_json(prompt: Prompt) -> None:
    said = prompt.run("find", "--state", "open", "--json")
    assert (said.exit_code, said.out) == (2, "")
    assert said.err


def test_help_has_no_english_beside_its_options(prompt: Prompt) -> None:
    said = prompt.run("log", "--help").out + prompt.run("show", "--help").out
    assert all(word in said for word in ("[默认：200]", "[必填]", "用法：orderflow log [选项]"))
    assert not any(word in said for word in ("default", "required", "Usage", "OPTIONS"))


def test_english_is_spoken_where_it_is_asked_for(prompt: Prompt) -> None:
    said = prompt.run("find", "--bogus", "--lang", "en")
    assert (said.exit_code, said.err.splitlines()[0]) == (2, "There is no option --bogus (nearest: --verbose)")


def test_a_time_before_the_order_was_received_is_refused_with_a_sentence(tmp_path: Path) -> None:
    office = Office(tmp_path)
    (number,) = office.take("a.xlsx", a_row(1, 付款状态="")).numbers
    with pytest.raises(OrderflowError, match="time-before-receipt") as refused:
        office.mark(number, "contacted", at="08:29")
    assert not isinstance(refused.value, WrongUsage)
    assert refused.value.params["received"] == "2024-06-10T08:30"
    assert [entry.command for entry in office.log(number)] == ["intake", "intake"]
    office.mark(number, "contacted", at="08:30")
