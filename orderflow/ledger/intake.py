"""What a run read: the files it took in, what became of each of their rows, and what was found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, insert, select, update

from orderflow.ledger import bulk
from orderflow.ledger.book import Book, Run, in_chunks
from orderflow.ledger.history import REGISTERED
from orderflow.ledger.schema import changes, findings, lines, runs, sources
from orderflow.ledger.values import json_text, json_value
from orderflow.records.finding import Finding, Place, Severity

NEW = "new"
_CHUNK = 5_000


class Source(NamedTuple):
    """One sheet of a file that was taken in. `layout` says which column held which field, and the headers.

    `kind` is what the file was (`registration`, `checked`, …); `counts` the accounting of its rows, once it is known.
    """

    path: str
    name: str
    sha256: str
    sheet: str | None
    kind: str
    layout: Mapping[str, Any]
    counts: Mapping[str, int] = {}
    id: int = 0
    run: int = 0


class Line(NamedTuple):
    """What became of one row of a sheet: its outcome (CLI.md, "Codes") or `skipped`, with the reason."""

    source: int
    sheet_row: int
    outcome: str
    number: str | None = None
    reason: str | None = None


def add_source(run: Run, source: Source) -> int:
    """Notes a sheet that is taken in; its id, which changes, lines and findings refer to."""
    last = run.connection.execute(select(func.max(sources.c.id))).scalar_one() or 0
    values = source._asdict() | {
        "id": last + 1,
        "run": run.id,
        "layout": json_text(source.layout),
        "counts": json_text(source.counts),
    }
    run.connection.execute(insert(sources).values(values))
    return last + 1


def count_source(run: Run, source: int, counts: Mapping[str, int]) -> None:
    """Notes the accounting of a sheet of this run."""
    stated = (sources.c.id == source) & (sources.c.run == run.id)
    run.connection.execute(update(sources).where(stated).values(counts=json_text(counts)))


def add_lines(run: Run, read: Iterable[Line]) -> None:
    """Notes what became of rows. A row that became a new order without a flag is in the history already."""
    for chunk in in_chunks((line for line in read if line.outcome != NEW), _CHUNK):
        bulk.insert(run, lines, dict(zip(Line._fields, zip(*chunk, strict=True), strict=True)))


def add_findings(run: Run, found: Iterable[Finding], source: int | None = None) -> None:
    """Notes findings, those of one sheet with its source; what several say together is put into words once."""
    for chunk in in_chunks(found, _CHUNK):
        params = {id(finding.params): finding.params for finding in chunk}
        texts = {which: json_text(said) for which, said in params.items()}
        places = [finding.place or Place("") for finding in chunk]
        bulk.insert(
            run,
            findings,
            {
                "run": [run.id] * len(chunk),
                "source": [source] * len(chunk),
                "sheet_row": [place.row for place in places],
                "sheet_column": [place.column for place in places],
                "code": [finding.code for finding in chunk],
                "severity": [finding.severity.value for finding in chunk],
                "field": [finding.field for finding in chunk],
                "value": [finding.value for finding in chunk],
                "params": [texts[id(finding.params)] for finding in chunk],
                "number": [finding.number for finding in chunk],
            },
        )


def known_file(book: Book, sha256: str) -> list[Source]:
    """The sheets taken in from a file with these bytes, by runs that were not undone."""
    return _sources(book, select(sources).join(runs).where(sources.c.sha256 == sha256, runs.c.undone_by.is_(None)))


def source_by_id(book: Book, source: int) -> Source | None:
    """One sheet that was taken in, if there is one of that id."""
    return next(iter(_sources(book, select(sources).where(sources.c.id == source))), None)


def _sources(book: Book, statement: Select[Any]) -> list[Source]:
    rows = book.connection.execute(statement.order_by(sources.c.id))
    return [_source(row) for row in rows]


def _source(row: Row[Any]) -> Source:
    values = dict(row._mapping)
    return Source(**values | {"layout": json_value(row.layout), "counts": json_value(row.counts)})


def lines_of(book: Book, source: int) -> list[Line]:
    """What became of the rows of a sheet, in its order."""
    noted = [Line(*row) for row in book.connection.execute(select(lines).where(lines.c.source == source))]
    seen = {line.sheet_row for line in noted}
    first, last = book.connection.execute(
        select(runs.c.first_change, runs.c.last_change).join(sources).where(sources.c.id == source)
    ).one()
    new = select(changes.c.sheet_row, changes.c.number).where(
        changes.c.seq.between(first, last), changes.c.source == source, changes.c.kind == REGISTERED
    )
    noted += [Line(source, row, NEW, number) for row, number in book.connection.execute(new) if row not in seen]
    return sorted(noted)


def findings_of(book: Book, source: int) -> list[Finding]:
    """What was found in a sheet, in its order."""
    asked = _findings().where(findings.c.source == source)
    rows = book.connection.execute(asked.order_by(findings.c.sheet_row, findings.c.id))
    return [_finding(row) for row in rows]


def _findings() -> Select[Any]:
    return select(findings, sources.c.name.label("file"), sources.c.sheet).select_from(
        findings.outerjoin(sources, findings.c.source == sources.c.id)
    )


def _finding(row: Row[Any]) -> Finding:
    place = Place(row.file, row.sheet, row.sheet_row, row.sheet_column) if row.file is not None else None
    return Finding(row.code, Severity(row.severity), row.field, row.value, json_value(row.params), place, row.number)
