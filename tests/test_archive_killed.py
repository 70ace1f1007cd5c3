"""Whatever stops an archive run, the next one comes to the very same bag; and nothing else disturbs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from archives import AFTER, MONTH, OPEN, again, files_of, sealed, verified, worked, wrong
from desks import Office
from orderflow_cli import PROGRAM
from test_scenario_interrupted import KILLED, posix

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


def started(office: Office, *program: Any, before: Callable[[], Any] | None = None) -> subprocess.Popen[bytes]:
    """`orderflow archive` in a process of its own."""
    environment = os.environ | {"ORDERFLOW_NOW": AFTER, "ORDERFLOW_DESK": str(office.desk.path), "ORDERFLOW_AS": "cron"}
    return subprocess.Popen(
        [*(program or (PROGRAM,)), "archive", "--month", MONTH, "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=before,
    )


def at_a_file(office: Office, nth: int) -> Sequence[str]:
    """The command, dying when it touches the desk's files for the `nth` time."""
    return (sys.executable, "-c", KILLED, str(nth), str(office.desk.path))


def at_a_system_call(office: Office, nth: int) -> Sequence[str]:
    """The command, killed as it makes one of these system calls."""
    call, when = TRACED[nth]
    inject = f"inject={call}:signal=KILL:when={when}"
    return ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject, str(PROGRAM))


Killer = Callable[[Office, int], Sequence[str]]
KILLERS: list[tuple[Killer, Sequence[int]]] = [(at_a_file, (2, 50, 95))]
if shutil.which("strace"):
    KILLERS.append((at_a_system_call, range(len(TRACED))))


@posix
@pytest.mark.parametrize(("killer", "moments"), KILLERS)
def test_killed_anywhere_and_run_again_it_comes_to_the_same_bag(
    office: Office,
    undisturbed: dict[str, bytes],
    killer: Callable[[Office, int], Sequence[str]],
    moments: Sequence[int],
) -> None:
    for nth in moments:
        process = started(office, *killer(office, nth))
        process.communicate()
        assert wrong(office) == []
        assert all(office.show(number)["state"] in ("closed", "archived") for number in ("202406-002", "202406-004"))
    sealed(office)
    assert files_of(office.desk.path / "archive") == undisturbed
    assert [bag["ok"] for bag in verified(office)] == [True]
    assert office.troubles() == {}


def limit_files(most: int) -> None:
    """No file may grow beyond `most` bytes: what a full disk says, the system says too."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@posix
def test_a_full_disk_changes_nothing_and_leaves_nothing(office: Office, undisturbed: dict[str, bytes]) -> None:
    for most in (4_000, 40_000, 150_000):
        process = started(office, before=partial(limit_files, most))
        out, err = process.communicate()
        assert process.returncode == 3, (most, out, err)
        assert b'"disk-full"' in out or b'"cannot-write"' in out, (most, out)
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
    process = subprocess.run(
        [PROGRAM, "archive", "copy", other, "--json"],
        env=os.environ | {"ORDERFLOW_NOW": AFTER, "ORDERFLOW_DESK": str(office.desk.path)},
        capture_output=True,
        preexec_fn=partial(limit_files, 4_000),
        check=False,
    )
    assert (process.returncode, files_of(other)) == (3, {}), process.stdout


def test_two_runs_at_once_seal_once(office: Office, undisturbed: dict[str, bytes]) -> None:
    both = [started(office) for _ in range(2)]
    for process in both:
        _, err = process.communicate()
        assert (process.returncode, err) == (0, b"")
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
