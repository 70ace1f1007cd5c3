"""A file of answers: a survey's export or a filled-in feedback workbook, read into answers to orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from orderflow.flows.answering import FIELDS, Answering, Incoming
from orderflow.flows.asking import settled
from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER
from orderflow.flows.matching import Match, Matcher
from orderflow.ledger import intake
from orderflow.ledger.book import Book, Run, in_chunks
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import Unreadable
from orderflow.records.feedback import SURVEY, WORKBOOK
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.masking import masked, masked_contact
from orderflow.records.rows import REFERENCES, WORKBOOKS, Feedback, columns
from orderflow.sheets.book import Limits, Line, Sheet, open_book
from orderflow.sheets.cells import read_phone, read_text
from orderflow.sheets.headers import Layout
from orderflow.sheets.reader import TableReader
from orderflow.sheets.surveys import CONTACT, OWN_NUMBER, Survey, open_survey, peeked
from orderflow.sheets.table import open_table
from orderflow.sheets.typed import Doubt, TypedRow

_TOGETHER = 1_000  # lines whose orders are looked up at once
_KINDS = [workbook.row for workbook in (*WORKBOOKS, *REFERENCES)]


@dataclass(slots=True)
class Answers:
    """One sheet of answers as it was read; `rows` in the sheet's order, `None` for one that is no order's."""

    path: Path
    sha256: str
    sheet: Sheet
    kind: str
    layout: Layout
    rows: list[tuple[int, Incoming | None]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def outcomes(self) -> Counter[str]:
        """How many rows became what: `new`, `updated`, `unchanged`, `rejected`; their sum is all that were read."""
        return Counter("rejected" if one is None else one.outcome for _, one in self.rows)


def is_window(desk: Desk, path: Path) -> bool:
    """Whether a file is the desk's own feedback workbook or a copy of it: its rows bear keys. Raises Unreadable."""
    with open_book(path.absolute(), limits=_limits(desk)) as file:
        firsts = (next(sheet.chunks, []) for sheet in file.sheets())
        return any(KEY_HEADER in line.cells for first in firsts for line in first)


def _limits(desk: Desk) -> Limits:
    reading = desk.settings.reading
    return Limits(memory=reading.memory_mib << 20, seconds=float(reading.seconds))


def read_file(desk: Desk, book: Book, path: Path) -> list[Answers]:
    """Every sheet of answers in a file. Raises Unreadable; `no-feedback` where there is none."""
    matcher = Matcher(book)
    with open_book(path, limits=_limits(desk)) as file:
        read = [made for sheet in file.sheets() if (made := _read(desk, book, path, file.sha256, sheet, matcher))]
    if not read:
        raise Unreadable("no-feedback", path=str(path))
    return read


def _read(desk: Desk, book: Book, path: Path, sha256: str, sheet: Sheet, matcher: Matcher) -> Answers | None:
    first, again = peeked(sheet)
    survey = open_survey(first, again, desk.settings.pins)
    if survey is not None:
        made = Answers(path, sha256, sheet, SURVEY, survey.layout)
        made.findings += _unknown_questions(made, survey)
        _read_lines(_Reader(desk, matcher, made, survey), survey.lines)
        return made
    table = open_table(again, _KINDS, desk.settings.pins)
    if table is None or table.layout.row is not Feedback:
        return None
    table = settled(table, book, str(path), sheet.name, desk.settings.pins)
    made = Answers(path, sha256, sheet, WORKBOOK, table.layout)
    _read_lines(_Reader(desk, matcher, made), (line for chunk in table.chunks() for line in chunk))
    return made


def _read_lines(reader: _Reader, lines: Iterable[Line]) -> None:
    for chunk in in_chunks(lines, _TOGETHER):
        reader.read(chunk)


def _unknown_questions(made: Answers, survey: Survey) -> list[Finding]:
    place = Place(str(made.path), made.sheet.name, survey.header_row)
    return [
        Finding("survey-question-unknown", Severity.NOTE, None, text, {}, place._replace(column=column))
        for column, text in survey.unknown.items()
    ]


class _Reader:
    """Reads the lines of one sheet into answers to orders."""

    def __init__(self, desk: Desk, matcher: Matcher, made: Answers, survey: Survey | None = None) -> None:
        self._desk, self._matcher, self._made, self._survey = desk, matcher, made, survey
        self._typed = TableReader(made.layout, desk.now.date(), made.sheet.date1904, desk.zone)

    def read(self, lines: Sequence[Line]) -> None:
        """Read some lines; one that no order can be told for is listed."""
        rows = self._typed.rows(lines)
        self._matcher.look_up(typed.row.number for typed in rows)
        for line, typed in zip(lines, rows, strict=True):
            self._read(line, typed)

    def _read(self, line: Line, typed: TypedRow) -> None:
        row: Feedback = typed.row
        phone = self._beside(CONTACT, line)
        match = self._matcher.match(row.number, phone)
        self._made.findings += [self._doubt(typed, doubt, match) for doubt in typed.doubts]
        row.recorded_at = self._desk.aware(row.recorded_at)
        incoming = Incoming(
            replace(row, number=match.number),
            self._made.kind,
            self._identity(row, line) if self._survey is not None else None,
            "recorded_at" not in typed.untimed,
            line.row,
            {name: text for name, text in typed.unread.items() if name in FIELDS},
        )
        if match.number is None and (incoming.says_anything or typed.doubts):
            self._made.findings.append(self._unmatched(line, row, phone, match))
            self._made.rows.append((line.row, None))
        else:
            self._made.rows.append((line.row, incoming))

    def _beside(self, name: str, line: Line) -> str | None:
        cell = self._survey.cell(name, line) if self._survey is not None else None
        return (read_phone if name == CONTACT else read_text)(cell).value

    def _identity(self, row: Feedback, line: Line) -> str:
        """What the same answer is known by in a later export: its number and time there, else all that it says."""
        own = self._beside(OWN_NUMBER, line)
        said = (row.recorded_at, own) if own and row.recorded_at else [getattr(row, name) for name in FIELDS]
        return blake2b(repr(said).encode(), digest_size=12).hexdigest()

    def _doubt(self, typed: TypedRow, doubt: Doubt, match: Match) -> Finding:
        required = columns(Feedback)[doubt.field].required
        severity = CATALOGUE[doubt.code].severity_in(required)
        place = self._place(typed.line, doubt.column)
        return Finding(
            doubt.code, severity, f"feedback.{doubt.field}", doubt.text, dict(doubt.params), place, match.number
        )

    def _unmatched(self, line: Line, row: Feedback, phone: str | None, match: Match) -> Finding:
        """An answer that is listed and not dropped: who gave it, and the orders that it may be about."""
        phone = masked_contact(phone) if phone else None
        said = [str(one) for one in (row.customer, phone, row.score, masked(row.comment)) if one is not None]
        params = {"numbers": list(match.candidates), "said": said}
        code = "answer-ambiguous" if match.candidates else "answer-unmatched"
        place = self._place(line.row, self._made.layout.column_of("number"))
        return Finding(code, Severity.ERROR, "feedback.number", row.number or phone, params, place)

    def _place(self, line: int, column: int | None) -> Place:
        return Place(str(self._made.path), self._made.sheet.name, line, column)


def take(desk: Desk, run: Run, read: Answers) -> list[Incoming]:
    """Take the answers of a sheet into the ledger; what is known already leaves no trace. The ones that changed."""
    answering = Answering(desk, run)
    incoming = [one for _, one in read.rows if one is not None and one.row.number is not None]
    answering.take(incoming)
    changed = [one for one in incoming if one.outcome != "unchanged"]
    if not changed:
        return []
    source = intake.add_source(run, _source(read))
    answering.commit(source)
    intake.add_lines(run, (_line(source, *row) for row in read.rows))
    intake.add_findings(run, read.findings, source)
    return changed


def _line(source: int, line: int, one: Incoming | None) -> intake.Line:
    outcome = "rejected" if one is None else one.outcome
    return intake.Line(source, line, outcome, one.row.number if one else None)


def _source(read: Answers) -> intake.Source:
    layout: Mapping[str, Any] = {
        "fields": {str(column): name for column, name in read.layout.fields.items()},
        "headers": {str(column): text for column, text in read.layout.headers.items()},
    }
    return intake.Source(str(read.path), read.path.name, read.sha256, read.sheet.name, read.kind, layout, read.outcomes)
