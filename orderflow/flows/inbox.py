"""The desk's folder `inbox/`: every file that people put there is taken in, known by its headers (step 4).

Each goes to `inbox/done` or `inbox/failed`, with a text beside it that says what became of it; a registration also
with its checked copy. Killed in between, a file is taken again: what it says is known by then, and nothing is doubled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.feedback import feedback
from orderflow.flows.files import finding_of_refusal, put_into
from orderflow.flows.improvement_book import is_of_improvements
from orderflow.flows.in_use import lock_of
from orderflow.flows.intake import take_in
from orderflow.flows.request import Request
from orderflow.flows.sync import sync
from orderflow.flows.workbooks import OtherWorkbook
from orderflow.records.account import Outcome
from orderflow.records.errors import OrderflowError, Unreadable
from orderflow.records.finding import Finding
from orderflow.records.rows import IMPROVEMENTS, REFERENCES
from orderflow.report import sentences as said
from orderflow.report.progress import Progress
from orderflow.sheets.atomic import numbered, replace_content

INBOX, DONE, FAILED = "inbox", "done", "failed"
_SETTLED = 5.0  # seconds since a file was last written to, before it is read
_UNFINISHED = 120.0  # seconds in which a damaged file may still be on its way
_FEEDBACK = "feedback"


@dataclass(slots=True)
class Received:
    """A file of the inbox: which workbook it was, whether it went in, where it lies now, and what is to be said."""

    path: Path
    kind: str | None = None
    went_in: bool = True
    moved: Path | None = None
    result: Path | None = None
    run: int | None = None
    findings: list[Finding] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)


def take_inbox(desk: Desk, progress: Progress) -> tuple[list[Received], list[Path]]:
    """Take every file of the inbox in, the oldest first; and those that wait, as somebody is still at them."""
    folder = desk.path / INBOX
    for name in (DONE, FAILED):
        (folder / name).mkdir(parents=True, exist_ok=True)
    taken, waiting = [], []
    for path in _files(folder):
        if not _is_settled(desk, path):
            waiting.append(path)
            continue
        received = _take(desk, path, progress)
        if received is None:
            waiting.append(path)
        else:
            _put_away(desk, received)
            taken.append(received)
    return taken, waiting


def _files(folder: Path) -> list[Path]:
    files = list(put_into(folder)) if folder.is_dir() else []
    return sorted(files, key=lambda path: (path.stat().st_mtime, path.name))


def _age(desk: Desk, path: Path) -> float:
    """Seconds since the file was last written to, by the true time."""
    return desk.entered_at.timestamp() - path.stat().st_mtime


def _is_settled(desk: Desk, path: Path) -> bool:
    """Whether nobody is at the file any more; one that is open in Excel cannot be moved on Windows."""
    try:
        path.rename(path)
    except OSError:
        return False
    return lock_of(path) is None and _age(desk, path) >= _SETTLED


def _take(desk: Desk, path: Path, progress: Progress) -> Received | None:
    """Take one file in; `None` where it is damaged and so young that it may not be whole yet."""
    received = Received(path)
    try:
        try:
            _take_orders(desk, received, progress)
        except OtherWorkbook as other:
            received.kind = other.workbook
            _TAKING.get(other.workbook, _take_window)(desk, received, progress)
        except Unreadable as refusal:
            if refusal.code != "no-orders" or not is_of_improvements(desk, path):
                raise
            received.kind = IMPROVEMENTS.name
            _take_window(desk, received, progress)
    except Unreadable as refusal:
        if refusal.code == "file-damaged" and _age(desk, path) < _UNFINISHED:
            return None
        received.went_in = False
        received.findings = [finding_of_refusal(refusal, path)]
    except OrderflowError as refusal:
        if refusal.code != "file-name-unreadable":
            raise
        received.went_in = False
        received.findings = [finding_of_refusal(Unreadable(refusal.code, **refusal.params), path)]
    return received


def _take_orders(desk: Desk, received: Received, progress: Progress) -> None:
    target = _free(received.path, desk.path / INBOX / DONE).with_suffix(".checked.xlsx")
    request = Request([received.path], checked=str(target))
    outcome = take_in(desk, request, progress)
    received.kind, received.run = "registration", outcome.run
    received.findings = outcome.findings
    counted = sum((sheet.outcomes for sheet in outcome.sheets), Counter[Outcome]())
    received.counts = {outcome.value: count for outcome, count in counted.items()}


def _take_window(desk: Desk, received: Received, progress: Progress) -> None:
    outcome = sync(desk, [str(received.path)], progress)
    received.run, received.findings = outcome.run, outcome.findings
    received.counts = {"changes": len(outcome.entries)} if outcome.entries else {}


def _take_feedback(desk: Desk, received: Received, progress: Progress) -> None:
    outcome = feedback(desk, received.path)
    received.run, received.findings = outcome.run, outcome.findings
    counted = sum((sheet.outcomes for sheet in outcome.sheets), Counter[str]())
    received.counts, received.went_in = counted, counted.keys() != {"rejected"}


def _take_reference(desk: Desk, received: Received, progress: Progress) -> None:
    """It becomes the desk's own; the one that was there is kept with what is done."""
    target = desk.path / f"{received.kind}.xlsx"
    content = received.path.read_bytes()
    if target.is_file() and target.read_bytes() != content:
        target.replace(_free(target.with_stem(f"{target.stem}-before"), desk.path / INBOX / DONE))
    replace_content(target, content)


_TAKING: Mapping[str, Callable[[Desk, Received, Progress], None]] = {
    _FEEDBACK: _take_feedback,
    **{workbook.name: _take_reference for workbook in REFERENCES},
}


def _put_away(desk: Desk, received: Received) -> None:
    """Write what became of the file beside where it will lie, then move it there."""
    folder = desk.path / INBOX / (DONE if received.went_in else FAILED)
    target = _free(received.path, folder)
    received.result = target.with_name(f"{target.name}.txt")
    words = "\r\n".join(_words(desk, received)) + "\r\n"
    replace_content(received.result, words.encode("utf-8-sig"))
    received.path.replace(target)
    received.moved = target


def _words(desk: Desk, received: Received) -> Iterator[str]:
    """What became of a file, for who put it there."""
    key = "done" if received.went_in else "failed"
    counted = [f"{_name_of(desk, received.kind, name)} {count}" for name, count in received.counts.items()]
    yield desk.say(f"messages.inbox.{key}", file=received.path.name, at=f"{desk.now:%Y-%m-%d %H:%M}")
    if counted:
        yield " · ".join(counted)
    for finding in map(said.discreet, received.findings):
        yield ""
        yield said.where_of(finding)
        yield f"  {said.words(finding, desk.lang, 'message')}"
        yield f"  {said.words(finding, desk.lang, 'fix')}"


def _name_of(desk: Desk, kind: str | None, name: str) -> str:
    if name == "changes":
        return desk.say("messages.inbox.changes")
    return desk.say(f"messages.{'answers' if kind == _FEEDBACK else 'outcomes'}.{name}")


def _free(path: Path, folder: Path) -> Path:
    """The first name that nothing has in a folder."""
    return next(name for name in numbered(folder / path.name) if not name.exists())


def finding_of(received: Sequence[Received]) -> list[Finding]:
    """What is to be said of the files, each finding at where its file lies now."""
    return [
        replace(found, place=found.place._replace(file=str(one.moved))) if found.place and one.moved else found
        for one in received
        for found in one.findings
    ]
