"""Every code that a finding or an error can bear, with its severity and the group it is shown under.

The texts (title, message, fix) stand in `locales/*/findings.toml`; `docs/findings.md` is made from both, and every
code has a file under `tests/findings/` that brings it about.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from orderflow.records.finding import Severity


class Group(StrEnum):
    """What kind of trouble: the three kinds of 异常 of the source document's step 1, then the rest."""

    MISSING = "missing"
    CONFLICT = "conflict"
    UNCLEAR = "unclear"
    DUPLICATE = "duplicate"
    READING = "reading"
    NUMBER = "number"
    DECIDE = "decide"  # a conflict between two answers: a person chooses
    CHECK = "check"
    JUDGE = "judge"
    PLAN = "plan"
    TRACK = "track"
    FEEDBACK = "feedback"
    FILE = "file"


class Code(NamedTuple):
    """One code. Without a severity it is an anomaly in a required column and a warning elsewhere.

    A `confirmable` anomaly also closes when a person confirms it as meant (PROCESS.md, step 1).
    """

    name: str
    group: Group
    severity: Severity | None = None
    confirmable: bool = False

    @property
    def needs_a_person(self) -> bool:
        """Whether it is a conflict, which a person has to decide whatever its severity (CLI.md, exit codes)."""
        return self.group is Group.DECIDE

    def severity_in(self, required: bool) -> Severity:
        """The severity in a column that is required or not."""
        return self.severity or (Severity.ANOMALY if required else Severity.WARNING)


_E, _A, _W, _N = Severity.ERROR, Severity.ANOMALY, Severity.WARNING, Severity.NOTE
_G = Group

CATALOGUE: dict[str, Code] = {
    code.name: code
    for code in (
        # 信息不全
        Code("missing-customer", _G.MISSING, _A),
        Code("missing-contact", _G.MISSING, _A),
        Code("missing-product", _G.MISSING, _A),
        Code("missing-quantity", _G.MISSING, _A),
        Code("missing-delivery-date", _G.MISSING, _A),
        Code("missing-payment", _G.MISSING, _A),
        Code("missing-column", _G.MISSING, _A),
        Code("missing-level", _G.MISSING, _W),
        Code("missing-amount", _G.MISSING, _W),
        # 需求冲突
        Code("over-stock-unpaid", _G.CONFLICT, _A, confirmable=True),
        Code("stock-unknown", _G.CONFLICT, _N),
        Code("delivery-before-receipt", _G.CONFLICT, _A, confirmable=True),
        Code("quantity-not-positive", _G.CONFLICT, _A, confirmable=True),
        Code("unit-mismatch", _G.CONFLICT, _A, confirmable=True),
        Code("amount-implausible", _G.CONFLICT, _A, confirmable=True),
        # 特殊需求未明确
        Code("custom-without-parameter", _G.UNCLEAR, _A, confirmable=True),
        Code("custom-vague", _G.UNCLEAR, _A, confirmable=True),
        Code("rush-date-not-urgent", _G.UNCLEAR, _A, confirmable=True),
        # 重复
        Code("possible-duplicate", _G.DUPLICATE, _A),
        Code("duplicate-row", _G.DUPLICATE, _N),
        Code("duplicate-file", _G.DUPLICATE, _N),
        Code("line-of-one-purchase", _G.DUPLICATE, _N),
        # what a cell holds cannot be read for certain
        Code("unreadable-date", _G.READING),
        Code("ambiguous-date", _G.READING),
        Code("date-out-of-range", _G.READING),
        Code("several-dates", _G.READING),
        Code("unreadable-quantity", _G.READING),
        Code("several-quantities", _G.READING),
        Code("unreadable-amount", _G.READING),
        Code("several-amounts", _G.READING),
        Code("amount-unit-unclear", _G.READING, _W),
        Code("unknown-choice", _G.READING),
        Code("closed-at-source", _G.READING, _A),
        Code("unreadable-score", _G.READING),
        Code("several-contacts", _G.READING, _W),
        Code("error-value", _G.READING),
        Code("formula-not-calculated", _G.READING),
        Code("digits-lost", _G.READING, _W),
        Code("text-too-long", _G.READING, _W),
        # desk numbers
        Code("number-adopted", _G.NUMBER, _N),
        Code("number-read-as-external", _G.NUMBER, _N),
        Code("number-changed", _G.NUMBER, _W),
        Code("number-removed", _G.NUMBER, _W),
        Code("number-swapped", _G.NUMBER, _W),
        Code("number-retired", _G.NUMBER, _W),
        Code("order-archived", _G.NUMBER, _N),
        Code("number-of-another-order", _G.NUMBER, _A, confirmable=True),
        Code("computed-cell-changed", _G.NUMBER, _W),
        # two people, two answers
        Code("changed-by-person", _G.DECIDE, _W),
        Code("changed-on-both-sides", _G.DECIDE, _W),
        Code("duplicate-row-differs", _G.DECIDE, _W),
        Code("checker-is-enterer", _G.CHECK, _W),
        Code("check-voided", _G.CHECK, _N),
        Code("row-says-nothing", _G.MISSING, _E),
        # level and amount
        Code("not-judgeable", _G.JUDGE, _W),
        Code("urgency-differs", _G.JUDGE, _W),
        Code("floor-unconfirmed", _G.JUDGE, _W),
        Code("override-without-reason", _G.DECIDE, _W),
        # plans
        Code("date-not-feasible", _G.PLAN, _W),
        Code("waits-for-mending", _G.PLAN, _W),
        Code("waits-for-level", _G.PLAN, _W),
        Code("waits-for-check", _G.PLAN, _W),
        Code("waits-for-evidence", _G.PLAN, _W),
        Code("plan-stale", _G.PLAN, _W),
        Code("owner-missing", _G.PLAN, _W),
        Code("moved-by-rush", _G.PLAN, _W),
        Code("stage-dates-wrong", _G.PLAN, _W),
        Code("stage-unknown", _G.PLAN, _W),
        Code("holidays-unknown", _G.PLAN, _W),
        # stages under way
        Code("stage-late", _G.TRACK, _A),
        Code("stage-silent", _G.TRACK, _A),
        Code("stage-expected-late", _G.TRACK, _A),
        Code("promise-at-risk", _G.TRACK, _W),
        Code("status-differs", _G.TRACK, _W),
        Code("report-to-come", _G.TRACK, _W),
        # what customers answered, and how orders end
        Code("answer-unmatched", _G.FEEDBACK, _E),
        Code("answer-ambiguous", _G.FEEDBACK, _E),
        Code("survey-question-unknown", _G.FEEDBACK, _N),
        Code("late-reason-missing", _G.FEEDBACK, _W),
        Code("no-clock-broken", _G.FEEDBACK, _N),
        Code("original-unknown", _G.FEEDBACK, _W),
        # sheets and columns
        Code("column-unclear", _G.FILE, _E),
        Code("unknown-column", _G.FILE, _N),
        Code("hidden-sheet", _G.FILE, _N),
        Code("hidden-rows", _G.FILE, _N),
        Code("hidden-columns", _G.FILE, _N),
        Code("received-time-unknown", _G.FILE, _N),
        Code("no-orders", _G.FILE, _E),
        Code("no-feedback", _G.FILE, _E),
        Code("other-workbook", _G.FILE, _E),
        Code("copy-not-written", _G.FILE, _E),
        # the desk's own workbooks
        Code("workbook-open", _G.FILE, _N),
        Code("workbook-edited", _G.FILE, _N),
        Code("written-elsewhere", _G.FILE, _W),
        Code("other-desk", _G.FILE, _E),
        Code("row-removed", _G.NUMBER, _W),
        Code("row-without-order", _G.NUMBER, _E),
        Code("row-without-stage", _G.NUMBER, _E),
        Code("formula-as-value", _G.FILE, _N),
        # files
        Code("file-missing", _G.FILE, _E),
        Code("file-empty", _G.FILE, _E),
        Code("file-locked", _G.FILE, _E),
        Code("file-changing", _G.FILE, _E),
        Code("file-unreachable", _G.FILE, _E),
        Code("file-unknown", _G.FILE, _E),
        Code("file-is-folder", _G.FILE, _E),
        Code("file-is-lock", _G.FILE, _E),
        Code("file-is-pdf", _G.FILE, _E),
        Code("file-is-picture", _G.FILE, _E),
        Code("file-is-archive", _G.FILE, _E),
        Code("file-is-document", _G.FILE, _E),
        Code("file-is-presentation", _G.FILE, _E),
        Code("file-is-numbers", _G.FILE, _E),
        Code("file-too-old", _G.FILE, _E),
        Code("file-encrypted", _G.FILE, _E),
        Code("file-encrypted-ods", _G.FILE, _E),
        Code("password-wrong", _G.FILE, _E),
        Code("file-damaged", _G.FILE, _E),
        Code("file-far-cell", _G.FILE, _E),
        Code("page-without-table", _G.FILE, _E),
        Code("text-undecodable", _G.FILE, _E),
        Code("text-quote-open", _G.FILE, _E),
        Code("text-cell-too-long", _G.FILE, _E),
        Code("file-too-large", _G.FILE, _E),
        Code("file-too-slow", _G.FILE, _E),
    )
}
