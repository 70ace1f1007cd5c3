"""Opens workbooks in LibreOffice Calc, edits cells, recalculates, saves; run by a Python that has LibreOffice's `uno`.

python3 calc.py PROFILE < '[{"path": "/a.xlsx", "edits": [["D2", "8台"]]}]'
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

PIPE = "orderflow-tests"
PATIENCE = 120  # seconds until the program answers


def main(profile: Path) -> None:
    """One program for all the workbooks; it is gone afterwards."""
    pipe = f"{PIPE}-{profile.name}"
    program = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    desktop = connect(program, pipe)
    try:
        for asked in json.load(sys.stdin):
            save(desktop, Path(asked["path"]), asked["edits"])
    finally:
        desktop.terminate()
        program.wait(PATIENCE)


def connect(program: subprocess.Popen[bytes], pipe: str) -> Any:
    """The program once it answers; asked again as long as it lives. It says nowhere that it is ready."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(PATIENCE * 5):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            with suppress(subprocess.TimeoutExpired):
                program.wait(0.2)
                break
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise SystemExit("LibreOffice did not answer")


def save(desktop: Any, path: Path, edits: list[list[str]]) -> None:
    document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (told("Hidden", True),))
    sheet = document.Sheets.getByIndex(0)
    for cell, text in edits:
        sheet.getCellRangeByName(cell).setFormula(text)  # as if it were typed
    document.calculateAll()
    document.storeToURL(path.as_uri(), (told("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)


def told(name: str, value: object) -> Any:
    return PropertyValue(Name=name, Value=value)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
