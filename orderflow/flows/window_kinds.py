"""The workbooks of the desk that are windows onto the ledger; a new one is one line here."""

from __future__ import annotations

from orderflow.flows.feedback_window import FeedbackRows
from orderflow.flows.kept_window import KeptRows
from orderflow.flows.priority_window import PriorityRows
from orderflow.flows.progress_window import ProgressRows
from orderflow.flows.registration_window import Orders
from orderflow.flows.window_kind import WindowKind
from orderflow.records.rows import WORKBOOKS

_REGISTRATION, _PRIORITY, _PLAN, _PROGRESS, _FEEDBACK = WORKBOOKS

KINDS: tuple[WindowKind, ...] = (
    Orders(),
    PriorityRows(_PRIORITY, "priority", every_order=True),
    KeptRows(_PLAN, "stage", ("number", "stage")),
    ProgressRows(_PROGRESS, "stage", ("number", "stage")),
    FeedbackRows(_FEEDBACK, "feedback", ("number", "customer"), several=True),
)
BY_NAME = {kind.workbook.name: kind for kind in KINDS}
