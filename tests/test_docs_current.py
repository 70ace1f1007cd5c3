"""What is generated from the code is current, and tells every command and option there is."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from orderflow_cli import Prompt

from orderflow.answers.schemas import ANSWERS
from orderflow.cli import app
from orderflow.records.catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent


def every_command(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Each command by the words it is called with."""
    for name, command in group.commands.items():
        if getattr(command, "invoke_without_command", False):
            yield f"{above}{name}", command
        if hasattr(command, "commands"):
            yield from every_command(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS: dict[str, Any] = dict(every_command(typer.main.get_command(app)))
FINDINGS = ROOT / "tests" / "findings"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """docs/make.py, which is a script and belongs to no package."""
    found = importlib.util.spec_from_file_location("docs_make", ROOT / "docs" / "make.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def commands_page() -> dict[str, str]:
    """docs/commands.md by its sections."""
    said = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    opening, *sections = said.split("\n## orderflow ")
    return {"": opening} | {section.partition("\n")[0]: section for section in sections}


def test_every_page_schema_and_template_is_current(maker: ModuleType) -> None:
    stale = sorted(maker.stale_files())
    assert not stale, "run python docs/make.py"


def test_nothing_generated_is_left_over_from_what_is_gone(maker: ModuleType) -> None:
    made = {ROOT / path for path in maker.everything()}
    there = {*(ROOT / "docs" / "schemas").glob("*"), *(ROOT / "templates").glob("*/*.xlsx")}
    assert there <= made


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_with_all_its_options(name: str, commands_page: dict[str, str]) -> None:
    told = commands_page[name] + commands_page[""]
    for parameter in COMMANDS[name].params:
        if parameter.name != "help":
            shown = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]
            assert all(f"`{word}" in told or f", {word}`" in told for word in shown)
    assert "orderflow " in commands_page[name].partition("Example")[2]


def test_no_command_is_told_that_does_not_exist(commands_page: dict[str, str]) -> None:
    assert commands_page.keys() - {""} == COMMANDS.keys() == ANSWERS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_at_most_six_options_of_its_own(name: str) -> None:
    common = set.intersection(*({parameter.name for parameter in command.params} for command in COMMANDS.values()))
    own = [p for p in COMMANDS[name].params if p.param_type_name == "option" and p.name not in common]
    assert len(own) <= 6


def test_every_code_is_told_with_what_to_do() -> None:
    said = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert all(f"| `{code}` |" in said for code in CATALOGUE)


def test_what_the_installed_command_prints_has_the_keys_of_its_schema(tmp_path: Path) -> None:
    """`schema` and `command` stand beside what each schema lists."""
    prompt = Prompt(tmp_path)
    file = tmp_path / "orders.csv"
    file.write_bytes((FINDINGS / "missing-delivery-date.csv").read_bytes())
    said = prompt.json("intake", file)
    schema = json.loads((ROOT / "docs" / "schemas" / "intake.json").read_text(encoding="utf-8"))
    assert said.json.keys() == schema["properties"].keys() | {"schema", "command"}
    assert (said.exit_code, said.err) == (1, "")
    assert [order["number"] for order in said.json["orders"]] == ["202405-001"]
    assert prompt.desk.is_dir()
