"""One file on its way into the ledger: every sheet with a recognised header, in one piece or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from orderflow.flows.abreast import WORTH, Abreast
from orderflow.flows.asking import settled
from orderflow.flows.claimer import Claimer
from orderflow.flows.claiming import Claiming
from orderflow.flows.columnwide import gathered
from orderflow.flows.copyist import CopyistBeside, Letterhead, tell
from orderflow.flows.deciding import Seen
from orderflow.flows.handback import ReturnedSheet
from orderflow.flows.keys import KEY_HEADER
from orderflow.flows.registering import Registrar
from orderflow.flows.request import Intake, checked_mode
from orderflow.flows.taking import Taking, absent_fields
from orderflow.ledger import intake, lookup, numbers
from orderflow.ledger.origin import first_link
from orderflow.records.account import SheetAccount, Skipped
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Finding, Place, Severity
from orderflow.records.registration import Registration
from orderflow.records.rows import REFERENCES, WORKBOOKS, Feedback, RowType, Workbook
from orderflow.report.sentences import ranges
from orderflow.rules.identity import is_desk_number
from orderflow.sheets.book import Line, Sheet
from orderflow.sheets.cells.numbers import read_number
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.surveys import open_survey, peeked
from orderflow.sheets.table import Table, open_table

KINDS = [workbook.row for workbook in (*WORKBOOKS, *REFERENCES)]
WRITTEN_IN_FILE = "written-in-file"
"""Why a number was passed over: a file bore it at a row that turned out to be another order."""


class OtherWorkbook(Unreadable):
    """The file is one of the desk's other workbooks (or the export of a survey), not the one that was expected."""

    def __init__(self, workbook: Workbook, path: Path, lang: str) -> None:
        super().__init__("other-workbook", path=str(path), kind=workbook.title.of(lang))
        self.workbook = workbook.name


@dataclass(slots=True)
class TakenFile:
    """What taking one file came to. `sources` are the ledger's ids of its sheets, in their order.

    `copyist` is who has begun to draw its copy, where it is large.
    """

    path: Path
    sha256: str
    sheets: list[ReturnedSheet] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    flagged: list[tuple[str, list[str]]] = field(default_factory=list)
    work: int = 0
    copyist: CopyistBeside | None = None


def take_file(context: Intake, path: Path) -> TakenFile:
    """Take one file in. Raises Unreadable where it cannot be; then nothing of it is in the run."""
    context.progress.begin("reading", path.name)
    with context.run.in_one_piece(), context.ahead.open(path) as book:
        taken = TakenFile(path, book.sha256)
        seen, others, found = Seen(lookup.is_empty(context.run)), [], []
        pins = context.desk.settings.pins
        for opened in book.sheets():
            first, sheet = peeked(opened)
            table = open_table(sheet, KINDS, pins)
            if table is not None and table.layout.row is Registration:
                table = settled(table, context.run, str(path), sheet.name, pins)
                found.append(_take_sheet(context, taken, sheet, table, seen))
            elif table is not None:
                others.append(_workbook_of(table.layout.row))
            elif open_survey(first, sheet, pins) is not None:
                others.append(_workbook_of(Feedback))
        if not taken.sheets:
            if others:
                raise OtherWorkbook(others[0], path, context.desk.lang)
            raise Unreadable("no-orders", path=str(path))
        if taken.copyist is not None:  # who has the rest to do while the findings are noted
            tell(taken.copyist, Letterhead.of(context.desk), path, taken.sheets, taken.findings)
        for source, findings in zip(taken.sources, found, strict=True):
            intake.add_findings(context.run, findings, source)
        return taken


def _workbook_of(row: RowType) -> Workbook:
    return next(workbook for workbook in (*WORKBOOKS, *REFERENCES) if workbook.row is row)


def _take_sheet(context: Intake, taken: TakenFile, sheet: Sheet, table: Table, seen: Seen) -> list[Finding]:
    """Take the rows of one sheet; what was found in it, which the caller notes."""
    desk, layout = context.desk, table.layout
    source = intake.add_source(
        context.run,
        intake.Source(
            path=str(taken.path),
            name=taken.path.name,
            sha256=taken.sha256,
            sheet=sheet.name,
            kind="registration",
            layout={
                "fields": {str(column): name for column, name in layout.fields.items()},
                "headers": {str(column): text for column, text in layout.headers.items()},
            },
        ),
    )
    taking = taking_of(context, taken, sheet, table, seen, source)
    claimer = Claimer(layout, desk.now.date(), sheet.date1904, taking.claiming, taking.registrar.checking, desk.actor)
    chunks: Iterable[Stretch] = _larger(table.chunks())
    number_at = layout.column_of("number")
    reserved: set[str] = set()
    hidden: list[int] = []
    with Abreast(claimer, context.ahead.colleague) as abreast:
        if number_at is not None:
            reserved = _reserve(context, _laid_down(chunks, abreast), number_at)
            chunks = ()
        for batch in abreast.batches(chunks):
            if not abreast.kept:
                _copied_beside(context, taken, taking.returned, abreast)
            if sheet.hidden_rows:
                hidden += [claim.line for claim in batch.claims if claim.line in sheet.hidden_rows]
            taking.take(batch)
            context.progress.advance(len(batch.claims))
            del batch  # gone before the next one comes
    numbers.leave(context.run, reserved - taking.registrar.adopted, WRITTEN_IN_FILE)
    return _conclude(context, taken, sheet, table, taking, hidden)


def _copied_beside(context: Intake, taken: TakenFile, returned: ReturnedSheet, abreast: Abreast) -> None:
    """Have the process that claims the rows draw their copy too, if there is to be one and nobody draws it yet."""
    wanted = checked_mode(context.request)[0] != "none" and not context.request.dry_run
    if abreast.colleague is None or taken.copyist is not None or not wanted:
        return
    abreast.kept = True
    context.ahead.keep(abreast.colleague)
    at = len(taken.sheets)
    copyist = taken.copyist = CopyistBeside(Letterhead.of(context.desk), abreast.colleague, at)
    copyist.begin(at, returned.name, returned.layout)
    returned.drawn = partial(copyist.add, at)


def _laid_down(chunks: Iterable[Stretch], abreast: Abreast) -> Iterator[Stretch]:
    """The same lines, laid down for their claims."""
    for chunk in chunks:
        abreast.give(chunk)
        yield chunk


def _larger(chunks: Iterable[Sequence[Line]]) -> Iterator[Stretch]:
    """The same lines, several thousand at a time: every chunk asks the ledger some twenty questions."""
    waiting: list[Sequence[Line]] = []
    for chunk in chunks:
        waiting.append(chunk)
        if sum(map(len, waiting)) >= WORTH:
            yield Stretch.joined(waiting)
            waiting = []
    if any(waiting):
        yield Stretch.joined(waiting)


def _reserve(context: Intake, chunks: Iterable[Stretch], number_at: int) -> set[str]:
    """The free desk numbers that the sheet's rows bring with them, so that no earlier row is given one of them."""
    written = {
        text
        for chunk in chunks
        for cell in chunk.column(number_at)
        if isinstance(cell, str)
        and not cell.isalnum()  # a desk number has a dash: spares the reading of a platform's numbers
        and (text := read_number(cell).value)
        and is_desk_number(text)
    }
    free = written - lookup.by_number(context.run, written).keys()
    numbers.adopt(context.run, sorted(free))
    return free


def taking_of(context: Intake, taken: TakenFile, sheet: Sheet, table: Table, seen: Seen, source: int) -> Taking:
    """What takes the rows of one sheet into the run."""
    desk, layout = context.desk, table.layout
    mode, _ = checked_mode(context.request)
    account = SheetAccount(taken.path, taken.sha256, sheet.name)
    headers = sorted(layout.headers.items())
    account.columns = {header: layout.fields.get(column) for column, header in headers if header != KEY_HEADER}
    most = desk.settings.intake.checked_rows if mode == "auto" else None if mode == "full" else 0
    noticed: Counter[str] = Counter()
    code, channel = context.source
    desk_id = first_link(context.run)
    return Taking(
        registrar=Registrar(
            desk, context.run, context.references, context.yardstick, absent_fields(layout), source, context.twins
        ),
        claiming=Claiming(str(taken.path), sheet.name, desk.now, desk_id, code, channel, noticed),
        layout=layout,
        account=account,
        returned=ReturnedSheet(account, layout, most, table.header_rows[-1]),
        seen=seen,
        every_row=context.request.every_row,
        preview=context.request.dry_run,
        desk_id=desk_id,
        noticed=noticed,
    )


def _conclude(
    context: Intake, taken: TakenFile, sheet: Sheet, table: Table, taking: Taking, hidden: Sequence[int]
) -> list[Finding]:
    account = taking.account
    for skipped in table.skipped:
        account.skipped += [Skipped(row, skipped.kind.value) for row in range(skipped.row, skipped.last + 1)]
    own = gathered(taking.findings, account.read, table.header_rows[-1])
    findings = [*own, *taking.concluding_findings(), *_sheet_findings(taken, sheet, table, hidden)]
    intake.count_source(
        context.run, taking.registrar.source, {outcome.value: count for outcome, count in account.outcomes.items()}
    )
    taken.sheets.append(taking.returned)
    taken.sources.append(taking.registrar.source)
    taken.findings += findings
    taken.flagged += taking.flagged
    return findings


def _sheet_findings(taken: TakenFile, sheet: Sheet, table: Table, hidden: Sequence[int]) -> Iterator[Finding]:
    """What is worth knowing of the sheet as a whole: what was hidden and read, headers that mean nothing here."""
    place = Place(str(taken.path), sheet.name)
    if sheet.hidden:
        yield Finding("hidden-sheet", Severity.NOTE, None, sheet.name, {"sheet": sheet.name}, place)
    if hidden:
        yield Finding("hidden-rows", Severity.NOTE, None, None, {"count": len(hidden), "rows": ranges(hidden)}, place)
    concealed = [
        table.layout.headers[column] for column in sorted(sheet.hidden_columns) if column in table.layout.fields
    ]
    if concealed:
        yield Finding(
            "hidden-columns", Severity.NOTE, None, None, {"count": len(concealed), "columns": concealed}, place
        )
    for column, nearest in table.layout.unknown.items():
        header, where = table.layout.headers[column], place._replace(row=table.header_rows[-1], column=column)
        if header != KEY_HEADER:
            yield Finding("unknown-column", Severity.NOTE, None, header, {"nearest": nearest}, where)
