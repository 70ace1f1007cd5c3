"""`archive copy`: the bags on another disk or share, each verified before and after; nothing there is overwritten."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from orderflow.archive import bagit
from orderflow.flows.bag_reading import HIDDEN, archive_of, bags_in
from orderflow.flows.desk import Desk
from orderflow.records.errors import OrderflowError
from orderflow.sheets.atomic import disk_trouble, settle


@dataclass(frozen=True, slots=True)
class Copied:
    """One bag at its other place; `new` where it was not there before."""

    name: str
    path: Path
    digest: str
    new: bool


def copy_bags(desk: Desk, target: Path) -> list[Copied]:
    """Copies every bag that is not at `target` yet. Twice is the same as once.

    All of it is looked at before anything is written. Raises OrderflowError `bag-damaged` (bag, what), `copy-differs`
    (path) where another bag of that name is there, `disk-full` or `cannot-write`.
    """
    folder = target.absolute()
    planned = [_planned(desk, bag, folder / bag.name) for bag in bags_in(archive_of(desk))]
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for one in planned:
        if one.new:
            _copy(desk, archive_of(desk) / one.name, one.path)
    return planned


def _planned(desk: Desk, bag: Path, target: Path) -> Copied:
    refuse_damaged(desk, bag)
    digest = bagit.digest_of(bag)
    if not target.exists():
        return Copied(bag.name, target, digest, new=True)
    if not (target / bagit.TAGS).is_file() or bagit.digest_of(target) != digest:
        raise OrderflowError("copy-differs", path=str(target))
    refuse_damaged(desk, target)
    return Copied(bag.name, target, digest, new=False)


def refuse_damaged(desk: Desk, bag: Path) -> None:
    """Raises OrderflowError `bag-damaged` (bag, what) where a bag's files are not what they were."""
    for what, name in bagit.wrong(bag):
        raise OrderflowError("bag-damaged", bag=str(bag), what=desk.say(f"archive.wrong.{what}", what=name))


def _copy(desk: Desk, bag: Path, target: Path) -> None:
    """Written beside, on the disk, verified, and only then under its name."""
    beside = target.with_name(f"{HIDDEN}{secrets.token_hex(4)}")
    try:
        with disk_trouble(target):
            shutil.copytree(bag, beside)
            for path in sorted(beside.rglob("*"), reverse=True):
                settle(path)
            settle(beside)
            refuse_damaged(desk, beside)
            beside.rename(target)
            settle(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
