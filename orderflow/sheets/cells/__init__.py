"""How people write dates, quantities, money, phones, choices and scores: cells become typed values.

Everything here is a pure function from what a cell holds to a `Read`; nothing is guessed, nothing raises.
"""

from __future__ import annotations

from orderflow.sheets.cells.amounts import read_amount, read_price
from orderflow.sheets.cells.choices import read_choice
from orderflow.sheets.cells.dates import nearest_such_day, next_such_day, read_date, read_moment
from orderflow.sheets.cells.numbers import read_number
from orderflow.sheets.cells.phones import read_phone
from orderflow.sheets.cells.quantities import read_quantity
from orderflow.sheets.cells.read import Moment, Quantity, Read
from orderflow.sheets.cells.scores import read_score
from orderflow.sheets.cells.text import normal, read_text, shown

__all__ = [
    "Moment", "Quantity", "Read", "nearest_such_day", "next_such_day", "normal", "read_amount", "read_choice",
    "read_date", "read_moment", "read_number", "read_phone", "read_price", "read_quantity", "read_score", "read_text",
    "shown",
]  # fmt: skip
