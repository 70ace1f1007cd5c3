"""The answer of `intake`: the accounting that closes, the findings with their cells, the next command to type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json, discreet
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.desk import Desk
from orderflow.records.account import IntakeOutcome, Outcome, SheetAccount
from orderflow.records.finding import Finding, Severity
from orderflow.report import sentences as said
from orderflow.report.console import console, indented

_PREVIEWED = 20  # cells that a dry run shows
_SHOWN = 5  # findings of one kind that the terminal shows
_STYLES = {Severity.ERROR: "red", Severity.ANOMALY: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


class SkippedJson(BaseModel):
    """A row that is no order."""

    row: int
    kind: str


class ReadingJson(BaseModel):
    """What a cell was read as, in a dry run."""

    cell: str
    field: str
    typed: str
    value: str | None


class FileJson(BaseModel):
    """One sheet taken."""

    path: str
    sha256: str
    sheet: str | None
    read: int
    new: int
    flagged: int
    updated: int
    unchanged: int
    duplicate: int
    rejected: int
    skipped: list[SkippedJson]
    checked: str | None
    columns: dict[str, str | None]
    readings: list[ReadingJson]


class RowJson(BaseModel):
    """One row read."""

    number: str | None
    state: str | None
    outcome: str
    file: str
    sheet: str | None
    row: int
    twin: str | None
    reasons: list[str]


class IntakeJson(BaseModel):
    """`orderflow intake --json`."""

    run: int | None
    dry_run: bool
    desk: str
    created: bool
    files: list[FileJson]
    orders: list[RowJson]
    findings: list[FindingJson]


@dataclass(frozen=True, slots=True)
class IntakeAnswer:
    """What an intake run came to, at `desk`, which the run may have set up."""

    desk: Desk
    outcome: IntakeOutcome
    created: bool

    @property
    def exit_code(self) -> int:
        """1 where something needs a person: an error, an anomaly, a conflict to decide."""
        return NEEDS_A_PERSON if any(map(said.needs_a_person, self.outcome.findings)) else DONE

    def as_json(self) -> dict[str, Any]:
        """The run as CLI.md has it; one entry under `files` for each sheet taken."""
        outcome = self.outcome
        return IntakeJson(
            run=outcome.run,
            dry_run=outcome.dry,
            desk=str(self.desk.path),
            created=self.created,
            files=[_file(account) for account in outcome.sheets],
            orders=[row for account in outcome.sheets for row in _rows(account)],
            findings=[as_json(finding, self.desk.lang) for finding in outcome.findings],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The summary for a terminal, legible at 80 columns."""
        out, say = console(), self.desk.say
        if self.created:
            out.print(say("messages.intake.created", path=self.desk.path))
        if not call.quiet:
            self._show_accounts(call.verbose)
        self._show_findings(call.verbose, call.quiet)
        for path in self.outcome.finished:
            out.print(say("messages.intake.finished", path=path))
        self._show_next()

    def _show_accounts(self, verbose: bool) -> None:
        out, say, outcome = console(), self.desk.say, self.outcome
        title = "dry" if outcome.dry else "done" if outcome.run else "nothing"
        at = f"{self.desk.now:%Y-%m-%d %H:%M}"
        out.print(say(f"messages.intake.{title}", run=outcome.run, at=at, actor=self.desk.actor), style="bold")
        for account in outcome.sheets:
            out.print()
            out.print(f"{account.path.name}  {account.sheet or ''}".rstrip(), style="bold cyan")
            out.print("  " + said.accounting(account, self.desk.lang))
            if account.skipped:
                out.print("  " + self._skipped(account), style="dim")
            if outcome.dry:
                self._show_columns(account)
                self._show_readings(account, verbose)
            if account.checked is not None:
                out.print("  " + say("messages.intake.checked"), style="green")
                out.print(f"  {account.checked}", overflow="fold", style="green")

    def _skipped(self, account: SheetAccount) -> str:
        say = self.desk.say
        kinds: dict[str, list[int]] = {}
        for row in account.skipped:
            kinds.setdefault(row.kind, []).append(row.row)
        parts = [f"{say(f'messages.skipped.{kind}')} {said.ranges(rows)}" for kind, rows in kinds.items()]
        return f"{say('messages.intake.skipped')} " + "; ".join(parts)

    def _show_columns(self, account: SheetAccount) -> None:
        from rich.table import Table

        say, lang = self.desk.say, self.desk.lang
        table = Table(box=None, padding=(0, 3, 0, 2), show_edge=False)
        table.add_column(say("messages.intake.their_header"))
        table.add_column(say("messages.intake.our_column"))
        for theirs, field in account.columns.items():
            ours = said.header(field, lang) if field else say("messages.intake.kept_as_extra")
            table.add_row(theirs, ours, style=None if field else "dim")
        console().print(table)

    def _show_readings(self, account: SheetAccount, verbose: bool) -> None:
        """Cells that were read as something else than they say; with `verbose` every cell."""
        from rich.table import Table

        told = [r for r in account.readings if verbose or (r.value is not None and r.value != r.typed.strip())]
        if not told:
            return
        table = Table(box=None, padding=(0, 3, 0, 2), show_edge=False)
        for key in ("cell", "typed", "our_column"):
            table.add_column(self.desk.say(f"messages.intake.{key}"), overflow="fold")
        for reading in told if verbose else told[:_PREVIEWED]:
            table.add_row(reading.cell, reading.typed, reading.value or "—")
        console().print(table)
        if len(told) > _PREVIEWED and not verbose:
            console().print("  " + self.desk.say("messages.intake.more", count=len(told) - _PREVIEWED), style="dim")

    def _show_findings(self, verbose: bool, quiet: bool) -> None:
        notable = [f for f in self.outcome.findings if verbose or _notable(f, quiet)]
        if not notable:
            return
        out = console()
        out.print()
        out.print(self.desk.say("messages.intake.findings", count=len(notable)), style="bold")
        for group in said.by_kind(notable).values():
            self._show_group(group, len(group) if verbose else _SHOWN)

    def _show_group(self, group: Sequence[Finding], most: int) -> None:
        out, lang = console(), self.desk.lang
        style = _STYLES[group[0].severity]
        label = self.desk.say(f"messages.severities.{group[0].severity.value}")
        out.print(f"{said.words(group[0], lang, 'title')}  [{label}] {len(group)}", style=style)
        for finding in map(discreet, group[:most]):
            indented(_where(finding), 2, style="cyan")
            indented(said.words(finding, lang, "message"), 4)
            indented(said.words(finding, lang, "fix"), 4, style="dim")
        if len(group) > most:
            out.print("  " + self.desk.say("messages.intake.more", count=len(group) - most), style="dim")

    def _show_next(self) -> None:
        out, say, outcome = console(), self.desk.say, self.outcome
        doubtful = [account for account in outcome.sheets if account.outcomes[Outcome.FLAGGED]]
        checked = next((account.checked for account in (*doubtful, *outcome.sheets) if account.checked), None)
        if outcome.dry:
            key = "messages.next.dry"
        elif checked is not None and self.exit_code:
            key = "messages.next.mend"
        elif outcome.run is not None and any(account.read for account in outcome.sheets):
            key = "messages.next.check"
        else:
            return
        out.print()
        out.print(say(key, path=_quoted(str(checked)), run=outcome.run), overflow="fold")


def _file(account: SheetAccount) -> FileJson:
    return FileJson(
        path=str(account.path),
        sha256=account.sha256,
        sheet=account.sheet,
        read=account.read,
        **{outcome.value: account.outcomes[outcome] for outcome in Outcome},
        skipped=[SkippedJson(row=skipped.row, kind=skipped.kind) for skipped in account.skipped],
        checked=str(account.checked) if account.checked else None,
        columns=account.columns,
        readings=[ReadingJson(cell=r.cell, field=r.field, typed=r.typed, value=r.value) for r in account.readings],
    )


def _rows(account: SheetAccount) -> list[RowJson]:
    return [
        RowJson(
            number=row.number,
            state=row.state,
            outcome=row.outcome.value,
            file=str(account.path),
            sheet=account.sheet,
            row=row.row,
            twin=row.twin,
            reasons=list(row.reasons),
        )
        for row in account.rows
    ]


def _notable(finding: Finding, quiet: bool) -> bool:
    return said.needs_a_person(finding) or (not quiet and finding.severity is Severity.WARNING)


def _where(finding: Finding) -> str:
    """`orders.xlsx 订单信息登记表!G7`, then what stood there."""
    place = finding.place
    if place is None:
        return finding.number or ""
    sheet = f" {place.sheet}" if place.sheet else ""
    cell = f"!{place.cell}" if place.cell else ""
    value = f"  {finding.value}" if finding.value else ""
    number = f"  {finding.number}" if finding.number else ""
    return f"{Path(place.file).name}{sheet}{cell}{number}{value}"


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
