"""The registration workbook as a window: every live order as the ledger has it, what is open about it at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from orderflow.flows.batch import batch_of, made_of
from orderflow.flows.claims import Occurrence
from orderflow.flows.desk import Desk
from orderflow.flows.request import Intake
from orderflow.flows.sides import shown_side
from orderflow.flows.window_kind import Part, Sifted, Stored, Took, WindowRow
from orderflow.flows.windows import marked
from orderflow.flows.workbooks import TakenFile, taking_of
from orderflow.ledger import anomalies, history, orders
from orderflow.ledger.book import Book, in_chunks
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import Name
from orderflow.records.column import Kind
from orderflow.records.finding import Finding
from orderflow.records.order import Order
from orderflow.records.reasons import finding_of
from orderflow.records.registration import Registration
from orderflow.records.rows import WORKBOOKS, Workbook, columns
from orderflow.report.sentences import words
from orderflow.rules.state import state_of
from orderflow.sheets.layout import Cell, CellValue
from orderflow.sheets.palette import Look
from orderflow.sheets.shown import shown
from orderflow.sheets.stretch import Stretch
from orderflow.sheets.typed import TypedColumns, TypedRow


class Orders:
    """The orders themselves: what is changed in their workbook is taken as `intake` and `mark` would take it."""

    @property
    def workbook(self) -> Workbook:
        """Which workbook it is."""
        return WORKBOOKS[0]

    @property
    def identity(self) -> Sequence[str]:
        """An order is known by its number."""
        return ("number",)

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """Every live order."""
        return _rows(desk, book, asked)

    def parts(self, desk: Desk) -> Mapping[str, frozenset[str]]:
        """Sheets of their own that some rows have too, by name, each with the stages on it; here there are none."""
        return {}

    def field_of(self, field: str) -> str | None:
        """The registration's own fields have no name before them."""
        return field if field in columns(Registration) else None

    def load(self, book: Book, numbers: Iterable[str]) -> Mapping[Name, Stored]:
        """The orders themselves."""
        return {(order.row.number or "",): order for order in orders.load(book, list(numbers))}

    def as_of(self, book: Book, name: Name, revision: int) -> Mapping[str, Any]:
        """What an order said at an earlier revision."""
        return history.as_of(book, name[0], revision)

    def alike(self, typed: TypedRow, known: Mapping[Name, Stored]) -> list[Name]:
        """The order of the number."""
        return list(known)

    def live(self, book: Book, until: int) -> set[Name]:
        """The live orders that run `until` or an earlier one registered."""
        return {(number,) for number in orders.live_numbers(book, until)}

    def take(self, context: Intake, part: Part, lines: Sequence[Sifted]) -> Took:
        """Take the rows as an intake takes them, which knows the orders by their keys."""
        file = TakenFile(part.path, part.sha256)
        taking = taking_of(context, file, part.sheet, part.table, part.seen, part.source)
        typed = TypedColumns.of([line.typed for line in lines])
        made = made_of(typed, taking.claiming, taking.registrar.checking, context.desk.actor)
        taking.take(batch_of(made, Stretch.of([line.line for line in lines])))
        return Took(
            findings=[*taking.findings, *taking.concluding_findings()],
            flagged=taking.flagged,
            outcomes=dict(taking.account.outcomes),
            names={row.row: (row.number,) for row in taking.account.rows if row.number},
        )

    def saw(self, part: Part, name: Name, row: int) -> None:
        """A row that was left alone: another one that says the same order is its repeat."""
        part.seen.first[name[0]] = Occurrence(row, "", name[0])


def _rows(desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
    disputed: dict[str, list[Conflict]] = {}
    for conflict in asked:
        disputed.setdefault(conflict.number, []).append(conflict)
    for chunk in in_chunks(orders.live(book)):
        flagged = [order.row.number or "" for order in chunk if order.open_anomalies]
        reasons = anomalies.of_orders(book, flagged, only_open=True) if flagged else {}
        for order in chunk:
            number = order.row.number or ""
            found = [finding_of(anomaly) for anomaly in reasons.get(number, ())]
            yield window_row(desk, order, found, disputed.get(number, ()))


def window_row(desk: Desk, order: Order, found: Sequence[Finding], disputed: Iterable[Conflict]) -> WindowRow:
    """One order as it stands in the workbook."""
    cells: dict[str, CellValue] = {}
    asked = _comments(desk, found, disputed)
    row, state = order.row, state_of(order)
    mended = {finding.field for finding in found}
    for name, column in columns(Registration).items():
        if not column.template:
            continue
        value = getattr(row, name, None)
        local = desk.local(value) if column.kind is Kind.MOMENT else value
        typed = order.unread.get(name)
        if name == "source":
            local = order.channel or value
        shows = typed if typed and value is None else shown(local, column, desk.lang, row.unit)
        comments = asked.get(name, ())
        look = Look.ERROR if typed or name in mended else Look.NOTE
        cells[name] = Cell(shows, look, "\n\n".join(comments)) if typed or comments else shows
    cells |= _computed(desk, order, state, found)
    return WindowRow((row.number or "",), order.revision, cells, order.extra)


def _computed(desk: Desk, order: Order, state: str, found: Sequence[Finding]) -> dict[str, CellValue]:
    """The columns that the desk fills in."""
    said = desk.say(f"messages.states.{state}")
    reasons = "；".join(dict.fromkeys(words(finding, desk.lang, "title") for finding in found))
    return {
        "state": Cell(said, Look.ERROR) if state == "flagged" else said,
        "anomaly": marked(reasons or None, [_sentences(desk, f) for f in found if not _has_cell(f)]),
    }


def _comments(desk: Desk, found: Sequence[Finding], disputed: Iterable[Conflict]) -> Mapping[str, list[str]]:
    """What is asked at which cell: what is to be mended, what two people say differently."""
    asked: dict[str, list[str]] = {}
    for finding in found:
        if _has_cell(finding):
            asked.setdefault(finding.field or "", []).append(_sentences(desk, finding))
    for conflict in disputed:
        theirs = shown_side(conflict.field, conflict.theirs, desk.lang)
        asked.setdefault(conflict.field, []).append(desk.say("messages.window.disputed", theirs=theirs))
    return asked


def _has_cell(finding: Finding) -> bool:
    column = columns(Registration).get(finding.field or "")
    return column is not None and column.template and not column.computed


def _sentences(desk: Desk, finding: Finding) -> str:
    return f"{words(finding, desk.lang, 'message')}\n{words(finding, desk.lang, 'fix')}"
