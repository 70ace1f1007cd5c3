"""A workbook whose rows the ledger keeps beside the orders: priority, plan, progress, feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from orderflow.flows.desk import Desk
from orderflow.flows.request import Intake
from orderflow.flows.sides import shown_side
from orderflow.flows.updating import EDITED
from orderflow.flows.window_kind import Alike, Part, Sifted, Stored, Took, WindowRow
from orderflow.ledger import kept, orders
from orderflow.ledger.book import Book, in_chunks
from orderflow.ledger.conflicts import Conflict
from orderflow.ledger.kept import ALIKE, KeptRow, Live, Name, Said
from orderflow.records.rows import Workbook, columns
from orderflow.sheets.layout import Cell, CellValue
from orderflow.sheets.palette import Look
from orderflow.sheets.shown import shower
from orderflow.sheets.typed import TypedRow


@dataclass(frozen=True, slots=True)
class KeptRows:
    """The declaration of one such workbook: the rows kept as `table`, named by the columns `identity`.

    With `every_order` an order of which nothing is kept yet has a row to be filled in; with `several`, a row that names
    an order once more is another row of it (a second delivery), else a row typed twice.
    """

    workbook: Workbook
    table: str
    identity: tuple[str, ...] = ("number",)
    every_order: bool = False
    several: bool = False

    def rows(self, desk: Desk, book: Book, asked: Sequence[Conflict]) -> Iterator[WindowRow]:
        """The rows of every live order, by order."""
        shown = self._live_showing(desk, asked)
        for rows in kept.live(book, self.table, columns(self.workbook.row)):
            yield from map(shown, rows)

    def _live_showing(self, desk: Desk, asked: Sequence[Conflict]) -> Callable[[Live], WindowRow]:
        """How a live row is shown; those of which nothing is asked, and that say the same, by the very same cells."""
        by_itself, words = self._showing(desk, asked), Words(desk, self.workbook)
        disputed = {conflict.number for conflict in asked}

        @lru_cache(ALIKE)
        def alike(said: Said) -> Alike:
            return Alike(words.cells_of(said.values))

        def shown(row: Live) -> WindowRow:
            number, said, unread, extra, revision = row
            if unread or extra or number in disputed:
                return by_itself(row.kept(self.workbook.row))
            return WindowRow((number, *said.rest), revision, alike=alike(said))

        return shown

    def _showing(self, desk: Desk, asked: Sequence[Conflict]) -> Callable[[KeptRow], WindowRow]:
        """How a row is shown, with what is to be decided about it."""
        disputed: dict[tuple[str, str], list[Conflict]] = {}
        for conflict in asked:
            disputed.setdefault((conflict.number, conflict.field), []).append(conflict)
        words = Words(desk, self.workbook)
        return lambda row: self._row(row, words, disputed)

    def _empty(self, number: str) -> KeptRow:
        row: Any = self.workbook.row
        return KeptRow((number,), row(number=number))

    def _row(self, stored: KeptRow, words: Words, disputed: Mapping[tuple[str, str], Sequence[Conflict]]) -> WindowRow:
        cells = words.cells_of({name: getattr(stored.row, name) for name in words.shows})
        for name, typed in stored.unread.items():
            if name in words.shows and name not in cells:
                cells[name] = Cell(typed, Look.ERROR, words.unread)
        told = f"{kept.title(self.table, stored.name)}." if disputed else ""
        for name in words.shows if disputed else ():
            if about := disputed.get((stored.name[0], told + name)):
                cells[name] = _asking(cells.get(name), words.theirs(about))
        return WindowRow(stored.name, stored.revision, cells, stored.extra)

    def parts(self, desk: Desk) -> Mapping[str, frozenset[str]]:
        """Sheets of their own that some rows have too, by name, each with the stages on it; here there are none."""
        return {}

    def field_of(self, field: str) -> str | None:
        """The column behind the name of a row of this table."""
        owner, _, name = field.rpartition(".")
        return name if owner.partition("/")[0] == self.table and name in columns(self.workbook.row) else None

    def load(self, book: Book, numbers: Iterable[str]) -> Mapping[Name, Stored]:
        """The rows of these orders; of one that may have a row and has none yet, an empty one."""
        wanted = list(numbers)
        found = kept.load(book, self.table, self.workbook.row, wanted)
        if self.every_order:
            for chunk in in_chunks(order.row.number or "" for order in orders.load(book, wanted)):
                empty: dict[Name, KeptRow] = {(number,): self._empty(number) for number in chunk}
                found = {**empty, **found}
        return found

    def as_of(self, book: Book, name: Name, revision: int) -> Mapping[str, Any]:
        """What a row said at an earlier revision."""
        return kept.as_of(book, self.table, name, revision)

    def alike(self, typed: TypedRow, known: Mapping[Name, Stored]) -> list[Name]:
        """The rows that the columns name; where an order may have several, only those that say all the row says."""
        return [name for name, row in known.items() if not row.undone and self._may_be(typed, row)]

    def _may_be(self, typed: TypedRow, stored: Stored) -> bool:
        said = {name: getattr(typed.row, name) for name in columns(self.workbook.row)}
        compared = [name for name, value in said.items() if value is not None] if self.several else self.identity
        return all(said[name] == getattr(stored.row, name) for name in compared) and not (self.several and typed.unread)

    def live(self, book: Book, until: int) -> set[Name]:
        """The rows that run `until` or an earlier one added."""
        if self.every_order:
            return {(number,) for number in orders.live_numbers(book, until)}
        return kept.live_names(book, self.table, until)

    def take(self, context: Intake, part: Part, lines: Sequence[Sifted]) -> Took:
        """Take the rows: those of the ledger are merged, others are added."""
        from orderflow.flows.kept_taking import KeptTaking

        return KeptTaking(self, context, part).take(lines)

    def saw(self, part: Part, name: Name, row: int) -> None:
        """Rows that were left alone do not matter to the others."""

    def take_side(self, context: Intake, conflict: Conflict) -> None:
        """Take the other value of a cell that a person has decided about."""
        _, *rest = conflict.field.rpartition(".")[0].split("/")
        field, name = conflict.field.rpartition(".")[2], (conflict.number, *rest)
        row = self.load(context.run, [conflict.number])[name]
        unread = {column: typed for column, typed in row.unread.items() if column != field}
        values = {field: conflict.theirs, "unread": unread}
        edit = kept.Edit(name, EDITED, values, context.desk.now, conflict.source, conflict.sheet_row)
        kept.change(context.run, self.table, [edit])


class Words:
    """How the values of a workbook's columns are shown, and what is asked, in the desk's words and zone."""

    def __init__(self, desk: Desk, workbook: Workbook) -> None:
        self._desk = desk
        self.shows = {name: shower(column, desk.lang, desk.zone) for name, column in columns(workbook.row).items()}
        self.unread = desk.say("messages.window.unread")

    def cells_of(self, values: Mapping[str, Any]) -> dict[str, CellValue]:
        """The cells of a row that says this, by field."""
        said = ((name, values.get(name), shows) for name, shows in self.shows.items())
        return {name: value if shows is None else shows(value) for name, value, shows in said if value is not None}

    def theirs(self, disputed: Sequence[Conflict]) -> list[str]:
        """What somebody else wrote of a cell."""
        said = [shown_side(conflict.field, conflict.theirs, self._desk.lang) for conflict in disputed]
        return [self._desk.say("messages.window.disputed", theirs=theirs) for theirs in said]


def _asking(cell: CellValue, asked: Sequence[str]) -> Cell:
    """A cell with more that is asked about it."""
    if isinstance(cell, Cell):
        return replace(cell, comment="\n\n".join([cell.comment, *asked]))
    return Cell(cell, Look.NOTE, "\n\n".join(asked))
