"""The console that people read: 80 columns when piped, no colour there, no character the console cannot show."""

from __future__ import annotations

from functools import cache

from rich.console import Console


@cache
def console() -> Console:
    """Standard output. Rich finds out about width, colour and a terminal by itself."""
    return Console(highlight=False, soft_wrap=False, emoji=False, markup=False)


@cache
def error_console() -> Console:
    """Standard error, for progress and warnings."""
    return Console(stderr=True, highlight=False, emoji=False, markup=False)
