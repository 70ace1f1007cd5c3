"""New orders: numbered, checked, compared with their likes, stored with their history (PROCESS.md, step 1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orderflow.flows.batch import Batch
from orderflow.flows.checking import Checking, parted
from orderflow.flows.claims import Claim
from orderflow.flows.desk import Desk
from orderflow.flows.twins import TwinSearch
from orderflow.ledger import anomalies, numbers, orders
from orderflow.ledger.book import Run
from orderflow.ledger.history import record
from orderflow.ledger.told import Told
from orderflow.records.account import Outcome
from orderflow.records.finding import Finding, Severity
from orderflow.records.order import Anomaly, Change
from orderflow.records.reasons import anomaly_of, codes_of
from orderflow.records.references import References
from orderflow.records.registration import Registration
from orderflow.rules.duplicate import Portrait
from orderflow.rules.facts import Yardstick


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
    counted: Counter[str] = field(default_factory=Counter)
    adopted: set[str] = field(default_factory=set)
    checking: Checking = field(init=False)

    def __post_init__(self) -> None:
        self.checking = Checking(self.yardstick, self.references, self.desk.zone)

    def register(self, batch: Batch, places: Sequence[int]) -> None:
        """Number and store the orders of the claims at these places of a batch, in the order of their rows."""
        if not places:
            return
        claims = [batch.claims[place] for place in places]
        numbered = self._numbered(claims)
        self.counted.update(code for place in places for code in batch.noted.get(place, ()))
        for claim in claims:
            claim.findings += claim.checked
            if claim.second is not None and claim.second.refused:
                claim.findings.append(_checker_is_enterer(claim.second.name))
        new = batch.told.picked(frozenset(places))
        self._find_twins(claims, batch.portraits(places, numbered), new)
        opened = [self._anomalies(claim) if claim.findings else [] for claim in claims]
        for claim, several in zip(claims, opened, strict=True):
            claim.outcome = Outcome.FLAGGED if several else Outcome.NEW
            claim.state = "flagged" if several else "checked" if _is_checked(claim) else "registered"
        counts = [len(several) for several in opened]
        orders.insert_told(
            self.run, numbered, new, {"source_id": [self.source] * len(claims), "open_anomalies": counts}
        )
        self._record(claims, opened)

    def _numbered(self, claims: Sequence[Claim]) -> list[str]:
        """The numbers of new orders: their own, else the next ones of their months."""
        waiting: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            claim.number = claim.desk_number
            if claim.desk_number is None:
                waiting[claim.month].append(claim)
        brought = [claim.number for claim in claims if claim.number is not None]
        if brought:
            self.adopted.update(brought)
            self.counted["number-adopted"] += len(brought)
        for month, several in waiting.items():
            for claim, number in zip(several, numbers.give(self.run, month, len(several)), strict=True):
                claim.number = number
        for claim in claims:
            if claim.occurrence is not None:
                claim.occurrence.number = claim.number
        return [claim.number or "" for claim in claims]

    def check(self, row: Registration, unread: Mapping[str, str]) -> list[Finding]:
        """Everything that the checks find about a row; what is only worth a count is counted."""
        grave, notes = parted(self.checking.findings(row, unread))
        self.counted.update(notes)
        return grave

    def _find_twins(self, claims: Sequence[Claim], portraits: Sequence[Portrait], new: Told) -> None:
        nobody: Sequence[str | None] = [None] * len(claims)
        keys = zip(*(new.columns.get(name, nobody) for name in ("twin_a", "twin_b")), strict=True)
        found = self.twins.twins_of(portraits, keys, [claim.originals for claim in claims])
        for claim, twin in zip(claims, found, strict=True):
            if twin is not None:
                claim.twin = twin.params["twin"]
                claim.findings.append(twin)

    def _anomalies(self, claim: Claim) -> list[Anomaly]:
        grave = [finding for finding in claim.findings if finding.severity is Severity.ANOMALY]
        return [anomaly_of(finding, claim.number or "", self.run.id, self.desk.now) for finding in grave]

    def _record(self, claims: Sequence[Claim], opened: Sequence[Sequence[Anomaly]]) -> None:
        anomalies.add_counted(self.run, [anomaly for several in opened for anomaly in several])
        events = [
            Change("flagged", self.desk.now, claim.number, self.source, claim.line, after={"codes": codes_of(several)})
            for claim, several in zip(claims, opened, strict=True)
            if several
        ]
        events += [
            Change("checked", claim.second.at, claim.number, self.source, claim.line)
            for claim in claims
            if claim.second is not None and not claim.second.refused
        ]
        record(self.run, events)


def _is_checked(claim: Claim) -> bool:
    return claim.second is not None and not claim.second.refused


def _checker_is_enterer(name: str) -> Finding:
    return Finding("checker-is-enterer", Severity.WARNING, "checked_by", name, {"name": name})
