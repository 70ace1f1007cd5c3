"""Who has to know of what follows a delivery: after-sales of a complaint, the customer of the survey (step 5)."""

from __future__ import annotations

from orderflow.flows.desk import Desk
from orderflow.flows.telling import Told
from orderflow.records.feedback import Case, Due
from orderflow.records.registration import Registration
from orderflow.rules.clocks import AFTER_SALES
from orderflow.rules.limits import limits


def complaint(desk: Desk, run: int, case: Case, row: Registration, opinion: str | None) -> Told:
    """After-sales learns that a customer complains, and by when to call."""
    amount, hours = case.proposed, desk.settings.clocks.after_sales_hours
    limit = limits(desk.settings, desk.zone)[AFTER_SALES]
    facts = {
        "number": case.number,
        "customer": row.customer,
        "product": row.product,
        "causes": list(case.causes),
        "opinion": opinion,
        "owner": case.owner,
        "proposed": None if amount is None else f"{amount.number:f}{amount.unit or ''}",
        "hours": f"{hours:g}",
        "due": limit.worktime.after(case.opened_at, limit.of(None)).astimezone(desk.zone).isoformat(),
    }
    return Told("complained", [case.number], facts, f"{case.number}:{run}", desk.settings.feedback.department)


def invitation(desk: Desk, due: Due, contact: str | None) -> Told:
    """The customer is asked for an answer, or reminded once, with the form's address."""
    url = desk.settings.feedback.survey_url.replace("{number}", due.number)
    return Told(due.code, [due.number], {"number": due.number, "url": url}, due.number, address=contact)
