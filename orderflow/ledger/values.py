"""How values stand in SQL and in the history: the two directions, side by side, for each kind of column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import SchemaSerializer, core_schema, from_json, to_json

from orderflow.records.column import Kind
from orderflow.records.registration import Registration
from orderflow.records.rows import REFERENCES, ROWS_OF, WORKBOOKS, RowType, columns

_NUMBER = re.compile(r"(\d{6})-(\d{3,9})")
_SERIALS = 1_000_000_000


def is_number(text: str) -> bool:
    """Is it a desk number, `YYYYMM-NNN`?"""
    return _NUMBER.fullmatch(text) is not None


@lru_cache(16_384)  # an order's row and its history want it one after the other
def serial_of(number: str) -> int:
    """The whole number that a desk number stands as in SQL: `202405-001` is 202405000000001."""
    return int(number[:6]) * _SERIALS + int(number[7:])


def number_of(serial: int) -> str:
    """The desk number that a whole number of SQL stands for; the reverse of `serial_of`."""
    month, count = divmod(serial, _SERIALS)
    return f"{month}-{count:03d}"


def month_and_count(number: str) -> tuple[str, int]:
    """The month of a desk number and its place in that month: `202405-001` is `("202405", 1)`."""
    month, count = divmod(serial_of(number), _SERIALS)
    return str(month), count


def says_something(column: Sequence[Any]) -> bool:
    """Whether a column has any value; mostly its first one tells."""
    return bool(column) and (column[0] is not None or column.count(None) < len(column))


@lru_cache(maxsize=65_536)
def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, UTC. Raises `ValueError` for a moment without an offset: it could be any."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without an offset: {moment}")
    return int(moment.timestamp())


def moment(seconds_: int) -> datetime:
    """The moment, in UTC, that is so many seconds after 1970."""
    return datetime.fromtimestamp(seconds_, UTC)


def decimal_text(value: Decimal) -> str:
    """A decimal without trailing zeros or exponent, to its last digit: `8000.00` is `8000`, `1E+3` is `1000`."""
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_serialize = SchemaSerializer(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema())).to_json


def json_text(value: Mapping[str, Any]) -> str:
    """A mapping as compact JSON text."""
    return _serialize(value).decode()


def json_of(value: Any) -> str:
    """Any value that JSON can carry as compact JSON text."""
    return to_json(value).decode()


def json_value(text: str) -> Any:
    """What a JSON text says."""
    return from_json(text)


class Form(NamedTuple):
    """How a value becomes what SQL and the history hold, and back. `None` is always `None`."""

    store: Callable[[Any], Any]
    read: Callable[[Any], Any]


def as_is(value: Any) -> Any:
    """The value itself: the form of what SQL holds as Python does."""
    return value


AS_IS = Form(as_is, as_is)
_DECIMAL = Form(decimal_text, Decimal)
_FORMS = {
    Kind.DATE: Form(date.isoformat, date.fromisoformat),
    Kind.MOMENT: Form(seconds, moment),
    Kind.QUANTITY: _DECIMAL,
    Kind.AMOUNT: _DECIMAL,
    Kind.PRICE: _DECIMAL,
}
FLAG = Form(as_is, bool)
MAPPING = Form(lambda value: json_text(value) if value else None, from_json)


def form_of(kind: Kind) -> Form:
    """The form of a workbook's column."""
    return _FORMS.get(kind, AS_IS)


def stored_fields(*rows: RowType) -> dict[str, Kind]:
    """The fields of row types that the ledger stores, without the number; what the desk computes is not stored."""
    found = {name: column.kind for row in rows for name, column in columns(row).items() if not column.computed}
    found.pop("number", None)
    return found


ROW_FORMS = {name: form_of(kind) for name, kind in stored_fields(Registration).items()}
"""The fields of a registration, in the order of the workbook."""

ORDER_FORMS = ROW_FORMS | {
    "identity": AS_IS,
    "fingerprint": AS_IS,
    "twin_a": AS_IS,
    "twin_b": AS_IS,
    "channel": AS_IS,
    "unread": MAPPING,
    "extra": MAPPING,
    "received_time_known": FLAG,
    "merged_into": AS_IS,
    "cancelled": FLAG,
    "undone": FLAG,
}
"""Every field of an order that can change, by its column of the table `orders`."""

KEPT_FORMS = {
    table: {name: form_of(kind) for name, kind in stored_fields(*rows).items()} | {"unread": MAPPING, "extra": MAPPING}
    for table, rows in ROWS_OF.items()
}
"""The fields of the other workbooks' rows, by the name that stands before the dot of a field in the history."""


@lru_cache(maxsize=1_024)
def form_of_field(field: str) -> Form | None:
    """The form of a field as the history names it: `quantity`, `stage/production/1.owner`; `None` for what has none."""
    owner, dot, name = field.rpartition(".")
    forms = KEPT_FORMS.get(owner.partition("/")[0], {}) if dot else ORDER_FORMS
    return forms.get(name)


PERSONAL = frozenset(
    name for book in (*WORKBOOKS, *REFERENCES) for name, column in columns(book.row).items() if column.personal
) | {"unread", "extra", "note", "question", "answer", "identity", "fingerprint", "twin_a", "twin_b"}
"""The fields whose values can be erased from the history. The last four are digests of what a customer said."""
