"""The decisions of the process as pure functions: no rule reads a clock, a file or the ledger.

`CHECKS` is what intake asks of every order (PROCESS.md, step 1); each check is a small function that returns the
findings it comes to, and never raises.
"""

from __future__ import annotations

from orderflow.rules.clarity import custom_vague, custom_without_parameter, rush_date_not_urgent
from orderflow.rules.completeness import level_and_amount, missing
from orderflow.rules.conflict import (
    amount_implausible,
    delivery_before_receipt,
    over_stock_unpaid,
    quantity_not_positive,
    unit_mismatch,
)
from orderflow.rules.facts import Check
from orderflow.rules.feasible import date_not_feasible

CHECKS: tuple[Check, ...] = (
    missing,
    level_and_amount,
    over_stock_unpaid,
    delivery_before_receipt,
    quantity_not_positive,
    unit_mismatch,
    amount_implausible,
    custom_without_parameter,
    custom_vague,
    rush_date_not_urgent,
    date_not_feasible,
)
