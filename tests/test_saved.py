"""Who saved a workbook last is weak evidence: where it cannot be read there is none, and nothing stops."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

from desks import EXAMPLES

from orderflow.flows.saved import saved_by

PART = "docProps/core.xml"


def test_a_workbook_whose_properties_are_damaged_names_nobody(tmp_path: Path) -> None:
    path = Path(shutil.copy(EXAMPLES / "registration.xlsx", tmp_path))
    with ZipFile(path) as book:
        found = book.getinfo(PART)
    content = bytearray(path.read_bytes())
    begins = found.header_offset + 30 + len(PART)
    content[begins : begins + found.compress_size] = b"\xff" * found.compress_size
    path.write_bytes(content)
    assert saved_by(path) is None
