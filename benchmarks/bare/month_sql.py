"""The aggregates of a month's report as bare SQL, straight through the database's own driver: the floor.

    python benchmarks/bare/month_sql.py sqlite:///ledger.db | postgresql://…

What each order of the month contributes is worked out once, into a temporary table; everything else is grouped from it.
Not among them is what SQL cannot say well: time worked, topics of what customers wrote.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

FIRST, LAST = 202411 * 10**9, 202412 * 10**9
OLDEST = 202311 * 10**9
ANSWERS = """LEFT JOIN (SELECT number, score, response, quality, timeliness, service FROM (
  SELECT f.*, row_number() OVER (PARTITION BY number ORDER BY recorded_at DESC, seq DESC) nth FROM feedbacks f
  WHERE f.number >= {first} AND f.number < {last}) r WHERE nth = 1) a ON a.number = o.number"""
JOINS = f"""FROM orders o LEFT JOIN plans p ON p.number = o.number LEFT JOIN deliveries d ON d.number = o.number {ANSWERS}"""
COUNTED = "WHERE o.number >= {first} AND o.number < {last} AND NOT o.undone AND NOT o.cancelled AND o.merged_into IS NULL"
RESPONSE = "CASE WHEN o.received_time_known AND p.completed_at >= o.received_at THEN p.completed_at - o.received_at END"
CYCLE = "(d.delivered_at + 28800) / 86400 - (o.received_at + 28800) / 86400"
FLAGGED = "CASE WHEN EXISTS (SELECT 1 FROM anomalies x WHERE x.number = o.number) THEN 1 ELSE 0 END"
EVENTS = """LEFT JOIN (SELECT e.number, min(CASE WHEN kind = 'checked' THEN at END) checked,
  min(CASE WHEN kind = 'contacted' THEN at END) contacted, min(CASE WHEN kind = 'plan-complete' THEN at END) complete,
  min(CASE WHEN kind = 'delivered' THEN at END) delivered, min(CASE WHEN kind = 'surveyed' THEN at END) surveyed,
  min(CASE WHEN kind = 'flagged' THEN at END) flagged
  FROM changes e WHERE e.number >= {first} AND e.number < {last} GROUP BY e.number) e ON e.number = o.number"""
STAGES = """LEFT JOIN (SELECT number, max(confirmed_at) confirmed, max(CASE WHEN due < actual THEN 1 ELSE 0 END) late
  FROM stages WHERE number >= {first} AND number < {last} GROUP BY number) s ON s.number = o.number"""
LIMIT = "CASE coalesce(pr.in_force, 'medium') WHEN 'high' THEN {0} WHEN 'medium' THEN {1} ELSE 28800 END"
CLOCKS = {
    "plan": f"p.completed_at - o.received_at > {LIMIT.format(7200, 14400)}",
    "confirm": f"coalesce(e.contacted, e.checked) - o.received_at > {LIMIT.format(3600, 14400)}",
    "anomaly": "e.contacted - e.flagged > 7200",
    "acknowledge": "s.confirmed - e.complete > 3600",
    "survey": "e.surveyed - e.delivered > 259200",
}


def statements() -> Iterator[str]:
    """Every aggregate of the report."""
    yield _orders().format(first=FIRST, last=LAST)
    yield (f"SELECT o.number / 1000000000, count(*), avg({RESPONSE}), avg({CYCLE}), avg({FLAGGED}), avg(a.score)"
           f" {JOINS} {COUNTED} GROUP BY 1").format(first=OLDEST, last=FIRST)  # fmt: skip
    yield "SELECT count(*), avg(response), avg(cycle), avg(flagged), avg(score) FROM each"
    for value in ("response", "cycle"):
        ranked = f"SELECT {value} v, row_number() OVER (ORDER BY {value}) nth, count(*) OVER () n FROM each"
        picked = "nth IN ((n + 1) / 2, n / 2 + 1, (9 * n + 9) / 10)"
        yield f"SELECT v FROM ({ranked} WHERE {value} IS NOT NULL) r WHERE {picked}"
    for group in ("product", "level", "channel", "weekday"):
        counts = ", ".join(f"sum({name})" for name in ("flagged", "late", "broken", "complained"))
        yield f"SELECT {group}, count(*), {counts}, avg(response), avg(score) FROM each GROUP BY 1"
    for clock in CLOCKS:
        yield f"SELECT late_reason, count(*) FROM each WHERE broke_{clock} = 1 GROUP BY 1"
    yield "SELECT avg(scored), avg(quality), avg(timeliness), avg(service) FROM each"
    within = f"WHERE number >= {FIRST} AND number < {LAST}"
    yield f"SELECT stage, count(*), sum(CASE WHEN due < actual THEN 1 ELSE 0 END) FROM stages {within} GROUP BY 1"
    yield f"SELECT stage, note, count(*) FROM stages {within} AND due < actual GROUP BY stage, note"


def _orders() -> str:
    """The month's orders, each with all it contributes."""
    broke = {name: f"CASE WHEN {condition} THEN 1 ELSE 0 END" for name, condition in CLOCKS.items()}
    each = ", ".join(f"{condition} AS broke_{name}" for name, condition in broke.items())
    return f"""CREATE TEMPORARY TABLE each AS SELECT *, CASE WHEN {" + ".join(f"broke_{name}" for name in CLOCKS)} > 0
      THEN 1 ELSE 0 END AS broken FROM (SELECT o.number, o.product, coalesce(pr.level, o.level) AS level,
      coalesce(o.channel, o.source) AS channel, (o.received_at + 28800) / 86400 % 7 AS weekday, o.late_reason,
      {RESPONSE} AS response, {CYCLE} AS cycle, {FLAGGED} AS flagged, coalesce(s.late, 0) AS late,
      CASE WHEN c.number IS NULL THEN 0 ELSE 1 END AS complained,
      a.score, a.response AS scored, a.quality, a.timeliness, a.service, {each}
      {JOINS} {EVENTS} {STAGES} LEFT JOIN priorities pr ON pr.number = o.number
      LEFT JOIN cases c ON c.number = o.number {COUNTED}) w"""


def main() -> None:
    """Run every statement and fetch its rows."""
    url = sys.argv[1]
    if url.startswith("sqlite:///"):
        import sqlite3

        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        for statement in statements():
            connection.execute(statement).fetchall()
    else:
        import psycopg

        with psycopg.connect(url.replace("+psycopg", "")) as server:
            for statement in statements():
                asked = server.execute(statement)  # type: ignore[arg-type]
                if asked.description is not None:
                    asked.fetchall()


if __name__ == "__main__":
    main()
