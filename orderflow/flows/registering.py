"""New orders: numbered, checked, compared with their likes, stored with their history (PROCESS.md, step 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orderflow.flows.checking import Checking
from orderflow.flows.claims import Claim
from orderflow.flows.desk import Desk
from orderflow.flows.twins import TwinSearch, portrait_of
from orderflow.ledger import anomalies, numbers, orders
from orderflow.ledger.book import Run
from orderflow.ledger.history import record
from orderflow.records.account import Outcome
from orderflow.records.finding import Finding, Severity
from orderflow.records.order import Anomaly, Change, Order
from orderflow.records.reasons import anomaly_of, codes_of
from orderflow.records.references import References
from orderflow.records.registration import Registration
from orderflow.rules.duplicate import Portrait, twin_keys
from orderflow.rules.facts import Yardstick
from orderflow.rules.identity import is_same_person
from orderflow.rules.matching import desk_numbers


@dataclass(slots=True)
class Registrar:
    """Registers the new orders of one sheet; `absent` are the fields that the sheet has no column for."""

    desk: Desk
    run: Run
    references: References
    yardstick: Yardstick
    absent: frozenset[str]
    source: int
    twins: TwinSearch
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    adopted: set[str] = field(default_factory=set)
    checking: Checking = field(init=False)

    def __post_init__(self) -> None:
        self.checking = Checking(self.yardstick, self.references, self.desk.zone)

    def register(self, claims: Sequence[Claim]) -> None:
        """Number, check and store the orders of these claims, in the order of their rows."""
        if not claims:
            return
        self._number(claims)
        for claim in claims:
            if claim.checked is None:
                claim.checked = self.checking.findings(claim.row, claim.unread)
            if claim.checked:
                claim.findings += self._grave(claim.checked)
            self._settle_check(claim)
        portraits = [portrait_of(claim.row, claim.channel) for claim in claims]
        made = [self._order(claim, portrait) for claim, portrait in zip(claims, portraits, strict=True)]
        self._find_twins(claims, made, portraits)
        opened = [self._anomalies(claim, order) for claim, order in zip(claims, made, strict=True)]
        orders.insert(self.run, made)
        self._record(claims, opened)

    def _number(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            claim.number = claim.desk_number
        brought = [claim.number for claim in claims if claim.number is not None]
        if brought:
            self.adopted.update(brought)
            self.counted["number-adopted"] += len(brought)
        unnumbered = [claim for claim in claims if claim.number is None]
        by_month: dict[tuple[int, int], list[Claim]] = defaultdict(list)
        for claim in unnumbered:
            at = claim.row.received_at or self.desk.now
            by_month[at.year, at.month].append(claim)
        for (year, month), waiting in by_month.items():
            given = numbers.give(self.run, f"{year:04}{month:02}", len(waiting))
            for claim, number in zip(waiting, given, strict=True):
                claim.number = number
        for claim in claims:
            claim.row.number = claim.number
            if claim.occurrence is not None:
                claim.occurrence.number = claim.number

    def check(self, row: Registration, unread: Mapping[str, str]) -> list[Finding]:
        """Everything that the checks find about a row; what is only worth a count is counted."""
        return self._grave(self.checking.findings(row, unread))

    def _grave(self, found: Sequence[Finding]) -> list[Finding]:
        """The findings without those that are only worth a count, which are counted."""
        for finding in found:
            if finding.severity is Severity.NOTE:
                self.counted[finding.code] += 1
        return [finding for finding in found if finding.severity is not Severity.NOTE]

    def _settle_check(self, claim: Claim) -> None:
        """Who entered, and a second person's check that the row brings with it: never the same one."""
        row = claim.row
        row.entered_by = row.entered_by or self.desk.actor
        if row.checked_by is None:
            row.checked_at = None
        elif is_same_person(row.checked_by, row.entered_by):
            found = Finding(
                "checker-is-enterer", Severity.WARNING, "checked_by", row.checked_by, {"name": row.checked_by}
            )
            claim.findings.append(found)
            row.checked_by = row.checked_at = None
        else:
            row.checked_at = self.desk.aware(row.checked_at) or self.desk.now

    def _order(self, claim: Claim, portrait: Portrait) -> Order:
        return Order(
            row=claim.row,
            identity=claim.identity,
            fingerprint=claim.content,
            twin_keys=twin_keys(portrait),
            channel=claim.channel,
            unread=claim.unread,
            extra=claim.extra,
            received_time_known=claim.received_time_known,
            source=self.source,
            sheet_row=claim.line,
        )

    def _find_twins(self, claims: Sequence[Claim], made: Sequence[Order], portraits: Sequence[Portrait]) -> None:
        keyed = [(portrait, order.twin_keys) for portrait, order in zip(portraits, made, strict=True)]
        originals = [self.originals(claim.row.remark) for claim in claims]
        for claim, twin in zip(claims, self.twins.twins_of(keyed, originals), strict=True):
            if twin is not None:
                claim.twin = twin.params["twin"]
                claim.findings.append(twin)

    def originals(self, remark: str | None) -> list[str]:
        """The orders whose goods a remark says are replaced (补单), by the numbers in it."""
        says = remark is not None and self.yardstick.replacement.first_in(remark)
        return desk_numbers(remark) if says else []

    def _anomalies(self, claim: Claim, order: Order) -> list[Anomaly]:
        grave = [finding for finding in claim.findings if finding.severity is Severity.ANOMALY]
        order.open_anomalies = len(grave)
        claim.outcome = Outcome.FLAGGED if grave else Outcome.NEW
        claim.state = "flagged" if grave else "checked" if claim.row.checked_by is not None else "registered"
        return [anomaly_of(finding, claim.number or "", self.run.id, self.desk.now) for finding in grave]

    def _record(self, claims: Sequence[Claim], opened: Sequence[Sequence[Anomaly]]) -> None:
        anomalies.add_counted(self.run, [anomaly for several in opened for anomaly in several])
        events = [
            Change("flagged", self.desk.now, claim.number, self.source, claim.line, after={"codes": codes_of(several)})
            for claim, several in zip(claims, opened, strict=True)
            if several
        ]
        events += [
            Change("checked", claim.row.checked_at or self.desk.now, claim.number, self.source, claim.line)
            for claim in claims
            if claim.row.checked_by is not None
        ]
        record(self.run, events)
