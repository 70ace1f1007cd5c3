"""The installed command from end to end: what it prints, where, in which language, and how it ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desks import EXAMPLES, Office, a_row, examples_in
from orderflow_cli import Prompt

EVENING = "2024-06-10T18:00"


def test_the_first_command_takes_the_examples_in_and_closes(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path, now=EVENING, installed=True)
    examples_in(tmp_path)
    said = prompt.run("intake", "examples")
    prompt = Prompt(tmp_path, now=EVENING)
    assert (said.exit_code, said.err) == (1, "")
    assert "读入 15 = 新增 2 + 异常 11 + 重复 1 + 拒收 1" in said.out
    assert "Traceback" not in said.out
    assert max(sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in said.out.splitlines()) <= 80
    found = prompt.json("find", "--state", "flagged").json
    assert "202405-001" in [order["number"] for order in found["orders"]]
    shown = prompt.json("show", "202405-001")
    assert (shown.exit_code, shown.json["order"]["reasons"]) == (0, ["custom-without-parameter"])
    told = prompt.run("log", "202405-001")
    assert "registration.xlsx 订单信息登记表!2" in told.out
    again = prompt.json("intake", "examples")
    assert (again.exit_code, again.json["files"], again.err) == (0, [], "")
    doctor = prompt.json("doctor")
    assert (doctor.exit_code, {check["ok"] for check in doctor.json["checks"]}) == (0, {True})


@pytest.mark.parametrize("lang", ["en", "zh-Hant"])
def test_every_command_speaks_the_language_asked_for(tmp_path: Path, lang: str) -> None:
    prompt = Prompt(tmp_path, now=EVENING)
    day = tmp_path / "day.xlsx"
    day.write_bytes((EXAMPLES / "messy-day.xlsx").read_bytes())
    said = [
        prompt.run("intake", day, "--verbose", "--lang", lang),
        *(
            prompt.run(*words, "--lang", lang)
            for words in (
                ("show", "202406-003"),
                ("log", "202406-003"),
                ("mark", "202406-013", "distinct"),
                ("show", "202406-999"),
            )
        ),
    ]
    assert [one.exit_code for one in said] == [1, 0, 0, 0, 3]
    text = "".join(one.out + one.err for one in said)
    assert not re.search(r"\b(?:findings|messages|errors|cli|settings)\.[a-z-]+(?:\.[a-z_-]+)?\b(?!toml)", text)
    assert not re.search(r"[{][a-z_]+[}]", text)
    word = {"en": "flagged", "zh-Hant": "異常"}[lang]
    assert word in text.lower()


def test_json_stands_alone_on_standard_output(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    path = Office(tmp_path / "clerk").file("a.xlsx", [a_row(1)])
    for words, code in (
        (("intake", path), 0),
        (("log",), 0),
        (("show", "202406-001"), 0),
        (("mark", "202406-001", "contacted"), 0),
        (("undo",), 0),
        (("show", "nothing"), 3),
        (("intake", tmp_path / "gone.xlsx"), 3),
    ):
        said = prompt.json(*words)
        assert (said.exit_code, said.err) == (code, "")
        assert ("error" in said.json) == (code == 3)
        if code == 3:
            assert set(said.json["error"]) == {"code", "message", "fix"}


def test_a_whole_run_is_marked_at_once_and_the_first_of_its_orders_are_listed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.take("many.csv", *(a_row(nth) for nth in range(1, 24)))
    said = Prompt(tmp_path, now=EVENING).run("mark", "--run", "1", "contacted")
    assert (said.exit_code, said.out.count("202406-"), "另有 3 处" in said.out) == (0, 20, True)
    kinds = [entry.change.kind for entry in office.log() if entry.change.number == "202406-023"]
    assert sorted(kinds) == ["contacted", "owner", "registered"]


def test_errors_go_to_standard_error_and_usage_is_two(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    gone = prompt.run("intake", "gone.xlsx")
    assert (gone.exit_code, gone.out) == (3, "")
    assert "gone.xlsx" in gone.err
    assert "Traceback" not in gone.err
    wrong = prompt.run("intake", "--no-such-option")
    assert (wrong.exit_code, wrong.out) == (2, "")
    assert prompt.run("show", "202406-001").exit_code == 3
    assert not prompt.desk.exists()


def test_a_wrong_setting_ends_with_three_and_the_nearest_name(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    prompt.desk.mkdir()
    (prompt.desk / "orderflow.toml").write_text("[desk]\ntime_zone = 'x'\n", encoding="utf-8")
    said = prompt.json("find")
    assert (said.exit_code, said.json["error"]["code"]) == (3, "config-unknown-key")
    assert "desk.timezone" in said.json["error"]["message"] + said.json["error"]["fix"]


def test_a_console_that_knows_only_gbk_shows_what_it_can(tmp_path: Path) -> None:
    import subprocess

    from orderflow_cli import PROGRAM

    path = Office(tmp_path / "clerk").file("a.xlsx", [a_row(1, 客户名称="😀南湖医院", 付款状态="看情况")])
    prompt = Prompt(tmp_path, environment={"PYTHONIOENCODING": "gbk", "ORDERFLOW_DESK": str(tmp_path / "desk")})
    done = subprocess.run([PROGRAM, "intake", path], env=prompt._environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert "读入 1 = 异常 1" in done.stdout.decode("gbk")
    piped = Prompt(tmp_path).run("find")
    assert "😀南湖医院" in piped.out
