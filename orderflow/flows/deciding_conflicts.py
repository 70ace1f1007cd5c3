"""Conflicts decided by a person on the sheet that lists them: the ledger's value stays, or the other one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from orderflow.flows.claims import Claim
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.keys import Key
from orderflow.flows.refreshing import TWINS
from orderflow.flows.registering import Registrar
from orderflow.flows.request import Intake
from orderflow.flows.sides import is_said
from orderflow.flows.updating import Update, Updater
from orderflow.flows.window_kinds import KINDS
from orderflow.flows.window_sheets import DISTINCT, THEIRS
from orderflow.ledger import anomalies, conflicts, history, orders
from orderflow.records.finding import Finding, Place
from orderflow.records.order import Change, Order
from orderflow.sheets.stretch import Stretch


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
            if "." in conflict.field:
                _kept_in(conflict.field).take_side(context, conflict)
            else:
                found += _take_theirs(context, conflict, place)
        conflicts.decide(context.run, conflict.id, choice.choice)
    return found


def _tell_apart(context: Intake, choice: Picked) -> None:
    """Two orders that look alike are two: what `mark … distinct` records."""
    run, at = context.run, context.desk.now
    if choice.choice == DISTINCT and anomalies.close(run, choice.number, TWINS, None, "distinct", at):
        history.record(run, [Change("distinct", at, choice.number)])


def _kept_in(field: str) -> KeptRows:
    """The workbook whose rows the field is of."""
    return next(kind for kind in KINDS if isinstance(kind, KeptRows) and kind.field_of(field) is not None)


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
        lines=Stretch((line,), ()),
        rows=(order.row,),
        at=0,
        line=line,
        content=order.fingerprint,
        identity=order.identity,
        desk_number=number,
        key=Key(number, order.revision),
        channel=order.channel,
        received=order.row.received_at,
        received_time_known=order.received_time_known,
        unread=dict(order.unread),
        number=number,
    )
