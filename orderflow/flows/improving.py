"""`improve`: what a review decided, kept in a workbook that people fill in (PROCESS.md, step 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.improvement_book import note, take_book, write_book
from orderflow.ledger import improvements
from orderflow.ledger.book import Run
from orderflow.records.choices import METRIC
from orderflow.records.errors import WrongUsage
from orderflow.records.finding import Finding
from orderflow.records.improvement import DONE, OPEN, Improvement
from orderflow.rules.following_up import in_order


@dataclass(slots=True)
class Improving:
    """What came of it: every improvement, overdue ones first; `run` where something changed."""

    run: int | None = None
    rows: list[Improvement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
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
            taken = take_book(desk, run)
            work(run)
            found.findings = taken.findings
            found.rows = in_order(improvements.all_of(run).values(), desk.now.date())
            if run.seq == first:
                run.discard()
            else:
                found.run = run.id
                note(run, desk, taken)
        if found.run is None:
            with ledger.amend() as book:
                note(book, desk, taken)
        found.workbook = write_book(desk, ledger)
        return found
