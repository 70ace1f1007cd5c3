"""Reading ahead: the first file is being parsed, by its child process, while this one still loads what it needs.

Beside a large one the second process, which is to make its claims, starts as soon as that is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from orderflow.flows.claimant import Claimant, started_for, stop
from orderflow.flows.colleague import Colleague
from orderflow.flows.desk import Desk
from orderflow.flows.files import named_files
from orderflow.flows.request import Request, password_of
from orderflow.records.errors import Unreadable
from orderflow.sheets.book import Book, Limits, open_book


class Ahead:
    """Opens files for a run; the first one at once. What is wrong with that one is said when its turn comes."""

    def __init__(self, desk: Desk, password: str | None, first: Path) -> None:
        reading = desk.settings.reading
        self._limits = Limits(memory=reading.memory_mib << 20, seconds=float(reading.seconds))
        self._password, self._first = password, first
        self._stack = ExitStack()
        self._book: Book | None = None
        self._claimant: Claimant | None = None
        self._kept: list[Colleague] = []
        try:
            self._book = self._stack.enter_context(self._opened(first))
        except Unreadable:
            self._stack.close()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        if self._claimant is not None:
            stop(self._claimant)
            self._claimant = None
        for colleague in self._kept:
            colleague.stop()
        self._kept.clear()

    def expect_claims(self) -> None:
        """Start the second process, if the first file is worth it; to be called where only the parser is waited for.

        Started earlier, it would take from the parser, which everything waits for, a core of two.
        """
        self._claimant = started_for(self._first)

    def colleague(self) -> Colleague:
        """A second process: the one that was started before, if nobody has it yet; the caller is to stop it."""
        given, self._claimant = self._claimant, None
        return Colleague(given)

    def keep(self, colleague: Colleague) -> None:
        """Leave a process running until the files are done with."""
        self._kept.append(colleague)

    @contextmanager
    def open(self, path: Path) -> Iterator[Book]:
        """An open file; each may be opened more than once. Raises Unreadable."""
        book, self._book = (self._book, None) if path == self._first else (None, self._book)
        if book is None:
            with self._opened(path) as opened:
                yield opened
        else:
            with self._stack:
                yield book

    def _opened(self, path: Path) -> AbstractContextManager[Book]:
        return open_book(path, self._password, self._limits)


def reading_ahead(desk: Desk, request: Request) -> Ahead:
    """What opens the files of an intake. Raises OrderflowError where there is nothing to open, or no password."""
    first, _ = named_files(request.paths)[0]
    return Ahead(desk, password_of(request), first)
