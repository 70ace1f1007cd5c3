"""Opening whatever a clerk hands in: any workbook, text file or saved page, as sheets of rows.

    with open_book(path) as book:
        for sheet in book.sheets():
            for chunk in sheet.chunks: ...

Nothing the file holds can take the tool down: workbooks and pages are parsed in child processes with limits,
and whatever cannot be read is one `Unreadable`, raised here or while the rows come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.confined import Confined
from orderflow.sheets.reading.container import kind_of
from orderflow.sheets.reading.delimited import recognise
from orderflow.sheets.reading.snapshot import take
from orderflow.sheets.reading.workbook import Workbook
from orderflow.sheets.stretch import stretch_of
from orderflow.sheets.values import Cell, Limits, Line, Runs, Sheet, Trouble, Value

__all__ = ["Book", "Cell", "Limits", "Line", "Runs", "Sheet", "Trouble", "Value", "open_book"]

USUAL_PASSWORD = "VelvetSweatshop"  # Excel encrypts with it where only the structure is to be protected
UNKNOWN = Limits()


@dataclass
class Book:
    """An open file. `kind` is what its bytes are, whatever its name: xlsx xlsm xlsb xls ods csv html mht xml.

    `sha256` is the file's own, also where it was encrypted. `encoding` and `delimiter` are a text file's.
    """

    path: Path
    kind: str
    sha256: str
    sheets: Callable[[], Iterator[Sheet]] = field(repr=False)
    encoding: str | None = None
    delimiter: str | None = None


@contextmanager
def open_book(path: Path, password: str | None = None, limits: Limits = UNKNOWN) -> Iterator[Book]:
    """Open a file for reading, from one snapshot of its bytes; on leaving, nothing of it remains.

    `book.sheets()` is to be called once; sheets come in the file's order, each to be read before the next.
    Raises Unreadable, here or from `sheets()` and `chunks`, with `path` and what else its text needs.
    """
    with ExitStack() as stack:
        try:
            yield _opened(path, password, limits, stack)
        except Unreadable as refusal:
            refusal.params.setdefault("path", str(path))
            raise


def _opened(path: Path, password: str | None, limits: Limits, stack: ExitStack) -> Book:
    snapshot = take(path, limits)
    content, kind = snapshot.content, kind_of(snapshot.content)
    if kind == "encrypted":
        content = _decrypted(content, password, limits)
        kind = kind_of(content)
    if kind == "text":
        text = recognise(content)
        sheet = Sheet(path.stem, False, False, frozenset(), Runs(), (), text.chunks())
        return Book(path, "csv", snapshot.sha256, lambda: iter([sheet]), text.encoding, text.delimiter)
    if kind in ("html", "mht", "xml"):
        reader = stack.enter_context(Confined("markup", limits, len(content)))
        reader.feed(kind, content)
        return Book(path, kind, snapshot.sha256, lambda: _tables(reader))
    workbook = Workbook(kind, content, limits, stack)
    return Book(path, kind, snapshot.sha256, workbook.sheets)


def _decrypted(content: bytes, password: str | None, limits: Limits) -> bytes:
    for attempt in filter(None, (password, USUAL_PASSWORD)):
        with Confined("unlock", limits, len(content)) as child:
            child.feed(attempt, content)
            try:
                child.sheets()
            except Unreadable as refusal:
                if refusal.code == "password-wrong":
                    continue
                raise
            return b"".join(child.ask(0))
    raise Unreadable("password-wrong" if password else "file-encrypted")


def _tables(reader: Confined) -> Iterator[Sheet]:
    for index, facts in enumerate(reader.sheets()):
        answers = reader.ask(index)
        notes = next(answers)
        chunks = (stretch_of(message) for message in answers)
        yield Sheet(
            name=facts["name"],
            hidden=facts["hidden"],
            date1904=False,
            hidden_columns=frozenset(notes["hidden_columns"]),
            hidden_rows=Runs(notes["hidden_rows"]),
            merged=notes["merged"],
            chunks=chunks,
        )
        for _ in chunks:
            pass  # what the consumer left
