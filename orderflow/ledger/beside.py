"""A statement that runs beside the Python which goes on: a database needs none of it, and a second core waits."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

Work = Callable[[], object]


class Beside:
    """One piece of work at a time: put here, begun by `go`, and over when `finish` returns."""

    def __init__(self) -> None:
        self._waiting: Work | None = None
        self._running: Thread | None = None
        self._error: BaseException | None = None

    def put(self, work: Work) -> None:
        """Lay `work` down, once the piece before it is done."""
        self.finish()
        self._waiting = work

    def go(self) -> None:
        """Begin what lies here; to be called where the caller has no use for the connection for a while."""
        if self._waiting is not None:
            work, self._waiting = self._waiting, None
            self._running = Thread(target=self._do, args=(work,))
            self._running.start()

    def join(self) -> None:
        """Wait for what is running. Raises what it raised."""
        if self._running is not None:
            self._running.join()
            self._running, error, self._error = None, self._error, None
            if error is not None:
                raise error

    def finish(self) -> None:
        """Wait for what is running and do what lies here. Raises what either raises."""
        self.join()
        if self._waiting is not None:
            work, self._waiting = self._waiting, None
            work()

    def drop(self) -> None:
        """Wait for what is running and forget what lies here: the transaction is to be rolled back."""
        if self._running is not None:
            self._running.join()
        self._waiting = self._running = self._error = None

    def _do(self, work: Work) -> None:
        try:
            work()
        except BaseException as error:  # raised where it is waited for
            self._error = error
