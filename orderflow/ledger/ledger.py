"""The ledger as a command has it: transactions to read and to write in, and a copy while others write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, text

from orderflow.ledger import backup, runs
from orderflow.ledger.address import Address
from orderflow.ledger.book import Book, Run
from orderflow.ledger.troubles import told


class Ledger:
    """An open ledger; `opening.open_ledger` makes it. Closed by `close()` or at the end of a `with`."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._address = address

    @property
    def shown(self) -> str:
        """Where the ledger lies, without a password."""
        return self._address.shown

    @contextmanager
    def read(self) -> Iterator[Book]:
        """The ledger as it stands now; what others write meanwhile is not seen."""
        with told(self._address), self._connection(reading=True) as connection, connection.begin():
            yield Book(connection)

    @contextmanager
    def write(
        self,
        *,
        command: str,
        actor: str,
        at: datetime,
        entered_at: datetime,
        language: str = "zh-Hans",
        options: Mapping[str, Any] | None = None,
    ) -> Iterator[Run]:
        """One run: kept whole when the block ends, not at all when it raises or the run was discarded.

        Runs follow each other: a second one waits until this one has ended. `at` is the desk's clock, which may be
        pinned, and `entered_at` the true time.
        """
        with told(self._address), self._connection(reading=False) as connection, connection.begin() as transaction:
            what = runs.Beginning(command, actor, at, entered_at, language, options or {})
            run = runs.begin(connection, what)
            try:
                yield run
                if not run.discarded:
                    runs.end(run)
            finally:
                run.beside.drop()
            if run.discarded:
                transaction.rollback()

    @contextmanager
    def amend(self) -> Iterator[Book]:
        """Notes what was done after a run was kept (files written); no run of its own, nothing of the history."""
        with told(self._address), self._connection(reading=False) as connection, connection.begin():
            yield Book(connection)

    @contextmanager
    def alone(self, turn: int) -> Iterator[bool]:
        """Whether no other process that uses this ledger has the turn; ours until the block ends, or the process.

        A SQLite ledger is used by one machine only, whose processes take turns by a file of the desk.
        """
        if self._address.path is not None:
            yield True
            return
        with told(self._address), self._engine.connect() as kept:
            connection = kept.execution_options(isolation_level="AUTOCOMMIT")
            ours = connection.execute(text("SELECT pg_try_advisory_lock(:turn)"), {"turn": turn}).scalar_one()
            try:
                yield bool(ours)
            finally:
                if ours:
                    connection.execute(text("SELECT pg_advisory_unlock(:turn)"), {"turn": turn})

    def backup(self, path: Path) -> None:
        """Copies the ledger into a new SQLite ledger at `path`, while others may write; see `backup`."""
        with told(self._address):
            backup.copy(self._engine, self._address, path)

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connection(self, *, reading: bool) -> Connection:
        connection = self._engine.connect()
        if self._address.path is None:
            level = "REPEATABLE READ" if reading else "READ COMMITTED"
            return connection.execution_options(isolation_level=level, postgresql_readonly=reading)
        return connection.execution_options(writes=not reading)
