"""`archive`: a month's closed orders are sealed in a bag: planned, written beside, verified, renamed into place.

Killed anywhere and run again it comes to the same: what was half written is thrown away, and a bag that was put in its
place without the ledger knowing it is compared with the ledger, order by order, and recorded.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from orderflow.archive import bagit
from orderflow.flows.bag_contents import write_bag
from orderflow.flows.bag_plan import BagPlan, plan_bag
from orderflow.flows.bag_reading import HIDDEN, archive_of, read_bags
from orderflow.flows.desk import Desk
from orderflow.flows.following import follow, queue_window
from orderflow.flows.months import month_of
from orderflow.flows.turns import Turns
from orderflow.flows.verifying import Verified, against_ledger, verify_bag
from orderflow.ledger import bags, excerpt
from orderflow.ledger.bags import Standing
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.account import IntakeOutcome
from orderflow.records.bag import Bag
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.sheets.atomic import disk_trouble, settle

COMMAND = "archive"
ARCHIVING = ".~archiving"
_ATTEMPTS = 3  # orders may change while a bag of them is written


@dataclass(slots=True)
class Archived:
    """What a month came to: its bags, the orders sealed just now and the runs that did so, what stays open."""

    month: str
    bags: Sequence[Bag] = ()
    sealed: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    carried_over: Sequence[Standing] = ()


def archive(desk: Desk, typed: str = "last", *, dry_run: bool = False) -> list[Archived]:
    """Seals the ended orders of a month; where that is `last`, of every earlier one too that still has some.

    The month asked for comes last. Raises WrongUsage `month-not-over`, OrderflowError `bag-differs` (bag, what).
    """
    month = month_of(desk, typed)
    if month >= f"{desk.now:%Y%m}":
        raise WrongUsage("month-not-over", value=typed)
    with desk.ledger() as ledger, at_the_archive(desk) as turns:
        earlier: list[str] = []
        if typed == "last":
            with ledger.read() as book:
                earlier = [one for one in bags.months_to_seal(book, month) if one != month]
        found = [_seal_month(desk, ledger, one, dry_run) for one in (*earlier, month)]
        follow(desk, ledger, turns, IntakeOutcome())
        return found


@contextmanager
def at_the_archive(desk: Desk) -> Iterator[Turns]:
    """Nobody else works at the desk's archive meanwhile; what a killed command left half done there is gone."""
    folder = archive_of(desk)
    folder.mkdir(exist_ok=True)
    with Turns(desk.path, ARCHIVING) as turn, Turns(desk.path) as turns:
        turn.wait_for(0)
        for left in folder.glob(f"{HIDDEN}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield turns


@contextmanager
def workplace(desk: Desk) -> Iterator[Path]:
    """A hidden folder in the archive, on the same disk as the bags; gone afterwards, whatever happens."""
    folder = archive_of(desk) / f"{HIDDEN}{secrets.token_hex(4)}"
    try:
        with disk_trouble(folder):
            folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _seal_month(desk: Desk, ledger: Ledger, month: str, dry_run: bool) -> Archived:
    found = Archived(month)
    for _ in range(_ATTEMPTS):
        with workplace(desk) as folder:
            plan = plan_bag(desk, ledger, month, folder / "excerpt.db")
            found.bags, found.carried_over = plan.earlier, plan.carried_over
            target = archive_of(desk) / plan.name
            if dry_run:
                found.sealed = list(plan.numbers)
            if dry_run or not plan.numbers:
                return found
            if target.exists():
                found.runs.append(_adopt(desk, ledger, plan, target))
            elif (run := _seal(desk, ledger, plan, folder)) is not None:
                found.runs.append(run)
                found.sealed = list(plan.numbers)
    with ledger.read() as book:
        found.bags = bags.known(book, month)
    return found


def _seal(desk: Desk, ledger: Ledger, plan: BagPlan, folder: Path) -> int | None:
    """Writes the bag, proves it, puts it in its place and records it; `None` where its orders changed meanwhile."""
    written = folder / plan.name
    digest = write_bag(desk, ledger, plan, folder / "excerpt.db", written)
    bag = Bag(plan.name, plan.month, digest, len(plan.numbers), desk.now, desk.now)
    proof = verify_bag(desk, ledger, written, bag)
    if proof.problem is not None:
        raise OrderflowError("bag-not-sound", bag=plan.name, what=_said(desk, proof.problem.code, proof.problem.what))
    target = archive_of(desk) / plan.name
    with desk.begin(ledger, COMMAND, {"month": plan.month}) as run:
        if bags.touched_since(run, plan.seq, plan.numbers):
            run.discard()
            return None
        with disk_trouble(target):
            written.rename(target)
            settle(target.parent)
        _record(desk, run, plan, target, digest)
        return run.id


def _record(desk: Desk, run: Run, plan: BagPlan, target: Path, digest: str) -> None:
    info = bagit.info_of(target)
    bag = Bag(
        name=plan.name,
        month=plan.month,
        digest=digest,
        orders=len(plan.numbers),
        last_closing=datetime.fromisoformat(info["Orderflow-Last-Closing"]),
        sealed_at=datetime.fromisoformat(info["Orderflow-Sealed-At"]),
        predecessor=plan.earlier[-1].digest if plan.earlier else None,
    )
    bags.record(run, bag, plan.numbers)
    run.summary = {"bag": bag.name, "digest": digest, "orders": bag.orders}
    queue_window(desk, run)


def _said(desk: Desk, wrong: str, what: str) -> str:
    return desk.say(f"archive.wrong.{wrong}", what=what)


def _adopt(desk: Desk, ledger: Ledger, plan: BagPlan, target: Path) -> int:
    """Records a bag that lies in its place already, as a killed command left it: if it says what the ledger says."""
    proof = Verified(plan.name, target)
    with workplace(desk) as folder:
        sealed = folder / "sealed.db"
        with excerpt.excerpt_at(sealed, new=True) as book:
            read_bags([target], book)
            numbers = bags.numbers_of(book)
        for what, name in bagit.wrong(target):
            raise OrderflowError("bag-differs", bag=plan.name, what=_said(desk, what, name))
        for problem in against_ledger(ledger, sealed, folder, proof):
            raise OrderflowError("bag-differs", bag=plan.name, what=problem.what)
    if not set(numbers) <= set(plan.numbers) or not numbers:
        raise OrderflowError("bag-differs", bag=plan.name, what=" ".join(sorted(set(numbers) - set(plan.numbers))[:1]))
    with desk.begin(ledger, COMMAND, {"month": plan.month}) as run:
        _record(desk, run, replace(plan, numbers=numbers), target, bagit.digest_of(target))
        return run.id
