"""Order numbers: the desk's own form YYYYMM-NNN, or another system's number as typed."""

from __future__ import annotations

from orderflow.rules.identity import is_desk_number
from orderflow.sheets.cells.read import Read
from orderflow.sheets.cells.text import half_width, read_text
from orderflow.sheets.values import Cell

_LONGEST = 1_000


def read_number(value: Cell) -> Read[str]:
    """A desk number in its own form whatever its widths, dashes and spaces; any other number as typed."""
    read = read_text(value)
    if read.value is None or read.code or len(read.value) < len("202405-001"):
        return read
    narrow = half_width(read.value).replace(" ", "")
    return Read(narrow) if is_desk_number(narrow) else read


def is_own_number(text: str) -> bool:
    """Whether the text is another system's number just as it stands: most are letters and digits only."""
    return len(text) < _LONGEST and text.isascii() and text.isalnum()
