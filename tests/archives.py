"""A desk with a month behind it, for the tests of the archive: orders that ended in every way, and some still open."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from desks import Office, a_row

from orderflow.answers.archive import ArchiveAnswer, VerifyAnswer
from orderflow.flows.archiving import archive
from orderflow.flows.feedback import feedback
from orderflow.flows.verifying import verify_archive

AFTER, MONTH = "2024-07-02T09:00", "2024-06"
CANCELLED, CLOSED, OPEN = "202406-001", "202406-002", "202406-003"
ENDED = (CANCELLED, CLOSED, "202406-004")
NUMBERS = (*ENDED[:2], OPEN, ENDED[2])
SPECIAL = "红色，刻字“南湖”，100mm"


def worked(folder: Path, ledger: str | None = None, *, window: bool = False) -> Office:
    """A desk on the second of July: one order cancelled, two delivered and closed, one of them custom, one open.

    That of a ledger beside it is a copy of the one that was worked at first.
    """
    return again(folder, _first(window)) if ledger is None else _worked(Office(folder, ledger, window=window))


@cache
def _first(window: bool) -> Path:
    folder = Path(mkdtemp(prefix="orderflow-month-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _worked(Office(folder / "office", window=window))
    return folder / "office"


def _worked(office: Office) -> Office:
    special = {"产品名称/型号": "定制铭牌", "备注(特殊需求)": SPECIAL, "来源单号": "P-7", "来源行号": "1"}
    office.take("a.xlsx", a_row(1), a_row(2, **special), a_row(3), a_row(4, 地址="后门"))
    letter = office.files / "确认函 100%.pdf"
    letter.write_bytes(b"%PDF-1.4 signed")
    office.mark(CLOSED, "confirmed", file=letter)
    office.by("小李").mark("checked", run=1)
    office.prioritize()
    office.plan()
    office.mark(CANCELLED, "cancelled", note="客户不要了")
    later = office.at("2024-06-12T10:00")
    later.mark(CLOSED, ENDED[2], "delivered", at="09:00")
    later.mark(CLOSED, ENDED[2], "reason", note="客户改期")
    feedback(office.at("2024-06-29T10:00").desk)
    return office.at(AFTER)


def again(folder: Path, template: Path) -> Office:
    """A copy of an office, on the second of July."""
    return Office.copied(template, folder).at(AFTER)


def sealed(office: Office, month: str = MONTH, **asked: Any) -> dict[str, Any]:
    """`orderflow archive --month … --json`."""
    return ArchiveAnswer(office.desk, archive(office.desk, month, **asked)).as_json()


def verified(office: Office, *, every: bool = True) -> list[dict[str, Any]]:
    """`orderflow archive verify --all --json`: the bags."""
    bags: list[dict[str, Any]] = VerifyAnswer(office.desk, verify_archive(office.desk, every=every)).as_json()["bags"]
    return bags


def wrong(office: Office) -> list[tuple[str, str, str]]:
    """What is wrong with the bags: which, the code, the file, table or order."""
    return [(one["name"], one["wrong"]["code"], one["wrong"]["what"]) for one in verified(office) if one["wrong"]]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
