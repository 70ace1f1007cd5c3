"""The child's side of reading apart: take the file's bytes, then answer for one sheet at a time.

Runs under `python -I -S` in a process of its own; only the standard library is imported until a reader
needs more, because a one-row workbook waits for this start-up.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, Protocol

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.wire import pack, receive, send

ROWS = 500
TOP = 60


class Source(Protocol):
    """A sheet as a reader offers it: `facts` for the list of sheets, `messages` when it is asked for."""

    facts: dict[str, Any]

    def prepare(self) -> None:
        """Begin what takes long, before anybody asks."""
        return

    def messages(self) -> Iterator[object]:
        """Everything the parent is to know of this sheet, in messages that marshal can carry."""
        ...


class Rows(Source):
    """A sheet already read into lines: (row from 1, cells from column A). Merged ranges count likewise."""

    def __init__(
        self,
        facts: dict[str, Any],
        lines: list[tuple[int, list[object]]],
        merged: list[tuple[int, int, int, int]],
        hidden_rows: list[tuple[int, int]] | None = None,
        hidden_columns: set[int] | None = None,
    ) -> None:
        self.facts, self.lines, self.merged = facts, lines, merged
        self.hidden_rows, self.hidden_columns = hidden_rows or [], hidden_columns or set()

    def messages(self) -> Iterator[object]:
        """What is hidden or merged, then chunks as (the rows' numbers, first column, packed columns)."""
        yield {
            "hidden_rows": self.hidden_rows,
            "hidden_columns": sorted(self.hidden_columns),
            "merged": [area for area in self.merged if area[0] <= TOP],
        }
        lines = (line for line in self.lines if any(value is not None and value != "" for value in line[1]))
        while together := list(islice(lines, ROWS)):
            width = max(len(cells) for _, cells in together)
            yield [row for row, _ in together], 0, pack([cells + [""] * (width - len(cells)) for _, cells in together])


def serve(memory: int, open_sheets: Callable[[Any, bytes], Sequence[Source]]) -> None:
    """Read settings and file from stdin, answer `{"sheets": facts}`, then one sheet's messages per question.

    `None` ends a sheet; `{"refused": code, "params": …}` ends the conversation. `memory` in bytes, 0 for
    no limit by the kernel.
    """
    _confine(memory)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        sheets = open_sheets(*_file(questions))
        send(answers, {"sheets": [sheet.facts for sheet in sheets]})
        for sheet in sheets[:1]:  # the parent still loads what it needs, and nearly always asks for this one first
            sheet.prepare()
        while len(index := questions.read(4)) == 4:
            for message in sheets[int.from_bytes(index, "little")].messages():
                send(answers, message)
            send(answers, None)
    except BrokenPipeError:
        pass  # the parent has heard enough
    except BaseException as error:  # a panic inside the parser is no Exception
        send(answers, _refusal(error))


def _file(stream: IO[bytes]) -> tuple[Any, bytes]:
    settings = receive(stream)
    return settings, stream.read(int.from_bytes(stream.read(8), "little"))


def _refusal(error: BaseException) -> dict[str, Any]:
    if isinstance(error, Unreadable):
        return {"refused": error.code, "params": error.params}
    if isinstance(error, MemoryError):
        return {"refused": "file-too-large", "params": {}}
    if type(error).__name__ == "PasswordError":
        return {"refused": "file-encrypted", "params": {}}
    return {"refused": "file-damaged", "params": {"detail": str(error)[:200]}}


def _confine(memory: int) -> None:
    gc.disable()  # rows hold no cycles, and the process ends with the file
    if memory:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
