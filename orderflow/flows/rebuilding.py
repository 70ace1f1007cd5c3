"""A file that was taken in, put together again from its bytes and from what the ledger says became of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from orderflow.flows.asking import settled
from orderflow.flows.columnwide import is_column_wide, of_row
from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.handback import ReturnedRow, ReturnedSheet
from orderflow.flows.keys import key_text
from orderflow.flows.standing import standing
from orderflow.flows.taking import spoken_of
from orderflow.flows.workbooks import KINDS, TakenFile
from orderflow.ledger import intake, orders, pending
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.origin import first_link
from orderflow.records.account import Outcome, SheetAccount
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding
from orderflow.records.order import Order
from orderflow.rules.state import state_of
from orderflow.sheets.book import Line, Sheet, open_book
from orderflow.sheets.headers import Layout
from orderflow.sheets.layout import Value
from orderflow.sheets.reader import TableReader
from orderflow.sheets.table import open_table


def rebuilt(desk: Desk, ledger: Ledger, work: pending.Work) -> TakenFile:
    """The file of a queued copy.

    Raises OrderflowError `file-changed` where its bytes are no longer what was taken, `workbook-in-use` where they
    cannot be read now.
    """
    path = Path(work.spec["path"])
    digest = digest_of(path)
    if digest is None and path.exists():
        raise OrderflowError("workbook-in-use", path=str(path))
    if digest != work.spec["sha256"]:
        raise OrderflowError("file-changed", path=str(path))
    taken = TakenFile(path, work.spec["sha256"])
    most = desk.settings.intake.checked_rows if work.spec["mode"] == "auto" else None
    with ledger.read() as book, open_book(path) as file:
        sources = [source for number in work.spec["sources"] if (source := intake.source_by_id(book, number))]
        wanted = {source.sheet: source for source in sources}
        for sheet in file.sheets():
            if sheet.name not in wanted:
                continue
            table = open_table(sheet, KINDS, desk.settings.pins)
            if table is not None:
                table = settled(table, book, str(path), sheet.name, desk.settings.pins)
                account = SheetAccount(path, taken.sha256, sheet.name)
                returned = ReturnedSheet(account, table.layout, most, table.header_rows[-1])
                lines = [line for chunk in table.chunks() for line in chunk]
                _fill(book, returned, taken, wanted[sheet.name], lines, _standing(desk, sheet, table.layout))
                taken.sheets.append(returned)
    return taken


Standing = Callable[[Order, Line], dict[str, Value]]


def _standing(desk: Desk, sheet: Sheet, layout: Layout) -> Standing:
    """What of an order stands in the cells of a line: the order may have changed before the line and since."""
    reader = TableReader(layout, desk.now.date(), sheet.date1904, desk.zone)
    fields = [name for name in spoken_of(layout) if name != "received_at"]

    def standing_in(order: Order, line: Line) -> dict[str, Value]:
        if order.revision == 1:
            return {}
        (typed,) = reader.rows([line])
        return standing(desk, order, typed.row, typed.unread, fields)

    return standing_in


def _fill(
    book: Book,
    returned: ReturnedSheet,
    taken: TakenFile,
    source: intake.Source,
    lines: Sequence[Line],
    standing_in: Standing,
) -> None:
    became = {line.sheet_row: line for line in intake.lines_of(book, source.id)}
    numbers = [line.number for line in became.values() if line.number]
    stored = {order.row.number or "": order for order in orders.load(book, numbers)}
    found: dict[int | None, list[Finding]] = {}
    wide: list[Finding] = []
    for finding in intake.findings_of(book, source.id):
        if finding.place is not None:
            finding.place = finding.place._replace(file=str(taken.path))
            (wide if is_column_wide(finding) else found.setdefault(finding.place.row, [])).append(finding)
        taken.findings.append(finding)
    desk_id = first_link(book)
    for line in lines:
        if line.row in became:
            order = stored.get(became[line.row].number or "")
            said = found.get(line.row, []) + (of_row(wide, order.unread) if order is not None else [])
            row = _row(line, became[line.row], order, said, desk_id)
            row.standing = standing_in(order, line) if order is not None else {}
            returned.account.outcomes[row.outcome] += 1
            if returned.takes(row.outcome, row.findings):
                returned.keep([row])


def _is_own(became: intake.Line) -> bool:
    return became.number is not None and became.outcome != Outcome.DUPLICATE


def _row(
    line: Line, became: intake.Line, order: Order | None, findings: Sequence[Finding], desk_id: str
) -> ReturnedRow:
    return ReturnedRow(
        row=line.row,
        cells=line.cells,
        outcome=Outcome(became.outcome),
        number=became.number,
        key=key_text(desk_id, became.number or "", order.revision) if order is not None and _is_own(became) else None,
        state=state_of(order) if order is not None else None,
        findings=tuple(findings),
    )
