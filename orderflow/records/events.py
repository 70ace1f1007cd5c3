"""Every event that somebody is told of: to whom, how grave it is, and the facts that its text is made from.

A new event is one entry here, one template a language (`notices/templates/<language>/<event>.txt`) and its words in
`locales/*/notices.toml`; what brings it about calls `flows.telling.tell`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from orderflow.records.finding import Severity


class Recipient(StrEnum):
    """Who is told: the specialist, the desk's group, the head of a department, or an order's customer."""

    SPECIALIST = "specialist"
    GROUP = "group"
    HEAD = "head"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell. `facts` are the names that its template may use, and all of them are given."""

    name: str
    recipient: Recipient
    severity: Severity
    facts: tuple[str, ...]


_DECLARED = (
    Event("flagged", Recipient.SPECIALIST, Severity.ANOMALY, ("orders", "count", "hours", "due")),  # step 1
    Event("clock-soon", Recipient.SPECIALIST, Severity.WARNING, ("orders", "count")),  # step 4
    Event("clock-broken", Recipient.SPECIALIST, Severity.ANOMALY, ("orders", "count")),  # step 4
    Event("judged", Recipient.HEAD, Severity.NOTE, ("orders", "count")),  # step 2
    Event("plan", Recipient.HEAD, Severity.NOTE, ("department", "stages", "count", "hours", "due")),  # step 3
    Event("plan-complete", Recipient.GROUP, Severity.NOTE, ("orders", "count")),  # step 4, announced at once
    Event("promise", Recipient.CUSTOMER, Severity.NOTE, ("number", "promise", "before")),  # step 3
    Event("stage-done", Recipient.GROUP, Severity.NOTE, ("stages", "count")),  # step 4, announced at once
    Event(
        "exception",
        Recipient.SPECIALIST,
        Severity.ANOMALY,
        ("number", "code", "stage", "owner", "days", "due", "note", "contingency", "minutes", "promise", "forecast"),
    ),  # step 4
    Event(
        "digest",
        Recipient.GROUP,
        Severity.NOTE,
        (
            "day",
            "received",
            "planned",
            "delivered",
            "closed",
            "breaches",
            "open",
            "flagged",
            "late",
            "coming",
            "silent",
            "stages",
            "count",
        ),
    ),  # step 4, at 17:00
    Event("moved", Recipient.CUSTOMER, Severity.NOTE, ("number", "stage", "actual", "tracking_number", "expected")),
    Event(
        "complained",
        Recipient.HEAD,
        Severity.ANOMALY,
        ("number", "customer", "product", "causes", "opinion", "owner", "proposed", "hours", "due"),
    ),  # step 5
    Event("survey", Recipient.CUSTOMER, Severity.NOTE, ("number", "url")),  # step 5
    Event("report", Recipient.GROUP, Severity.NOTE, ("month", "figures", "standouts", "workbook")),  # step 6
    Event("report-due", Recipient.SPECIALIST, Severity.WARNING, ("month", "due")),  # step 6
    Event("survey-reminder", Recipient.CUSTOMER, Severity.NOTE, ("number", "url")),  # step 5
)
ATTACHED = "workbook"
"""The fact that names a file of the desk which goes along with a notice, where its channel can carry files."""
EVENTS = {event.name: event for event in _DECLARED}
