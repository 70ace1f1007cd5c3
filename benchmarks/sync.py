"""What `orderflow sync` costs at a desk with many orders in five workbooks: unedited, after a save elsewhere, edited.

    python benchmarks/sync.py [--orders 5000] [--edits 100] [--repeat 3]

Every order has a judgement, a stage in plan and progress, and feedback. Each command runs as a whole process; medians
are printed, of the processor's time with the children's too, which other work on the machine moves least.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

from orderflow.ledger import kept, orders
from orderflow.ledger.opening import open_ledger

sys.path.insert(0, str(Path(__file__).parent))
from timing import ORDERFLOW, PYTHON, Cost, cost_of, typical

BARE = Path(__file__).parent / "bare"
NOW = {"ORDERFLOW_NOW": "2024-11-29T09:00"}
REMARK = 11  # the column of 备注, from 1


def main() -> None:
    """Measure and print one line for each case."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=5_000)
    asked.add_argument("--edits", type=int, default=100)
    asked.add_argument("--repeat", type=int, default=3)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderflow-bench-") as folder:
        work = Path(folder)
        desk, orders = work / "desk", work / "orders.xlsx"
        cost_of([PYTHON, BARE / "make_orders.py", str(options.orders), orders, "--seed", "1"])
        cost_of([ORDERFLOW, "intake", orders, "--desk", desk, "--checked", "none"], allowed=(0, 1), env=NOW)
        window = desk / "registration.xlsx"
        _fill(desk)
        _sync(desk)
        _say("python -c pass", [cost_of([PYTHON, "-c", "pass"]) for _ in range(5)])
        _say("nothing changed", [_sync(desk) for _ in range(options.repeat)])
        _say("saved elsewhere, unchanged", [_edited(desk, window, 0, n) for n in range(options.repeat)])
        _say(f"{options.edits} cells changed", [_edited(desk, window, options.edits, n) for n in range(options.repeat)])


def _fill(desk: Path) -> None:
    """Give every order a row in each workbook, as later steps do."""
    ledger = open_ledger("sqlite:///ledger.db", desk)
    at = datetime(2024, 11, 29, 9, tzinfo=UTC)
    begun = ledger.write(command="sync", actor="bench", at=at, entered_at=at)
    with ledger, begun as run:
        numbers = [order.row.number or "" for order in orders.live(run)]
        for table, rest, values in (
            ("priority", (), {"level": "vip", "amount": Decimal(12), "priority": "high", "judged_at": at}),
            ("stage", ("production", "1"), {"owner": "李工", "start": date(2024, 11, 30), "due": date(2024, 12, 3)}),
            ("feedback", ("1",), {"customer": "A公司", "acceptance": "qualified", "score": 5}),
        ):
            kept.change(run, table, [kept.Edit((number, *rest), kept.ADDED, values, at) for number in numbers])


def _edited(desk: Path, window: Path, edits: int, nth: int) -> Cost:
    """Save the workbook as another program would, with so many cells changed, and bring it together."""
    book = openpyxl.load_workbook(window)
    for row in range(2, 2 + edits):
        book.worksheets[0].cell(row, REMARK).value = f"改{nth}"
    book.save(window)
    return _sync(desk)


def _sync(desk: Path) -> Cost:
    return cost_of([ORDERFLOW, "sync", "--desk", desk, "--quiet"], allowed=(0, 1), env=NOW)


def _say(what: str, costs: list[Cost]) -> None:
    middle = typical(costs)
    print(f"  {what:32} {middle.seconds:8.2f} s {middle.cpu:8.2f} s of processor {middle.mib:8.0f} MiB")


if __name__ == "__main__":
    main()
