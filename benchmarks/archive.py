"""What questions cost over an archive of millions of orders, and what sealing a big month costs.

    python benchmarks/archive.py [--orders 5000000] [--months 50] [--repeat 3] [--seal 200000]

The bags are made by DuckDB with invented orders, as many in each month; the ledger knows none of them. `find` and
`show` run as whole processes; medians are printed. `--seal N` takes N orders in, cancels them, and seals them instead.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb

from orderflow.archive import bagit, parquet
from orderflow.flows.bag_reading import SERIAL, table_of
from orderflow.ledger import excerpt
from orderflow.ledger.schema import changes, orders
from orderflow.ledger.search import WORDS, WORDS_SAID
from orderflow.records.bag import Form, bag_name

sys.path.insert(0, str(Path(__file__).parent))
from timing import ORDERFLOW, PYTHON, Cost, cost_of, typical

BARE = Path(__file__).parent / "bare"
EXTERNAL = "9223372036854775807"  # as long as they come, and none's
NOW = {"ORDERFLOW_NOW": "2030-01-05T09:00"}
KINDS = {Form.TEXT: "VARCHAR", Form.WHOLE: "BIGINT", Form.FLAG: "BOOLEAN", Form.MOMENT: "TIMESTAMP", Form.BYTES: "BLOB"}
NUMBER = "month || '-' || lpad(n::VARCHAR, greatest(3, length(n::VARCHAR))::INTEGER, '0')"
SAID = {
    "customer": "'杭州某某' || (n * 7919 % 50000) || '有限公司'",
    "contact_person": "'*经理'",
    "contact": "'1' || (30 + hash(n) % 60) || lpad((hash(month, n) % 100000000)::VARCHAR, 8, '0')",
    "product": "'A型设备-' || (2000 + n % 900) || '款'",
    "quantity": "(n % 90 + 1)::VARCHAR",
    "remark": "CASE WHEN n % 10 = 0 THEN '请送到后门，先打电话' END",
    "address": "'浙江省杭州市滨江区第' || (n % 3000) || '号' || (hash(n) % 30) || '幢' || (hash(-n) % 2000) || '室'",
    "source": "'platform'",
    "external_number": "(1000000000000000000 + hash(n, month) % 8000000000000000000)::VARCHAR",
    "received_at": "make_timestamp(1577836800000000 + n * 1000000)",
    "identity": "'i' || n",
    "fingerprint": "'f' || n",
    "revision": "1",
    "run": "1",
    "open_anomalies": "0",
}
QUESTIONS: tuple[tuple[str, list[str]], ...] = (
    ("the newest 50", []),
    ("a rare word in any text", ["滨江区第2718号", "--limit", "20"]),
    ("a word that no order says", ["没有这个词"]),
    ("an English word", ["Nowhere"]),
    ("one customer of 50,000", ["--customer", "杭州某某31415有限公司"]),
    ("a customer in one month", ["--customer", "某某31415有", "--month", "2022-03"]),
    ("a customer with capitals", ["--customer", "Nowhere 公司"]),
    ("four digits of a number", ["8888", "--month", "2022-03", "--limit", "20"]),
    ("the source's own number", [EXTERNAL]),
)


def main() -> None:
    """Measure and print one line for each question."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=5_000_000)
    asked.add_argument("--months", type=int, default=50)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--seal", type=int, default=0)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderflow-bench-") as folder:
        desk = Path(folder) / "desk"
        cost_of([ORDERFLOW, "init", desk], env=NOW)
        if options.seal:
            _seal(desk, Path(folder) / "orders.xlsx", options.seal)
        else:
            _ask(desk, options.months, options.orders // options.months, options.repeat)


def _ask(desk: Path, months: int, each: int, repeat: int) -> None:
    """Every question, at a desk with so many months of so many orders each."""
    for nth in range(months):
        _bag(desk / "archive", f"{2020 + nth // 12}{nth % 12 + 1:02d}", each)
    _say("orderflow --help", [cost_of([ORDERFLOW, "--help"], env=NOW) for _ in range(repeat)])
    for name, words in QUESTIONS:
        command: list[str | Path] = [ORDERFLOW, "find", *words, "--desk", desk, "--json"]
        _say(name, [cost_of(command, env=NOW) for _ in range(repeat)])
    command = [ORDERFLOW, "show", f"202003-{each // 2}", "--desk", desk, "--json"]
    _say("show one order", [cost_of(command, env=NOW) for _ in range(repeat)])


def _bag(archive: Path, month: str, count: int) -> None:
    """A bag of invented orders, as far as questions look into it."""
    bag = archive / bag_name(month, 1)
    for table in excerpt.TABLES:
        path = table_of(bag, table.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if table is not orders:
            parquet.write(path, excerpt.columns_of(table), [])
    _history(bag, month, count)
    (bag / bagit.DECLARATION).write_text("BagIt-Version: 1.0\n", encoding="utf-8")
    number = {"number": NUMBER}
    said = SAID | number | {"received_time_known": "true", "cancelled": "false", "undone": "false"}
    columns = excerpt.columns_of(orders).items()
    chosen = ", ".join(f'CAST({said.get(name, "NULL")} AS {KINDS[form]}) AS "{name}"' for name, form in columns)
    chosen += f", {month}000000000 + n AS {SERIAL}"
    source = f"SELECT {chosen} FROM range(1, {count + 1}) r(n), (SELECT '{month}' AS month)"
    target = parquet.target(table_of(bag, orders.name), searched=True)
    duckdb.execute(f"COPY (SELECT *, {WORDS_SAID} AS {WORDS} FROM ({source})) TO {target}")


def _history(bag: Path, month: str, count: int) -> None:
    """Five changes of each order, as long as they usually are."""
    said = {"seq": f"{month}00000000 + c", "run": "1", "number": NUMBER, "kind": "'mark'", "at": SAID["received_at"]}
    said |= {"body": """'{"after":{"note":"' || hash(c) || '"}}'""", "digest": "sha256(c::VARCHAR)::BLOB"}
    columns = excerpt.columns_of(changes).items()
    chosen = ", ".join(f'CAST({said.get(name, "NULL")} AS {KINDS[form]}) AS "{name}"' for name, form in columns)
    rows = f"SELECT c, c // 5 + 1 AS n, '{month}' AS month FROM range({5 * count}) r(c)"
    target = parquet.target(table_of(bag, changes.name), searched=False)
    duckdb.execute(f"COPY (SELECT {chosen} FROM ({rows})) TO {target}")


def _seal(desk: Path, file: Path, count: int) -> None:
    """Seal one month of many orders, all cancelled."""
    month = {"ORDERFLOW_NOW": "2024-11-29T09:00"}
    cost_of([PYTHON, BARE / "make_orders.py", str(count), file, "--seed", "1"])
    cost_of([ORDERFLOW, "intake", file, "--desk", desk, "--checked", "none"], allowed=(0, 1), env=month)
    cost_of([ORDERFLOW, "mark", "--run", "1", "cancelled", "--desk", desk, "--quiet"], env=month)
    later = {"ORDERFLOW_NOW": "2024-12-02T09:00"}
    _say(f"archive {count:,} orders", [cost_of([ORDERFLOW, "archive", "--desk", desk, "--json"], env=later)])
    _say("archive once more", [cost_of([ORDERFLOW, "archive", "--desk", desk, "--json"], env=later)])
    _say("archive verify --all", [cost_of([ORDERFLOW, "archive", "verify", "--all", "--desk", desk], env=later)])
    size = sum(path.stat().st_size for path in (desk / "archive").rglob("*") if path.is_file())
    print(f"the bag: {size / 2**20:.0f} MiB")


def _say(name: str, costs: list[Cost]) -> None:
    cost = typical(costs)
    print(f"{name:32} {cost.seconds:6.2f} s wall {cost.cpu:6.2f} s processor {cost.mib:7.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
