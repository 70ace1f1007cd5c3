"""The workbook handed back: the clerk's own columns and rows, the numbers filled in, every doubt marked at its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from orderflow import text
from orderflow.flows.keys import KEY_HEADER
from orderflow.records.account import Outcome, SheetAccount
from orderflow.records.column import Column
from orderflow.records.finding import Finding, Severity
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.report import sentences as said
from orderflow.rules.state import STATES
from orderflow.sheets.book import Trouble
from orderflow.sheets.headers import Layout
from orderflow.sheets.layout import Cell, ColumnLayout, Row, Value
from orderflow.sheets.palette import Look, Pattern
from orderflow.sheets.shown import PATTERNS
from orderflow.sheets.templates import column_layout

LOOKS = {Severity.ERROR: Look.ERROR, Severity.ANOMALY: Look.ERROR, Severity.WARNING: Look.WARNING}
_ADDED = ("state", "anomaly")  # the desk's columns that every returned sheet has, to the right of the clerk's
_FILLED_IN_LATER = ("checked_by",)
_NEEDS_A_PERSON = frozenset({Outcome.FLAGGED, Outcome.REJECTED})


@dataclass(slots=True)
class ReturnedRow:
    """One row as it goes back: the cells as they were typed, what became of the row, what is said of its cells.

    In the fields of `standing` the ledger keeps another value, which takes the place of what was typed.
    """

    row: int
    cells: Sequence[object]
    outcome: Outcome
    number: str | None = None
    key: str | None = None
    state: str | None = None
    findings: tuple[Finding, ...] = ()
    standing: Mapping[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class ReturnedSheet:
    """One sheet on its way back. Beyond `most` rows only those that need a person are kept (`None`: all are).

    `header` is the row of the file that the table begins under.

    Where `drawn` is told, the rows do not wait here, but are given to it once it is certain that they go back.
    """

    account: SheetAccount
    layout: Layout
    most: int | None
    header: int = 0
    rows: list[ReturnedRow] = field(default_factory=list)
    all_kept: bool = True
    drawn: Callable[[list[ReturnedRow]], None] | None = None
    _given: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What the sheet is called in the copy."""
        return self.account.sheet or self.account.path.stem

    def takes(self, outcome: Outcome | None, findings: Iterable[Finding]) -> bool:
        """Whether a row of which this is said may have its place: someone has to look at it, or all are kept so far."""
        return self.all_kept or outcome in _NEEDS_A_PERSON or any(map(said.needs_a_person, findings))

    def keep(self, rows: Iterable[ReturnedRow]) -> None:
        """Take the next ones in of those rows that it `takes`."""
        new = list(rows)
        self.rows += new
        if self.all_kept and self.most is not None and len(self.rows) > self.most:
            self.all_kept = False
            self.rows = new = [row for row in self.rows if self.takes(row.outcome, row.findings)]
        if not self.all_kept:
            self._given.update(row.row for row in new)
        if self.drawn is not None and (self.most is None or not self.all_kept):
            self.drawn(self.rows)
            self.rows = []

    def shows(self, row: int) -> bool:
        """Whether what stands in this row of the file goes back; to be asked once all rows are taken in."""
        return self.all_kept or row <= self.header or row in self._given


def checked_name(path: Path) -> Path:
    """`orders.xlsx` goes back as `orders.checked.xlsx`, and so does `orders.checked.xlsx` itself."""
    stem = path.stem.split(".checked")[0] if ".checked" in path.stem else path.stem
    return path.with_name(f"{stem}.checked.xlsx")


class Plan:
    """Which column of a returned sheet is which: key (hidden), number, theirs as they stood, ours."""

    def __init__(self, layout: Layout, lang: str) -> None:
        self._layout, self._lang = layout, lang
        self._sayings = said.Sayings(lang)
        self._states = {state: text.say(lang, f"messages.states.{state}") for state in STATES}
        self._declared = columns(Registration)
        self._theirs = [column for column, header in sorted(layout.headers.items()) if header != KEY_HEADER]
        own_number = layout.column_of("number")
        self._number_is_theirs = own_number is not None
        present = set(layout.fields.values())
        missing = [name for name, column in self._declared.items() if column.required and name not in present]
        self._ours = [name for name in (*_ADDED, *missing, *_FILLED_IN_LATER) if name not in present or name in _ADDED]
        self._theirs = [c for c in self._theirs if layout.fields.get(c) not in _ADDED]
        first = 1 if self._number_is_theirs else 2
        self._positions = {column: first + position for position, column in enumerate(self._theirs)}
        self._our_positions = {name: first + len(self._theirs) + at for at, name in enumerate(self._ours)}
        self.number_at = self._positions[own_number] if own_number is not None else 1
        self._width = first + len(self._theirs) + len(self._ours)

    def columns(self) -> list[ColumnLayout]:
        """The columns as they are written."""
        key = ColumnLayout(KEY_HEADER, hidden=True, width=4)
        number = [] if self._number_is_theirs else [self._ours_layout("number")]
        return [key, *number, *map(self._their_layout, self._theirs), *map(self._ours_layout, self._ours)]

    def _their_layout(self, column: int) -> ColumnLayout:
        field = self._layout.fields.get(column)
        declared = self._declared[field] if field else None
        return ColumnLayout(
            header=self._layout.headers[column],
            pattern=_pattern(declared),
            width=declared.width if declared else None,
            choices=_choices(declared, self._lang),
        )

    def _ours_layout(self, name: str) -> ColumnLayout:
        return column_layout(self._declared[name], self._lang)

    def row(self, returned: ReturnedRow) -> Row:
        """One row, its doubtful cells coloured with what is wrong and what to write."""
        cells: list[Value | Cell] = [None] * self._width
        cells[0] = returned.key
        typed, width = returned.cells, len(returned.cells)
        for column, position in self._positions.items():
            if column < width:
                cells[position] = as_typed(typed[column])
        for name, value in returned.standing.items():
            at = self._position_of(name)
            if at is not None:
                cells[at] = value
        if returned.number is not None:
            cells[self.number_at] = returned.number
        if returned.state is not None:
            cells[self._our_positions["state"]] = self._states[returned.state]
        if returned.findings:
            self._mark(cells, returned)
        return cells

    def _mark(self, cells: list[Value | Cell], returned: ReturnedRow) -> None:
        by_cell: dict[int, list[Finding]] = {}
        for finding in returned.findings:
            by_cell.setdefault(self.position(finding), []).append(finding)
        for position, found in by_cell.items():
            gravest = min(found, key=lambda finding: finding.severity.rank)
            sentences = map(self._sayings.of, found)
            comment = "\n\n".join(f"{one.message}\n{one.fix}" for one in sentences)
            value = cells[position]
            look = LOOKS.get(gravest.severity, Look.NOTE)
            cells[position] = Cell(value if not isinstance(value, Cell) else value.value, look, comment)
        reasons = "；".join(self._sayings.of(f).title for f in returned.findings if f.severity in LOOKS)
        place = self._our_positions["anomaly"]
        marked = cells[place]
        cells[place] = Cell(reasons, marked.look, marked.comment) if isinstance(marked, Cell) else reasons

    def _position_of(self, name: str) -> int | None:
        column = self._layout.column_of(name)
        return self._our_positions.get(name) if column is None else self._positions.get(column)

    def position(self, finding: Finding) -> int:
        """Where a finding is shown: at its cell, else at the column of ours it is about, else at the reasons."""
        column = finding.place.column if finding.place else None
        if column is not None and column in self._positions:
            return self._positions[column]
        if finding.field == "number":
            return self.number_at
        return self._our_positions.get(finding.field or "", self._our_positions["anomaly"])


def as_typed(cell: object) -> Value:
    """A cell as it stood in the clerk's file; what held an error or an uncalculated formula shows it as text."""
    if isinstance(cell, Trouble):
        return cell.text
    if isinstance(cell, timedelta):
        return str(cell)
    return cell  # type: ignore[return-value]


def _pattern(column: Column | None) -> Pattern:
    return PATTERNS.get(column.kind, Pattern.TEXT) if column else Pattern.GENERAL


def _choices(column: Column | None, lang: str) -> tuple[str, ...]:
    return tuple(choice.words.of(lang) for choice in column.choices) if column else ()
