"""The aggregates of a month's report as bare SQL, straight through the database's own driver: the floor.

python benchmarks/bare/month_sql.py sqlite:///ledger.db | postgresql://…
"""

from __future__ import annotations

import sys

FIRST, LAST = 202411 * 10**9, 202412 * 10**9
OLDEST = 202311 * 10**9
LIMIT = "CASE coalesce(pr.in_force, 'medium') WHEN 'high' THEN {high} WHEN 'medium' THEN {medium} ELSE {low} END"
ANSWERS = """LEFT JOIN (SELECT number, score, response, quality, timeliness, service FROM (
  SELECT f.*, row_number() OVER (PARTITION BY number ORDER BY recorded_at DESC, seq DESC) nth FROM feedbacks f
  WHERE f.number >= {first} AND f.number < {last}) r WHERE nth = 1) a ON a.number = o.number"""
JOINS = f"""FROM orders o LEFT JOIN plans p ON p.number = o.number LEFT JOIN deliveries d ON d.number = o.number
LEFT JOIN stages s ON s.number = o.number AND s.stage = 'logistics' AND s.seq = 1
LEFT JOIN priorities pr ON pr.number = o.number LEFT JOIN cases c ON c.number = o.number {ANSWERS}
WHERE o.number >= {{first}} AND o.number < {{last}} AND NOT o.undone AND NOT o.cancelled AND o.merged_into IS NULL"""
RESPONSE = "CASE WHEN o.received_time_known AND p.completed_at >= o.received_at THEN p.completed_at - o.received_at END"
CYCLE = "(d.delivered_at + 28800) / 86400 - (o.received_at + 28800) / 86400"
FLAGGED = "CASE WHEN EXISTS (SELECT 1 FROM anomalies x WHERE x.number = o.number) THEN 1 ELSE 0 END"
LATE = """CASE WHEN EXISTS (SELECT 1 FROM stages t WHERE t.number = o.number AND t.due < t.actual) THEN 1 ELSE 0 END"""
MEANS = f"count(*), avg({RESPONSE}), avg({CYCLE}), avg({FLAGGED}), avg(a.score)"
EVENTS = """(SELECT e.number, min(CASE WHEN kind = 'checked' THEN at END) checked,
  min(CASE WHEN kind = 'contacted' THEN at END) contacted, min(CASE WHEN kind = 'plan-complete' THEN at END) complete,
  min(CASE WHEN kind = 'delivered' THEN at END) delivered, min(CASE WHEN kind = 'surveyed' THEN at END) surveyed,
  min(CASE WHEN kind = 'flagged' THEN at END) flagged
  FROM changes e WHERE e.number >= {first} AND e.number < {last} GROUP BY e.number)"""


def statements() -> list[str]:
    """Every aggregate of the report."""
    found = [f"SELECT o.number / 1000000000, {MEANS} {JOINS} GROUP BY 1".format(first=OLDEST, last=LAST)]
    for value in (RESPONSE, CYCLE):
        ranked = f"SELECT v, row_number() OVER (ORDER BY v) nth, count(*) OVER () n FROM (SELECT {value} AS v {JOINS}) w"
        picked = "nth IN ((n + 1) / 2, n / 2 + 1, (9 * n + 9) / 10)"
        found.append(f"SELECT v FROM ({ranked} WHERE v IS NOT NULL) r WHERE {picked}")
    for group in ("o.product", "coalesce(pr.level, o.level)", "coalesce(o.channel, o.source)", "o.received_at / 86400 % 7"):
        found.append(f"SELECT {group}, {MEANS}, sum({LATE}), count(c.number) {JOINS} GROUP BY 1")
    found.append("SELECT stage, count(*), sum(CASE WHEN due < actual THEN 1 ELSE 0 END) FROM stages s"
                 " WHERE s.number >= {first} AND s.number < {last} GROUP BY stage")  # fmt: skip
    found.append("SELECT stage, note, count(*) FROM stages s WHERE s.number >= {first} AND s.number < {last}"
                 " AND due < actual GROUP BY stage, note")  # fmt: skip
    found.append(_clocks())
    found.append(f"SELECT avg(a.response), avg(a.quality), avg(a.timeliness), avg(a.service) {JOINS}")
    return [statement.format(first=FIRST, last=LAST) for statement in found]


def _clocks() -> str:
    plan = LIMIT.replace("{high}", "7200").replace("{medium}", "14400").replace("{low}", "28800")
    confirm = LIMIT.replace("{high}", "3600").replace("{medium}", "14400").replace("{low}", "28800")
    confirmed = "(SELECT max(confirmed_at) FROM stages k WHERE k.number = o.number)"
    broke = [
        f"p.completed_at - o.received_at > {plan}",
        f"coalesce(e.contacted, e.checked) - o.received_at > {confirm}",
        "e.contacted - e.flagged > 7200",
        f"{confirmed} - e.complete > 3600",
        "e.surveyed - e.delivered > 259200",
    ]
    sums = ", ".join(f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)" for condition in broke)
    joined = JOINS.replace("FROM orders o", f"FROM {EVENTS} e JOIN orders o ON o.number = e.number", 1)
    return f"SELECT o.late_reason, {sums} {joined} GROUP BY 1"


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
                server.execute(statement).fetchall()  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
