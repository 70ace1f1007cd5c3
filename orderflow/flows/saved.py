"""Who saved a workbook last, as the workbook itself says: weak evidence, but evidence."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from zipfile import ZipFile

from orderflow.flows.files import NO_WORKBOOK

_MOST = 1 << 16
_NAME = re.compile(r"<cp:lastModifiedBy[^>]*>([^<]*)</cp:lastModifiedBy>")


def saved_by(path: Path) -> str | None:
    """The name under 上次修改者; `None` where there is none, or no such workbook."""
    try:
        with ZipFile(path) as parts, parts.open("docProps/core.xml") as part:
            found = _NAME.search(part.read(_MOST).decode("utf-8", "replace"))
    except (OSError, KeyError, *NO_WORKBOOK):
        return None
    return (unescape(found[1]).strip()[:100] or None) if found else None
