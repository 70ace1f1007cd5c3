"""A progress bar on standard error: only on a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from orderflow import text

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE = 1.0  # seconds before a bar appears


class Progress:
    """Counts rows of one file after another; shows nothing where nobody looks."""

    def __init__(self, lang: str, *, shown: bool) -> None:
        self._lang, self._shown = lang, shown
        self._started = time.monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._title, self._rows = "", 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, step: str, name: str) -> None:
        """A new step begins: `step` is a key under `messages.steps`, `name` the file's."""
        self._title, self._rows = text.say(self._lang, f"messages.steps.{step}", name=name), 0
        self.advance(0)

    def advance(self, rows: int) -> None:
        """`rows` more are done."""
        self._rows += rows
        if self._shown and time.monotonic() - self._started > _PATIENCE:
            self._draw()

    def _draw(self) -> None:
        if self._bar is None:
            self._bar = self._new_bar()
            self._task = self._bar.add_task(self._title, total=None)
            self._bar.start()
        assert self._task is not None
        self._bar.update(self._task, description=self._title, completed=self._rows)

    def _new_bar(self) -> Bar:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        from orderflow.report.console import error_console

        target = error_console()
        return Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.completed:,}"),
            TimeElapsedColumn(),
            console=target,
            transient=True,
            disable=not target.is_terminal,
        )
