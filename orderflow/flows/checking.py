"""What every check of step 1 finds about one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from orderflow.records.finding import Finding, Severity
from orderflow.records.references import References
from orderflow.records.registration import Registration
from orderflow.rules import CHECKS
from orderflow.rules.facts import Facts, Yardstick
from orderflow.rules.matching import desk_numbers


@dataclass(frozen=True, slots=True)
class Checking:
    """The checks with what they measure by: the settings, the references, the desk's time zone."""

    yardstick: Yardstick
    references: References
    zone: tzinfo

    def findings(self, row: Registration, unread: Mapping[str, str]) -> list[Finding]:
        """Everything that the checks find about a row, in their order."""
        received = row.received_at
        facts = Facts(
            row=row,
            unread=unread,
            received=received.astimezone(self.zone).date() if received is not None else None,
            product=self.references.product(row.product),
            known_level=self.references.level_of(row.customer),
        )
        return [finding for check in CHECKS for finding in check(facts, self.yardstick)]

    def originals(self, remark: str | None) -> list[str]:
        """The orders whose goods a remark says are replaced (补单), by the numbers in it."""
        says = remark is not None and self.yardstick.replacement.first_in(remark)
        return desk_numbers(remark) if says else []


def parted(found: Sequence[Finding]) -> tuple[list[Finding], list[str]]:
    """The findings without those that are only worth a count, and the codes of these."""
    notes = [finding.code for finding in found if finding.severity is Severity.NOTE]
    return [finding for finding in found if finding.severity is not Severity.NOTE], notes
