"""Whatever stops an archive run, the next one comes to the very same bag; and nothing else disturbs it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from archives import AFTER, MONTH, OPEN, again, files_of, sealed, verified, worked, wrong
from desks import Office
from dying import Dying
from orderflow_cli import PROGRAM, Prompt, Running
from test_scenario_interrupted import posix

from orderflow.flows.copying import copy_bags
from orderflow.records.errors import OrderflowError

TRACED = (("fsync", 40), ("rename", 6), ("fdatasync", 2))
"""At which system calls of its kind a traced run is killed: writing the bag, putting it in its place, recording it."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose month is over."""
    folder = tmp_path_factory.mktemp("month") / "office"
    worked(folder)
    return folder


@pytest.fixture(scope="session")
def undisturbed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The archive of that office after a run that nothing disturbed."""
    office = again(tmp_path_factory.mktemp("undisturbed") / "office", template)
    sealed(office)
    return files_of(office.desk.path / "archive")


@pytest.fixture
def office(tmp_path: Path, template: Path) -> Office:
    return again(tmp_path / "office", template)


def prompt(office: Office) -> Prompt:
    """Where cron seals the month."""
    return Prompt(office.desk.path.parent, now=AFTER, actor="cron")


def started(office: Office, dies: Dying | None = None) -> Running:
    """`orderflow archive` in a process of its own."""
    return prompt(office).start("archive", "--month", MONTH, "--json", dies=dies)


def at_a_file(office: Office, nth: int) -> None:
    """The command, dying when it touches the desk's files for the `nth` time."""
    started(office, Dying(nth, str(office.desk.path))).end()


def at_a_system_call(office: Office, nth: int) -> None:
    """The command, killed as it makes one of these system calls."""
    call, when = TRACED[nth]
    inject = f"inject={call}:signal=KILL:when={when}"
    tracing = ("strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    environment = os.environ | {"ORDERFLOW_NOW": AFTER, "ORDERFLOW_DESK": str(office.desk.path), "ORDERFLOW_AS": "cron"}
    subprocess.run([*tracing, PROGRAM, "archive", "--month", MONTH], env=environment, capture_output=True, check=False)


Killer = Callable[[Office, int], None]
KILLERS: list[tuple[Killer, Sequence[int]]] = [(at_a_file, (2, 50, 95))]
if shutil.which("strace"):
    KILLERS.append((at_a_system_call, range(len(TRACED))))


@posix
@pytest.mark.parametrize(("killer", "moments"), KILLERS)
def test_killed_anywhere_and_run_again_it_comes_to_the_same_bag(
    office: Office,
    undisturbed: dict[str, bytes],
    killer: Killer,
    moments: Sequence[int],
) -> None:
    for nth in moments:
        killer(office, nth)
        assert wrong(office) == []
        assert all(office.show(number)["state"] in ("closed", "archived") for number in ("202406-002", "202406-004"))
    sealed(office)
    assert files_of(office.desk.path / "archive") == undisturbed
    assert [bag["ok"] for bag in verified(office)] == [True]
    assert office.troubles() == {}


@posix
def test_a_full_disk_changes_nothing_and_leaves_nothing(office: Office, undisturbed: dict[str, bytes]) -> None:
    for most in (4_000, 40_000, 150_000):
        said = started(office, Dying(largest=most)).end()
        assert said.exit_code == 3, (most, said)
        assert said.json["error"]["code"] in ("disk-full", "cannot-write")
        assert files_of(office.desk.path / "archive") == {}
    sealed(office)
    assert files_of(office.desk.path / "archive") == undisturbed


@posix
def test_a_copy_onto_a_full_disk_or_into_no_folder_leaves_nothing(office: Office, tmp_path: Path) -> None:
    sealed(office)
    other, file = tmp_path / "other", tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(OrderflowError, match="cannot-write"):
        copy_bags(office.desk, file / "below")
    most = max(map(len, files_of(office.desk.path / "archive").values())) - 1
    said = prompt(office).start("archive", "copy", other, "--json", dies=Dying(largest=most)).end()
    assert (said.exit_code, files_of(other)) == (3, {}), said


def test_two_runs_at_once_seal_once(office: Office, undisturbed: dict[str, bytes]) -> None:
    both = [started(office) for _ in range(2)]
    for said in [running.end() for running in both]:
        assert (said.exit_code, said.err) == (0, "")
    assert files_of(office.desk.path / "archive") == undisturbed
    assert [entry.change.kind for entry in office.log()].count("sealed") == 1


def test_a_clock_set_back_disturbs_neither_order_nor_names(office: Office) -> None:
    first = sealed(office)
    office.mark(OPEN, "cancelled")
    back = office.at("2024-07-01T00:30")
    said = sealed(back, "last")
    assert [bag["predecessor"] for bag in said["bags"]] == [None, first["digest"]]
    assert [bag["ok"] for bag in verified(back)] == [True, True]
    assert sealed(office.at("2020-01-01T00:00"), "last")["orders"] == 0
    assert sealed(office)["runs"] == []
