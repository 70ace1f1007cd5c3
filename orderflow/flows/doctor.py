"""`doctor`: is the desk sound? Each check says OK, or what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from orderflow.flows.channels import troubles
from orderflow.flows.desk import Desk
from orderflow.flows.laying import reason_of
from orderflow.ledger import attached, bags, chain, checks, outbox, pending, upkeep
from orderflow.ledger.book import Book
from orderflow.ledger.runs import past_run, past_runs
from orderflow.places import FOLDERS
from orderflow.records.bag import shown_month
from orderflow.records.errors import OrderflowError
from orderflow.records.rows import EVERY
from orderflow.report.sentences import explain

_SHOWN = 5
_VERIFIED_DAYS, _ARCHIVED_DAYS = 35, 40  # a month, and a few days in which a monthly job may be late
_BACKUP_DAYS = 8  # a week, and the day on which a weekly job was missed


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `code` names it and its texts (`messages.doctor`); `found` is what is wrong, if anything.

    `fix` is how to mend it where that is said more closely than in the check's own texts, `note` what is worth knowing
    where all is well.
    """

    code: str
    found: list[str] = field(default_factory=list)
    fix: str | None = None
    note: str | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found


def examine(desk: Desk) -> list[Check]:
    """Every check, in the order in which things depend on each other; the settings were read to get here."""
    found = [Check("settings"), Check("folders", _folders(desk))]
    try:
        with desk.ledger() as ledger, ledger.read() as book:
            found += [Check(code, list(islice(check(desk, book), _SHOWN))) for code, check in _LEDGER_CHECKS.items()]
            found += [_backup(desk, book), _verification(desk, book), _unarchived(desk, book)]
    except OrderflowError as refusal:
        said = explain(desk.lang, refusal)
        found.append(Check("ledger", [said["message"]], said["fix"]))
    return [*found, Check("channels", list(islice(troubles(desk), _SHOWN))), Check("workbooks", _workbooks(desk))]


def _folders(desk: Desk) -> list[str]:
    return [name for name in FOLDERS if not (desk.path / name).is_dir()]


def _ledger_file(_: Desk, book: Book) -> Iterator[str]:
    yield from checks.file(book)
    yield from checks.references(book)


def _chain(_: Desk, book: Book) -> Iterator[str]:
    verdict = chain.verify(book)
    if verdict.broken is not None:
        yield f"{verdict.broken.seq}: {verdict.broken.what}"
    yield from checks.told(book)


def _orders(_: Desk, book: Book) -> Iterator[str]:
    for difference in checks.orders_told(book):
        yield f"{difference.number} {difference.field}"
    for other in attached.differences(book):
        yield f"{other.number} {other.field}"


def _numbers(_: Desk, book: Book) -> Iterator[str]:
    for missing in checks.numbers(book):
        yield f"{missing.month}-{missing.first:03d} … {missing.last:03d}"


def _waiting(_: Desk, book: Book) -> Iterator[str]:
    for work in pending.left(book):
        yield str(work.spec.get("target") or work.kind)


def _notices(desk: Desk, book: Book) -> Iterator[str]:
    """Notices that were set aside, or of which nobody knows whether they left."""
    for notice in outbox.in_states(book, (outbox.FAILED, outbox.UNCERTAIN)):
        yield f"{notice.id} {notice.channel}: {reason_of(desk, notice)}"


def _clock(desk: Desk, book: Book) -> Iterator[str]:
    """Runs entered later than now: the machine's clock was set back."""
    for run in islice(past_runs(book), 1):
        if run.entered_at > desk.entered_at:
            yield f"{desk.local(run.entered_at):%Y-%m-%d %H:%M}"


def _backup(desk: Desk, book: Book) -> Check:
    """How old the newest backup is; missed once the desk has been at work for longer than a backup may be old."""
    done = upkeep.newest(book, upkeep.BACKUP)
    if done is not None:
        days = (desk.entered_at - done.at).days
        said = desk.say("messages.doctor.backup.age", age=days, what=done.what)
        return Check("backup", note=said) if 0 <= days <= _BACKUP_DAYS else Check("backup", [said])
    first = past_run(book, 1)
    never = desk.say("messages.doctor.backup.never")
    due = first is not None and desk.entered_at - first.entered_at > timedelta(days=_BACKUP_DAYS)
    return Check("backup", [never]) if due else Check("backup", note=never)


def _verification(desk: Desk, book: Book) -> Check:
    """How long ago the archive was verified; asked for once there is something in it."""
    kept = {bag.name for bag in bags.known(book) if bag.removed_run is None}
    if not kept:
        return Check("archive")
    damage = upkeep.newest(book, upkeep.DAMAGE)
    if damage is not None and (unsound := sorted(kept.intersection(damage.what.split(", ")))):
        return Check("archive", [desk.say("messages.doctor.archive.unsound", bags=unsound)])
    done = upkeep.newest(book, upkeep.VERIFICATION)
    if done is None:
        return Check("archive", [desk.say("messages.doctor.archive.never")])
    days = (desk.entered_at - done.at).days
    said = desk.say("messages.doctor.archive.age", age=days, what=done.what)
    return Check("archive", note=said) if 0 <= days <= _VERIFIED_DAYS else Check("archive", [said])


def _unarchived(desk: Desk, book: Book) -> Check:
    """Months that have been over for long enough, and of which ended orders are in no bag."""
    due = desk.now - timedelta(days=_ARCHIVED_DAYS)
    return Check("unarchived", [shown_month(month) for month in bags.months_to_seal(book, f"{due:%Y%m}")])


_LEDGER_CHECKS: dict[str, Callable[[Desk, Book], Iterator[str]]] = {
    "ledger": _ledger_file,
    "chain": _chain,
    "orders": _orders,
    "numbers": _numbers,
    "waiting": _waiting,
    "notices": _notices,
    "clock": _clock,
}


def _workbooks(desk: Desk) -> list[str]:
    """The desk's workbooks that are missing, and files that a killed command left half-written."""
    missing = [f"{w.name}.xlsx" for w in EVERY if not (desk.path / f"{w.name}.xlsx").is_file()]
    return missing + [path.name for path in desk.path.glob(".~*.tmp")]
