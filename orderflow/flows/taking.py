"""One sheet on its way into the ledger, chunk by chunk: read, told apart, registered or updated, accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from orderflow.flows.batch import Batch
from orderflow.flows.claiming import Claiming
from orderflow.flows.claims import Claim
from orderflow.flows.deciding import Ledgered, Seen, first_outcome, reserve, resolve
from orderflow.flows.handback import ReturnedRow, ReturnedSheet
from orderflow.flows.keys import key_text
from orderflow.flows.registering import Registrar
from orderflow.flows.repeats import Purchases, say_repeats
from orderflow.flows.replacing import link_replacements
from orderflow.flows.updating import Updater
from orderflow.ledger import conflicts, intake, lookup
from orderflow.ledger.lookup import Known
from orderflow.ledger.origin import first_link
from orderflow.records.account import CellReading, Outcome, RowOutcome, SheetAccount
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding, Place, Severity, column_letters
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.sheets.cells import shown
from orderflow.sheets.headers import Layout
from orderflow.sheets.shown import in_line


@dataclass(slots=True)
class Taking:
    """Takes the rows of one sheet. `noticed` counts what is said once for the sheet; `flagged` are its new 异常."""

    registrar: Registrar
    claiming: Claiming
    layout: Layout
    account: SheetAccount
    returned: ReturnedSheet
    seen: Seen
    every_row: bool
    preview: bool
    desk_id: str
    noticed: Counter[str]
    findings: list[Finding] = field(default_factory=list)
    flagged: list[tuple[str, list[str]]] = field(default_factory=list)
    purchases: Purchases = field(default_factory=Purchases)

    def take(self, batch: Batch) -> None:
        """Take the next rows, in their order."""
        claims = batch.claims
        stored = self._stored(claims)
        new, known, repeats = [], [], []
        orders: Sequence[Known | None] = [None] * len(claims)
        if stored.numbers or stored.identities:
            orders = [None if claim.says_nothing else resolve(claim, stored) for claim in claims]
            for claim, order in zip(claims, orders, strict=True):
                if order is not None:
                    reserve(claim, order, self.seen)
        for place, (claim, order) in enumerate(zip(claims, orders, strict=True)):
            outcome, first = first_outcome(claim, order, self.seen)
            claim.outcome = outcome
            if outcome is Outcome.REJECTED:
                self._reject(claim)
            elif first is not None:
                repeats.append((claim, first))
            elif order is not None:
                known.append((claim, order))
            else:
                new.append(place)
        fields = spoken_of(self.layout)
        self.registrar.register(batch, new)
        Updater(self.registrar, fields, self.layout.extra.values()).update(known)
        link_replacements(self.registrar, claims)
        say_repeats(self.registrar.run, repeats, fields)
        self._account(claims)
        self.seen.bearers.clear()

    def _stored(self, claims: Sequence[Claim]) -> Ledgered:
        """The stored orders that these rows may be, in two look-ups.

        In a desk's first file only a row with a number is looked up by what it says: the others are told apart by what
        the file has said before.
        """
        numbers = {claim.desk_number for claim in claims} | {claim.key.number for claim in claims if claim.key}
        asked = [claim for claim in claims if claim.desk_number or claim.key] if self.seen.is_all else claims
        run = self.registrar.run
        return Ledgered(
            lookup.by_number(run, [number for number in numbers if number]),
            lookup.by_identity(run, [claim.identity for claim in asked]),
        )

    def _reject(self, claim: Claim) -> None:
        claim.findings = [Finding("row-says-nothing", Severity.ERROR)]

    def _account(self, claims: Sequence[Claim]) -> None:
        sheet_columns = {field: column for column, field in self.layout.fields.items()}
        self.account.outcomes.update(claim.outcome or Outcome.NEW for claim in claims)
        self.purchases.add(claim for claim in claims if claim.outcome is not Outcome.DUPLICATE)
        doubted = [claim for claim in claims if claim.findings]
        for claim in doubted:
            for finding in claim.findings:
                self._place(finding, claim, sheet_columns)
            if claim.outcome is Outcome.FLAGGED:
                self.flagged.append(
                    (claim.number or "", [f.code for f in claim.findings if f.severity is Severity.ANOMALY])
                )
        self._note_conflicts(doubted)
        if self.preview:
            self.account.readings += [reading for claim in claims for reading in self._readings(claim)]
        if self.every_row:
            self.account.rows += map(_row_outcome, claims)
        eventful = [claim for claim in claims if claim.findings or claim.outcome is not Outcome.NEW]
        going_back = claims if self.returned.all_kept else eventful
        takes = self.returned.takes
        self.returned.keep([self._returned(claim) for claim in going_back if takes(claim.outcome, claim.findings)])
        source = self.registrar.source
        kept = (
            intake.Line(source, claim.line, str(claim.outcome), claim.number)
            for claim in eventful
            if claim.outcome is not Outcome.NEW
        )
        intake.add_lines(self.registrar.run, kept)

    def _place(self, finding: Finding, claim: Claim, sheet_columns: dict[str, int]) -> None:
        """Give the finding its cell; what the sheet has no column for is said once, not in every row."""
        finding.number = claim.number
        if finding.place is None:
            finding.place = self.claiming.place(claim.line, sheet_columns.get(finding.field or ""))
        if finding.code.startswith("missing-") and finding.field in self.registrar.absent:
            self.noticed[f"absent {finding.field}"] += 1
        else:
            self.findings.append(finding)

    def _note_conflicts(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if claim.findings[0].code == "duplicate-row-differs" and claim.number:
                asked = conflicts.Conflict(
                    claim.number, "row", None, None, str(claim.line), self.registrar.source, claim.line
                )
                known = conflicts.asked(self.registrar.run, [claim.number])
                conflicts.add(self.registrar.run, [asked] if conflicts.question(asked) not in known else [])

    def _readings(self, claim: Claim) -> Iterator[CellReading]:
        """What each filled cell of a row was read as."""
        declared, lang = columns(Registration), self.registrar.desk.lang
        for column, name in sorted(self.layout.fields.items()):
            cell = claim.cells[column] if column < len(claim.cells) else None
            if cell is not None:
                value = getattr(claim.row, name) if name != "number" else claim.number
                read = in_line(value, declared[name], lang, claim.row.unit) if value is not None else None
                address = f"{column_letters(column)}{claim.line}"
                yield CellReading(address, name, shown(cell), read)

    def _returned(self, claim: Claim) -> ReturnedRow:
        self.desk_id = self.desk_id or first_link(self.registrar.run)
        own = claim.number if claim.outcome is not Outcome.DUPLICATE else None
        key = key_text(self.desk_id, own, claim.revision) if own else None
        return ReturnedRow(
            claim.line,
            claim.cells if self.returned.drawn is None else (),
            claim.outcome or Outcome.NEW,
            claim.number,
            key,
            claim.state,
            tuple(claim.findings),
            claim.standing,
        )

    def concluding_findings(self) -> list[Finding]:
        """What is said once for the sheet: columns that do not exist, rows counted."""
        found = []
        for code, count in (self.noticed + self.registrar.counted).items():
            if code.startswith("absent "):
                found.append(_absent(code.removeprefix("absent "), count))
            else:
                found.append(Finding(code, CATALOGUE[code].severity_in(False), None, None, {"rows": count}))
        for finding in found:
            finding.place = Place(self.claiming.file, self.claiming.sheet)
        column = self.layout.column_of("external_number")
        for line, finding in self.purchases.findings():
            finding.place = self.claiming.place(line, column)
            found.append(finding)
        return found


def spoken_of(layout: Layout) -> tuple[str, ...]:
    """The fields that the columns of a sheet speak of; a quantity says its unit too."""
    fields = tuple(layout.fields.values())
    return (*fields, "unit") if "quantity" in fields and "unit" not in fields else fields


def absent_fields(layout: Layout) -> frozenset[str]:
    """The fields of an order that a sheet has no column for."""
    return frozenset(columns(Registration)) - set(layout.fields.values())


def _absent(field: str, rows: int) -> Finding:
    """One finding for a column that a sheet does not have; level and amount are missed, not required."""
    if columns(Registration)[field].required or field == "contact":
        return Finding("missing-column", Severity.ANOMALY, field, None, {"column": field, "rows": rows})
    return Finding(f"missing-{field}", Severity.WARNING, field, None, {"rows": rows})


def _row_outcome(claim: Claim) -> RowOutcome:
    reasons = tuple(dict.fromkeys(f.code for f in claim.findings if f.severity is Severity.ANOMALY))
    return RowOutcome(claim.line, claim.outcome or Outcome.NEW, claim.number, claim.state, claim.twin, reasons)
