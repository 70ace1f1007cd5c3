"""Kills `archive` at every system call that changes a file, and fills the disk under it: neither may matter.

    python tests/sweep_archive.py [--calls pwrite64 fsync …] [--disk] [--jobs 2]

Too long for the suite, which samples (`test_archive_killed.py`). Needs Linux and strace; `--disk` needs root, for a
disk of its own. After each kill the archive holds nothing or a sound bag, and a second run comes to the same bag as an
undisturbed one. Only the run's own calls are counted: each is forked from a process that has imported everything.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

from archives import AFTER, MONTH, again, files_of, sealed, verified, worked, wrong
from desks import Office

CALLS = (
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "unlink",
    "unlinkat",
    "mkdir",
    "rmdir",
    "link",
)
CREATING = "openat"
"""Told apart by a trace of an undisturbed run: only those calls count that make a file."""
STEP, PAGE = 16 << 10, 4 << 10  # bytes by which the disk grows, and that a file takes at least
Where = tuple[Path, str, int]
"""The folder of the sweep, the system call, and at which of them the run dies."""


def main() -> None:
    """Sweep, print what was found, and end with 1 where anything was."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--calls", nargs="+", default=[*CALLS, CREATING])
    asked.add_argument("--disk", action="store_true")
    asked.add_argument("--jobs", type=int, default=2)
    options = asked.parse_args()
    import_everything()
    with tempfile.TemporaryDirectory(prefix="orderflow-sweep-") as name:
        folder = Path(name)
        if in_child(lambda: prepare(folder)):
            sys.exit("the undisturbed run failed")
        with Pool(options.jobs) as pool:
            bad = sum(swept(pool.imap, folder, call) for call in options.calls) if not options.disk else 0
        bad += filled(folder) if options.disk else 0
    sys.exit(1 if bad else 0)


def import_everything() -> None:
    """What a run imports is not part of the run."""
    from importlib import import_module
    from pkgutil import walk_packages

    import duckdb  # noqa: F401

    import orderflow

    for module in walk_packages(orderflow.__path__, "orderflow."):
        if not module.name.startswith(("orderflow.__main__", "orderflow.ledger.migrations")):
            import_module(module.name)


def in_child(act: Callable[[], object]) -> int:
    """How a forked process ended that did this: 0, 1 after a traceback, or minus the signal that killed it."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            act()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def prepare(folder: Path) -> None:
    """An office whose month is over, what an undisturbed run makes of it, and what such a run calls."""
    worked(folder / "template")
    office = again(folder / "undisturbed", folder / "template")
    sealed(office)
    again(folder / "traced", folder / "template")
    traced(folder / "traced", "-o", str(folder / "trace"), "-e", "trace=openat")


def run_archive(office: Path) -> None:
    """The command, in this process, telling nobody anything."""
    from orderflow.cli import main as command

    os.environ |= {"ORDERFLOW_NOW": AFTER, "ORDERFLOW_DESK": str(office / "desk"), "ORDERFLOW_AS": "cron"}
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.argv = ["orderflow", "archive", "--month", MONTH, "--json"]
    command()


def traced(office: Path, *words: str) -> int:
    """How the command ended under strace, which joins it before it begins."""
    pid = os.fork()
    if not pid:
        os.kill(os.getpid(), signal.SIGSTOP)
        with contextlib.suppress(SystemExit):
            run_archive(office)
        os._exit(0)
    os.waitpid(pid, os.WUNTRACED)
    with subprocess.Popen(["strace", "-f", *words, "-p", str(pid)], stderr=subprocess.PIPE) as strace:
        assert strace.stderr is not None
        while b"attached" not in strace.stderr.readline():
            assert strace.poll() is None, "strace cannot join"
        os.kill(pid, signal.SIGCONT)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        strace.communicate()
    return ended


def moments(folder: Path, call: str) -> Iterator[int]:
    """At which calls of a kind to kill: every one until no run comes so far; of `openat`, those that make a file."""
    if call != CREATING:
        yield from range(1, 1_000_000)
    lines = [line for line in (folder / "trace").read_text("utf-8", "replace").splitlines() if CREATING in line]
    first = re.match(r"\d+", lines[0])
    own = [line for line in lines if first is not None and line.startswith(first[0])]
    yield from (nth for nth, line in enumerate(own, 1) if "O_CREAT" in line)


def swept(imap: Callable[..., Iterator[str | None]], folder: Path, call: str) -> int:
    """Kill at every call of a kind; how often it did matter."""
    found: list[str | None] = []
    for batch in batched(moments(folder, call), 8):
        found += imap(survived, [(folder, call, nth) for nth in batch])
        if None in found:
            break
    killed, bad = [one for one in found if one is not None], sum(map(bool, found))
    print(f"{call}: killed {len(killed)} times, it mattered {bad} times", flush=True)
    return bad


def batched(several: Iterator[int], count: int) -> Iterator[list[int]]:
    """So many at a time."""
    return iter(lambda: list(islice(several, count)), [])


def survived(where: Where) -> str | None:
    """What is wrong after a kill: nothing is "", and `None` where the run came to its end before."""
    folder, call, nth = where
    office = folder / f"{call}-{nth}"
    again(office, folder / "template")
    try:
        ended = traced(office, "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={nth}")
        if ended == 0:
            return None
        assert ended == -signal.SIGKILL, ended
        failed = in_child(lambda: check(office, folder / "undisturbed"))
        if failed:
            print(f"{call} {nth}: see above", flush=True)
        return "failed" if failed else ""
    finally:
        shutil.rmtree(office)


def check(folder: Path, undisturbed: Path) -> None:
    """Nothing is half done, and a second run comes to the same."""
    office = Office.again(folder).at(AFTER)
    assert wrong(office) == []
    assert {office.show(number)["state"] for number in ("202406-002", "202406-004")} <= {"closed", "archived"}
    sealed(office)
    assert files_of(folder / "desk" / "archive") == files_of(undisturbed / "desk" / "archive")
    assert [bag["ok"] for bag in verified(office)] == [True]
    assert office.troubles() == {}


def filled(folder: Path) -> int:
    """Run on ever larger disks until one holds it all; how often a full one left something behind, or hid itself."""
    whole = sum(-(-len(held) // PAGE) * PAGE for held in files_of(folder / "template").values())
    size, bad, ended, runs = whole + 40 * PAGE, 0, 3, 0
    while ended != 0:
        size, runs = size + STEP, runs + 1
        disk = folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], check=True)
        try:
            shutil.copytree(folder / "template", disk / "office")
            (disk / "tmp").mkdir()
            ended = in_child(partial(run_on, disk))
            left = files_of(disk / "office" / "desk" / "archive")
            if ended not in (0, 3) or (ended == 3 and left):
                bad += 1
                print(f"disk of {size} bytes: ended with {ended}, left {sorted(left)}", flush=True)
        finally:
            subprocess.run(["umount", disk], check=True)
            disk.rmdir()
    print(f"disk: full {runs - 1} times, it mattered {bad} times", flush=True)
    return bad


def run_on(disk: Path) -> None:
    """The command, with its scratch files on the same disk."""
    tempfile.tempdir = str(disk / "tmp")
    run_archive(disk / "office")


if __name__ == "__main__":
    main()
