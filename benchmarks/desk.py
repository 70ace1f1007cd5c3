"""What `prioritize`, `plan` and `mark --run` cost, against the intake of the same orders.

    python benchmarks/desk.py [--orders 100000] [--repeat 1] [--ledger postgresql+psycopg://…]

Each turn has a fresh desk. Wanted: prioritize and plan within twice the time of the intake, in less than 2 GiB. Without
`--ledger` the ledger is SQLite; a PostgreSQL database has to be empty, and is measured in one turn. Medians are
printed; those of the ratios to the intake are taken turn by turn. The processor's seconds are those of orderflow's own
processes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from timing import ORDERFLOW, PYTHON, Cost, cost_of, typical

BARE = Path(__file__).parent / "bare"
NOW = {"ORDERFLOW_NOW": "2024-11-29T09:00"}
SETTINGS = '[desk]\nledger = "{ledger}"\n'
STEPS = (
    ("intake", ("--as", "first")),
    ("mark --run 1 checked", ("--as", "second")),
    ("prioritize", ()),
    ("plan", ()),
)


def main() -> None:
    """Measure and print one line for each command."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=100_000)
    asked.add_argument("--repeat", type=int, default=1)
    asked.add_argument("--ledger", default=None, help="the URL of an empty PostgreSQL database")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderflow-bench-") as folder:
        work = Path(folder)
        orders = work / "orders.xlsx"
        cost_of([PYTHON, BARE / "make_orders.py", str(options.orders), orders, "--seed", "1"])
        ledger, repeat = options.ledger or "sqlite:///ledger.db", 1 if options.ledger else options.repeat
        turns = [_turn(work / f"desk{nth}", orders, ledger) for nth in range(repeat)]
    for name, _ in STEPS:
        middle = typical([turn[name] for turn in turns])
        wall = median(turn[name].seconds / turn["intake"].seconds for turn in turns)
        cpu = median(turn[name].cpu / turn["intake"].cpu for turn in turns)
        against = f"{wall:5.2f} × intake (of processor {cpu:.2f})"
        print(f"  {name:22} {middle.seconds:8.1f} s {middle.cpu:8.1f} s of processor {middle.mib:6.0f} MiB {against}")


def _turn(desk: Path, orders: Path, ledger: str) -> dict[str, Cost]:
    """Every command once, at a desk of its own."""
    desk.mkdir()
    (desk / "orderflow.toml").write_text(SETTINGS.format(ledger=ledger), encoding="utf-8")
    costs = {}
    for name, words in STEPS:
        command = [*name.split(), orders] if name == "intake" else name.split()
        costs[name] = cost_of([ORDERFLOW, *command, "--desk", desk, *words, "--quiet"], allowed=(0, 1), env=NOW)
    return costs


if __name__ == "__main__":
    main()
