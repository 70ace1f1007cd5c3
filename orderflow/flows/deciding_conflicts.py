"""Conflicts decided by a person on the sheet that lists them: the ledger's value stays, or the other one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from orderflow.flows.claims import Claim
from orderflow.flows.keys import Key
from orderflow.flows.refreshing import TWINS
from orderflow.flows.registering import Registrar
from orderflow.flows.request import Intake
from orderflow.flows.sides import is_said
from orderflow.flows.updating import EDITED, Update, Updater
from orderflow.flows.window_sheets import DISTINCT, THEIRS
from orderflow.ledger import anomalies, conflicts, history, kept, orders
from orderflow.records.finding import Finding, Place
from orderflow.records.order import Change, Order
from orderflow.records.rows import ROWS_OF


class Picked(NamedTuple):
    """What a person chose for one conflict of an order, or for its suspected twin (`None`), and where."""

    number: str
    conflict: int | None
    choice: str
    place: Place


def decide(context: Intake, picked: Sequence[Picked], path: Path) -> list[Finding]:
    """Decide the conflicts that are still open; what is found about the orders afterwards."""
    if not picked:
        return []
    open_ = {conflict.id: conflict for conflict in conflicts.undecided(context.run, [p.number for p in picked])}
    found: list[Finding] = []
    for choice in picked:
        if choice.conflict is None:
            _tell_apart(context, choice)
            continue
        conflict = open_.pop(choice.conflict, None)
        if conflict is None or conflict.number != choice.number or choice.choice == DISTINCT:
            continue
        if choice.choice == THEIRS and is_said(conflict.theirs):
            place = choice.place._replace(file=str(path))
            found += _take_kept(context, conflict) if "." in conflict.field else _take_theirs(context, conflict, place)
        conflicts.decide(context.run, conflict.id, choice.choice)
    return found


def _tell_apart(context: Intake, choice: Picked) -> None:
    """Two orders that look alike are two: what `mark … distinct` records."""
    run, at = context.run, context.desk.now
    if choice.choice == DISTINCT and anomalies.close(run, choice.number, TWINS, None, "distinct", at):
        history.record(run, [Change("distinct", at, choice.number)])


def _take_kept(context: Intake, conflict: conflicts.Conflict) -> list[Finding]:
    """Take the other value of a row that the ledger keeps beside its order."""
    owner, _, field = conflict.field.rpartition(".")
    table, *rest = owner.split("/")
    name = (conflict.number, *rest)
    row = kept.load(context.run, table, ROWS_OF[table][-1], [conflict.number])[name]
    unread = {column: typed for column, typed in row.unread.items() if column != field}
    values = {field: conflict.theirs, "unread": unread}
    edit = kept.Edit(name, EDITED, values, context.desk.now, conflict.source, conflict.sheet_row)
    kept.change(context.run, table, [edit])
    return []


def _take_theirs(context: Intake, conflict: conflicts.Conflict, place: Place) -> list[Finding]:
    (order,) = orders.load(context.run, [conflict.number])
    desk, run, source = context.desk, context.run, conflict.source or 0
    registrar = Registrar(desk, run, context.references, context.yardstick, frozenset(), source, context.twins)
    claim = _claim(order, conflict.sheet_row or 0)
    unread = {name: typed for name, typed in order.unread.items() if name != conflict.field}
    values = {conflict.field: conflict.theirs} | ({"unread": unread} if unread != order.unread else {})
    reasons = anomalies.of_orders(context.run, [conflict.number])
    Updater(registrar, [conflict.field], ()).bring([Update(claim, order, values)], reasons)
    for finding in claim.findings:
        finding.number, finding.place = conflict.number, finding.place or place
    return claim.findings


def _claim(order: Order, line: int) -> Claim:
    """What a row would say that says what the order does."""
    number = order.row.number or ""
    return Claim(
        line=line,
        cells=(),
        row=order.row,
        content=order.fingerprint,
        identity=order.identity,
        desk_number=number,
        key=Key(number, order.revision),
        channel=order.channel,
        received=order.row.received_at,
        received_time_known=order.received_time_known,
        unread=dict(order.unread),
        extra={},
        number=number,
    )
