"""Whole processes, timed from outside: wall seconds and the peak memory of the process and its children."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

_AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Cost(NamedTuple):
    """What one run cost: seconds of wall time, MiB of resident memory at the peak, all its processes together.

    `cpu` is the processor's seconds of all of them: on a busy machine the figure to compare by (0 on Windows).
    """

    seconds: float
    mib: float
    cpu: float


def cost_of(command: Sequence[str | Path], *, allowed: Sequence[int] = (0,), env: dict[str, str] | None = None) -> Cost:
    """Run a command and measure it; raises RuntimeError with what it said where it failed.

    Its modules are compiled beforehand, as `pip install` leaves them, whatever this shell's Python is told.
    """
    before, started = os.times(), time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**_AS_INSTALLED, **(env or {})}
    ) as process:
        peaks: list[float] = [0.0]
        watch = threading.Thread(target=_watch, args=(process.pid, peaks), daemon=True)
        watch.start()
        said = process.communicate()[0]
        seconds, after = time.perf_counter() - started, os.times()
    if process.returncode not in allowed:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said.decode(errors='replace')[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(seconds, max(peaks), cpu)


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*map(median, zip(*costs, strict=True)))


def _watch(pid: int, peaks: list[float]) -> None:
    """Sample the resident memory of a process and its children, every 20 ms."""
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            family = [process, *process.children(recursive=True)]
            peaks.append(sum(_resident(member) for member in family) / 2**20)
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        pass


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0.0


PYTHON = sys.executable
ORDERFLOW = Path(sys.executable).with_name("orderflow")
