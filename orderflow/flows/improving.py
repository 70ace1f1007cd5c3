"""`improve`: what a review decided, kept in a workbook that people fill in (PROCESS.md, step 6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.flows.in_use import lock_of
from orderflow.ledger import improvements, outputs
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.records.choices import METRIC
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.records.improvement import DONE, OPEN, Improvement
from orderflow.records.rows import IMPROVEMENTS, columns
from orderflow.rules.following_up import in_order

_WRITTEN = "_improvements"
_NAMES = tuple(name for name in columns(Improvement) if name != "number")


class Left(NamedTuple):
    """A cell that was not taken: it could not be read, or the desk has changed it meanwhile."""

    number: str
    field: str
    value: str
    unread: bool


@dataclass(slots=True)
class Improving:
    """What came of it: every improvement, overdue ones first; `run` where something changed."""

    run: int | None = None
    rows: list[Improvement] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    workbook: Path | None = None


def decided(
    desk: Desk, problem: str, measure: str | None, owner: str | None, due: str | None, metric: str | None
) -> Improvement:
    """An improvement as typed. Raises WrongUsage `day-unreadable` or `metric-unknown`."""
    from orderflow.sheets.cells import read_choice

    code = read_choice(metric, METRIC).value if metric else None
    if metric and code is None:
        raise WrongUsage("metric-unknown", value=metric, known=[choice.code for choice in METRIC])
    return Improvement(None, problem, measure, owner, _day(desk, due) if due else None, code)


def _day(desk: Desk, typed: str) -> date:
    from orderflow.sheets.cells import read_date

    found = read_date(typed, desk.now.date()).value
    if found is None:
        raise WrongUsage("day-unreadable", value=typed)
    return found


def add(desk: Desk, row: Improvement) -> Improving:
    """Keep a new improvement."""
    raised = replace(row, status=OPEN, raised=desk.now.date())
    return _worked(desk, "improve add", lambda run: improvements.add(run, raised))


def done(desk: Desk, number: str, effect: str | None) -> Improving:
    """Note that an improvement is done. Raises WrongUsage `improvement-unknown`."""

    def close(run: Run) -> object:
        if number not in improvements.all_of(run):
            raise WrongUsage("improvement-unknown", value=number, known=list(improvements.all_of(run)))
        said = {"effect": effect} if effect else {}
        return improvements.change(run, number, {"status": DONE, "done": desk.now.date(), **said})

    return _worked(desk, "improve done", close)


def listed(desk: Desk) -> Improving:
    """Every improvement, once what people wrote into the workbook is taken in."""
    return _worked(desk, "improve list", lambda run: None)


def _worked(desk: Desk, command: str, work: Callable[[Run], object]) -> Improving:
    """Take in the workbook's edits, do the work, write the workbook afresh."""
    with desk.ledger() as ledger:
        found = Improving()
        with desk.begin(ledger, command) as run:
            first = run.seq
            found.left = take_over(desk, run)
            work(run)
            found.rows = in_order(improvements.all_of(run).values(), desk.now.date())
            if run.seq == first:
                run.discard()
            else:
                found.run = run.id
        found.workbook = write(desk, ledger)
        return found


def take_over(desk: Desk, run: Run) -> list[Left]:
    """Take in what people changed in `improvements.xlsx`, an older copy of it too: a hidden sheet says what it said.

    A cell that the desk changed meanwhile keeps its value.
    """
    path = _path(desk)
    digest = digest_of(path)
    if digest is None or outputs.last(run, desk.place_of(path)).sha256 == digest:
        return []
    rows, base = _read(desk, path)
    left = [one for typed in rows for one in _take_row(run, typed, base)]
    outputs.note(run, desk.place_of(path), digest, IMPROVEMENTS.name, desk.now)
    return left


def _take_row(run: Run, typed: Any, base: Mapping[str, Mapping[str, Any]]) -> list[Left]:
    row: Improvement = typed.row
    number = row.number or ""
    known = improvements.all_of(run)
    if number not in known:
        if row.problem or row.measure:
            improvements.add(run, replace(row, status=row.status or OPEN, raised=row.raised or run.at.date()))
        return []
    said, has = improvements.stored(row), improvements.stored(known[number])
    was = base.get(number, {})
    changed = {name for name in _NAMES if name not in typed.unread and said[name] != was.get(name)}
    taken = {name for name in changed if has[name] == was.get(name)}
    improvements.change(run, number, {name: getattr(row, name) for name in taken})
    lost = [name for name in changed - taken if said[name] != has[name]]
    return [
        *(Left(number, name, str(said[name]), False) for name in sorted(lost)),
        *(Left(number, name, value, True) for name, value in typed.unread.items() if name in _NAMES),
    ]


def _read(desk: Desk, path: Path) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the workbook, and what each said when it was written, by number."""
    from orderflow.sheets.book import open_book
    from orderflow.sheets.table import open_table
    from orderflow.sheets.typed import compile_reader

    found: list[Any] = []
    base: dict[str, Any] = {}
    with open_book(path) as book:
        for sheet in book.sheets():
            if sheet.name == _WRITTEN:
                lines = [line.cells for chunk in sheet.chunks for line in chunk]
                base = {str(cells[0]): json.loads(str(cells[1])) for cells in lines[1:]}
            elif (table := open_table(sheet, [Improvement], desk.settings.pins)) is not None:
                read = compile_reader(table.layout, desk.now.date(), sheet.date1904, desk.zone)
                found += [read(line) for chunk in table.chunks() for line in chunk]
    return found, base


def write(desk: Desk, ledger: Ledger) -> Path | None:
    """Write the workbook afresh where it no longer says what the ledger says; not while it is open somewhere."""
    from orderflow.sheets.writer import write_workbook

    path = _path(desk)
    with ledger.read() as book:
        rows = improvements.all_of(book)
        content = sha256("".join(map(_json, rows.values())).encode()).hexdigest()
        last = outputs.last(book, desk.place_of(path))
    stands = last.sha256 == digest_of(path) and last.content == content
    if stands or (path.exists() and (lock_of(path) is not None or last.sha256 != digest_of(path))):
        return path if path.exists() else None
    try:
        write_workbook(_layout(desk, rows), path)
    except OrderflowError as refused:
        if refused.code != "workbook-in-use":
            raise
        return path  # the next command writes it
    with ledger.amend() as amended:
        outputs.note(amended, desk.place_of(path), digest_of(path) or "", IMPROVEMENTS.name, desk.now, content)
    return path


def _layout(desk: Desk, rows: Mapping[str, Improvement]) -> Any:
    from orderflow.sheets.layout import ColumnLayout, SheetLayout, Visibility
    from orderflow.sheets.shown import shown
    from orderflow.sheets.templates import blank

    layout = blank(IMPROVEMENTS, desk.lang)
    declared = columns(Improvement)
    cells = [
        [shown(getattr(row, name), column, desk.lang) for name, column in declared.items()]
        for row in in_order(rows.values(), desk.now.date())
    ]
    said = [(number, _json(row)) for number, row in rows.items()]
    hidden = SheetLayout(
        _WRITTEN,
        [ColumnLayout("number"), ColumnLayout("row")],
        said,
        visibility=Visibility.VERY_HIDDEN,
        autofilter=False,
    )
    return replace(layout, sheets=[replace(layout.sheets[0], rows=cells), hidden])


def _json(row: Improvement) -> str:
    return json.dumps(improvements.stored(row), ensure_ascii=False)


def _path(desk: Desk) -> Path:
    return desk.path / f"{IMPROVEMENTS.name}.xlsx"
