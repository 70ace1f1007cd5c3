"""How rows cross the pipe from a reading child to its parent: columns of plain values, each marshalled by itself.

A child has parsed what strangers sent, so its output is data only: no pickles. Dates travel as the bytes of
their ISO form and trouble as a pair; cells use neither type for anything else. A column stays as it crossed until
somebody asks for it, and so can be handed on to another process unread.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import IO, Any

from orderflow.sheets.values import Cell, Trouble

READY = {str, bool, int, type(None)}
TIMES = {date, datetime, time, timedelta}
ENCODED = {*TIMES, Trouble}
MEMORY = 1 << 16  # dates repeat, and a remembered one costs a third
FRAME_LIMIT = 256 << 20
WITHOUT_REFERENCES = 2  # the version of marshal that does not look for what is said twice: half the time
EXACT = 2**53  # beyond it a float no longer tells neighbouring integers apart


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message as a frame: its length in four bytes, then the message."""
    frame = marshal.dumps(message, WITHOUT_REFERENCES)
    stream.write(len(frame).to_bytes(4, "little") + frame)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message; EOFError where the other side has gone or talks nonsense."""
    head = stream.read(4)
    size = int.from_bytes(head, "little")
    if len(head) < 4 or size > FRAME_LIMIT:
        raise EOFError
    frame = stream.read(size)
    if len(frame) < size:
        raise EOFError
    try:
        return marshal.loads(frame)
    except (ValueError, TypeError) as error:
        raise EOFError from error


def pack(rows: Iterable[Sequence[object]]) -> list[bytes]:
    """Rows of equal length as packed columns."""
    return [packed(encode_all(column)) for column in zip(*rows, strict=True)]


def packed(column: Sequence[object]) -> bytes:
    """A column of values that marshal can carry, packed."""
    return marshal.dumps(column, WITHOUT_REFERENCES)  # type: ignore[arg-type]


def unpacked(column: bytes) -> Sequence[Any]:
    """The values of a packed column, as marshal carries them."""
    values: Sequence[Any] = marshal.loads(column)
    return values


def encode_all(column: Sequence[object]) -> Sequence[object]:
    """A column as marshal can carry it."""
    kinds = set(map(type, column))
    if kinds.isdisjoint(ENCODED):
        return column
    return list(map(_iso if kinds <= TIMES else encode, column))


def encode(value: object) -> object:
    """One value as marshal can carry it."""
    if type(value) in TIMES:
        return _iso(value)
    return tuple(value) if isinstance(value, Trouble) else value


@lru_cache(MEMORY)
def _iso(value: Any) -> bytes:
    if isinstance(value, timedelta):
        return f"P{value.days},{value.seconds},{value.microseconds}".encode()
    return value.isoformat().encode()  # type: ignore[no-any-return]


def cells_of(column: Sequence[Any]) -> Sequence[Cell]:
    """A packed column as cells: dates are dates again, empty text is None, whole floats are ints."""
    kinds = set(map(type, column))
    if kinds == {bytes}:
        return list(map(_moment, column))
    if kinds == {float}:
        return [int(value) if value.is_integer() and -EXACT < value < EXACT else value for value in column]
    if not kinds <= READY:
        column = [decode(value) for value in column]
    return [None if value == "" else value for value in column] if "" in column else column


def decode(value: Any) -> Cell:
    """One value as it was before `encode`."""
    if type(value) is bytes:
        return _moment(value)
    if type(value) is tuple:
        return Trouble(*value)
    cell: Cell = _number(value) if type(value) is float else value
    return cell


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() and -EXACT < value < EXACT else value


@lru_cache(MEMORY)
def _moment(iso: bytes) -> date | datetime | time | timedelta:
    text = iso.decode()
    if len(text) == 10 and text[4] == "-":
        return date.fromisoformat(text)
    if text[0] == "P":
        days, seconds, microseconds = map(int, text[1:].split(","))
        return timedelta(days, seconds, microseconds)
    return datetime.fromisoformat(text) if "T" in text else time.fromisoformat(text)
