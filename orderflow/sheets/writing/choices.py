"""Where a dropdown's values stand: within the rule itself, or, where they do not fit there, on a hidden sheet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from xlsxwriter.utility import xl_range_abs

from orderflow.sheets.layout import ColumnLayout, SheetLayout, Visibility
from orderflow.sheets.writing.names import quoted_name
from orderflow.sheets.writing.texts import printable

_LONGEST_INLINE = 255  # UTF-16 units, commas included
_NOT_INLINE = frozenset(',"')


class ChoiceLists:
    """The choices of a workbook's columns; `layout` is the hidden sheet for the long ones, if there are any."""

    def __init__(self, sheets: Iterable[SheetLayout]) -> None:
        columns = (column for sheet in sheets for column in sheet.columns)
        self._long = list(dict.fromkeys(c.choices for c in columns if c.choices and not _fits_inline(c.choices)))
        self.sheet_name = ""

    @property
    def layout(self) -> SheetLayout | None:
        """The hidden sheet, one list per column."""
        if not self._long:
            return None
        return SheetLayout(
            "lists",
            [ColumnLayout("") for _ in self._long],
            zip_longest(*self._long),
            visibility=Visibility.VERY_HIDDEN,
            has_header=False,
            autofilter=False,
        )

    def source_of(self, choices: tuple[str, ...]) -> list[str] | str:
        """The choices as XlsxWriter's validation takes them: the values, or a formula for where they stand."""
        if choices not in self._long:
            return list(choices)
        column = self._long.index(choices)
        return f"={quoted_name(self.sheet_name)}!{xl_range_abs(0, column, len(choices) - 1, column)}"


def _fits_inline(choices: tuple[str, ...]) -> bool:
    joined = ",".join(choices)
    plain = all(c == printable(c) and c and c[0] != "=" and not _NOT_INLINE & set(c) for c in choices)
    return plain and len(joined.encode("utf-16-le")) // 2 <= _LONGEST_INLINE
