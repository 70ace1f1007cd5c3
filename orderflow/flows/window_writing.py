"""The desk's workbooks written afresh after a run; those of a big desk side by side, as a machine has several cores."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context
from typing import NamedTuple

from orderflow.flows.collecting import without_collecting
from orderflow.flows.desk import Desk
from orderflow.flows.following import WINDOW
from orderflow.flows.refreshing import is_current, refresh
from orderflow.flows.workbook_taking import SyncOutcome
from orderflow.ledger import orders, pending
from orderflow.ledger.ledger import Ledger
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Place, Severity

BIG = 5_000
"""Live orders from which a workbook takes longer to write than a process to start."""


class Rewritten(NamedTuple):
    """A workbook of a kind: whether it says what the ledger says now, and what is to be said of it."""

    kind: str
    current: bool
    findings: Sequence[Finding] = ()


class Scribes:
    """The processes that write workbooks beside this one: none until they are called."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Scribes:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def call(self, workbooks: int) -> ProcessPoolExecutor:
        """Have them come, as many as so many workbooks want; they get ready by themselves."""
        if self._pool is None:
            processes = min(workbooks - 1, (os.cpu_count() or 2) - 1)
            self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _get_ready)
            for _ in range(processes):
                self._pool.submit(os.getpid)  # a process starts when there is something to do
        return self._pool


def are_worth_calling(workbooks: int) -> bool:
    """Whether this machine writes so many workbooks sooner in several processes."""
    return workbooks > 1 and os.cpu_count() != 1


def write_windows(desk: Desk, ledger: Ledger, kinds: Sequence[str], outcome: SyncOutcome, scribes: Scribes) -> None:
    """Write these workbooks of the desk afresh; one that is open or cannot be read is left as it is."""
    if desk.writes_later:
        return
    own = {book.kind: book for book in outcome.workbooks if book.own}
    meant = [kind for kind in kinds if kind not in own or own[kind].found not in ("open", "unreadable")]
    for kind, current, findings in _rewritten(desk, ledger, meant, outcome.run or 0, scribes):
        outcome.findings += findings
        if kind in own:
            own[kind].written = current
        if kind == WINDOW and (current or not any(finding.code == "copy-not-written" for finding in findings)):
            _no_longer_waited_for(desk, ledger)


def _rewritten(desk: Desk, ledger: Ledger, kinds: Sequence[str], run: int, scribes: Scribes) -> Iterator[Rewritten]:
    with ledger.read() as book:
        big = len(kinds) > 1 and not orders.live_are_at_most(book, BIG)
        stale = [kind for kind in kinds if not (big and is_current(desk, book, kind))]
    yield from (Rewritten(kind, True) for kind in kinds if kind not in stale)
    if big and are_worth_calling(len(stale)):
        yield from side_by_side(desk, ledger, stale, run, scribes)
    else:
        yield from (_one(desk, ledger, kind, run) for kind in stale)


def side_by_side(desk: Desk, ledger: Ledger, kinds: Sequence[str], run: int, scribes: Scribes) -> Iterator[Rewritten]:
    """Write workbooks in several processes, this one among them."""
    first, *others = kinds
    pool = scribes.call(len(kinds))
    asked = [(kind, _asked(pool, desk, kind, run)) for kind in others]
    yield _one(desk, ledger, first, run)
    begun = []
    for kind, written in reversed(asked):
        if written is None or written.cancel():  # nobody has come to it yet
            yield _one(desk, ledger, kind, run)
        else:
            begun.append((kind, written))
    for kind, written in begun:
        yield _got(written) or _one(desk, ledger, kind, run)


def _asked(pool: ProcessPoolExecutor, desk: Desk, kind: str, run: int) -> Future[Rewritten] | None:
    try:
        return pool.submit(_apart, desk, kind, run)
    except BrokenProcessPool:  # killed, for want of memory as a rule
        return None


def _got(written: Future[Rewritten]) -> Rewritten | None:
    try:
        return written.result()
    except BrokenProcessPool:
        return None


def _get_ready() -> None:
    """What a process does first: stopping is left to the one that called it, and what writes a workbook is loaded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_module("orderflow.sheets.writer")


def _apart(desk: Desk, kind: str, run: int) -> Rewritten:
    with without_collecting(), desk.ledger() as ledger:
        return _one(desk, ledger, kind, run)


def _one(desk: Desk, ledger: Ledger, kind: str, run: int) -> Rewritten:
    path = desk.path / f"{kind}.xlsx"
    try:
        return Rewritten(kind, *refresh(desk, ledger, kind))
    except OrderflowError as refusal:
        params = {**refusal.params, "path": path.name, "why": refusal.code, "run": run}
        said = Finding("copy-not-written", Severity.ERROR, None, None, params, Place(str(path)))
        return Rewritten(kind, False, [said])


def _no_longer_waited_for(desk: Desk, ledger: Ledger) -> None:
    with ledger.amend() as book:
        for work in pending.left(book):
            if work.kind == WINDOW:
                pending.done(book, work.id, desk.now)
