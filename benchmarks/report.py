"""What a month's report costs in a big ledger, beside the same aggregates as bare SQL in the same database.

    python benchmarks/report.py [--orders 100000] [--repeat 3] [--database sqlite|postgresql]

The ledger holds three times as many orders as the month, spread over the twelve months before. It is filled by SQL,
and every run is a whole process, in turn; medians are printed, of PostgreSQL with its server's processor seconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from timing import ORDERFLOW, PYTHON, Cost, cost_of, typical

from orderflow.ledger.opening import open_ledger

BARE = Path(__file__).parent / "bare" / "month_sql.py"
NOW = {"ORDERFLOW_NOW": "2024-12-03T09:00"}
BASE = 1_730_390_400  # the first of November 2024 in Shanghai
EARLIER = "CASE WHEN k < 2 THEN 202311 + k ELSE 202399 + k END"


def main() -> None:
    """Fill a ledger, then measure both."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=100_000)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderflow-bench-") as folder:
        desk = Path(folder) / "desk"
        if options.database == "sqlite":
            _measure(desk, f"sqlite:///{desk}/ledger.db", options.orders, options.repeat, None)
            return
        from postgresql import start_server

        server = start_server()
        try:
            server.execute("CREATE DATABASE bench")
            number = int((server.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            _measure(desk, server.url("bench"), options.orders, options.repeat, psutil.Process(number))
        finally:
            server.stop()


def _measure(desk: Path, url: str, orders: int, repeat: int, server: psutil.Process | None) -> None:
    desk.mkdir()
    (desk / "orderflow.toml").write_text(f'[desk]\nledger = "{url}"\n', encoding="utf-8")
    _fill(desk, url, orders)
    command: list[str | Path] = [ORDERFLOW, "monthly-report", "--month", "2024-11", "--desk", desk, "--json"]
    bare, report = [], []
    for _ in range(repeat):
        bare.append(_cost([PYTHON, BARE, url], server))
        report.append(_cost(command, server))
    _say("bare SQL", bare)
    _say("monthly-report", report)
    print(
        f"{'ratio':<16}{typical(report).seconds / typical(bare).seconds:8.2f}   {typical(report).cpu / typical(bare).cpu:8.2f}"
    )


def _cost(command: list[str | Path], server: psutil.Process | None) -> Cost:
    """What a run costs, with what the server does for it."""
    before = _worked(server)
    cost = cost_of(command, env=NOW)
    time.sleep(0.5)  # until the server has seen that its client is gone
    return cost._replace(cpu=cost.cpu + _worked(server) - before)


def _worked(server: psutil.Process | None) -> float:
    """The processor seconds of a server and of all it started."""
    if server is None:
        return 0.0
    own = server.cpu_times()
    started = [one.cpu_times() for one in server.children()]
    ended: float = own.children_user + own.children_system
    return ended + sum(one.user + one.system for one in (own, *started))


def _say(what: str, costs: list[Cost]) -> None:
    seconds, mib, cpu = typical(costs)
    print(f"{what:<16}{seconds:8.2f} s {cpu:8.2f} s of processor {mib:8.0f} MiB")


def _fill(desk: Path, url: str, orders: int) -> None:
    """Every table by one statement a part of the ledger."""
    with open_ledger(url, desk) as ledger, ledger.amend() as book:
        for statement in _statements(orders, postgresql=book.postgresql):
            book.connection.exec_driver_sql(statement.replace("%", "%%") if book.postgresql else statement)
    with open_ledger(url, desk) as ledger, ledger.amend() as book:
        book.connection.exec_driver_sql("ANALYZE")


def _statements(orders: int, *, postgresql: bool) -> Iterator[str]:
    for month, count, base in (("202411", orders, str(BASE)), (EARLIER, 2 * orders, f"{BASE} - (12 - k) * 2592000")):
        yield from _part(month, count, base, now=month == "202411", postgresql=postgresql)


def _part(month: str, count: int, base: str, *, now: bool, postgresql: bool) -> Iterator[str]:
    if postgresql:
        numbers = f"SELECT g.i::bigint AS i, (g.i % 12)::bigint AS k FROM generate_series(0, {count - 1}) g(i)"
        empty, day = "'\\x00'::bytea", "to_char(to_timestamp({0}) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
    else:
        numbers = f"SELECT i, i % 12 AS k FROM (WITH RECURSIVE g(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g LIMIT {count}) SELECT i FROM g)"
        empty, day = "x'00'", "date({0} + 28800, 'unixepoch')"
    each = f"""(SELECT i, number, at, at + 600 + i * 1049 % 13000 + (CASE WHEN i % 33 = 0 THEN 20000 ELSE 0 END) AS done
      FROM (SELECT i, CAST({month} AS BIGINT) * 1000000000 + i + 1 AS number, {base} + i * 7919 % 2500000 AS at FROM ({numbers}) n) m) o"""
    no = "1 = 0"
    yield f"""INSERT INTO orders (number, product, level, source, received_at, late_reason, identity, fingerprint,
      received_time_known, revision, run, open_anomalies, cancelled, undone, checked_at)
      SELECT number, 'P' || (i % 40), CASE i % 3 WHEN 0 THEN 'vip' ELSE 'regular' END, 'platform', at,
      CASE WHEN i % 66 = 0 THEN 'R' || (i % 5) END, 'i' || number, 'f', i % 20 <> 0, 1, 1, 0, i % 97 = 0, {no}, at + 300
      FROM {each}"""
    yield f"INSERT INTO plans (number, planned_at, completed_at, revision, run) SELECT number, at, done, 1, 1 FROM {each}"
    yield f"""INSERT INTO deliveries (number, delivered_at, surveyed_at, revision, run)
      SELECT number, at + 432000 + i % 5 * 86400, at + 500000 + i % 5 * 86400, 1, 1 FROM {each}"""
    yield f"""INSERT INTO priorities (number, level, in_force, revision, run)
      SELECT number, CASE i % 3 WHEN 0 THEN 'vip' ELSE 'regular' END, 'medium', 1, 1 FROM {each}"""
    yield f"""INSERT INTO feedbacks (number, seq, score, response, quality, timeliness, service, recorded_at, revision, run)
      SELECT number, 1, 1 + i % 5, 1 + i % 5, 4, 3, 5, at + 600000, 1, 1 FROM {each} WHERE i % 5 < 2"""
    yield f"INSERT INTO anomalies (number, code, params, opened_run, opened_at) SELECT number, 'x', '{{}}', 1, at + 60 FROM {each} WHERE i % 25 = 0"
    yield f"INSERT INTO cases (number, opened_at, revision, run) SELECT number, at + 600000, 1, 1 FROM {each} WHERE i % 100 = 1"
    for nth, stage in enumerate(("production", "inspection", "logistics") if now else ("logistics",)):
        due, late = (
            f"at + {259_200 + nth * 86_400}",
            f"at + {259_200 + nth * 86_400} + (CASE WHEN i % 20 = {nth} THEN 172800 ELSE 0 END)",
        )
        yield f"""INSERT INTO stages (number, stage, seq, owner, due, actual, note, confirmed_at, revision, run)
          SELECT number, '{stage}', 1, 'o', {day.format(due)}, {day.format(late)},
          CASE WHEN i % 20 = {nth} THEN 'N' || (i % 3) END, done + 1200, 1, 1 FROM {each}"""
    if now:
        told = {
            "checked": "at + 300",
            "plan-complete": "done",
            "delivered": "at + 432000 + i % 5 * 86400",
            "surveyed": "at + 500000 + i % 5 * 86400",
        }
        for nth, (kind, at) in enumerate(told.items()):
            yield f"""INSERT INTO changes (seq, run, number, kind, at, body, link)
              SELECT 1000 + i * 8 + {nth}, 1, number, '{kind}', {at}, '{{}}', {empty} FROM {each}"""
        for nth, (kind, at) in enumerate({"flagged": "at + 60", "contacted": "at + 3600"}.items(), 5):
            yield f"""INSERT INTO changes (seq, run, number, kind, at, body, link)
              SELECT 1000 + i * 8 + {nth}, 1, number, '{kind}', {at}, '{{}}', {empty} FROM {each} WHERE i % 25 = 0"""


if __name__ == "__main__":
    main()
