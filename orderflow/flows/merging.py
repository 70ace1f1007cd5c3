"""`merge`: two registrations of one order become one; nothing of either is lost, and `undo` parts them."""

from __future__ import annotations

from orderflow.flows.desk import Desk
from orderflow.flows.doing import Done, one_run
from orderflow.flows.queries import known_number, refuse_ended, whole_orders
from orderflow.ledger import anomalies, history, orders
from orderflow.records.errors import OrderflowError
from orderflow.records.order import Change, Order
from orderflow.rules.state import state_of


def merge_orders(desk: Desk, number: str, into: str) -> Done:
    """Merge `number` into `into`, which stays.

    Raises OrderflowError `order-unknown`, `order-undone`, `merge-with-itself` or `merge-not-possible`.
    """
    with one_run(desk, "merge", {"order": number, "into": into}) as run:
        number, into = known_number(run, number), known_number(run, into)
        if number == into:
            raise OrderflowError("merge-with-itself", number=number)
        for order in orders.load(run, [number, into]):
            refuse_ended(order)
            _refuse_closed(desk, order)
        orders.change(run, [orders.Edit(number, "merged", {"merged_into": into}, desk.now)])
        anomalies.close_all(run, [number], "merged", desk.now)
        for reason in anomalies.of_orders(run, [into], only_open=True).get(into, []):
            if reason.code == "possible-duplicate" and reason.params.get("twin") == number:
                anomalies.close(run, into, reason.code, reason.field, "merged", desk.now)
        history.record(run, [Change("merged-from", desk.now, into, after={"merged_from": number})])
        return Done(run.id, whole_orders(desk, run, [number, into]))


def _refuse_closed(desk: Desk, order: Order) -> None:
    state = state_of(order)
    if state in ("merged", "cancelled"):
        raise OrderflowError("merge-not-possible", number=order.row.number, state=desk.say(f"messages.states.{state}"))
