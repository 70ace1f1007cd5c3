"""Who draws the copy of a file: here, or in the second process while the rows below are still being decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
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
    from orderflow.sheets.writer import Drawing, Ready

_COLUMNS = (("place", 22), ("severity", 10), ("number", 14), ("kind", 22), ("value", 20), ("message", 44), ("fix", 44))
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
    """What draws one copy: sheets are begun and filled, its first sheet told last, then it is written.

    A sheet is known by its place in the file, as a saved page may have two of one name.
    """

    def begin(self, at: int, name: str, layout: Layout) -> None:
        """Begin the sheet of the copy for the one at this place."""

    def add(self, at: int, rows: Sequence[ReturnedRow]) -> None:
        """Draw the next rows of a sheet."""

    def tell(self, title: str, sums: Sequence[str], findings: Sequence[Finding]) -> None:
        """Draw the first sheet, and so end the copy: these sums, then each finding with a link to its cell."""

    def write(self, target: Path) -> Path:
        """Put the copy to `target`, or beside what is there: where it lies. Raises OrderflowError."""
        ...


def tell(copies: Copies, head: Letterhead, path: Path, sheets: Sequence[ReturnedSheet], found: list[Finding]) -> None:
    """Draw what waits of the sheets of a file, and its first sheet.

    A finding about a row that does not go back has no cell to be shown at: there is a line for all of its kind.
    """
    named: dict[str | None, list[ReturnedSheet]] = {}
    for sheet in sheets:
        named.setdefault(sheet.account.sheet, []).append(sheet)
    listed, others = list[Finding](), Counter[str]()
    for finding in found:
        row = finding.place.row if finding.place is not None else None
        of = named.get(finding.place.sheet, ()) if finding.place is not None else ()
        if row is None or not of or any(sheet.shows(row) for sheet in of):
            listed.append(finding)
        else:
            others[finding.code] += 1
    for at, sheet in enumerate(sheets):
        if sheet.drawn is None:
            copies.begin(at, sheet.name, sheet.layout)
        copies.add(at, sheet.rows)
    sums = [_sum(head, sheet) for sheet in sheets]
    copies.tell(path.name, sums + [_others(head, code, count) for code, count in sorted(others.items())], listed)


def _sum(head: Letterhead, sheet: ReturnedSheet) -> str:
    left_out = "" if sheet.all_kept else "　" + head.say("messages.workbook.left_out")
    title = sheet.account.sheet or sheet.account.path.name
    return f"{title}：{said.accounting(sheet.account, head.lang)}{left_out}"


def _others(head: Letterhead, code: str, count: int) -> str:
    return text.say(head.lang, "messages.workbook.others", title=head.say(f"findings.{code}.title"), count=f"{count:,}")


class _Begun(NamedTuple):
    """A sheet of a copy on its way; `places` tell which of its rows each line of the file has become."""

    layout: SheetLayout
    plan: Plan
    drawing: Drawing
    places: dict[int, int]


class Copyist:
    """Draws one copy in this process. `cells_of` finds what was typed in the rows that `add_claimed` brings."""

    def __init__(self, head: Letterhead, cells_of: Callable[[int], Sequence[object]] | None = None) -> None:
        from orderflow.sheets.writer import Draft

        self._head, self._cells_of = head, cells_of
        self._limits = Limits(comments=head.comments)
        self._first = _first_sheet(head)
        self._draft = Draft(self._first, self._limits)
        self._sheets: dict[int, _Begun] = {}
        self._ready: Ready | None = None

    def begin(self, at: int, name: str, layout: Layout) -> None:
        """Begin the sheet of the copy for the one at this place."""
        plan = Plan(layout, self._head.lang)
        frozen = plan.number_at + 1 if plan.number_at <= 1 else 0
        sheet = SheetLayout(name, plan.columns(), frozen_columns=frozen)
        self._sheets[at] = _Begun(sheet, plan, self._draft.drawing(sheet), {})

    def add(self, at: int, rows: Sequence[ReturnedRow]) -> None:
        """Draw the next rows of a sheet."""
        _, plan, drawing, places = self._sheets[at]
        for row in rows:
            places[row.row] = len(places)
        drawing.add(map(plan.row, rows))

    def add_claimed(self, at: int, columns: Sequence[Sequence[Any]]) -> None:
        """Draw the next rows of the sheet whose lines were claimed here: `columns` are the rows without their cells."""
        assert self._cells_of is not None
        numbers, *rest = columns
        self.add(at, list(map(ReturnedRow, numbers, map(self._cells_of, numbers), *rest)))

    def tell(self, title: str, sums: Sequence[str], findings: Sequence[Finding]) -> None:
        """Draw the first sheet, and so end the copy, which is ready before the run is committed."""
        self._first = _first_sheet(self._head, title, sums)
        self._draft.drawing(self._first).add(self._finding_rows(findings))
        self._ready = self._draft.ready(self._layout(title))

    def write(self, target: Path) -> Path:
        """Put the copy to `target`, or beside what is there: where it lies. Raises OrderflowError."""
        assert self._ready is not None
        with closing(self._draft):
            return self._ready.put_new(target).path

    def _layout(self, title: str) -> WorkbookLayout:
        return WorkbookLayout(
            sheets=[self._first, *(self._sheets[at].layout for at in sorted(self._sheets))],
            created=self._head.now,
            title=title,
            author="orderflow",
            choice_warning=self._head.say("messages.workbook.choice"),
            font=font_of(self._head.lang),
            limits=self._limits,
        )

    def close(self) -> None:
        """Let go of what is drawn, whether it was written or not."""
        self._draft.close()

    def _finding_rows(self, findings: Sequence[Finding]) -> Iterator[Row]:
        sayings, say = said.Sayings(self._head.lang), self._head.say
        named = {self._sheets[at].layout.name: self._sheets[at] for at in sorted(self._sheets)}
        marked = {one: Cell(say(f"messages.severities.{one.value}"), LOOKS.get(one, Look.NOTE)) for one in Severity}
        for finding in sorted(findings, key=lambda finding: finding.severity.rank):
            words = sayings.of(finding)
            yield [
                _link(finding, named),
                marked[finding.severity],
                finding.number,
                words.title,
                finding.value,
                words.message,
                words.fix,
            ]


def _link(finding: Finding, named: Mapping[str, _Begun]) -> Value | Cell:
    """The place in the clerk's file, linked to where the row stands in this workbook."""
    place = finding.place
    if place is None:
        return None
    label = "!".join(part for part in (place.sheet, place.cell) if part)
    sheet = named.get(place.sheet or "")
    at = sheet.places.get(place.row or 0) if sheet is not None else None
    if sheet is None or at is None:
        return label
    return Cell(label, Look.LINK, link=Link(sheet.layout.name, at, sheet.plan.position(finding)))


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
    """Has one copy drawn by the second process, between the claims of the sheet at the place `claimed`."""

    def __init__(self, head: Letterhead, colleague: Colleague, claimed: int) -> None:
        self._colleague, self._claimed = colleague, claimed
        colleague.put(head)

    def begin(self, at: int, name: str, layout: Layout) -> None:
        """Begin the sheet of the copy for the one at this place."""
        self._colleague.put(("begin", (at, name, layout)))

    def add(self, at: int, rows: Sequence[ReturnedRow]) -> None:
        """Draw the next rows of a sheet; the cells of the claimed one are there already."""
        if rows and at == self._claimed:
            self._colleague.put(("add_claimed", (at, list(zip(*map(_without_cells, rows), strict=True)))))
        elif rows:
            self._colleague.put(("add", (at, rows)))

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
