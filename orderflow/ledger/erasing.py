"""Erasing persons: what their orders say of them goes from every row, and the chain still holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, Table, delete, or_, select, update

from orderflow.ledger import chain, history
from orderflow.ledger.book import Run, among, in_chunks
from orderflow.ledger.excerpt import OF_ORDERS
from orderflow.ledger.outbox import DROPPED, UNSENT
from orderflow.ledger.schema import (
    anomalies,
    changes,
    conflicts,
    customers,
    evidence,
    findings,
    jottings,
    notices,
    orders,
)
from orderflow.ledger.seals import NOTICES, RESEALED, seals_of
from orderflow.ledger.values import PERSONAL, json_value, seconds
from orderflow.records.order import Change

_NOTHING = "{}"


def of_customer(run: Run, names: Sequence[str]) -> list[str]:
    """The orders of a customer under any of these names, by number; those that were taken back too."""
    asked = select(orders.c.number).where(orders.c.customer.in_(names)).order_by(orders.c.number)
    return list(run.connection.execute(asked).scalars())


def erase(run: Run, numbers: Sequence[str]) -> None:
    """Erases all that these orders say of persons, and records that in the history.

    What is no person's stays: product, quantity, days, states, so that a month's figures stay what they were.
    """
    for chunk in in_chunks(numbers):
        chain.erase(run, chunk)
        for table in OF_ORDERS:
            if table is not changes and (emptied := _emptied(table)):
                run.connection.execute(update(table).where(among(run, table.c.number, chunk)).values(emptied))
        own = among(run, findings.c.number, chunk)
        run.connection.execute(update(findings).where(own).values(value=None, params=_NOTHING))
        quoted = among(run, anomalies.c.number, chunk) & anomalies.c.field.in_(PERSONAL)
        run.connection.execute(update(anomalies).where(quoted).values(params=_NOTHING))
        run.connection.execute(delete(evidence).where(among(run, evidence.c.number, chunk)))
        decided = among(run, conflicts.c.number, chunk)
        run.connection.execute(update(conflicts).where(decided).values(base="null", ours="null", theirs="null"))
    _erase_notices(run, numbers)
    _erase_jottings(run, numbers)


def _emptied(table: Table) -> dict[str, Any]:
    """The personal columns of a table, without a value; what may not be empty says nothing."""
    personal = (column for column in table.c if column.name in PERSONAL and isinstance(column.type, String))
    return {column.name: None if column.nullable else "" for column in personal}


def _erase_notices(run: Run, numbers: Sequence[str]) -> None:
    """What notices about these orders say, and to whom they went; how the seals of their runs go on is recorded.

    Those that had not left are dropped: they would say nothing.
    """
    wanted, months = set(numbers), sorted({number[:6] for number in numbers})
    near = or_(*(notices.c.numbers.contains(f'"{month}-') for month in months))
    asked = select(notices.c.id, notices.c.run, notices.c.numbers).where(near, notices.c.facts != _NOTHING)
    found = [row for row in run.connection.execute(asked) if not wanted.isdisjoint(json_value(row.numbers))]
    sealed = {of: seals_of(run, of)[NOTICES] for of in sorted({row.run for row in found})}
    for chunk in in_chunks([row.id for row in found]):
        gone = {"facts": _NOTHING, "words": None, "subject": None, "address": None, "target": None, "detail": None}
        own = notices.c.id.in_(chunk)
        run.connection.execute(update(notices).where(own).values(gone))
        dropped = {"state": DROPPED, "settled_at": seconds(run.at), "settled_run": run.id}
        run.connection.execute(update(notices).where(own, notices.c.state.in_(UNSENT)).values(dropped))
    after = ((of, was, seals_of(run, of)[NOTICES]) for of, was in sealed.items())
    history.record(
        run,
        [Change(RESEALED, run.at, before={NOTICES: was}, after={"of_run": of, NOTICES: now}) for of, was, now in after],
    )


def _erase_jottings(run: Run, numbers: Sequence[str]) -> None:
    wanted = set(numbers)
    for row in run.connection.execute(select(jottings.c.row).distinct()).scalars().all():
        if row.partition("/")[0] in wanted:
            run.connection.execute(delete(jottings).where(jottings.c.row == row))


def erase_reference(run: Run, names: Sequence[str]) -> None:
    """What the workbook of customers said of somebody, as the ledger remembers it."""
    run.connection.execute(delete(customers).where(customers.c.customer.in_(names)))
