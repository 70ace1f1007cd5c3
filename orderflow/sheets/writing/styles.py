"""Which number each style has in a written workbook: only those that its cells bear are in it."""

from __future__ import annotations

from collections.abc import Iterable

from orderflow.sheets.palette import Style, properties_of


class StyleNumbers(dict[Style, int]):
    """Numbers styles as XlsxWriter will: as they are first asked for, the first sheet's columns before any cell."""

    def __init__(self, columns: Iterable[Style]) -> None:
        self._alike: dict[frozenset[tuple[str, object]], int] = {}
        for style in columns:
            self[style]

    def __missing__(self, style: Style) -> int:
        looks = frozenset(properties_of(style).items())
        self[style] = self._alike.setdefault(looks, len(self._alike) + 1)
        return self[style]
