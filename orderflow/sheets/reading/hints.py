"""What to look for in a sheet's bytes: signs of what the fast parser loses, found without parsing."""

from __future__ import annotations

import re
from collections.abc import Collection

HIDDEN = b' hidden="'
REALLY_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
STYLE = re.compile(rb' s="(\d+)"')
FEW = 6  # styles to look for one by one
CELLS: tuple[bytes, ...] = (b't="e"', b">false<")
FORMULA = b"<f"
UNCALCULATED = (
    re.compile(rb"</f>\s*</c>"),
    re.compile(rb"<f[^>]*/>\s*</c>"),
    re.compile(rb'<c(?![^>]* t="str")[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*<v\s*(?:/>|>\s*</v>)'),
)
UNUSUAL = re.compile(rb"<\w+:|='")
HEAD = 1000


class Hints:
    """The signs for one workbook; `styles` are the cell formats that change what a number means."""

    def __init__(self, styles: Collection[int]) -> None:
        self._signs, self._styles = CELLS, frozenset[bytes]()
        if len(styles) > FEW:
            self._styles = frozenset(b"%d" % index for index in styles)
        else:
            self._signs += tuple(b' s="%d"' % index for index in styles)

    def in_cells(self, xml: bytes) -> bool:
        """Whether a cell in this stretch of XML may be one that the parser misreads."""
        for sign in self._signs:
            if sign in xml:
                return True
        if self._styles and not self._styles.isdisjoint(STYLE.findall(xml)):
            return True
        return FORMULA in xml and any(pattern.search(xml) for pattern in UNCALCULATED)

    def anywhere(self, xml: bytes) -> bool:
        """The same, or something is hidden."""
        return (HIDDEN in xml and bool(REALLY_HIDDEN.search(xml))) or self.in_cells(xml)


def is_unusual(start: bytes) -> bool:
    """Prefixed elements or apostrophes around attributes, which a search of bytes would not see through."""
    head = start[:HEAD]
    return bool(UNUSUAL.search(head.partition(b"?>")[2] or head))
