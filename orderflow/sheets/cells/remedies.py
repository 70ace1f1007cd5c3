"""What is done for a customer who complains: one of the choices, or several, each with an amount."""

from __future__ import annotations

from orderflow.records.choices import RESOLUTION
from orderflow.rules.remedies import code_of, remedies
from orderflow.sheets.cells.choices import read_choice
from orderflow.sheets.cells.read import Read
from orderflow.sheets.cells.text import shown
from orderflow.sheets.values import Cell, Trouble


def read_remedies(value: Cell) -> Read[str]:
    """The code of `换货`, `换货10件` or `换货10件，退款2件`; else what `read_choice` says of it."""
    agreed = None if value is None or isinstance(value, Trouble) else remedies(shown(value))
    return Read(code_of(agreed)) if agreed else read_choice(value, RESOLUTION)
