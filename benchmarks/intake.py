"""Intake against the floor and against what an office would write, all in one run.

    python -m pip install -e .[test] pandas rustpy-xlsxwriter
    python benchmarks/intake.py [--rows 1000 10000 100000] [--repeat 3] [--no-peer]

Files come from `bare/make_orders.py`; the floor is `bare/limit.py` (every cell read, every row inserted and, in the
second form, every row written, with no rule at all); the peer is `bare/peer_pandas.py`. Each command runs as a whole
process with a fresh desk or ledger, in turn, `--repeat` times; medians are printed, memory is the peak of all its
processes together. Beside them stand the ratios to the floor of the same kind, the medians of those taken turn by
turn: on a machine that others use too, only what ran side by side can be compared.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from timing import ORDERFLOW, PYTHON, Cost, cost_of, typical

BARE = Path(__file__).parent / "bare"
NOW = {"ORDERFLOW_NOW": "2024-11-29T09:00"}
COMPARED = {
    "orderflow intake": "floor, without writing",
    "orderflow intake --checked full": "floor, with writing",
}


def main() -> None:
    """Measure and print one table per size, then what a ledger of many orders costs."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--no-peer", action="store_true", help="leave the slow peer out")
    asked.add_argument("--stored", type=int, default=0, help="also: 100 new orders into a ledger of so many")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderflow-bench-") as folder:
        work = Path(folder)
        print(f"python -c pass      {typical([cost_of([PYTHON, '-c', 'pass']) for _ in range(5)]).seconds:.3f} s")
        print(f"orderflow --help    {typical([cost_of([ORDERFLOW, '--help']) for _ in range(5)]).seconds:.3f} s")
        for rows in (1, *options.rows):
            _table(work, rows, options.repeat, peer=not options.no_peer and rows > 1)
        if options.stored:
            _into_a_full_ledger(work, options.stored, options.repeat)


def _table(work: Path, rows: int, repeat: int, *, peer: bool) -> None:
    orders = _orders(work, rows)
    desk, out, ledger = work / "desk", work / "out.xlsx", work / "ledger.db"
    contestants: dict[str, Callable[[], Cost]] = {
        "floor, without writing": lambda: cost_of([PYTHON, BARE / "limit.py", orders, "-", ledger]),
        "floor, with writing": lambda: cost_of([PYTHON, BARE / "limit.py", orders, out, ledger]),
        "orderflow intake": lambda: _intake(orders, desk),
        "orderflow intake --checked full": lambda: _intake(orders, desk, "--checked", "full"),
    }
    if peer:
        contestants["peer (pandas, openpyxl)"] = lambda: cost_of([PYTHON, BARE / "peer_pandas.py", orders, out, ledger])
    costs: dict[str, list[Cost]] = {name: [] for name in contestants}
    for _ in range(repeat):
        for name, run in contestants.items():
            costs[name].append(run())
            _clear(work)
    print(f"\n{rows:,} rows")
    for name, cost in costs.items():
        middle = typical(cost)
        print(f"  {name:32} {middle.seconds:8.2f} s {middle.cpu:8.2f} s of processor {middle.mib:8.0f} MiB")
    for name, floor in COMPARED.items():
        pairs = list(zip(costs[name], costs[floor], strict=True))
        wall, cpu = (median(one[at] / other[at] for one, other in pairs) for at in (0, 2))
        print(f"  {name} / {floor}: {wall:.2f} (of processor {cpu:.2f})")


def _intake(orders: Path, desk: Path, *options: str) -> Cost:
    return cost_of([ORDERFLOW, "intake", orders, "--desk", desk, *options], allowed=(0, 1), env=NOW)


def _into_a_full_ledger(work: Path, stored: int, repeat: int) -> None:
    """The same 100 new orders into an empty ledger and into one that holds `stored`."""
    few = _orders(work, 100, seed=2)
    full = work / "full"
    _intake(_orders(work, stored), full, "--checked", "none")
    print(f"\n100 new orders into a ledger of {stored:,}")
    for name, base in (("empty", None), ("full", full)):
        costs = []
        for _ in range(repeat):
            desk = work / "desk"
            if base:
                shutil.copytree(base, desk)
            else:
                cost_of([ORDERFLOW, "init", desk])
            costs.append(_intake(few, desk))
            _clear(work)
        print(f"  {name:32} {typical(costs).seconds:8.2f} s {typical(costs).mib:8.0f} MiB")


def _orders(work: Path, rows: int, seed: int = 1) -> Path:
    path = work / f"orders-{rows}-{seed}.xlsx"
    if not path.exists():
        cost_of([PYTHON, BARE / "make_orders.py", str(rows), path, "--seed", str(seed)])
    return path


def _clear(work: Path) -> None:
    shutil.rmtree(work / "desk", ignore_errors=True)
    for name in ("out.xlsx", "ledger.db"):
        (work / name).unlink(missing_ok=True)
    for checked in work.glob("*.checked*.xlsx"):
        checked.unlink()


if __name__ == "__main__":
    main()
