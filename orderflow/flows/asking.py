"""Columns that are unclear: asked on a terminal, the answer kept for the layout; refused otherwise (CLI.md)."""

from __future__ import annotations

from collections.abc import Mapping

from orderflow.flows.desk import Desk
from orderflow.ledger import layouts
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Place
from orderflow.sheets.headers import Layout, Unclear, unique
from orderflow.sheets.table import Table


class ColumnUnclear(Unreadable):
    """A sheet's columns cannot be told for certain; `signature` names its layout, `headers` what could be `field`."""

    def __init__(self, path: str, sheet: str | None, table: Table, doubt: Unclear) -> None:
        layout = table.layout
        self.signature = layout.signature
        self.fields = doubt.fields
        names = unique(layout.headers)
        self.headers = [names[column] for column in doubt.columns]
        super().__init__(
            "column-unclear",
            path=path,
            sheet=sheet,
            place=[_shown(Place(path, sheet, table.header_rows[-1], column)) for column in doubt.columns],
            column=doubt.fields[0],
            candidates=self.headers,
            example=[f'"{header}" = "{field}"' for header in self.headers for field in doubt.fields],
        )


def _shown(place: Place) -> str:
    return f"{place.sheet}!{place.cell}" if place.sheet else str(place.cell)


def settled(table: Table, book: Book, path: str, sheet: str | None, pins: Mapping[str, str | None]) -> Table:
    """The table with what was answered for its layout before. Raises ColumnUnclear where a doubt is left."""
    answers = layouts.answers(book, table.layout.signature)
    if answers:
        table = table.laid_out({**pins, **{header: field or None for header, field in answers.items()}})
    doubt = next(iter(_doubts(table.layout)), None)
    if doubt is not None:
        raise ColumnUnclear(path, sheet, table, doubt)
    return table


def _doubts(layout: Layout) -> list[Unclear]:
    """Headers that fit two columns, and unknown ones that resemble a required column which is absent."""
    near = [
        Unclear((field,), (column,)) for column, field in layout.unknown.items() if field in layout.missing and field
    ]
    return [*layout.unclear, *near]


def keep_answer(desk: Desk, ledger: Ledger, unclear: ColumnUnclear, answer: Mapping[str, str]) -> None:
    """Keep what a person answered for a layout, in a run of its own."""
    with desk.begin(ledger, "answer") as run:
        layouts.keep(run, unclear.signature, {**layouts.answers(run, unclear.signature), **answer})
