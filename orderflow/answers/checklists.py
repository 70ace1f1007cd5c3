"""What is checked before a delivery, in one paragraph: on the board, and in the answer of `feedback` (step 5)."""

from __future__ import annotations

from collections.abc import Sequence

from orderflow.flows.desk import Desk
from orderflow.records.masking import masked_contact
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.sheets.shown import in_line

CHECKED = ("product", "quantity", "address", "delivery_method", "contact_person", "contact", "remark")
"""Specification and quantity, where to, 送货 or 自提, whom to call, what else was asked for."""


def checklist(row: Registration, missing: Sequence[str], desk: Desk, *, masked: bool = False) -> str:
    """What is known of each; what is `missing` is asked for. `masked`: where others than the clerk may read it."""
    declared = columns(Registration)
    said = {name: in_line(getattr(row, name), declared[name], desk.lang, row.unit) for name in CHECKED}
    if masked and row.contact:
        said["contact"] = masked_contact(row.contact)
    parts = [f"{declared[name].words.of(desk.lang)} {value}" for name, value in said.items() if value]
    parts += [desk.say("messages.feedback.ask", what=declared[name].words.of(desk.lang)) for name in missing]
    return "  ".join(parts)
