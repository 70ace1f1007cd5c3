"""What `orderflow sync` costs at a desk with many orders: without any edit, after a save elsewhere, with edits.

    python benchmarks/sync.py [--orders 5000] [--edits 100] [--repeat 3]

Each command runs as a whole process; medians are printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import openpyxl

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
        _sync(desk)
        _say("python -c pass", [cost_of([PYTHON, "-c", "pass"]) for _ in range(5)])
        _say("nothing changed", [_sync(desk) for _ in range(options.repeat)])
        _say("saved elsewhere, unchanged", [_edited(desk, window, 0, n) for n in range(options.repeat)])
        _say(f"{options.edits} cells changed", [_edited(desk, window, options.edits, n) for n in range(options.repeat)])


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
    print(f"  {what:32} {middle.seconds:8.2f} s {middle.mib:8.0f} MiB")


if __name__ == "__main__":
    main()
