"""The board and the watch at a desk with very many open orders.

    python benchmarks/board.py [--orders 50000] [--repeat 3] [--planned] [--ledger URL]

Orders come from `bare/make_orders.py` and are taken in at the third day of their month, so that every one is open and
most clocks run or have run out. The first watch gives every warning and writes the workbooks; then `today` and `watch`
run in turn with nothing new to be found, as they do most of the time. With `--planned` the orders are checked, judged
and planned first, and most wait for their departments to confirm. Whole processes; medians.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from timing import ORDERFLOW, PYTHON, Cost, cost_of, typical

BARE = Path(__file__).parent / "bare"
NOW = {"ORDERFLOW_NOW": "2024-11-03T09:00"}


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=50_000)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--planned", action="store_true")
    asked.add_argument("--ledger", help="a PostgreSQL ledger instead of a SQLite one")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderflow-bench-") as folder:
        orders, desk = Path(folder) / "orders.xlsx", Path(folder) / "desk"
        cost_of([PYTHON, BARE / "make_orders.py", str(options.orders), orders])
        cost_of([ORDERFLOW, "init", desk])
        if options.ledger:
            settings = desk / "orderflow.toml"
            told = settings.read_text(encoding="utf-8").replace("sqlite:///ledger.db", options.ledger)
            settings.write_text(told, encoding="utf-8")
        _print("python -c pass", [cost_of([PYTHON, "-c", "pass"]) for _ in range(5)])
        _print("intake", [_run(desk, "intake", orders, "--checked", "none")])
        if options.planned:
            for words in (("mark", "--run", "1", "checked", "--as", "second"), ("prioritize",), ("plan",)):
                _run(desk, *words)
        _print("first watch", [_run(desk, "watch")])
        pairs = [(_run(desk, "today", "--json"), _run(desk, "watch")) for _ in range(options.repeat)]
        for name, costs in zip(("today", "watch"), zip(*pairs, strict=True), strict=True):
            _print(name, list(costs))


def _run(desk: Path, *words: str | Path) -> Cost:
    return cost_of([ORDERFLOW, *words, "--desk", desk], allowed=(0, 1), env=NOW)


def _print(name: str, costs: list[Cost]) -> None:
    middle = typical(costs)
    print(f"{name:16} {middle.seconds:8.2f} s {middle.cpu:8.2f} s of processor {middle.mib:8.0f} MiB")


if __name__ == "__main__":
    main()
