"""What people put on the cells of the desk's workbooks beside values: comments, colours, numbers in their own columns.

None of it says anything of an order, so it is no part of the history; it is kept so that it outlives the rewriting of
its workbook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from orderflow.ledger.book import Book, in_chunks
from orderflow.ledger.schema import jottings


class Jotting(NamedTuple):
    """What stands on one cell: a comment, a colour (`RRGGBB`), and what the text in a column of theirs is.

    `row` is the name of the row, `place` the field or the header. `form` is a number as Excel keeps it (`n:12.5`) or a
    moment (`d:2024-05-10T00:00:00`) where the text alone would not say so; of improvements, the text itself (`t:…`).
    """

    row: str
    place: str
    comment: str | None = None
    fill: str | None = None
    form: str | None = None


def of_kind(book: Book, kind: str) -> Mapping[str, Mapping[str, Jotting]]:
    """What stands in the workbook of a kind: by row, then by field or header."""
    found: dict[str, dict[str, Jotting]] = defaultdict(dict)
    own = jottings.c
    asked = select(own.row, own.place, own.comment, own.fill, own.form).where(own.kind == kind)
    for stored in book.connection.execute(asked):
        jotting = Jotting(*stored)
        found[jotting.row][jotting.place] = jotting
    return found


def keep(book: Book, kind: str, found: Iterable[Jotting]) -> None:
    """Keeps these for a workbook, in place of the earlier ones."""
    book.connection.execute(delete(jottings).where(jottings.c.kind == kind))
    for chunk in in_chunks(found):
        values: list[dict[str, Any]] = [{"kind": kind, **one._asdict()} for one in chunk]
        book.connection.execute(insert(jottings), values)
