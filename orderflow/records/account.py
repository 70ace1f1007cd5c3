"""What an intake run came to: every row read is accounted for, and every row skipped is listed (PROCESS.md, step 1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from orderflow.records.finding import Finding


class Outcome(StrEnum):
    """What became of a row; the first that fits of this order (CLI.md, "Codes")."""

    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FLAGGED = "flagged"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no order and is not counted as read: `total`, `blank`, `header` or `note`."""

    row: int
    kind: str


@dataclass(slots=True)
class RowOutcome:
    """One row read: the order it is about, what became of it, and the codes that are open on the order."""

    row: int
    outcome: Outcome
    number: str | None = None
    state: str | None = None
    twin: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a cell was read as: its address, the field, the text in it, and the value in words (none: not read)."""

    cell: str
    field: str
    typed: str
    value: str | None


@dataclass(slots=True)
class SheetAccount:
    """The accounting of one sheet taken. `columns` pairs each header with the field it was read as, or `None`."""

    path: Path
    sha256: str
    sheet: str | None
    columns: dict[str, str | None] = field(default_factory=dict)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    rows: list[RowOutcome] = field(default_factory=list)
    readings: list[CellReading] = field(default_factory=list)
    checked: Path | None = None

    @property
    def read(self) -> int:
        """Rows read as orders: the sum of all outcomes, so the accounting closes by construction of the count."""
        return self.outcomes.total()


@dataclass(slots=True)
class IntakeOutcome:
    """Everything a run of intake did; `run` is `None` where nothing was stored (a dry run, nothing new)."""

    run: int | None = None
    dry: bool = False
    sheets: list[SheetAccount] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    finished: list[Path] = field(default_factory=list)
