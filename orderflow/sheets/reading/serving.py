"""The child's side of reading apart: take the file's bytes, then answer for one sheet at a time.

Runs under `python -I -S` in a process of its own; only the standard library is imported until a reader
needs more, because a one-row workbook waits for this start-up.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
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
        """What is hidden or merged, then chunks as (first row, first column, columns)."""
        yield {
            "hidden_rows": self.hidden_rows,
            "hidden_columns": sorted(self.hidden_columns),
            "merged": [area for area in self.merged if area[0] <= TOP],
        }
        for first, cells in _together(self.lines):
            width = max(map(len, cells))
            yield first, 0, pack([line + [""] * (width - len(line)) for line in cells])


def _together(lines: list[tuple[int, list[object]]]) -> Iterator[tuple[int, list[list[object]]]]:
    """Lines that follow each other without a gap, a few hundred at a time."""
    first, cells = 0, list[list[object]]()
    for row, line in lines:
        if cells and (row != first + len(cells) or len(cells) == ROWS):
            yield first, cells
            cells = []
        if not cells:
            first = row
        cells.append(line)
    if cells:
        yield first, cells


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
