"""Who draws the copy of a file: here, or in the second process while the rows below are still being decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from orderflow import text
from orderflow.flows.colleague import Colleague
from orderflow.flows.desk import Desk
from orderflow.flows.handback import LOOKS, Plan, ReturnedRow, ReturnedSheet
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding, Severity
from orderflow.report import sentences as said
from orderflow.sheets.headers import Layout
from orderflow.sheets.layout import Cell, ColumnLayout, Limits, Link, Row, SheetLayout, Value, WorkbookLayout
from orderflow.sheets.palette import Look
from orderflow.sheets.templates import font_of

if TYPE_CHECKING:
    from orderflow.sheets.writer import Drawing

_COLUMNS = (("place", 16), ("severity", 10), ("number", 14), ("kind", 22), ("value", 20), ("message", 44), ("fix", 44))
_without_cells = attrgetter(*(field.name for field in fields(ReturnedRow) if field.name != "cells"))
_WRAPPED = frozenset({"kind", "value", "message", "fix"})


class Letterhead(NamedTuple):
    """What stands on every copy of a desk: its language, when and by whom it was made; how many comments it bears."""

    lang: str
    now: datetime
    actor: str
    comments: int

    @classmethod
    def of(cls, desk: Desk) -> Letterhead:
        """The desk's."""
        return cls(desk.lang, desk.now.replace(tzinfo=None), desk.actor, desk.settings.intake.comments)

    def say(self, key: str) -> str:
        """The words under `key`."""
        return text.say(self.lang, key)


class Copies(Protocol):
    """What draws one copy: sheets are begun and filled, its first sheet told last, then it is written."""

    def begin(self, name: str, layout: Layout) -> None:
        """Begin a sheet of the copy for the sheet of this name."""

    def add(self, name: str, rows: Sequence[ReturnedRow]) -> None:
        """Draw the next rows of a sheet."""

    def tell(self, title: str, sums: Sequence[str], findings: Sequence[Finding]) -> None:
        """Draw the first sheet: a line for each sheet of the file, then each finding with a link to its cell."""

    def write(self, target: Path) -> Path:
        """Write the copy to `target`, or beside what is there: where it lies. Raises OrderflowError."""
        ...


def tell(copies: Copies, head: Letterhead, path: Path, sheets: Sequence[ReturnedSheet], found: list[Finding]) -> None:
    """Draw what waits of the sheets of a file, and its first sheet."""
    for sheet in sheets:
        if sheet.drawn is None:
            copies.begin(sheet.name, sheet.layout)
        copies.add(sheet.name, sheet.rows)
    copies.tell(path.name, [_sum(head, sheet) for sheet in sheets], found)


def _sum(head: Letterhead, sheet: ReturnedSheet) -> str:
    left_out = "" if sheet.all_kept else "　" + head.say("messages.workbook.left_out")
    title = sheet.account.sheet or sheet.account.path.name
    return f"{title}：{said.accounting(sheet.account, head.lang)}{left_out}"


class Copyist:
    """Draws one copy in this process. `cells_of` finds what was typed in the rows that `add_claimed` brings."""

    def __init__(self, head: Letterhead, cells_of: Callable[[int], Sequence[object]] | None = None) -> None:
        from orderflow.sheets.writer import Draft

        self._head, self._cells_of = head, cells_of
        self._limits = Limits(comments=head.comments)
        self._first = _first_sheet(head)
        self._draft = Draft(self._first, self._limits)
        self._sheets: list[SheetLayout] = []
        self._plans: dict[str, Plan] = {}
        self._drawings: dict[str, Drawing] = {}
        self._places: dict[str, dict[int, int]] = {}
        self._title = ""

    def begin(self, name: str, layout: Layout) -> None:
        """Begin a sheet of the copy for the sheet of this name."""
        plan = self._plans[name] = Plan(layout, self._head.lang)
        frozen = plan.number_at + 1 if plan.number_at <= 1 else 0
        self._sheets.append(SheetLayout(name, plan.columns(), frozen_columns=frozen))
        self._drawings[name], self._places[name] = self._draft.drawing(self._sheets[-1]), {}

    def add(self, name: str, rows: Sequence[ReturnedRow]) -> None:
        """Draw the next rows of a sheet."""
        places = self._places[name]
        places.update(zip((row.row for row in rows), range(len(places), len(places) + len(rows)), strict=True))
        self._drawings[name].add(map(self._plans[name].row, rows))

    def add_claimed(self, name: str, columns: Sequence[Sequence[Any]]) -> None:
        """Draw the next rows of the sheet whose lines were claimed here: `columns` are the rows without their cells."""
        assert self._cells_of is not None
        numbers, *rest = columns
        self.add(name, list(map(ReturnedRow, numbers, map(self._cells_of, numbers), *rest)))

    def tell(self, title: str, sums: Sequence[str], findings: Sequence[Finding]) -> None:
        """Draw the first sheet."""
        self._title = title
        self._first = _first_sheet(self._head, title, sums)
        self._draft.drawing(self._first).add(self._finding_rows(findings))

    def write(self, target: Path) -> Path:
        """Write the copy to `target`, or beside what is there: where it lies. Raises OrderflowError."""
        layout = WorkbookLayout(
            sheets=[self._first, *self._sheets],
            created=self._head.now,
            title=self._title,
            author="orderflow",
            choice_warning=self._head.say("messages.workbook.choice"),
            font=font_of(self._head.lang),
            limits=self._limits,
        )
        with self._draft:
            return self._draft.write_new(layout, target).path

    def _finding_rows(self, findings: Sequence[Finding]) -> Iterator[Row]:
        sayings, say = said.Sayings(self._head.lang), self._head.say
        marked = {one: Cell(say(f"messages.severities.{one.value}"), LOOKS.get(one, Look.NOTE)) for one in Severity}
        for finding in sorted(findings, key=lambda finding: finding.severity.rank):
            words = sayings.of(finding)
            yield [
                self._link(finding),
                marked[finding.severity],
                finding.number,
                words.title,
                finding.value,
                words.message,
                words.fix,
            ]

    def _link(self, finding: Finding) -> Value | Cell:
        """The place in the clerk's file, linked to where the row stands in this workbook."""
        place = finding.place
        if place is None:
            return None
        label = "!".join(part for part in (place.sheet, place.cell) if part)
        at = self._places.get(place.sheet or "", {}).get(place.row or 0)
        if at is None or place.sheet is None:
            return label
        return Cell(label, Look.LINK, link=Link(place.sheet, at, self._plans[place.sheet].position(finding)))


def _first_sheet(head: Letterhead, title: str = "", sums: Sequence[str] = ()) -> SheetLayout:
    say = head.say
    above: list[Row] = [
        [Cell(say("messages.workbook.checked_title"), Look.TITLE)],
        [Cell(f"{title}　{head.now:%Y-%m-%d %H:%M}　{head.actor}", Look.SUBTITLE)],
        [Cell(say("messages.workbook.checked_hint"), Look.SUBTITLE)],
        [],
        *([Cell(line, Look.FREE_STRONG)] for line in sums),
        [],
    ]
    return SheetLayout(
        name=say("messages.workbook.summary"),
        columns=[
            ColumnLayout(say(f"messages.workbook.{key}"), width=width, wrap=key in _WRAPPED) for key, width in _COLUMNS
        ],
        above=above,
        gridlines=False,
    )


class CopyistBeside:
    """Has one copy drawn by the second process, which does it between the claims of the sheet `claimed`."""

    def __init__(self, head: Letterhead, colleague: Colleague, claimed: str) -> None:
        self._colleague, self._claimed = colleague, claimed
        colleague.put(head)

    def begin(self, name: str, layout: Layout) -> None:
        """Begin a sheet of the copy for the sheet of this name."""
        self._colleague.put(("begin", (name, layout)))

    def add(self, name: str, rows: Sequence[ReturnedRow]) -> None:
        """Draw the next rows of a sheet; the cells of the claimed one are there already."""
        if rows and name == self._claimed:
            self._colleague.put(("add_claimed", (name, list(zip(*map(_without_cells, rows), strict=True)))))
        elif rows:
            self._colleague.put(("add", (name, rows)))

    def tell(self, title: str, sums: Sequence[str], findings: Sequence[Finding]) -> None:
        """Draw the first sheet."""
        self._colleague.put(("tell", (title, sums, findings)))

    def write(self, target: Path) -> Path:
        """Write the copy: where it lies. Raises OrderflowError, and Gone where the process could not."""
        self._colleague.put(("write", (target,)))
        answer = self._colleague.answer()
        if isinstance(answer, Path):
            return answer
        code, params = answer
        raise OrderflowError(code, **params)
