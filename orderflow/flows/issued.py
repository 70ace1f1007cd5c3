"""The report that was issued for a month, as the archive seals it: the one place where the two meet."""

from __future__ import annotations

import json
from pathlib import Path

from orderflow.flows import issuing
from orderflow.flows.desk import Desk
from orderflow.ledger.issued import Issued
from orderflow.report.month import report_of
from orderflow.report.month_orders import orders_table
from orderflow.report.month_words import Words

NAMES = ("report.html", "report.json")
_MOST = 20_000  # orders that a page can hold well


def write_issued(desk: Desk, issued: Issued, folder: Path) -> None:
    """Writes a report as it was issued: a page to read, and JSON with its definitions and every order's part in it."""
    from orderflow.report.page import page

    folder.mkdir()
    month, orders = issuing.as_kept(issued)
    report = report_of(month, desk.settings.desk.name, desk.lang, orders_table(orders, Words(desk.lang), _MOST))
    kept = {
        "month": issued.month,
        "issued_at": issued.at.isoformat(),
        "issued_by": issued.by,
        "run": issued.run,
        "last_change": issued.seq,
        "report": json.loads(issued.report),
        "orders": json.loads(issued.orders),
    }
    for name, words in zip(NAMES, (page(report), json.dumps(kept, ensure_ascii=False, indent=1)), strict=True):
        (folder / name).write_bytes(words.encode())
