"""The Chromium of this machine, where there is one and the tests can drive it."""

from __future__ import annotations

import shutil
from functools import cache
from importlib.util import find_spec


@cache
def chromium() -> str | None:
    """Where it lies; `None` where it, or what drives it, is not installed."""
    if find_spec("axe_playwright_python") is None:
        return None
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    return next(filter(None, map(shutil.which, names)), None)
