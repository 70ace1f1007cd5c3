"""Rows of a workbook of the desk that could not be taken: kept as they were typed until they are mended or gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from orderflow.ledger.book import Book, Run
from orderflow.ledger.schema import drafts
from orderflow.ledger.values import json_text, json_value


class Draft(NamedTuple):
    """One such row: its cells as typed, by field or by the header of a column that is none of the desk's.

    `code` is the finding that says why it was not taken.
    """

    cells: Mapping[str, str]
    code: str


def of_kind(book: Book, kind: str) -> list[Draft]:
    """The rows that stand in the workbook of this kind, in their order."""
    asked = select(drafts.c.cells, drafts.c.code).where(drafts.c.kind == kind).order_by(drafts.c.id)
    return [Draft(json_value(row.cells), row.code) for row in book.connection.execute(asked)]


def keep(run: Run, kind: str, rows: Sequence[Draft]) -> None:
    """Keeps these rows for a workbook, in place of the earlier ones."""
    run.connection.execute(delete(drafts).where(drafts.c.kind == kind))
    values = [
        {"kind": kind, "id": nth, "cells": json_text(row.cells), "code": row.code, "run": run.id}
        for nth, row in enumerate(rows, 1)
    ]
    if values:
        run.connection.execute(insert(drafts), values)
