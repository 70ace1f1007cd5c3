"""Contacts: a phone number as national digits, anything else as typed (CLI.md, "Normal forms")."""

from __future__ import annotations

import re

from orderflow.sheets.cells.read import BLANK, Read
from orderflow.sheets.cells.text import half_width, is_blank, normal, read_text, says_nothing
from orderflow.sheets.values import Cell

_MOBILE = re.compile(r"1[3-9]\d{9}")
_SEPARATED_MOBILE = re.compile(r"(?:\(?(?:\+|00)?86\)?[\s-]*)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})")
_DIALLED = re.compile(r"[+\d\s().-]+")
_ONE_OF_SEVERAL = re.compile(
    r"(?<!\d)(?:(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8}|[48]00-?\d{3}-?\d{4})(?!\d)"
)


def read_phone(value: Cell) -> Read[str]:
    """The national digits of a Chinese number; masked, with an extension, foreign or not a phone: as typed."""
    if isinstance(value, str):
        return Read(value) if is_mobile(value) else _typed(normal(value))
    read = read_text(value)
    return read if read.value is None or read.code else Read(_national(read.value) or read.value)


def is_mobile(text: str) -> bool:
    """Whether the text is a mobile number in its normal form."""
    return len(text) == 11 and text.isascii() and _MOBILE.fullmatch(text) is not None


def _typed(text: str) -> Read[str]:
    if says_nothing(text) or is_blank(text):
        return BLANK
    several = {re.sub(r"\D", "", found)[-11:] for found in _ONE_OF_SEVERAL.findall(half_width(text))}
    if len(several) > 1:
        return Read(text, "several-contacts", {"count": len(several)})
    national = _national(half_width(text))
    return Read(national) if national else read_text(text)


def _national(text: str) -> str | None:
    """The digits of a phone number as dialled within the country, with the area code's 0; `None` if it is none."""
    mobile = _SEPARATED_MOBILE.fullmatch(text)
    if mobile:
        return re.sub(r"\D", "", mobile[1])
    if not _DIALLED.fullmatch(text) or not 7 <= sum(map(str.isdigit, text)) <= 16:
        return None
    return _landline(text)


def _landline(text: str) -> str | None:
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    try:
        number = parse(text, "CN")
    except NumberParseException:
        return None
    if number.country_code != 86 or number.extension or not is_valid_number(number):
        return None
    return re.sub(r"\D", "", format_number(number, PhoneNumberFormat.NATIONAL))
