"""Improvements and their history; a run that changed them can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select, update

from orderflow.ledger import history
from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import improvements
from orderflow.ledger.values import form_of
from orderflow.records.improvement import Improvement
from orderflow.records.order import Change
from orderflow.records.rows import columns

KINDS = RAISED, CHANGED, TAKEN_BACK = "improvement-raised", "improvement-changed", "improvement-reverted"
"""The kinds of changes: a new improvement, something of it, and what an undo puts back."""
_FORMS = {name: form_of(column.kind) for name, column in columns(Improvement).items() if name != "number"}


def all_of(book: Book) -> dict[str, Improvement]:
    """Every improvement by its number, in the order in which they were raised."""
    asked = select(improvements).order_by(improvements.c.id)
    return {str(row.id): _read(dict(row._mapping)) for row in book.connection.execute(asked)}


def _read(values: Mapping[str, Any]) -> Improvement:
    read = {name: None if values[name] is None else form.read(values[name]) for name, form in _FORMS.items()}
    return Improvement(str(values["id"]), **read)


def add(run: Run, row: Improvement) -> str:
    """Keeps a new improvement; its number, which is never given again."""
    last = run.connection.execute(select(func.max(improvements.c.id))).scalar_one()
    number = max(last or 0, _highest_told(run)) + 1
    values = stored(row)
    run.connection.execute(improvements.insert().values(id=number, run=run.id, **values))
    history.record(run, [Change(RAISED, run.at, after={"improvement": number, **_told(values)})])
    return str(number)


def _highest_told(run: Run) -> int:
    """The highest number that an undone run gave."""
    from orderflow.ledger.schema import changes

    raised = select(func.count()).select_from(changes).where(changes.c.kind == RAISED)
    return int(run.connection.execute(raised).scalar_one())


def change(run: Run, number: str, new: Mapping[str, Any], kind: str = CHANGED) -> bool:
    """Changes an improvement; whether anything is different now. Values are given as a row has them."""
    before = stored(all_of(run)[number])
    values = {name: None if value is None else _FORMS[name].store(value) for name, value in new.items()}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return False
    run.connection.execute(update(improvements).where(improvements.c.id == int(number)).values(run=run.id, **changed))
    had = {"improvement": int(number)} | {name: before[name] for name in changed}
    history.record(run, [Change(kind, run.at, before=had, after={"improvement": int(number), **changed})])
    return True


def stored(row: Improvement) -> dict[str, Any]:
    """The fields of an improvement as SQL and JSON hold them."""
    values = {name: getattr(row, name) for name in _FORMS}
    return {name: None if value is None else _FORMS[name].store(value) for name, value in values.items()}


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def take_back(run: Run, target: int) -> None:
    """Puts back what a run did to improvements, the last first; those that it raised are gone."""
    done = [entry for entry in history.entries_of_run(run, target) if entry.kind in (RAISED, CHANGED)]
    for entry in reversed(done):
        before, after = history.sides(entry)
        number = int(after["improvement"])
        if entry.kind == RAISED:
            run.connection.execute(delete(improvements).where(improvements.c.id == number))
            history.record(run, [Change(TAKEN_BACK, run.at, before={"improvement": number})])
        else:
            old = {
                name: None if value is None else _FORMS[name].read(value)
                for name, value in before.items()
                if name in _FORMS
            }
            change(run, str(number), old, TAKEN_BACK)
